"""What the pages remember: forms that were sent, and how far the news has been read."""

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
