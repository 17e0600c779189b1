"""Disputes, files, balances, events and the clock: what happened, and proof of it."""

from __future__ import annotations

import io
import json
import urllib.request
from functools import partial
from typing import Any

from tests.contract.walk.walker import Walker, finds, keeps_metadata, walks

PDF = b"%PDF-1.7\n" + bytes(500)


def walk(walker: Walker) -> None:
    file = _files(walker)
    _disputes(walker, file)
    _warnings(walker)
    _balance(walker)
    _events(walker)
    _clock(walker)


def _files(walker: Walker) -> str:
    files, links = walker.v1.files, walker.v1.file_links
    file = files.create(
        {
            "purpose": "dispute_evidence",
            "file": _named("receipt.pdf"),
            "file_link_data": {"create": True, "metadata": {"a": "1"}},
        }
    )
    assert files.retrieve(file.id).type == "pdf"
    other = files.create({"purpose": "pci_document", "file": _named("pci.pdf")})
    walks(files.list, [other.id, file.id])
    finds(files.list, [file.id], purpose="dispute_evidence")
    later = walker.clock() + 10_000_000
    link = links.create({"file": other.id, "expires_at": later, "metadata": {"a": "1"}})
    keeps_metadata(partial(links.update, link.id))
    assert links.update(link.id, {"expires_at": "now"}).expired is True
    assert links.retrieve(link.id, {"expand": ["file"]}).file.id == other.id
    walks(links.list, [link.id, file.links.data[0].id])
    finds(links.list, [link.id], expired=True)
    finds(links.list, [file.links.data[0].id], file=file.id)
    return str(file.id)


def _named(name: str) -> io.BytesIO:
    content = io.BytesIO(PDF)
    content.name = name
    return content


def contents(walker: Walker, url: str, key: str) -> None:
    """Not JSON, so not a call of the SDK: its address is fetched with the key."""
    file = walker.v1.files.list({"limit": 1}).data[0]
    asked = urllib.request.Request(f"{url}/v1/files/{file.id}/contents")  # noqa: S310 - our server
    asked.add_header("Authorization", f"Bearer {key}")
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 - the same
        assert answer.read() == PDF


def _disputes(walker: Walker, file: str) -> None:
    disputes = walker.v1.disputes
    by_card = walker.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "confirm": True,
            "payment_method": "pm_card_createDispute",
        }
    )
    walker.work()
    first = disputes.list({"payment_intent": by_card.id}).data[0]
    charges = [walker.charge(2000).id for _ in range(4)]
    details = {"amount": 500, "reason": "product_not_received", "metadata": {"a": "1"}}
    won = walker.ours("post", "test_helpers/disputes", charge=charges[0], **details)
    asked = walker.ours("post", "test_helpers/disputes", charge=charges[1], type="inquiry")
    grown = walker.ours("post", "test_helpers/disputes", charge=charges[2], type="inquiry")
    given_up = walker.ours("post", "test_helpers/disputes", charge=charges[3])
    keeps_metadata(partial(disputes.update, won["id"]))
    staged = disputes.update(
        won["id"],
        {
            "evidence": {"uncategorized_text": "It was sent.", "receipt": file},
            "intended_submission_method": "manual",
            "submit": False,
        },
    )
    assert staged.status == "needs_response"
    assert disputes.update(won["id"], {"submit": True}).status == "under_review"
    outcomes = {
        f"{won['id']}/win": "won",
        f"{first.id}/lose": "lost",
        f"{asked['id']}/close": "warning_closed",
        f"{grown['id']}/escalate": "needs_response",
    }
    for path, status in outcomes.items():
        assert walker.ours("post", f"test_helpers/disputes/{path}")["status"] == status, path
    assert disputes.close(given_up["id"]).status == "lost"
    listed = [one.id for one in disputes.list().data]
    # The first was opened by another process, perhaps within the second of the next one.
    assert [one for one in listed if one != first.id] == [
        one["id"] for one in (given_up, grown, asked, won)
    ]
    walks(disputes.list, listed)
    finds(disputes.list, [won["id"]], charge=charges[0])
    deep = disputes.retrieve(
        won["id"], {"expand": ["charge.balance_transaction", "evidence.receipt"]}
    )
    assert (deep.charge.balance_transaction.amount, deep.evidence.receipt.id) == (2000, file)


def _warnings(walker: Walker) -> None:
    warnings = walker.v1.radar.early_fraud_warnings
    intent = walker.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "confirm": True,
            "payment_method": "pm_card_createIssuerFraudRecord",
        }
    )
    other = walker.v1.charges.create(
        {"amount": 1000, "currency": "usd", "source": "tok_createIssuerFraudRecord"}
    )
    walker.work()
    (first,) = warnings.list({"payment_intent": intent.id}).data
    (second,) = warnings.list({"charge": other.id}).data
    walks(warnings.list, [second.id, first.id])
    assert warnings.retrieve(first.id, {"expand": ["charge"]}).charge.id == intent.latest_charge


def _balance(walker: Walker) -> None:
    on_seller = {"stripe_account": walker.new_seller()}
    order = {"amount": 10_000, "currency": "usd", "source": "tok_bypassPending"}
    walker.v1.charges.create(order, on_seller)
    balance = walker.v1.balance.retrieve({"expand": ["instant_available.net_available"]}, on_seller)
    (instant,) = balance.instant_available
    assert instant.net_available[0].amount < instant.amount == balance.available[0].amount
    transactions = walker.v1.balance_transactions
    charge = walker.charge(1234)
    line = transactions.list({"source": charge.id}).data[0]
    assert transactions.retrieve(line.id, {"expand": ["source.balance_transaction"]}).source
    everything = [one.id for one in transactions.list({"limit": 100}).data]
    for listed in (transactions.list, partial(_history, walker)):
        finds(listed, [line.id], source=charge.id, type="charge", currency="usd")
        assert [one.id for one in listed({"created": {"gte": 1}, "limit": 2}).data] == everything[
            :2
        ]
        finds(listed, everything[1:3], starting_after=everything[0], limit=2)
        finds(listed, everything[:2], ending_before=everything[2])
        finds(listed, [], type="charge", created={"gt": 4_000_000_000})


def _history(walker: Walker, filters: dict[str, Any]) -> Any:
    """The older path of the same list."""
    return walker.client.deserialize(
        walker.client.raw_request("get", "/v1/balance/history", **filters), api_mode="V1"
    )


def _events(walker: Walker) -> None:
    events = walker.v1.events
    customer = walker.v1.customers.create({"name": "Ada"})
    # By type: an event that another process made in the same second may stand above it.
    newest = events.list({"type": "customer.created", "limit": 1}).data[0]
    assert json.loads(str(newest))["data"]["object"]["id"] == customer.id
    assert events.retrieve(newest.id).type == "customer.created"
    assert events.list({"type": "customer.*", "limit": 1}).data[0].id == newest.id
    assert events.list({"types": ["customer.created"], "limit": 1}).data[0].id == newest.id
    older = events.list({"starting_after": newest.id, "limit": 1, "created": {"gte": 1}}).data[0]
    finds(events.list, [newest.id], ending_before=older.id, type="customer.created")
    assert events.list({"delivery_success": True, "limit": 1}).data[0].pending_webhooks == 0


def _clock(walker: Walker) -> None:
    """Automatic payouts come by the clock: their rows are listed by payout."""
    seller = walker.new_seller(email="daily@example.com")
    on_seller = {"stripe_account": seller}
    walker.v1.charges.create(
        {"amount": 9000, "currency": "usd", "source": "tok_bypassPending"}, on_seller
    )
    before = walker.clock()
    after = walker.ours("post", "test_helpers/clock/advance", seconds=4 * 86_400)
    assert after["now"] >= before + 4 * 86_400
    to = int(after["now"]) + 86_400
    assert walker.ours("post", "test_helpers/clock/advance", to=to)["now"] == to
    payout = walker.v1.payouts.list({}, on_seller).data[0]
    assert payout.automatic is True
    rows = walker.v1.balance_transactions.list({"payout": payout.id}, on_seller).data
    assert {row.type for row in rows} == {"charge", "payout"}
    path = "balance/history"
    old = walker.ours("get", path, account=seller, payout=payout.id)
    assert [row["id"] for row in old["data"]] == [row.id for row in rows]
