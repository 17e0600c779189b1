from __future__ import annotations

from django.db import models

from counterfoil.kit.db import IdField


class IdempotencyRecord(models.Model):
    """The answer that one POST got under its `Idempotency-Key` (reference §1.6)."""

    pk = models.CompositePrimaryKey("platform_id", "livemode", "account_id", "key")
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()  # the account the call acted on
    key = IdField(max_length=255)
    digest = models.CharField(max_length=32)  # keyed hash of method, path, parameters
    status = models.SmallIntegerField()
    body = models.TextField()  # JSON, as it was sent; encrypted when it is about people
    request_id = models.CharField(max_length=64)
    created = models.BigIntegerField(db_index=True)  # wall clock, UTC seconds

    class Meta:
        db_table = "api_idempotency"
