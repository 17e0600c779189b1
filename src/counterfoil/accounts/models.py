from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from counterfoil.kit.db import IdField


class Account(models.Model):
    """A connected account of one platform, in one mode.

    Columns hold what other packages decide by; `profile` holds the rest of the object as JSON
    (`profile.py`). Identity numbers are never here: only whether they were given and matched.
    """

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    created = models.BigIntegerField()
    deleted_at = models.BigIntegerField(null=True)
    revision = models.BigIntegerField(default=0)  # grows with every visible change

    type = models.CharField(max_length=10)  # standard | express | custom | none
    fees_payer = models.CharField(max_length=20)
    losses_payments = models.CharField(max_length=12)
    requirement_collection = models.CharField(max_length=12)
    dashboard_type = models.CharField(max_length=8)

    country = models.CharField(max_length=2)
    default_currency = models.CharField(max_length=3)
    business_type = models.CharField(max_length=20, null=True)
    email = models.CharField(max_length=320, null=True)
    phone = models.CharField(max_length=40, null=True)  # where sign-in codes go
    display_name = models.CharField(max_length=300, null=True)
    timezone = models.CharField(max_length=64, default="Etc/UTC")
    # What its person chose for the dashboard and for mails; null: as the browser asks.
    language = models.CharField(max_length=16, null=True)
    color_scheme = models.CharField(max_length=5, null=True)  # light | dark
    # Of the profile's settings, where a charge finds it.
    statement_descriptor = models.CharField(max_length=22, null=True)
    delay_days = models.SmallIntegerField(null=True)  # null: the country's own

    charges_enabled = models.BooleanField(default=False)
    payouts_enabled = models.BooleanField(default=False)
    details_submitted = models.BooleanField(default=False)
    card_payments = models.CharField(max_length=12, default="unrequested")
    transfers = models.CharField(max_length=12, default="unrequested")

    # When the next automatic payout runs (platform clock); null: none is scheduled.
    next_payout_at = models.BigIntegerField(null=True)

    # The dashboard's switches where they differ from the platform's, as JSON; null: nowhere.
    features = models.TextField(null=True)

    # When requirements change by themselves (platform clock): a deadline passes, or it is time to
    # look whether a threshold has been passed. Null: they do not.
    requirements_at = models.BigIntegerField(null=True)

    # What operators look for (`standing.py`).
    standing = models.CharField(max_length=16, default="incomplete")
    name_key = IdField(max_length=300, null=True)

    profile = models.TextField(default="{}")
    metadata = models.TextField(default="{}")

    class Meta:
        db_table = "accounts_account"
        indexes = [
            models.Index(
                fields=["platform_id", "livemode", "standing", "created", "id"],
                name="account_by_standing",
            ),
            models.Index(
                fields=["platform_id", "livemode", "name_key", "id"], name="account_by_name"
            ),
            models.Index(
                fields=["platform_id", "livemode", "created", "id"], name="account_of_platform"
            ),
            models.Index(
                fields=["platform_id", "livemode", "next_payout_at", "id"],
                name="account_payout_due",
                condition=models.Q(deleted_at=None, next_payout_at__isnull=False),
            ),
            models.Index(
                fields=["platform_id", "livemode", "requirements_at", "id"],
                name="account_requirements_due",
                condition=models.Q(deleted_at=None, requirements_at__isnull=False),
            ),
            # Who signs in by an address.
            models.Index(Lower("email"), name="account_by_email"),
            models.Index(fields=["phone"], name="account_by_phone"),
        ]


class ExternalAccount(models.Model):
    """A bank account or debit card that payouts go to. The number is encrypted."""

    id = IdField(primary_key=True)
    account_id = IdField()
    platform_id = IdField()
    livemode = models.BooleanField()
    created = models.BigIntegerField()
    object = models.CharField(max_length=12)  # bank_account | card
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    last4 = models.CharField(max_length=4)
    fingerprint = models.CharField(max_length=16)
    sealed_number = models.TextField()
    status = models.CharField(max_length=20, default="new")
    # No payout goes there before (platform clock): it was added soon after a contact was replaced.
    held_until = models.BigIntegerField(null=True)
    default_for_currency = models.BooleanField(default=False)
    deleted_at = models.BigIntegerField(null=True)
    details = models.TextField()  # JSON: `destinations.BankDetails` or `CardDetails`
    metadata = models.TextField(default="{}")

    class Meta:
        db_table = "accounts_externalaccount"
        indexes = [models.Index(fields=["account_id", "created", "id"], name="external_of_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "currency"],
                condition=models.Q(default_for_currency=True, deleted_at=None),
                name="one_default_per_currency",
            )
        ]


class Token(models.Model):
    """A bank account or card that was sent once and may be used once. The number is encrypted."""

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()  # on whose behalf it was made: the platform's own id, or an account's
    created = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)
    client_ip = models.CharField(max_length=45, null=True)
    object_id = IdField()  # the id that what it holds has, here and once attached
    object = models.CharField(max_length=12)  # bank_account | card
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    sealed_number = models.TextField()
    details = models.TextField()  # JSON: `destinations.BankDetails` or `CardDetails`

    class Meta:
        db_table = "accounts_token"
