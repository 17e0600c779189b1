from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q

from counterfoil.kit.db import IdField

# What a seller is told of (express-dashboard §4.5); queries name it word by word, in this order,
# so that both engines find the index on it.
NEWS: Final = (
    "account.external_account.created",
    "account.external_account.deleted",
    "account.external_account.updated",
    "account.updated",
    "balance_settings.updated",
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.refunded",
    "payout.canceled",
    "payout.created",
    "payout.failed",
    "payout.paid",
    "radar.early_fraud_warning.created",
    "refund.created",
    "refund.failed",
    "topup.failed",
    "topup.reversed",
    "topup.succeeded",
)


class Event(models.Model):
    """One state change, its object rendered as it was (reference api.md §7)."""

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()  # whose object it is: the platform's own, or a connected account's
    created = models.BigIntegerField()
    type = models.CharField(max_length=80)
    object_id = IdField()
    object = models.TextField()  # JSON, rendered once
    previous_attributes = models.TextField(null=True)  # JSON, only for *.updated
    request_id = models.CharField(max_length=64, null=True)
    idempotency_key = models.CharField(max_length=255, null=True)

    class Meta:
        db_table = "events_event"
        indexes = [
            models.Index(
                fields=["account_id", "livemode", "created", "id"], name="event_of_account"
            ),
            models.Index(fields=["object_id"], name="event_of_object"),
            models.Index(
                fields=["account_id", "livemode", "created", "id"],
                condition=Q(type__in=NEWS),
                name="event_news",
            ),
        ]
