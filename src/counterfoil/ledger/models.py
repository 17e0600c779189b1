"""Tables of the books (design §3).

Entries, postings, balance transactions and blocks are append-only; triggers on both engines
refuse updates and deletes (`triggers.py`). Balances and daily volumes are derived from them in
the same transaction. Amounts are minor units; moments are UTC seconds.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from counterfoil.kit.db import IdField


class Purpose(models.TextChoices):
    """What an owner's ledger account is for; the second group is the world outside.

    The world's accounts are kept per platform, under the platform's own id.
    """

    PAYMENTS = "payments"
    PREFUNDING = "prefunding"
    RISK_RESERVED = "risk_reserved"
    CONNECT_RESERVED = "connect_reserved"
    IN_TRANSIT = "in_transit"

    CARD_NETWORK = "card_network"
    BANK = "bank"
    PROCESSING_FEES = "processing_fees"
    FX = "fx"
    LOSSES = "losses"


class JournalEntry(models.Model):
    """One business event in the books, keyed by what it is about."""

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    effective_at = models.BigIntegerField()

    class Meta:
        db_table = "ledger_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["platform_id", "livemode", "key"], name="ledger_entry_key_once"
            )
        ]


class Posting(models.Model):
    """A debit or a credit of a positive amount on (owner, currency, purpose)."""

    pk = models.CompositePrimaryKey("entry_id", "position")
    entry_id = IdField()
    position = models.SmallIntegerField()
    owner = IdField()
    livemode = models.BooleanField()
    currency = models.CharField(max_length=3)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    side = models.CharField(max_length=6, choices=[("debit", "debit"), ("credit", "credit")])
    amount = models.BigIntegerField()
    available_on = models.BigIntegerField()

    class Meta:
        db_table = "ledger_posting"
        indexes = [
            models.Index(
                fields=["owner", "livemode", "currency", "purpose"], name="ledger_posting_account"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="ledger_posting_amount_is_positive", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="ledger_posting_side_is_known", condition=Q(side__in=["debit", "credit"])
            ),
        ]


class BalanceTransaction(models.Model):
    """The line an owner sees: gross, fee, net, when it is available, what it is about."""

    id = IdField(primary_key=True)
    entry_id = IdField(db_index=True)
    platform_id = IdField()
    owner = IdField()
    livemode = models.BooleanField()
    created = models.BigIntegerField()
    type = models.CharField(max_length=40)
    reporting_category = models.CharField(max_length=40)
    balance_type = models.CharField(max_length=40, default="payments")
    amount = models.BigIntegerField()
    fee = models.BigIntegerField()
    net = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    available_on = models.BigIntegerField()
    description = models.TextField(null=True)
    source_id = IdField(null=True)
    exchange_rate = models.CharField(max_length=40, null=True)
    fee_details = models.TextField(default="[]")  # JSON: [{amount, currency, type, …}]

    class Meta:
        db_table = "ledger_balancetransaction"
        indexes = [
            models.Index(fields=["owner", "livemode", "created", "id"], name="ledger_txn_of_owner"),
            models.Index(
                fields=["owner", "livemode", "type", "created", "id"], name="ledger_txn_of_type"
            ),
            models.Index(fields=["source_id"], name="ledger_txn_of_source"),
            models.Index(
                # The last two spare a sum over a day the way to its rows.
                fields=["owner", "livemode", "currency", "created", "id", "balance_type", "net"],
                name="ledger_txn_of_currency",
            ),
            models.Index(
                fields=["owner", "livemode", "net", "created", "id"], name="ledger_txn_of_net"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="ledger_txn_net_is_amount_less_fee",
                condition=Q(net=F("amount") - F("fee")),
            )
        ]


class Balance(models.Model):
    """What postings add up to, by the day it becomes available.

    `available_on` is a day's start (UTC seconds), or 0 for all the days folded together. An
    owner everyone posts to is spread over several rows; a balance is always their sum.
    """

    pk = models.CompositePrimaryKey(
        "owner", "livemode", "currency", "purpose", "available_on", "spread"
    )
    owner = IdField()
    livemode = models.BooleanField()
    currency = models.CharField(max_length=3)
    purpose = models.CharField(max_length=20)
    available_on = models.BigIntegerField()
    spread = models.SmallIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "ledger_balance"


class DailyVolume(models.Model):
    """Earnings of one owner on one day of its own calendar (days since 1970-01-01)."""

    pk = models.CompositePrimaryKey("owner", "livemode", "currency", "day", "spread")
    owner = IdField()
    livemode = models.BooleanField()
    currency = models.CharField(max_length=3)
    day = models.IntegerField()
    spread = models.SmallIntegerField()
    gross = models.BigIntegerField()
    fee = models.BigIntegerField()
    net = models.BigIntegerField()
    count = models.BigIntegerField()

    class Meta:
        db_table = "ledger_dailyvolume"


class DailyMove(models.Model):
    """By how much one UTC day changed what a connected account has, by reporting category.

    Days since 1970-01-01. A balance after any transaction of the past is today's, less whole
    days, less a part of one; a report over a year adds up days, not transactions.
    """

    pk = models.CompositePrimaryKey("owner", "livemode", "currency", "day", "category")
    owner = IdField()
    livemode = models.BooleanField()
    currency = models.CharField(max_length=3)
    day = models.IntegerField()
    category = models.CharField(max_length=40)
    gross = models.BigIntegerField()
    fee = models.BigIntegerField()
    net = models.BigIntegerField()
    count = models.BigIntegerField()

    class Meta:
        db_table = "ledger_dailymove"


class Lock(models.Model):
    """A row to hold while deciding: about an owner's funds in a currency, or about a chain.

    Whoever may refuse for lack of funds holds (owner, currency); the sealer holds
    (platform, "chain").
    """

    pk = models.CompositePrimaryKey("owner", "livemode", "subject")
    owner = IdField()
    livemode = models.BooleanField()
    subject = models.CharField(max_length=12)

    class Meta:
        db_table = "ledger_lock"


class Block(models.Model):
    """A set of entries, sealed: its Merkle root and the hash of the block before."""

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
        db_table = "ledger_block"
        constraints = [
            models.UniqueConstraint(
                fields=["platform_id", "livemode", "height"], name="ledger_block_height_once"
            )
        ]


class BlockEntry(models.Model):
    """Which block holds an entry, and at which leaf of its Merkle tree."""

    entry_id = IdField(primary_key=True)
    block_id = IdField()
    position = models.IntegerField()

    class Meta:
        db_table = "ledger_blockentry"
        constraints = [
            models.UniqueConstraint(fields=["block_id", "position"], name="ledger_block_leaf_once")
        ]


class Unsealed(models.Model):
    """Entries that no block holds yet: a queue, written with them and emptied by the sealer."""

    entry_id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()

    class Meta:
        db_table = "ledger_unsealed"


class Unclaimed(models.Model):
    """What of a balance transaction no payout has settled yet: a queue, oldest first.

    A payout's own row is never in it; a row that a payout settles in part stays with the rest.
    Connected accounts only: the platform's own balance is not paid out here.
    """

    txn_id = IdField(primary_key=True)
    owner = IdField()
    livemode = models.BooleanField()
    currency = models.CharField(max_length=3)
    available_on = models.BigIntegerField()
    created = models.BigIntegerField()
    rest = models.BigIntegerField()

    class Meta:
        db_table = "ledger_unclaimed"
        indexes = [
            models.Index(
                fields=["owner", "livemode", "currency", "available_on", "created", "txn_id"],
                name="ledger_unclaimed_queue",
            )
        ]
        constraints = [
            models.CheckConstraint(name="ledger_unclaimed_rest_is_something", condition=~Q(rest=0))
        ]
