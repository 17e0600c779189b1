"""Tables of disputes. Amounts are minor units; moments are the platform's clock, UTC seconds."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from counterfoil.kit.db import IdField

_INQUIRY = ["warning_needs_response", "warning_under_review", "warning_closed"]


class Dispute(models.Model):
    """`dp_…`, of the account whose charge it is: the platform's own, or a connected account's.

    The columns about money say what was withdrawn and charged at the time, so that a setting
    changed later changes nothing about what is given back.
    """

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()
    created = models.BigIntegerField()
    origin = models.CharField(max_length=120)  # what opened it, once
    charge_id = IdField()
    charge_created = models.BigIntegerField(default=0)  # its place in the seller's list
    seller_id = IdField(null=True)  # who sees it: whoever sees the charge (`payments.listing`)
    payment_intent_id = IdField(null=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=30)
    reason = models.CharField(max_length=40)
    case_type = models.CharField(max_length=12)
    network_reason_code = models.CharField(max_length=10, null=True)
    programs = models.TextField(default="[]")  # JSON: enhanced evidence programs it qualifies for
    due_by = models.BigIntegerField(null=True)
    next_at = models.BigIntegerField(null=True)  # when the clock moves it on
    evidence = models.TextField(default="{}")  # JSON of `evidence.Evidence`
    intended_submission_method = models.CharField(max_length=24, null=True)
    submission_count = models.SmallIntegerField(default=0)
    submitted_at = models.BigIntegerField(null=True)
    closed_at = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=20, null=True)  # the balance it was withdrawn from
    available_on = models.BigIntegerField(null=True)  # of the withdrawal
    # What was taken from the account, when the charge was settled in another currency.
    settled_amount = models.BigIntegerField(null=True)
    settled_currency = models.CharField(max_length=3, null=True)
    received_fee = models.BigIntegerField(default=0)
    countered_fee = models.BigIntegerField(default=0)
    countered_purpose = models.CharField(max_length=20, null=True)
    withdrawal_id = IdField(null=True)  # balance transactions
    reversal_id = IdField(null=True)
    metadata = models.TextField(default="{}")

    class Meta:
        db_table = "disputes_dispute"
        indexes = [
            models.Index(
                fields=["account_id", "livemode", "created", "id"], name="dispute_of_account"
            ),
            models.Index(fields=["charge_id"], name="dispute_of_charge"),
            models.Index(
                fields=["seller_id", "livemode", "created", "id"],
                name="dispute_of_seller",
                condition=Q(seller_id__isnull=False),
            ),
            models.Index(
                fields=["seller_id", "livemode", "status", "due_by", "id"],
                name="dispute_to_answer",
                condition=Q(seller_id__isnull=False, closed_at__isnull=True),
            ),
            models.Index(
                fields=["seller_id", "livemode", "charge_created", "charge_id"],
                name="dispute_open_in_list",
                condition=Q(seller_id__isnull=False, closed_at__isnull=True),
            ),
            models.Index(
                fields=["platform_id", "livemode", "next_at", "id"],
                name="dispute_due",
                condition=Q(next_at__gt=0),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["origin"], name="dispute_opened_once"),
            models.CheckConstraint(name="dispute_amount_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="dispute_money_fits_its_status",
                condition=Q(
                    status__in=_INQUIRY, withdrawal_id__isnull=True, reversal_id__isnull=True
                )
                | Q(status="won", withdrawal_id__isnull=False, reversal_id__isnull=False)
                | Q(
                    status__in=["needs_response", "under_review", "lost"],
                    withdrawal_id__isnull=False,
                    reversal_id__isnull=True,
                ),
            ),
        ]


class EarlyFraudWarning(models.Model):
    """`issfr_…`: the issuer suspects fraud. Nothing is withdrawn, nothing is asked."""

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()
    created = models.BigIntegerField()
    charge_id = IdField()
    charge_created = models.BigIntegerField(default=0)  # its place in the seller's list
    seller_id = IdField(null=True)  # who sees it: whoever sees the charge (`payments.listing`)
    payment_intent_id = IdField(null=True)
    fraud_type = models.CharField(max_length=40)
    actionable = models.BooleanField()  # neither disputed nor fully refunded yet

    class Meta:
        db_table = "disputes_earlyfraudwarning"
        indexes = [
            models.Index(
                fields=["account_id", "livemode", "created", "id"], name="warning_of_account"
            ),
            models.Index(
                fields=["platform_id", "livemode"],
                name="warning_actionable",
                condition=Q(actionable=True),
            ),
            models.Index(
                fields=["seller_id", "livemode", "charge_created", "charge_id"],
                name="warning_in_list",
                condition=Q(seller_id__isnull=False, actionable=True),
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["charge_id"], name="warning_of_charge_once")]
