"""Tables of the log. Records and blocks are append-only (`triggers.py`)."""

from __future__ import annotations

from django.db import models

from counterfoil.kit.db import IdField


class Record(models.Model):
    """One thing that somebody did, as it was known then."""

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()  # whom it concerns: a connected account, or the platform itself
    created = models.BigIntegerField()  # wall clock, UTC seconds
    action = models.CharField(max_length=40)
    object_id = IdField(null=True)
    actor = models.CharField(max_length=10)
    actor_id = IdField(null=True)
    network = models.CharField(max_length=45, null=True)  # never a whole address
    browser = models.CharField(max_length=40, null=True)
    system = models.CharField(max_length=40, null=True)
    before = models.TextField(null=True)  # JSON
    after = models.TextField(null=True)  # JSON
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_record"
        indexes = [
            models.Index(
                fields=["account_id", "livemode", "created", "id"], name="audit_of_account"
            )
        ]


class Block(models.Model):
    """A set of records, sealed: its Merkle root and the hash of the block before."""

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    height = models.BigIntegerField()
    entry_count = models.IntegerField()
    merkle_root = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.BigIntegerField()  # wall clock

    class Meta:
        db_table = "audit_block"
        constraints = [
            models.UniqueConstraint(
                fields=["platform_id", "livemode", "height"], name="audit_block_height_once"
            )
        ]


class BlockEntry(models.Model):
    """Which block holds a record, and at which leaf of its Merkle tree."""

    entry_id = IdField(primary_key=True)
    block_id = IdField()
    position = models.IntegerField()

    class Meta:
        db_table = "audit_blockentry"
        constraints = [
            models.UniqueConstraint(fields=["block_id", "position"], name="audit_block_leaf_once")
        ]


class Unsealed(models.Model):
    """Records that no block holds yet: a queue, written with them and emptied by the sealer."""

    entry_id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()

    class Meta:
        db_table = "audit_unsealed"


class ChainLock(models.Model):
    """A row for the sealer of one chain to hold."""

    pk = models.CompositePrimaryKey("platform_id", "livemode")
    platform_id = IdField()
    livemode = models.BooleanField()

    class Meta:
        db_table = "audit_chainlock"
