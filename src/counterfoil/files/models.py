"""Tables of files. `created` is the platform's clock; links expire by the wall clock."""

from __future__ import annotations

from django.db import models

from counterfoil.kit.db import IdField


class File(models.Model):
    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()
    created = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    type = models.CharField(max_length=4)  # png | jpg | pdf
    size = models.BigIntegerField()  # bytes
    filename = models.CharField(max_length=255, null=True)
    stored_as = models.CharField(max_length=200)  # its name in the storage

    class Meta:
        db_table = "files_file"
        indexes = [
            models.Index(fields=["account_id", "livemode", "created", "id"], name="file_of_account")
        ]


class FileLink(models.Model):
    """An address at which anybody may fetch a file, until it expires."""

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()
    created = models.BigIntegerField()
    file_id = IdField()
    token = IdField(unique=True)
    expires_at = models.BigIntegerField(null=True)
    metadata = models.TextField(default="{}")

    class Meta:
        db_table = "files_link"
        indexes = [
            models.Index(
                fields=["account_id", "livemode", "created", "id"], name="link_of_account"
            ),
            models.Index(fields=["file_id", "created", "id"], name="link_of_file"),
        ]
