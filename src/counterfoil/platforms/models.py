from __future__ import annotations

from django.db import models

from counterfoil.kit.db import IdField


class Platform(models.Model):
    """A marketplace and its own account; the id is an `acct_…` that `Stripe-Account` accepts."""

    id = IdField(primary_key=True)
    created = models.BigIntegerField()
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, default="US")
    default_currency = models.CharField(max_length=3, default="usd")
    operator_email = models.CharField(max_length=320, null=True)
    brand_color = models.CharField(max_length=7, default="#3b5bdb")
    # Test mode's clock: seconds ahead of real time. It only grows.
    test_clock_offset = models.BigIntegerField(default=0)
    # JSON of `settings.PlatformSettings`, a set for each mode: a test key changes nothing live.
    settings = models.TextField(default="{}")
    live_settings = models.TextField(default="{}")

    class Meta:
        db_table = "platforms_platform"
        constraints = [
            models.CheckConstraint(
                name="platform_clock_never_behind",
                condition=models.Q(test_clock_offset__gte=0),
            )
        ]


class ApiKey(models.Model):
    """A key, known by its hash: the text itself is shown once and never stored."""

    id = IdField(primary_key=True)
    platform_id = IdField(db_index=True)
    livemode = models.BooleanField()
    kind = models.CharField(max_length=12)  # secret | publishable
    sha256 = models.CharField(max_length=64, unique=True)
    last4 = models.CharField(max_length=4)
    created = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "platforms_apikey"
