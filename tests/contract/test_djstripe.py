"""dj-stripe, which platforms keep a copy of their Stripe account with, copies one of ours.

It runs as its users run it, but for the API host, in a virtual environment of its own: it needs
an older `stripe` than we test with. `scripts/parts.py` makes that environment.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.sdk import official_client
from tests.contract.walk import moving, payments, telling
from tests.contract.walk.walker import Walker
from tests.support.accounts import onboarded_individual

pytestmark = [
    pytest.mark.djstripe,
    pytest.mark.skipif(
        not os.environ.get("COUNTERFOIL_TEST_DJSTRIPE"),
        reason="COUNTERFOIL_TEST_DJSTRIPE is not set: `make test` installs dj-stripe",
    ),
]
SYNC = Path(__file__).parent / "djstripe" / "sync.py"


def test_djstripe_copies_a_busy_platform_row_by_row(server, platform, tmp_path):
    key = platform.secret_key_test
    client = official_client(server.url, key)
    seller = client.v1.accounts.create(onboarded_individual()).id
    live = official_client(server.url, platform.secret_key_live)
    walker = Walker(client, live, seller, lambda: server.run("worker", "--once"))
    for stretch in (payments, moving, telling):
        stretch.walk(walker)

    copied = sync(server.url, key, tmp_path / "rows.db")

    assert not copied["errors"], "\n".join(copied["errors"])
    expected = ours(client, platform.platform_id)
    assert set(copied["rows"]) == set(expected)
    for model, ids in expected.items():
        assert ids, f"there is no {model} to copy"
        assert copied["rows"][model] == sorted(ids), model


def sync(url: str, key: str, database: Path) -> dict[str, Any]:
    python = os.environ["COUNTERFOIL_TEST_DJSTRIPE"]
    ended = subprocess.run(
        [python, str(SYNC), url, key, str(database)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    answer: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return answer


def ours(client: Any, platform_id: str) -> dict[str, set[str]]:
    """The ids of every object that dj-stripe should have, by the name of its model."""
    v1 = client.v1
    sellers = set(ids(v1.accounts.list, {}))
    lists: dict[str, Callable[..., Any]] = {
        "BalanceTransaction": v1.balance_transactions.list,
        "Charge": v1.charges.list,
        "PaymentIntent": v1.payment_intents.list,
        "Refund": v1.refunds.list,
        "Dispute": v1.disputes.list,
        "Transfer": v1.transfers.list,
        "ApplicationFee": v1.application_fees.list,
        "Payout": v1.payouts.list,
        "Event": v1.events.list,
    }
    owners: list[dict[str, str]] = [{}, *({"stripe_account": one} for one in sellers)]
    found = {
        model: {one for owner in owners for one in ids(listed, owner)}
        for model, listed in lists.items()
    }
    found["Account"] = sellers | {platform_id}
    found["TransferReversal"] = {
        reversal.id
        for transfer in found["Transfer"]
        for reversal in v1.transfers.reversals.list(transfer, {"limit": 100}).auto_paging_iter()
    }
    return found


def ids(listed: Callable[..., Any], owner: dict[str, str]) -> Iterator[str]:
    for one in listed({"limit": 100}, owner).auto_paging_iter():
        yield one.id
