"""Transfers, fees, refunds, top-ups, payouts: money on its way."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.contract.walk.walker import Walker, finds, keeps_metadata, walks


def walk(walker: Walker) -> None:
    _transfers(walker)
    _fees(walker)
    _refunds(walker)
    _topups(walker)
    _prefunding(walker)
    _payouts(walker)


def _transfers(walker: Walker) -> None:
    transfers = walker.v1.transfers
    charge = walker.charge(10_000)
    seller = walker.new_seller()
    order = {"currency": "usd", "destination": seller}
    first = transfers.create(
        {
            **order,
            "amount": 700,
            "description": "Share",
            "metadata": {"a": "1"},
            "source_type": "card",
            "transfer_group": "lot_1",
        }
    )
    second = transfers.create({**order, "amount": 800, "source_transaction": charge.id})
    keeps_metadata(partial(transfers.update, first.id))
    assert transfers.update(first.id, {"description": "Their share"}).description == "Their share"
    of_seller = partial(_with, transfers.list, destination=seller)
    walks(of_seller, [second.id, first.id])
    finds(transfers.list, [first.id], transfer_group="lot_1")
    deep = transfers.retrieve(first.id, {"expand": ["destination_payment.balance_transaction"]})
    assert deep.destination_payment.balance_transaction.net == 700

    reversals = transfers.reversals
    made = reversals.create(
        first.id,
        {
            "amount": 100,
            "description": "Too much",
            "metadata": {"a": "1"},
            "refund_application_fee": False,
        },
    )
    rest = reversals.create(first.id)
    assert rest.amount == 600
    keeps_metadata(partial(reversals.update, first.id, made.id))
    assert reversals.retrieve(first.id, made.id).amount == 100
    of_first = partial(reversals.list, first.id)
    finds(of_first, [rest.id], limit=1)
    finds(of_first, [made.id], starting_after=rest.id)
    finds(of_first, [rest.id], ending_before=made.id)


def _with(listed: Any, filters: dict[str, Any], **always: Any) -> Any:
    return listed({**filters, **always})


def _fees(walker: Walker) -> None:
    fees = walker.v1.application_fees
    share = {"application_fee_amount": 300, "transfer_data": {"destination": walker.seller}}
    one, other = walker.charge(1000, **share), walker.charge(1000, **share)
    second, first = fees.list({"limit": 2}).data
    assert (first.originating_transaction, second.originating_transaction) == (one.id, other.id)
    finds(fees.list, [first.id], charge=first.charge)
    everything = [fee.id for fee in fees.list({"limit": 100}).data]
    walks(fees.list, everything)
    assert fees.retrieve(first.id, {"expand": ["charge.source_transfer"]}).charge.source_transfer

    made = fees.refunds.create(first.id, {"amount": 100, "metadata": {"a": "1"}})
    path = f"application_fees/{first.id}/refund"
    after = walker.ours("post", path, amount=50, metadata={"b": "2"})
    assert after["amount_refunded"] == 150
    keeps_metadata(partial(fees.refunds.update, first.id, made.id))
    assert fees.refunds.retrieve(first.id, made.id).fee == first.id
    of_first = partial(fees.refunds.list, first.id)
    newest = of_first({"limit": 1}).data[0].id
    finds(of_first, [made.id], starting_after=newest)
    finds(of_first, [newest], ending_before=made.id)


def _refunds(walker: Walker) -> None:
    refunds = walker.v1.refunds
    share = {"application_fee_amount": 100, "transfer_data": {"destination": walker.seller}}
    charge = walker.charge(1000, **share)
    full = refunds.create(
        {
            "charge": charge.id,
            "amount": 400,
            "metadata": {"a": "1"},
            "reason": "requested_by_customer",
            "refund_application_fee": True,
            "reverse_transfer": True,
        }
    )
    assert full.status == "succeeded"
    intent = walker.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_pendingRefund",
            "confirm": True,
        }
    )
    slow = refunds.create({"payment_intent": intent.id})
    assert slow.status == "pending"
    failed = walker.ours("post", f"test_helpers/refunds/{slow.id}/fail", reason="declined")
    assert (failed["status"], failed["failure_reason"]) == ("failed", "declined")
    keeps_metadata(partial(refunds.update, full.id))
    assert refunds.retrieve(full.id).amount == 400
    finds(refunds.list, [full.id], charge=charge.id)
    finds(refunds.list, [slow.id], payment_intent=intent.id)
    _of_charge(walker, charge.id, full.id)
    _waiting_refund(walker)
    walks(refunds.list, [one.id for one in refunds.list({"limit": 100}).data])


def _of_charge(walker: Walker, charge: str, older: str) -> None:
    """The path that `charge.refunds` points to."""
    newer = walker.v1.refunds.create({"charge": charge, "amount": 50}).id
    path = f"charges/{charge}/refunds"

    def found(**filters: Any) -> list[str]:
        return [one["id"] for one in walker.ours("get", path, **filters)["data"]]

    assert (found(), found(limit=1)) == ([newer, older], [newer])
    assert (found(starting_after=newer), found(ending_before=older)) == ([older], [newer])
    assert walker.ours("get", f"{path}/{older}")["id"] == older
    shown = walker.v1.charges.retrieve(charge, {"expand": ["refunds.data.balance_transaction"]})
    assert [one.id for one in shown.refunds] == [newer, older]
    assert shown.refunds.data[1].balance_transaction.amount == -400


def _waiting_refund(walker: Walker) -> None:
    """A refund that waits for funds is the one that can be canceled."""
    seller = walker.new_seller()
    on_seller = {"stripe_account": seller}
    charge = walker.v1.charges.create(
        {"amount": 1000, "currency": "usd", "source": "tok_bypassPending"}, on_seller
    )
    balance = walker.v1.balance.retrieve({}, on_seller)
    money = {"amount": balance.available[0].amount, "currency": "usd"}
    walker.v1.payouts.create(money, on_seller)
    waiting = walker.v1.refunds.create({"charge": charge.id}, on_seller)
    assert waiting.pending_reason == "insufficient_funds"
    assert walker.v1.refunds.cancel(waiting.id, {}, on_seller).status == "canceled"


def _topups(walker: Walker) -> None:
    topups = walker.v1.topups
    order = {"amount": 5000, "currency": "usd"}
    first = topups.create(
        {
            **order,
            "description": "Float",
            "metadata": {"a": "1"},
            "source": "btok_us_verified",
            "statement_descriptor": "FLOAT",
            "transfer_group": "lot_2",
        }
    )
    second, third = topups.create({**order, "amount": 6000}), topups.create(order)
    keeps_metadata(partial(topups.update, first.id))
    assert topups.update(first.id, {"description": "A float"}).description == "A float"
    assert walker.ours("post", f"test_helpers/topups/{first.id}/succeed")["status"] == "succeeded"
    path = f"test_helpers/topups/{second.id}/fail"
    assert walker.ours("post", path, code="account_closed")["failure_code"] == "account_closed"
    assert topups.cancel(third.id).status == "canceled"
    assert topups.retrieve(first.id, {"expand": ["balance_transaction"]}).balance_transaction
    walks(topups.list, [third.id, second.id, first.id])
    finds(topups.list, [second.id], amount=6000)
    finds(topups.list, [first.id], status="succeeded")

    walker.live.raw_request(
        "post", "/v1/counterfoil/settings", topup_bank_details={"usd": "Bazaar Inc., 1234"}
    )
    live = walker.live.v1.topups.create(order)
    path = f"/v1/counterfoil/topups/{live.id}/instructions"
    assert walker.live.raw_request("get", path).data["bank_details"] == "Bazaar Inc., 1234"


def _prefunding(walker: Walker) -> None:
    money = {"amount": 3000, "currency": "usd"}
    topup = walker.v1.topups.create(money, walker.on_seller)
    walker.ours("post", f"test_helpers/topups/{topup.id}/succeed", account=walker.seller)
    path = "counterfoil/prefunding/withdrawals"
    after = walker.ours("post", path, account=walker.seller, **money)
    assert after["refund_and_dispute_prefunding"]["available"][0]["amount"] == 0


def _payouts(walker: Walker) -> None:
    payouts, on_seller = walker.v1.payouts, walker.on_seller
    walker.v1.charges.create(
        {"amount": 100_000, "currency": "usd", "source": "tok_bypassPending"}, on_seller
    )
    bank = walker.v1.accounts.external_accounts.list(walker.seller).data[0].id
    order = {"amount": 1000, "currency": "usd"}
    first = payouts.create(
        {
            **order,
            "description": "Monday",
            "destination": bank,
            "metadata": {"a": "1"},
            "method": "standard",
            "source_type": "card",
            "statement_descriptor": "MONDAY",
        },
        on_seller,
    )
    second, third = payouts.create(order, on_seller), payouts.create(order, on_seller)
    keeps_metadata(lambda change: payouts.update(first.id, change, on_seller))
    assert payouts.cancel(third.id, {}, on_seller).status == "canceled"
    path = f"test_helpers/payouts/{first.id}/pay"
    assert walker.ours("post", path, account=walker.seller)["status"] == "paid"
    back = payouts.reverse(first.id, {"metadata": {"a": "1"}}, on_seller)
    assert back.original_payout == first.id
    path = f"test_helpers/payouts/{second.id}/fail"
    failed = walker.ours("post", path, account=walker.seller, code="no_account")
    assert failed["failure_code"] == "no_account"
    deep = payouts.retrieve(
        first.id, {"expand": ["balance_transaction.source", "destination"]}, on_seller
    )
    assert (deep.balance_transaction.source.id, deep.destination.id) == (first.id, bank)

    def listed(filters: dict[str, Any]) -> Any:
        return payouts.list(filters, on_seller)

    walks(listed, [back.id, third.id, second.id, first.id])
    finds(listed, [second.id], status="failed")
    finds(listed, [back.id, third.id, second.id, first.id], destination=bank)
    finds(listed, [], arrival_date={"lt": 1})
    _lines(walker, first.id)


def _lines(walker: Walker, payout: str) -> None:
    seller = walker.seller
    path = f"payouts/{payout}/lines"
    lines = walker.ours("get", path, account=seller, expand=["data.balance_transaction.source"])
    assert sum(line["amount"] for line in lines["data"]) == lines["total_amount"] == 1000
    first = lines["data"][0]["id"]
    assert walker.ours("get", path, account=seller, limit=1)["data"][0]["id"] == first
    rest = walker.ours("get", path, account=seller, starting_after=first)["data"]
    assert [line["id"] for line in rest] == [line["id"] for line in lines["data"][1:]]
    assert walker.ours("get", path, account=seller, ending_before=first)["data"] == []
