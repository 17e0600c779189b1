"""One payment of a seller with all that belongs to it, in a handful of statements."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterfoil.dashboard.queries.transactions import TransactionRow, transactions_by_id
from counterfoil.dashboard.visibility import SIGHT, Kind, Sight, kind_of
from counterfoil.disputes.rows import DisputeRow
from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.scope import Scope
from counterfoil.payments.customer_rows import CustomerRow
from counterfoil.payments.details import ChargeDetails, read_charge_details
from counterfoil.payments.rows import (
    AnyRow,
    ChargeRow,
    PaymentIntentRow,
    RefundRow,
    names_of,
)

_MOST_TRANSACTIONS = 200  # of one payment: refunds in ever smaller parts


@dataclass(frozen=True, slots=True)
class CarriedBy:
    """A payout that brought the payment, or part of it, to the bank."""

    id: str
    status: str
    arrival_date: int
    paid_at: int | None


@dataclass(slots=True, kw_only=True)
class Payment:
    """What the seller's page shows; `charge` is None for an intent nobody has tried to pay."""

    kind: Kind
    intent: PaymentIntentRow | None
    charge: ChargeRow | None
    details: ChargeDetails = field(default_factory=ChargeDetails)
    brought: ChargeRow | None = None  # on the seller's account, by a charge on their behalf
    attempts: list[ChargeRow] = field(default_factory=list)  # earlier ones, which failed
    customer: CustomerRow | None = None
    refunds: list[RefundRow] = field(default_factory=list)
    disputes: list[DisputeRow] = field(default_factory=list)
    warned: bool = False
    transactions: list[TransactionRow] = field(default_factory=list)  # oldest first
    payouts: list[CarriedBy] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.charge.id if self.charge else self._only_intent.id

    @property
    def sight(self) -> Sight:
        return SIGHT[self.kind]

    @property
    def scope(self) -> Scope:
        """Whose charge it is: the seller's account, or the platform."""
        return (self.charge or self._only_intent).scope

    @property
    def currency(self) -> str:
        return (self.charge or self._only_intent).currency

    @property
    def amount(self) -> int:
        if self.charge is None:
            return self._only_intent.amount
        return self.charge.amount_captured if self.charge.captured else self.charge.amount

    @property
    def created(self) -> int:
        return (self.intent or self.charge or self._only_intent).created

    @property
    def description(self) -> str | None:
        return (self.charge or self._only_intent).description

    @property
    def metadata(self) -> str:
        return (self.charge or self._only_intent).metadata

    @property
    def left(self) -> int:
        """What could still be refunded, in the payment's currency."""
        if self.charge is None or not self.charge.captured:
            return 0
        return self.charge.amount_captured - self.charge.amount_refunded

    @property
    def open_dispute(self) -> DisputeRow | None:
        return next((one for one in self.disputes if one.closed_at is None), None)

    @property
    def _only_intent(self) -> PaymentIntentRow:
        assert self.intent is not None, "a payment is a charge or an intent"
        return self.intent


def payment_by_id(ident: str, account_id: str, *, livemode: bool) -> Payment | None:
    """A payment that stands in the seller's list, by the id of its charge or its intent."""
    charge = _one(
        ChargeRow, "id = %s AND seller_id = %s AND livemode = %s", [ident, account_id, livemode]
    )
    if charge is None:
        return _of_intent(ident, account_id, livemode)
    intent = None
    if charge.payment_intent_id is not None:
        intent = _one(PaymentIntentRow, "id = %s", [charge.payment_intent_id])
    own = charge.account_id == account_id
    payment = Payment(
        kind=kind_of(
            own=own,
            came_by_transfer=charge.source_transfer_id is not None,
            of_destination_charge=_is_of_destination_charge(charge),
        ),
        intent=intent,
        charge=charge,
        details=read_charge_details(charge.details),
    )
    _add_history(payment, charge)
    _add_money(payment, charge, account_id, livemode)
    return payment


def _of_intent(ident: str, account_id: str, livemode: bool) -> Payment | None:
    intent = _one(
        PaymentIntentRow,
        "id = %s AND livemode = %s AND (account_id = %s"
        " OR (on_behalf_of = %s AND transfer_destination = %s))",
        [ident, livemode, account_id, account_id, account_id],
    )
    if intent is None:
        return None
    if intent.latest_charge_id is not None:
        return payment_by_id(intent.latest_charge_id, account_id, livemode=livemode)
    kind = kind_of(
        own=intent.account_id == account_id, came_by_transfer=False, of_destination_charge=False
    )
    customer = intent.customer_id and _one(CustomerRow, "id = %s", [intent.customer_id])
    return Payment(kind=kind, intent=intent, charge=None, customer=customer or None)


def _is_of_destination_charge(charge: ChargeRow) -> bool:
    if charge.source_transfer_id is None:
        return False
    return bool(
        fetch_one(
            "SELECT 1 FROM payments_transfer t"
            " JOIN payments_charge c ON c.id = t.source_transaction AND c.transfer_id = t.id"
            " WHERE t.id = %s",
            [charge.source_transfer_id],
        )
    )


def _add_history(payment: Payment, charge: ChargeRow) -> None:
    """What happened around the charge itself; nothing of it is for whoever sees a transfer."""
    if not payment.sight.history:
        return
    if payment.intent is not None:
        payment.attempts = _many(
            ChargeRow, "payment_intent_id = %s AND id <> %s", [payment.intent.id, charge.id]
        )
    payment.refunds = _many(RefundRow, "charge_id = %s", [charge.id])
    payment.disputes = _many(DisputeRow, "charge_id = %s", [charge.id])
    if charge.customer_id is not None:
        payment.customer = _one(CustomerRow, "id = %s", [charge.customer_id])
    payment.warned = bool(
        fetch_one(
            "SELECT 1 FROM disputes_earlyfraudwarning WHERE charge_id = %s AND actionable",
            [charge.id],
        )
    )


def _add_money(payment: Payment, charge: ChargeRow, account_id: str, livemode: bool) -> None:
    """What the seller's books say of it, and the payout that carried it on."""
    own = charge
    if payment.kind is Kind.ON_BEHALF_OF:
        payment.brought = _brought_by(charge)
        if payment.brought is None:
            return
        own = payment.brought
    sources = [own.id, *_ids_below(own)]
    rows = transactions_by_id(sources, account_id, livemode=livemode, limit=_MOST_TRANSACTIONS)
    payment.transactions = sorted(rows, key=lambda row: (row.created, row.id))
    if own.balance_transaction_id is not None:
        carried = fetch_all(
            "SELECT DISTINCT p.id, p.status, p.arrival_date, p.paid_at, p.created"
            " FROM payouts_line l JOIN payouts_payout p ON p.id = l.payout_id"
            " WHERE l.txn_id = %s AND p.account_id = %s ORDER BY p.created, p.id",
            [own.balance_transaction_id, account_id],
        )
        payment.payouts = [CarriedBy(*columns[:4]) for columns in carried]


def _brought_by(charge: ChargeRow) -> ChargeRow | None:
    if charge.transfer_id is None:
        return None
    names = ", ".join(f"p.{name}" for name in names_of(ChargeRow))
    row = fetch_one(
        f"SELECT {names} FROM payments_transfer t"
        " JOIN payments_charge p ON p.id = t.destination_payment_id WHERE t.id = %s",
        [charge.transfer_id],
    )
    return ChargeRow(**dict(zip(names_of(ChargeRow), row, strict=True))) if row else None


def _ids_below(own: ChargeRow) -> list[str]:
    """Refunds, disputes and returned fees of what stands on the seller's account."""
    rows = fetch_all(
        "SELECT id FROM payments_refund WHERE charge_id = %s"
        " UNION ALL SELECT id FROM disputes_dispute WHERE charge_id = %s"
        " UNION ALL SELECT id FROM payments_feerefund WHERE fee_id = %s",
        [own.id, own.id, own.application_fee_id or ""],
    )
    return [ident for (ident,) in rows]


def _one(kind: type[AnyRow], condition: str, values: list[object]) -> AnyRow | None:
    found = _many(kind, condition, values)
    return found[0] if found else None


def _many(kind: type[AnyRow], condition: str, values: list[object]) -> list[AnyRow]:
    names = names_of(kind)
    rows = fetch_all(
        f"SELECT {', '.join(names)} FROM {kind.TABLE} WHERE {condition} ORDER BY created, id",
        values,
    )
    return [kind(**dict(zip(names, row, strict=True))) for row in rows]
