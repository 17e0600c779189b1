"""Syncs a platform with dj-stripe and says how many rows of each model came: JSON.

Run by the interpreter of dj-stripe's own virtual environment, since it needs an older `stripe`:

    python sync.py http://localhost:8000 sk_test_… /tmp/rows.db
"""

import io
import json
import sys

import django
from django.conf import settings
from django.core.management import call_command

MODELS = (
    "Account",
    "BalanceTransaction",
    "Charge",
    "PaymentIntent",
    "Refund",
    "Dispute",
    "Transfer",
    "TransferReversal",
    "ApplicationFee",
    "Payout",
    "Event",
)


def main(url: str, key: str, database: str) -> None:
    settings.configure(
        DEBUG=True,  # dj-stripe warns of an API host of one's own otherwise
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "djstripe"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        MIGRATION_MODULES=dict.fromkeys(("auth", "contenttypes", "djstripe")),
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        SECRET_KEY="only here",
        STRIPE_API_HOST=url,
        STRIPE_TEST_SECRET_KEY=key,
        STRIPE_LIVE_MODE=False,
        DJSTRIPE_FOREIGN_KEY_TO_FIELD="id",
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)

    import stripe
    from djstripe import models

    # dj-stripe 2.11 names the account `id` here, which its own stripe does not take: so it cannot
    # copy an Express or Custom account from Stripe either. The rest of that call is as it is.
    listed = stripe.Account.list_external_accounts
    stripe.Account.list_external_accounts = lambda **how: listed(how.pop("id"), **how)

    said, errors = io.StringIO(), io.StringIO()
    call_command(
        "djstripe_sync_models",
        *MODELS,
        api_keys=[key],
        fail_on_error=False,
        stdout=said,
        stderr=errors,
        no_color=True,
    )
    rows = {name: sorted(_ids(getattr(models, name))) for name in MODELS}
    json.dump({"errors": errors.getvalue().splitlines(), "rows": rows}, sys.stdout)


def _ids(model):
    return model.objects.values_list("id", flat=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
