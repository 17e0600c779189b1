"""Customers, payment methods, charges, payment intents."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.contract.walk.walker import Walker, finds, keeps_metadata, walks

ADDRESS = {
    "line1": "1 Main Street",
    "line2": "Flat 2",
    "city": "San Francisco",
    "state": "CA",
    "postal_code": "94111",
    "country": "US",
}
SHIPPING = {
    "address": ADDRESS,
    "name": "Ada Byron",
    "carrier": "UPS",
    "phone": "5550100",
    "tracking_number": "1Z",
}
CARD = {"number": "4242424242424242", "exp_month": 8, "exp_year": 2040, "cvc": "123"}


def walk(walker: Walker) -> None:
    customer = _customers(walker)
    _methods(walker, customer)
    _charges(walker, customer)
    _intents(walker, customer)


def _customers(walker: Walker) -> str:
    customers = walker.v1.customers
    everything = {
        "address": ADDRESS,
        "description": "A regular",
        "email": "ada@example.com",
        "metadata": {"a": "1"},
        "name": "Ada Byron",
        "phone": "5550100",
        "preferred_locales": ["en"],
        "shipping": {"address": ADDRESS, "name": "Ada Byron", "phone": "5550100"},
    }
    method = walker.v1.payment_methods.create({"type": "card", "card": CARD})
    default = {"invoice_settings": {"default_payment_method": method.id}}
    made = customers.create({**everything, **default, "payment_method": method.id})
    changed = customers.update(made.id, {**everything, **default, "name": "Ada Lovelace"})
    assert changed.invoice_settings.default_payment_method == method.id
    by_source = customers.create({"source": "tok_visa"})
    customers.update(by_source.id, {"source": "tok_mastercard", "email": "other@example.com"})
    card = customers.payment_methods.list(by_source.id).data[0]
    customers.update(by_source.id, {"default_source": card.id})
    keeps_metadata(partial(customers.update, made.id))

    walks(customers.list, [by_source.id, made.id])
    finds(customers.list, [made.id], email="ada@example.com")
    assert customers.retrieve(made.id).name == "Ada Lovelace"
    methods = customers.payment_methods
    assert methods.retrieve(made.id, method.id).id == method.id
    more = walker.v1.payment_methods.attach("pm_card_mastercard", {"customer": made.id})
    of_made = partial(methods.list, made.id)
    finds(of_made, [more.id, method.id], type="card")
    finds(of_made, [more.id], limit=1)
    finds(of_made, [method.id], starting_after=more.id)
    finds(of_made, [more.id], ending_before=method.id)
    shown = customers.retrieve(by_source.id, {"expand": ["default_source", "sources"]})
    assert (shown.default_source.id, shown.sources.data[0].id) == (card.id, card.id)
    of_source = partial(customers.payment_sources.list, by_source.id)
    older = of_source().data[-1].id
    finds(of_source, [card.id], object="card", limit=1)
    finds(of_source, [], object="bank_account")
    finds(of_source, [older], starting_after=card.id)
    finds(of_source, [card.id], ending_before=older)
    assert customers.payment_sources.retrieve(by_source.id, card.id).last4 == card.card.last4
    assert customers.delete(by_source.id).deleted is True
    return str(made.id)


def _methods(walker: Walker, customer: str) -> None:
    methods = walker.v1.payment_methods
    billing = {"address": ADDRESS, "email": "ada@example.com", "name": "Ada", "phone": "5550100"}
    made = methods.create(
        {"type": "card", "card": CARD, "billing_details": billing, "metadata": {"a": "1"}}
    )
    assert made.card.last4 == "4242"
    assert methods.retrieve(made.id).billing_details.name == "Ada"
    attached = methods.attach(made.id, {"customer": customer})
    assert attached.customer == customer
    keeps_metadata(partial(methods.update, made.id))
    methods.update(made.id, {"billing_details": {"name": "Ada Lovelace"}})

    listed = partial(_with, methods.list, customer=customer)
    all_ids = [one.id for one in methods.list({"customer": customer, "type": "card"}).data]
    assert all_ids[0] == made.id
    finds(listed, all_ids[:1], limit=1)
    finds(listed, all_ids[1:], starting_after=made.id)
    finds(listed, all_ids[:1], ending_before=all_ids[1])
    assert methods.detach(made.id).customer is None


def _with(listed: Any, filters: dict[str, Any], **always: Any) -> Any:
    return listed({**filters, **always})


def _charges(walker: Walker, customer: str) -> None:
    charges = walker.v1.charges
    order = {"amount": 1000, "currency": "usd"}
    card = walker.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    texts = {
        "description": "Two bowls",
        "metadata": {"order": "7"},
        "receipt_email": "ada@example.com",
        "shipping": SHIPPING,
        "statement_descriptor": "BOWLS",
    }
    destination = charges.create(
        {
            **order,
            **texts,
            "source": "tok_visa",
            "application_fee_amount": 100,
            "on_behalf_of": walker.seller,
            "transfer_data": {"destination": walker.seller},
            "transfer_group": "order_7",
        }
    )
    older = charges.create(
        {
            **order,
            "source": "tok_visa",
            "statement_descriptor_suffix": "BOWLS",
            "destination": {"account": walker.seller, "amount": 800},
        }
    )
    held = charges.create({**order, "source": card, "capture": False, "customer": customer})
    captured = charges.capture(
        held.id,
        {
            "amount": 900,
            "receipt_email": "ada@example.com",
            "statement_descriptor_suffix": "PLATES",
            "transfer_group": "order_8",
        },
    )
    assert captured.amount_captured == 900
    held = charges.create(
        {
            **order,
            "source": "tok_visa",
            "capture": False,
            "application_fee_amount": 10,
            "transfer_data": {"destination": walker.seller},
        }
    )
    charges.capture(held.id, {"application_fee_amount": 20, "statement_descriptor": "CUPS"})
    part = {"transfer_data": {"destination": walker.seller, "amount": 500}}
    partly = charges.create({**order, "source": "tok_visa", "capture": False, **part})
    charges.capture(partly.id, {"transfer_data": {"amount": 400}})
    plain = charges.create({**order, "source": "tok_visa"})
    ids = [plain.id, partly.id, held.id, captured.id, older.id, destination.id]

    keeps_metadata(partial(charges.update, destination.id))
    changed = charges.update(
        destination.id,
        {"description": "Three bowls", "receipt_email": "b@example.com", "shipping": SHIPPING},
    )
    assert changed.description == "Three bowls"
    assert charges.update(plain.id, {"transfer_group": "order_9"}).transfer_group == "order_9"
    walks(charges.list, ids)
    finds(charges.list, [captured.id], customer=customer)
    finds(charges.list, [destination.id], transfer_group="order_7")
    _expansion(walker, destination.id)


def _expansion(walker: Walker, charge: str) -> None:
    """Four levels deep, and on lists `data.` counts as one."""
    path = "transfer.destination_payment.balance_transaction.source"
    deep = walker.v1.charges.retrieve(charge, {"expand": [path, "balance_transaction"]})
    assert deep.transfer.destination_payment.balance_transaction.source.id.startswith("py_")
    assert deep.balance_transaction.source == charge
    path = "data.transfer.destination_payment.application_fee"
    listed = walker.v1.charges.list({"transfer_group": "order_7", "expand": [path]})
    assert listed.data[0].transfer.destination_payment.application_fee.amount == 100


def _intents(walker: Walker, customer: str) -> None:
    intents = walker.v1.payment_intents
    order = {"amount": 2000, "currency": "usd"}
    card = walker.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    paid = intents.create(
        {
            **order,
            "application_fee_amount": 100,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "capture_method": "automatic",
            "confirm": True,
            "confirmation_method": "automatic",
            "customer": customer,
            "description": "Ride",
            "error_on_requires_action": True,
            "metadata": {"a": "1"},
            "off_session": True,
            "on_behalf_of": walker.seller,
            "payment_method": card,
            "receipt_email": "ada@example.com",
            "shipping": SHIPPING,
            "statement_descriptor_suffix": "RIDE",
            "transfer_data": {
                "destination": walker.seller,
                "description": "Your ride",
                "metadata": {"b": "2"},
                "payment_data": {"description": "A ride", "metadata": {"c": "3"}},
            },
            "transfer_group": "ride_1",
        }
    )
    assert paid.status == "succeeded"
    by_data = intents.create(
        {
            **order,
            "confirm": True,
            "payment_method_data": {"type": "card", "card": CARD},
            "payment_method_types": ["card"],
            "return_url": "https://example.com/back",
            "statement_descriptor": "RIDE",
        }
    )
    assert by_data.status == "succeeded"
    held = _held(walker, order, customer)
    stopped = intents.create(order)
    assert intents.cancel(stopped.id, {"cancellation_reason": "abandoned"}).status == "canceled"
    asked = intents.create(
        {**order, "confirm": True, "payment_method": "pm_card_authenticationRequired"}
    )
    assert asked.status == "requires_action"
    path = f"test_helpers/payment_intents/{asked.id}/authenticate"
    assert walker.ours("post", path, outcome="succeed")["status"] == "succeeded"

    listed = [asked.id, stopped.id, *held, by_data.id, paid.id]
    walks(intents.list, listed)
    finds(intents.list, [held[-1], paid.id], customer=customer)
    assert intents.retrieve(paid.id, {"expand": ["latest_charge"]}).latest_charge.amount == 2000
    finds(walker.v1.charges.list, [paid.latest_charge], payment_intent=paid.id)
    keeps_metadata(partial(intents.update, stopped_free := intents.create(order).id))
    intents.cancel(stopped_free)


def _held(walker: Walker, order: dict[str, Any], customer: str) -> list[str]:
    """Intents that are changed, confirmed and captured step by step; newest first."""
    intents = walker.v1.payment_intents
    made = intents.create(
        {**order, "capture_method": "manual", "transfer_data": {"destination": walker.seller}}
    )
    changed = intents.update(
        made.id,
        {
            "amount": 3000,
            "currency": "usd",
            "application_fee_amount": 150,
            "customer": customer,
            "description": "Longer ride",
            "payment_method": "pm_card_visa",
            "receipt_email": "ada@example.com",
            "shipping": SHIPPING,
            "statement_descriptor": "RIDE",
            "statement_descriptor_suffix": "LONG",
            "transfer_group": "ride_2",
        },
    )
    assert (changed.amount, changed.customer) == (3000, customer)
    confirmed = intents.confirm(
        made.id,
        {
            "error_on_requires_action": True,
            "off_session": True,
            "payment_method": "pm_card_mastercard",
            "receipt_email": "b@example.com",
            "shipping": SHIPPING,
        },
    )
    assert confirmed.status == "requires_capture"
    captured = intents.capture(
        made.id,
        {
            "amount_to_capture": 2500,
            "application_fee_amount": 100,
            "final_capture": True,
            "metadata": {"a": "1"},
            "statement_descriptor": "RIDE",
            "statement_descriptor_suffix": "LONG",
        },
    )
    assert captured.amount_received == 2500
    part = {"transfer_data": {"destination": walker.seller, "amount": 500}}
    partly = intents.create({**order, "capture_method": "manual", **part})
    intents.update(partly.id, {"transfer_data": {"amount": 600}})
    intents.confirm(
        partly.id,
        {
            "payment_method_data": {"type": "card", "card": CARD},
            "return_url": "https://example.com/back",
        },
    )
    intents.capture(partly.id, {"transfer_data": {"amount": 400}})
    return [partly.id, made.id]
