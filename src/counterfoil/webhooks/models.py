"""Endpoints, what each wants to hear, and every delivery with every try.

`created` is the platform's clock, so that a list reads like the events. All other moments are
the wall clock's: a server that is down is down in real time, whatever a test clock shows.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from counterfoil.kit.db import IdField


class Endpoint(models.Model):
    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    created = models.BigIntegerField()
    url = models.TextField()
    connect = models.BooleanField()  # events of connected accounts, not of the platform's own
    enabled_events = models.TextField()  # JSON list, as it was sent
    api_version = models.CharField(max_length=40, null=True)
    description = models.TextField(null=True)
    metadata = models.TextField(default="{}")
    status = models.CharField(max_length=10)  # enabled | disabled | deleted
    disabled_because = models.CharField(max_length=10, null=True)  # asked | failing
    secret = models.TextField()  # sealed
    old_secret = models.TextField(null=True)  # sealed; signs too until the next moment
    old_secret_ends_at = models.BigIntegerField(null=True)
    failing_since = models.BigIntegerField(null=True)  # first failure since the last success
    # Set for `counterfoil listen`: it delivers itself, and says again and again that it lives.
    listener_seen_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "webhooks_endpoint"
        indexes = [
            models.Index(
                fields=["platform_id", "livemode", "created", "id"], name="webhook_of_platform"
            )
        ]


class Subscription(models.Model):
    """One type of event that an enabled endpoint wants; `*` alone for all of them."""

    endpoint_id = IdField()
    platform_id = IdField()
    livemode = models.BooleanField()
    connect = models.BooleanField()
    type = models.CharField(max_length=80)

    class Meta:
        db_table = "webhooks_subscription"
        constraints = [
            models.UniqueConstraint(
                fields=["platform_id", "livemode", "connect", "type", "endpoint_id"],
                name="webhook_subscribed_once",
            )
        ]
        indexes = [models.Index(fields=["endpoint_id"], name="webhook_subscription_of")]


class Delivery(models.Model):
    """One event on its way to one endpoint."""

    id = IdField(primary_key=True)
    endpoint_id = IdField()
    event_id = IdField()
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()
    type = models.CharField(max_length=80)
    created = models.BigIntegerField()  # the event's
    status = models.CharField(max_length=10)  # pending | succeeded | failed | canceled
    # When it is tried next; while a worker has it, when another may take it. NULL: never.
    due_at = models.BigIntegerField(null=True)
    claims = models.IntegerField()  # the fence: grows each time a worker takes it
    tries = models.IntegerField()  # that ended, since it was last asked for
    code = models.SmallIntegerField(null=True)  # HTTP status of the last try
    error = models.CharField(max_length=20, null=True)  # what else the last try met
    finished_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "webhooks_delivery"
        constraints = [
            models.UniqueConstraint(fields=["event_id", "endpoint_id"], name="webhook_event_once"),
            models.CheckConstraint(
                name="webhook_due_while_pending",
                condition=Q(status="pending", due_at__isnull=False)
                | (~Q(status="pending") & Q(due_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint_id", "due_at", "id"],
                name="webhook_due",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(fields=["endpoint_id", "created", "id"], name="webhook_deliveries"),
            models.Index(
                fields=["endpoint_id", "created", "id"],
                name="webhook_failures",
                condition=Q(status="failed"),
            ),
        ]


class Attempt(models.Model):
    """One try, with what was sent beside the event and what came back."""

    delivery_id = IdField()
    number = models.IntegerField()  # the claim it belongs to
    at = models.BigIntegerField()
    milliseconds = models.IntegerField()
    url = models.TextField()
    signature = models.TextField()  # the header Stripe-Signature
    code = models.SmallIntegerField(null=True)
    error = models.CharField(max_length=20, null=True)
    detail = models.TextField(null=True)  # the error in words
    answer = models.TextField(null=True)  # the beginning of the body

    class Meta:
        db_table = "webhooks_attempt"
        indexes = [models.Index(fields=["delivery_id", "number"], name="webhook_attempts")]
