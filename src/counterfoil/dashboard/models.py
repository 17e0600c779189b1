"""Forms that were sent, so that a second click finds what the first one did."""

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
