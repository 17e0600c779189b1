"""Charges made and captured without a payment intent (reference api.md §4.2)."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import UNSET, UnsetType

from counterfoil.kit.db import lock_row_suffix, unit_of_work
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import Declined, InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.payments.details import (
    Shipping,
    read_charge_details,
    read_metadata,
    text_of,
)
from counterfoil.payments.listing import make_findable
from counterfoil.payments.operations.account_debits import debit_account
from counterfoil.payments.operations.attaching import customer_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.charging import (
    Order,
    PaymentTexts,
    authorize,
    capture,
    declined,
)
from counterfoil.payments.operations.customers import charged_card
from counterfoil.payments.operations.methods import (
    Presented,
    presented_token,
    refuse_live_cards,
)
from counterfoil.payments.operations.parties import find_parties
from counterfoil.payments.params import (
    CaptureCharge,
    CreateCharge,
    DestinationParams,
    ShippingParams,
    UpdateCharge,
)
from counterfoil.payments.policy import (
    check_application_fee,
    check_charge_amount,
    check_descriptor,
    check_transfer_group,
    check_transfer_share,
    currency_of,
)
from counterfoil.payments.rows import ChargeRow, PaymentMethodRow, find
from counterfoil.payments.wire import charge_wire
from counterfoil.platforms.queries import Caller


@dataclass(frozen=True, slots=True)
class Charged:
    """A charge that was written; `declined` says why it failed, to be raised by the edge."""

    charge: ChargeRow
    declined: Declined | None = None


def create_charge(*, platform: Caller, scope: Scope, params: CreateCharge, now: int) -> Charged:
    """Charge a card from a token, or an account of the platform's by its id.

    A decline leaves a failed charge and is returned.

    `now` is the platform's clock, UTC seconds. Raises InvalidRequest and ResourceMissing for
    parameters that do not fit; then nothing is written.
    """
    if params.source is not None and params.source.startswith("acct_"):
        return Charged(debit_account(platform=platform, scope=scope, params=params, now=now))
    refuse_live_cards(scope)
    if params.customer is None and params.source is None:
        raise InvalidRequest(
            "Missing required param: source. Send a token such as tok_visa, or a customer.",
            param="source",
            code="parameter_missing",
        )
    destination, share, destination_param = _destination(params)
    order = Order(
        amount=params.amount,
        currency=currency_of(params.currency),
        customer_id=params.customer,
        application_fee=params.application_fee_amount,
        destination=destination,
        share=share,
        on_behalf_of=params.on_behalf_of,
        transfer_group=params.transfer_group,
        description=params.description,
        metadata=merge_metadata({}, params.metadata),
        receipt_email=params.receipt_email,
        shipping=shipping_of(params.shipping),
        statement_descriptor=params.statement_descriptor,
        statement_descriptor_suffix=params.statement_descriptor_suffix,
        off_session=True,  # nobody is there to authenticate
        source_is_card=True,
    )
    check_order(order, scope)
    with unit_of_work():
        parties = find_parties(
            scope,
            destination=destination,
            on_behalf_of=params.on_behalf_of,
            destination_param=destination_param,
        )
        card = _presented(params, scope, now=now)
        batch = Batch(scope.platform_id, scope.livemode, now)
        charge = authorize(batch, parties, platform, scope, order, card)
        if charge.status == "failed":
            batch.event("charge.failed", scope, charge_wire(charge), charge.id)
        else:
            if params.capture:
                capture(
                    batch,
                    platform,
                    parties,
                    charge,
                    card.row,
                    amount=charge.amount,
                    texts=PaymentTexts(),
                )
            batch.event("charge.succeeded", scope, charge_wire(charge), charge.id)
        batch.write()
    return Charged(charge, declined(charge, card.row) if charge.status == "failed" else None)


def capture_charge(
    *, platform: Caller, scope: Scope, charge_id: str, params: CaptureCharge, now: int
) -> ChargeRow:
    """Take the money of an authorised charge, all or part of it.

    Raises InvalidRequest when it was captured already, belongs to a payment intent, or less
    was authorised.
    """
    with unit_of_work():
        charge = locked_charge(charge_id, scope)
        if charge.payment_intent_id is not None:
            raise InvalidRequest(
                f"Capture this charge through its PaymentIntent: {charge.payment_intent_id}.",
                param="id",
            )
        amount = check_capture(charge, params.amount, param="amount")
        check_transfer_group(params.transfer_group)
        if params.transfer_group is not None:
            if charge.transfer_group not in (None, params.transfer_group):
                raise InvalidRequest(
                    "transfer_group cannot be changed once it is set.", param="transfer_group"
                )
            charge.transfer_group = params.transfer_group
        restate(
            charge,
            platform,
            receipt_email=params.receipt_email,
            statement_descriptor=params.statement_descriptor,
            statement_descriptor_suffix=params.statement_descriptor_suffix,
        )
        settle(
            platform=platform,
            scope=scope,
            charge=charge,
            amount=amount,
            now=now,
            application_fee=params.application_fee_amount,
            share=params.transfer_data.amount if params.transfer_data else None,
        )
    return charge


def settle(
    *,
    platform: Caller,
    scope: Scope,
    charge: ChargeRow,
    amount: int,
    now: int,
    application_fee: int | None,
    share: int | None,
    texts: PaymentTexts | None = None,
    batch: Batch | None = None,
) -> None:
    """Capture a locked charge with what the capture itself decides; writes unless batched."""
    if application_fee is not None:
        charge.application_fee_amount = application_fee
    elif charge.application_fee_amount is not None:
        # Agreed on for the whole amount: of a part it is at most that part, as the share is.
        charge.application_fee_amount = min(charge.application_fee_amount, amount)
    if share is not None:
        if charge.transfer_destination is None:
            raise InvalidRequest(
                "This charge has no transfer_data to set an amount for.",
                param="transfer_data[amount]",
            )
        charge.transfer_amount = share
    if charge.transfer_amount is not None:
        charge.transfer_amount = min(charge.transfer_amount, amount) if share is None else share
    check_transfer_share(charge.transfer_amount, amount=amount)
    check_application_fee(
        charge.application_fee_amount,
        amount=amount,
        is_platform=scope.is_platform,
        destination=charge.transfer_destination,
        share=charge.transfer_amount,
    )
    parties = find_parties(
        scope, destination=charge.transfer_destination, on_behalf_of=charge.on_behalf_of
    )
    assert charge.payment_method_id is not None
    card = find(PaymentMethodRow, charge.payment_method_id, scope)
    assert card is not None
    own_batch = batch or Batch(scope.platform_id, scope.livemode, now)
    own_batch.change(charge)
    capture(
        own_batch, platform, parties, charge, card, amount=amount, texts=texts or PaymentTexts()
    )
    own_batch.event("charge.captured", scope, charge_wire(charge), charge.id)
    if batch is None:
        own_batch.write()


def restate(
    charge: ChargeRow,
    platform: Caller,
    *,
    receipt_email: str | UnsetType = UNSET,
    statement_descriptor: str | UnsetType = UNSET,
    statement_descriptor_suffix: str | UnsetType = UNSET,
) -> None:
    """What a capture says anew on the receipt and the statement; "" unsets."""
    details = read_charge_details(charge.details)
    if receipt_email is not UNSET:
        details.receipt_email = receipt_email or None
    if statement_descriptor is not UNSET:
        check_descriptor(statement_descriptor, param="statement_descriptor")
        details.statement_descriptor = statement_descriptor or None
        sellers = find_parties(charge.scope, destination=None, on_behalf_of=charge.on_behalf_of)
        calculated = statement_descriptor or sellers.usual_descriptor(platform)
        details.calculated_statement_descriptor = calculated
    if statement_descriptor_suffix is not UNSET:
        check_descriptor(statement_descriptor_suffix, param="statement_descriptor_suffix")
        details.statement_descriptor_suffix = statement_descriptor_suffix or None
    charge.details = text_of(details)
    make_findable(charge)


def update_charge(*, scope: Scope, charge_id: str, params: UpdateCharge, now: int) -> ChargeRow:
    """Change what a charge says: its description, metadata, receipt address, shipping.

    Raises InvalidRequest when a transfer group is set twice.
    """
    check_transfer_group(params.transfer_group)
    with unit_of_work():
        charge = locked_charge(charge_id, scope)
        before = charge_wire(charge)
        if params.description is not UNSET:
            charge.description = params.description or None
        if params.transfer_group is not None:
            if charge.transfer_group is not None:
                raise InvalidRequest(
                    "transfer_group cannot be changed once it is set.", param="transfer_group"
                )
            charge.transfer_group = params.transfer_group
        charge.metadata = text_of(merge_metadata(read_metadata(charge.metadata), params.metadata))
        details = read_charge_details(charge.details)
        if params.receipt_email is not UNSET:
            details.receipt_email = params.receipt_email or None
        if params.shipping is not None:
            details.shipping = shipping_of(params.shipping)
        charge.details = text_of(details)
        make_findable(charge)
        after = charge_wire(charge)
        names = ("description", "metadata", "receipt_email", "shipping", "transfer_group")
        previous = {
            name: getattr(before, name)
            for name in names
            if getattr(before, name) != getattr(after, name)
        }
        if previous:
            batch = Batch(scope.platform_id, scope.livemode, now)
            batch.change(charge)
            batch.event("charge.updated", scope, after, charge.id, previous)
            batch.write()
    return charge


def locked_charge(charge_id: str, scope: Scope) -> ChargeRow:
    """The charge, held until the transaction ends. Raises ResourceMissing."""
    charge = find(ChargeRow, charge_id, scope, suffix=lock_row_suffix())
    if charge is None:
        raise ResourceMissing("charge", charge_id, param="id")
    return charge


def check_capture(charge: ChargeRow, amount: int | None, *, param: str) -> int:
    """The amount to capture. Raises InvalidRequest when it cannot be."""
    if charge.captured:
        raise InvalidRequest(
            f"Charge {charge.id} has already been captured.", code="charge_already_captured"
        )
    if charge.status != "succeeded":
        raise InvalidRequest(f"Charge {charge.id} has {charge.status}: nothing to capture.")
    if amount is None:
        return charge.amount
    if not 0 < amount <= charge.amount:
        raise InvalidRequest(
            f"The amount to capture must be between 1 and {charge.amount}, what was authorised.",
            param=param,
            code="amount_too_large" if amount > 0 else "parameter_invalid_integer",
        )
    return amount


def check_order(order: Order, scope: Scope) -> None:
    """Every rule that needs no other account."""
    check_charge_amount(order.amount, order.currency)
    check_transfer_share(order.share, amount=order.amount)
    check_application_fee(
        order.application_fee,
        amount=order.amount,
        is_platform=scope.is_platform,
        destination=order.destination,
        share=order.share,
    )
    check_descriptor(order.statement_descriptor, param="statement_descriptor")
    check_descriptor(order.statement_descriptor_suffix, param="statement_descriptor_suffix")
    check_transfer_group(order.transfer_group)


def shipping_of(params: ShippingParams | None) -> Shipping | None:
    if params is None:
        return None
    return Shipping(
        params.address, params.name, params.carrier, params.phone, params.tracking_number
    )


def _presented(params: CreateCharge, scope: Scope, *, now: int) -> Presented:
    """A customer pays with one of its own cards; anybody else with a token."""
    if params.customer is not None:
        return charged_card(customer_of(params.customer, scope, param="customer"), params.source)
    assert params.source is not None
    return presented_token(params.source, scope, now=now)


def _destination(params: CreateCharge) -> tuple[str | None, int | None, str]:
    """Destination, its share, and the parameter that named it, in the old form or the new."""
    if params.destination is not None and params.transfer_data is not None:
        raise InvalidRequest(
            "Send either destination or transfer_data, not both.",
            param="destination",
            code="parameters_exclusive",
        )
    if params.transfer_data is not None:
        data = params.transfer_data
        return data.destination, data.amount, "transfer_data[destination]"
    if isinstance(params.destination, DestinationParams):
        return params.destination.account, params.destination.amount, "destination[account]"
    return params.destination, None, "destination"
