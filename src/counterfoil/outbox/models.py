from __future__ import annotations

from django.db import models

from counterfoil.kit.db import IdField


class Job(models.Model):
    """Something to do after a transaction committed. All moments are the wall clock's."""

    id = IdField(primary_key=True)
    kind = models.CharField(max_length=60)
    payload = models.TextField()  # JSON
    due_at = models.BigIntegerField()
    leased_until = models.BigIntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    last_error = models.TextField(null=True)
    given_up_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "outbox_job"
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="outbox_due",
                condition=models.Q(given_up_at=None),
            )
        ]
