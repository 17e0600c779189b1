"""What the pages remember: forms that were sent, how far the news was read, exports."""

from __future__ import annotations

from django.db import models

from counterfoil.kit.db import IdField


class Submission(models.Model):
    """One form, once. Its key is made with the form; the address is where the first led."""

    pk = models.CompositePrimaryKey("account_id", "form_key")
    account_id = IdField()
    form_key = IdField()
    address = models.TextField(default="")
    created = models.BigIntegerField(db_index=True)  # wall clock, UTC seconds

    class Meta:
        db_table = "dashboard_submission"


class Read(models.Model):
    """The newest news that an account's person has seen."""

    pk = models.CompositePrimaryKey("account_id", "livemode")
    account_id = IdField()
    livemode = models.BooleanField()
    created = models.BigIntegerField()  # of the event, platform clock
    event_id = IdField()

    class Meta:
        db_table = "dashboard_read"


class Export(models.Model):
    """A list as a file, made by a worker. Moments are the wall clock's, UTC seconds."""

    id = IdField(primary_key=True)
    account_id = IdField()
    livemode = models.BooleanField()
    kind = models.CharField(max_length=40)
    format = models.CharField(max_length=8)
    query = models.TextField()  # of the page's address
    whose = models.TextField()  # JSON: exports/whose.py
    created = models.BigIntegerField()
    state = models.CharField(max_length=12)  # queued | running | done | failed | too_large
    done = models.BigIntegerField()
    total = models.BigIntegerField(null=True)
    leased_until = models.BigIntegerField()
    tries = models.SmallIntegerField()  # the fence: grows with each worker that begins
    filename = models.CharField(max_length=200, null=True)
    size = models.BigIntegerField(null=True)
    expires_at = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "dashboard_export"
        indexes = [
            models.Index(
                fields=["created", "id"],
                condition=models.Q(state__in=["queued", "running"]),
                name="export_waiting",
            )
        ]
