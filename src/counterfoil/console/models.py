"""What operators write down for one another."""

from __future__ import annotations

from django.db import models

from counterfoil.kit.db import IdField


class Note(models.Model):
    """A remark about an account, for operators only: sellers never see it."""

    id = IdField(primary_key=True)
    account_id = IdField()
    operator_id = IdField()
    created = models.BigIntegerField()  # wall clock
    text = models.CharField(max_length=2000)

    class Meta:
        db_table = "console_note"
        indexes = [models.Index(fields=["account_id", "created", "id"], name="note_of_account")]
