"""Tables of payouts. Amounts are minor units, moments the platform's clock (UTC seconds).

Database constraints are the twins of the rules in `policy.py`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from counterfoil.kit.db import IdField

STATUSES = ["pending", "in_transit", "paid", "failed", "canceled"]


class Payout(models.Model):
    """Money on its way from an account's balance to its bank; negative when it comes back."""

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()
    created = models.BigIntegerField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=12)
    automatic = models.BooleanField()
    method = models.CharField(max_length=8)  # standard | instant
    decided_by = models.CharField(max_length=8, null=True)  # platform | seller; null: the clock
    schedule = models.CharField(max_length=8, null=True)  # the interval of an automatic one
    source_type = models.CharField(max_length=12, default="card")
    destination_id = IdField()
    destination_type = models.CharField(max_length=12)  # bank_account | card
    arrival_date = models.BigIntegerField()
    statement_descriptor = models.CharField(max_length=22, null=True)
    description = models.TextField(null=True)
    metadata = models.TextField(default="{}")

    balance_transaction_id = IdField()
    line_count = models.IntegerField()
    lines_hash = models.CharField(max_length=64)  # SHA-256 of the lines (`lines.py`)
    application_fee_id = IdField(null=True)
    application_fee_amount = models.BigIntegerField(null=True)
    provider_fee = models.BigIntegerField(default=0)  # what the platform paid for an instant one

    # When the next thing happens: hand-over, arrival, late news. A worker that takes it up moves
    # it ahead, so that no other does; `attempts` counts those, and is the fence.
    next_at = models.BigIntegerField(null=True)
    attempts = models.IntegerField(default=0)
    lands_at = models.BigIntegerField()
    sent_at = models.BigIntegerField(null=True)
    paid_at = models.BigIntegerField(null=True)
    trace_value = models.CharField(max_length=80, null=True)
    reconciled = models.BooleanField(default=False)
    batch_id = IdField(null=True)  # the file for the bank that a live payout went into

    failure_transaction_id = IdField(null=True)  # of a cancellation too
    failure_code = models.CharField(max_length=60, null=True)
    failure_message = models.TextField(null=True)
    original_payout_id = IdField(null=True)
    reversed_by_id = IdField(null=True)

    class Meta:
        db_table = "payouts_payout"
        indexes = [
            models.Index(
                fields=["account_id", "livemode", "created", "id"], name="payout_of_account"
            ),
            models.Index(
                fields=["platform_id", "livemode", "next_at", "id"],
                name="payout_due",
                condition=Q(next_at__isnull=False),
            ),
            models.Index(
                fields=["account_id", "livemode", "status", "created", "id"],
                name="payout_of_status",
            ),
            models.Index(fields=["batch_id"], name="payout_of_batch", condition=~Q(batch_id=None)),
        ]
        constraints = [
            models.CheckConstraint(name="payout_amount_is_something", condition=~Q(amount=0)),
            models.CheckConstraint(name="payout_status_is_known", condition=Q(status__in=STATUSES)),
            models.CheckConstraint(name="payout_has_lines", condition=Q(line_count__gt=0)),
            models.CheckConstraint(
                name="payout_that_ended_gave_the_money_back",
                condition=Q(status__in=["failed", "canceled"], failure_transaction_id__isnull=False)
                | Q(status__in=["pending", "in_transit", "paid"], failure_transaction_id=None),
            ),
        ]


class PayoutLine(models.Model):
    """What a payout settles: a balance transaction, or part of one."""

    pk = models.CompositePrimaryKey("payout_id", "position")
    payout_id = IdField()
    position = models.IntegerField()
    txn_id = IdField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "payouts_line"
        indexes = [models.Index(fields=["txn_id"], name="payout_line_of_txn")]
        constraints = [
            models.CheckConstraint(name="payout_line_is_something", condition=~Q(amount=0))
        ]
