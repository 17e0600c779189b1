"""Payment intents: create, update, confirm, capture, cancel (reference api.md §4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from msgspec import UNSET

from counterfoil.kit.db import lock_row_suffix, unit_of_work
from counterfoil.kit.ids import new_id, secret_token
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import Declined, InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.payments.customer_policy import check_usable
from counterfoil.payments.details import (
    IntentDetails,
    LastError,
    read_intent_details,
    read_metadata,
    text_of,
)
from counterfoil.payments.operations.attaching import customer_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.charges import (
    check_capture,
    check_order,
    locked_charge,
    restate,
    settle,
    shipping_of,
)
from counterfoil.payments.operations.charging import (
    Order,
    PaymentTexts,
    authorize,
    capture,
    declined,
)
from counterfoil.payments.operations.methods import (
    Presented,
    presented_data,
    presented_method,
    refuse_live_cards,
)
from counterfoil.payments.operations.parties import Parties, find_parties
from counterfoil.payments.params import (
    CancelIntent,
    CaptureIntent,
    ConfirmIntent,
    CreateIntent,
    MethodData,
)
from counterfoil.payments.policy import currency_of
from counterfoil.payments.rows import PaymentIntentRow, find
from counterfoil.payments.wire import charge_wire, payment_intent_wire
from counterfoil.platforms.queries import Caller
from counterfoil.rails.simulator.scenarios import SCENARIOS

CONFIRMABLE: Final = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE: Final = (*CONFIRMABLE, "requires_capture")


@dataclass(frozen=True, slots=True)
class Attempted:
    """An intent that was written; `declined` says why paying failed, to be raised by the edge."""

    intent: PaymentIntentRow
    declined: Declined | None = None


def create_payment_intent(
    *, platform: Caller, scope: Scope, params: CreateIntent, now: int
) -> Attempted:
    """A new intent, paid at once when `confirm` says so.

    `now` is the platform's clock, UTC seconds. Raises InvalidRequest and ResourceMissing for
    parameters that do not fit; then nothing is written.
    """
    refuse_live_cards(scope)
    _check_create(params)
    intent = _new_intent(params, scope, now=now)
    check_order(_order(intent), scope)
    with unit_of_work():
        parties = find_parties(
            scope,
            destination=intent.transfer_destination,
            on_behalf_of=intent.on_behalf_of,
        )
        batch = Batch(scope.platform_id, scope.livemode, now)
        if intent.customer_id is not None:
            customer_of(intent.customer_id, scope, param="customer")
        card = _presented(params.payment_method, params.payment_method_data, scope, now=now)
        if card is not None:
            check_usable(card.row, intent.customer_id)
            intent.payment_method_id, intent.status = card.row.id, "requires_confirmation"
        batch.add(intent)
        batch.event("payment_intent.created", scope, payment_intent_wire(intent), intent.id)
        if not params.confirm:
            if card is not None and card.is_new:
                batch.add(card.row)
            batch.write()
            return Attempted(intent)
        attempted = _attempt(
            batch,
            platform,
            scope,
            parties,
            intent,
            _required(card),
            off_session=params.off_session,
            refuse_action=params.error_on_requires_action,
        )
        batch.write()
    return attempted


def confirm_payment_intent(
    *, platform: Caller, scope: Scope, intent_id: str, params: ConfirmIntent, now: int
) -> Attempted:
    """Pay an intent. Raises InvalidRequest in a state that cannot be paid."""
    refuse_live_cards(scope)
    with unit_of_work():
        intent = locked_intent(intent_id, scope)
        if intent.status not in CONFIRMABLE:
            raise _unexpected_state(intent, "confirm", CONFIRMABLE)
        details = read_intent_details(intent.details)
        if params.receipt_email is not UNSET:
            details.receipt_email = params.receipt_email or None
        if params.shipping is not None:
            details.shipping = None if params.shipping == "" else shipping_of(params.shipping)
        if params.return_url is not None:
            details.return_url = params.return_url
        intent.details = text_of(details)
        wanted = params.payment_method
        if wanted is None and params.payment_method_data is None:
            wanted = intent.payment_method_id
        card = _required(_presented(wanted, params.payment_method_data, scope, now=now))
        check_usable(card.row, intent.customer_id)
        intent.payment_method_id = card.row.id
        parties = find_parties(
            scope,
            destination=intent.transfer_destination,
            on_behalf_of=intent.on_behalf_of,
        )
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.change(intent)
        attempted = _attempt(
            batch,
            platform,
            scope,
            parties,
            intent,
            card,
            off_session=params.off_session,
            refuse_action=params.error_on_requires_action,
        )
        batch.write()
    return attempted


def authenticate_payment_intent(
    *, platform: Caller, scope: Scope, intent_id: str, passed: bool, now: int
) -> Attempted:
    """What the cardholder did when asked to authenticate: test mode's stand-in for 3D Secure."""
    refuse_live_cards(scope)
    with unit_of_work():
        intent = locked_intent(intent_id, scope)
        if intent.status != "requires_action":
            raise _unexpected_state(intent, "authenticate", ("requires_action",))
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.change(intent)
        assert intent.payment_method_id is not None
        card = presented_method(intent.payment_method_id, scope, now=now)
        if passed:
            parties = find_parties(
                scope,
                destination=intent.transfer_destination,
                on_behalf_of=intent.on_behalf_of,
            )
            attempted = _pay(batch, platform, scope, parties, intent, card, off_session=False)
        else:
            attempted = _failed_authentication(batch, scope, intent)
        batch.write()
    return attempted


def capture_payment_intent(
    *, platform: Caller, scope: Scope, intent_id: str, params: CaptureIntent, now: int
) -> PaymentIntentRow:
    """Take the money an intent was authorised for, all or part of it, once."""
    if not params.final_capture:
        raise InvalidRequest(
            "Several captures of one payment are not supported: leave final_capture out.",
            param="final_capture",
        )
    with unit_of_work():
        intent = locked_intent(intent_id, scope)
        if intent.status != "requires_capture":
            raise _unexpected_state(intent, "capture", ("requires_capture",))
        assert intent.latest_charge_id is not None
        charge = locked_charge(intent.latest_charge_id, scope)
        amount = check_capture(charge, params.amount_to_capture, param="amount_to_capture")
        details = read_intent_details(intent.details)
        restate(
            charge,
            platform,
            statement_descriptor=params.statement_descriptor,
            statement_descriptor_suffix=params.statement_descriptor_suffix,
        )
        for name in ("statement_descriptor", "statement_descriptor_suffix"):
            said = getattr(params, name)
            if said is not UNSET:
                setattr(details, name, said or None)
        intent.details = text_of(details)
        batch = Batch(scope.platform_id, scope.livemode, now)
        intent.status, intent.amount_received, intent.amount_capturable = "succeeded", amount, 0
        intent.metadata = text_of(merge_metadata(read_metadata(intent.metadata), params.metadata))
        settle(
            platform=platform,
            scope=scope,
            charge=charge,
            amount=amount,
            now=now,
            application_fee=params.application_fee_amount,
            share=params.transfer_data.amount if params.transfer_data else None,
            texts=_texts(details),
            batch=batch,
        )
        intent.application_fee_amount = charge.application_fee_amount
        intent.transfer_amount = charge.transfer_amount
        batch.change(intent)
        batch.event("payment_intent.succeeded", scope, payment_intent_wire(intent), intent.id)
        batch.write()
    return intent


def cancel_payment_intent(
    *, scope: Scope, intent_id: str, params: CancelIntent, now: int
) -> PaymentIntentRow:
    """Give an intent up; money that was only authorised is released."""
    with unit_of_work():
        intent = locked_intent(intent_id, scope)
        if intent.status not in CANCELABLE:
            raise _unexpected_state(intent, "cancel", CANCELABLE)
        intent.status, intent.canceled_at = "canceled", now
        intent.cancellation_reason = params.cancellation_reason
        intent.amount_capturable = 0
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.change(intent)
        batch.event("payment_intent.canceled", scope, payment_intent_wire(intent), intent.id)
        batch.write()
    return intent


def locked_intent(intent_id: str, scope: Scope) -> PaymentIntentRow:
    """The intent, held until the transaction ends. Raises ResourceMissing."""
    intent = find(PaymentIntentRow, intent_id, scope, suffix=lock_row_suffix())
    if intent is None:
        raise ResourceMissing("payment_intent", intent_id, param="intent")
    return intent


def _attempt(
    batch: Batch,
    platform: Caller,
    scope: Scope,
    parties: Parties,
    intent: PaymentIntentRow,
    card: Presented,
    *,
    off_session: bool,
    refuse_action: bool,
) -> Attempted:
    """Pay, or stop where the cardholder has to act first."""
    asks = SCENARIOS[card.row.scenario].authentication != "none"
    if not asks or off_session or refuse_action:
        return _pay(
            batch, platform, scope, parties, intent, card, off_session=off_session or refuse_action
        )
    if card.is_new:
        batch.add(card.row)
    intent.status = "requires_action"
    wire = payment_intent_wire(intent)
    batch.event("payment_intent.requires_action", scope, wire, intent.id)
    return Attempted(intent)


def _pay(
    batch: Batch,
    platform: Caller,
    scope: Scope,
    parties: Parties,
    intent: PaymentIntentRow,
    card: Presented,
    *,
    off_session: bool,
) -> Attempted:
    details = read_intent_details(intent.details)
    order = _order(intent, off_session=off_session)
    charge = authorize(batch, parties, platform, scope, order, card)
    intent.latest_charge_id = charge.id
    if charge.status == "failed":
        refusal = declined(charge, card.row)
        _remember_failure(intent, details, refusal)
        batch.event("charge.failed", scope, charge_wire(charge), charge.id)
        refusal.payment_intent = payment_intent_wire(intent)
        batch.event("payment_intent.payment_failed", scope, payment_intent_wire(intent), intent.id)
        return Attempted(intent, refusal)
    details.last_error = None
    intent.details = text_of(details)
    intent.transfer_group = charge.transfer_group
    if intent.capture_method == "manual":
        intent.status, intent.amount_capturable = "requires_capture", charge.amount
        batch.event("charge.succeeded", scope, charge_wire(charge), charge.id)
        batch.event(
            "payment_intent.amount_capturable_updated",
            scope,
            payment_intent_wire(intent),
            intent.id,
        )
        return Attempted(intent)
    capture(batch, platform, parties, charge, card.row, amount=charge.amount, texts=_texts(details))
    intent.status, intent.amount_received = "succeeded", charge.amount
    batch.event("charge.succeeded", scope, charge_wire(charge), charge.id)
    batch.event("payment_intent.succeeded", scope, payment_intent_wire(intent), intent.id)
    return Attempted(intent)


def _failed_authentication(batch: Batch, scope: Scope, intent: PaymentIntentRow) -> Attempted:
    refusal = Declined(
        "The cardholder did not pass authentication. Ask for another payment method.",
        code="payment_intent_authentication_failure",
    )
    _remember_failure(intent, read_intent_details(intent.details), refusal)
    refusal.payment_intent = payment_intent_wire(intent)
    batch.event("payment_intent.payment_failed", scope, payment_intent_wire(intent), intent.id)
    return Attempted(intent, refusal)


def _remember_failure(intent: PaymentIntentRow, details: IntentDetails, refusal: Declined) -> None:
    assert refusal.code is not None
    details.last_error = LastError(
        type="card_error",
        code=refusal.code,
        message=refusal.message,
        charge=refusal.charge_id,
        decline_code=refusal.decline_code,
    )
    intent.details = text_of(details)
    intent.status, intent.payment_method_id = "requires_payment_method", None


def _new_intent(params: CreateIntent, scope: Scope, *, now: int) -> PaymentIntentRow:
    ident = new_id("pi", now)
    transfer, automatic = params.transfer_data, params.automatic_payment_methods
    payment = transfer.payment_data if transfer else None
    details = IntentDetails(
        payment_method_types=params.payment_method_types or ["card"],
        automatic_payment_methods=automatic.enabled if automatic else None,
        allow_redirects=automatic.allow_redirects if automatic else None,
        receipt_email=params.receipt_email,
        shipping=shipping_of(params.shipping),
        statement_descriptor=params.statement_descriptor,
        statement_descriptor_suffix=params.statement_descriptor_suffix,
        return_url=params.return_url,
        transfer_description=transfer.description if transfer else None,
        transfer_metadata=_metadata_or_none(transfer.metadata if transfer else None),
        payment_description=payment.description if payment else None,
        payment_metadata=_metadata_or_none(payment.metadata if payment else None),
    )
    return PaymentIntentRow(
        id=ident,
        platform_id=scope.platform_id,
        livemode=scope.livemode,
        account_id=scope.account_id,
        created=now,
        amount=params.amount,
        currency=currency_of(params.currency),
        status="requires_payment_method",
        capture_method=params.capture_method or ("automatic_async" if automatic else "automatic"),
        confirmation_method=params.confirmation_method,
        client_secret=f"{ident}_secret_{secret_token(25)}",
        application_fee_amount=params.application_fee_amount,
        customer_id=params.customer,
        on_behalf_of=params.on_behalf_of,
        transfer_destination=transfer.destination if transfer else None,
        transfer_amount=transfer.amount if transfer else None,
        transfer_group=params.transfer_group,
        description=params.description,
        metadata=text_of(merge_metadata({}, params.metadata)),
        details=text_of(details),
    )


def _check_create(params: CreateIntent) -> None:
    types = params.payment_method_types
    if types is not None and types != ["card"]:
        raise InvalidRequest(
            "Only card payments are supported: send payment_method_types[]=card.",
            param="payment_method_types",
        )
    if types is not None and params.automatic_payment_methods is not None:
        raise InvalidRequest(
            "Send either payment_method_types or automatic_payment_methods, not both.",
            param="automatic_payment_methods",
            code="parameters_exclusive",
        )
    for name in ("off_session", "error_on_requires_action"):
        if getattr(params, name) and not params.confirm:
            raise InvalidRequest(f"{name} can only be sent together with confirm=true.", param=name)


def _metadata_or_none(given: dict[str, str] | str | None) -> dict[str, str] | None:
    return merge_metadata({}, given) if isinstance(given, dict) else None


def _presented(
    ident: str | None, data: MethodData | None, scope: Scope, *, now: int
) -> Presented | None:
    if ident is not None and data is not None:
        raise InvalidRequest(
            "Send either payment_method or payment_method_data, not both.",
            param="payment_method_data",
            code="parameters_exclusive",
        )
    if data is not None:
        return presented_data(data, scope, now=now)
    return presented_method(ident, scope, now=now) if ident is not None else None


def _required(card: Presented | None) -> Presented:
    if card is None:
        raise InvalidRequest(
            "You cannot confirm this PaymentIntent because it's missing a payment method. Send"
            " payment_method, for example pm_card_visa.",
            param="payment_method",
            code="payment_intent_unexpected_state",
        )
    return card


def _order(intent: PaymentIntentRow, *, off_session: bool = False) -> Order:
    details = read_intent_details(intent.details)
    return Order(
        amount=intent.amount,
        currency=intent.currency,
        application_fee=intent.application_fee_amount,
        destination=intent.transfer_destination,
        share=intent.transfer_amount,
        on_behalf_of=intent.on_behalf_of,
        transfer_group=intent.transfer_group,
        description=intent.description,
        metadata=read_metadata(intent.metadata),
        receipt_email=details.receipt_email,
        shipping=details.shipping,
        statement_descriptor=details.statement_descriptor,
        statement_descriptor_suffix=details.statement_descriptor_suffix,
        payment_intent_id=intent.id,
        customer_id=intent.customer_id,
        off_session=off_session,
    )


def _texts(details: IntentDetails) -> PaymentTexts:
    return PaymentTexts(
        details.transfer_description,
        details.transfer_metadata,
        details.payment_description,
        details.payment_metadata,
    )


def _unexpected_state(
    intent: PaymentIntentRow, verb: str, allowed: tuple[str, ...]
) -> InvalidRequest:
    return InvalidRequest(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent.status}. Only"
        f" a PaymentIntent with one of the following statuses can be used: {', '.join(allowed)}.",
        code="payment_intent_unexpected_state",
    )
