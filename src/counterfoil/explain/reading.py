"""From balance transactions to their reasons, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from counterfoil.explain import disputes, funds, payments, payouts, refunds
from counterfoil.explain.queries import dispute_origins, origins, payout_origins
from counterfoil.explain.why import Reader, Subject, Why
from counterfoil.ledger.queries import TransactionRow
from counterfoil.ledger.wire import FeeDetailWire

# By a transaction's type, or type and reporting category; then by the prefix of its source.
_Explain = Callable[[Subject, Any, Reader], Why]
_FROM_SOURCE: Final[dict[tuple[str, str], _Explain]] = {
    ("charge", "ch"): payments.charge,
    ("payment", "py"): payments.payment,
    ("transfer", "tr"): payments.transfer,
    ("application_fee", "fee"): payments.application_fee,
    ("application_fee_refund", "fr"): refunds.fee_returned,
    ("stripe_fee", "ch"): payments.processing_paid,
    ("stripe_fee", "dp"): disputes.fee_paid,
    ("stripe_fee", "po"): payouts.provider_paid,
    ("refund", "re"): refunds.refund,
    ("refund_failure", "re"): refunds.not_delivered,
    ("payment_refund", "pyr"): refunds.payment_refund,
    ("transfer_refund", "trr"): refunds.transfer_refund,
    ("adjustment:fee", "fr"): refunds.fee_returned,
    ("adjustment:dispute", "dp"): disputes.withdrawn,
    ("adjustment:dispute_reversal", "dp"): disputes.reinstated,
    ("payout", "po"): payouts.sent,
    ("payout_failure", "po"): payouts.came_back,
    ("payout_cancel", "po"): payouts.came_back,
    ("payout_minimum_balance_hold", "po"): payouts.minimum_balance,
    ("payout_minimum_balance_release", "po"): payouts.minimum_balance,
    ("topup", "tu"): funds.top_up,
    ("topup_reversal", "tu"): funds.top_up_reversal,
}
_ALONE: Final[dict[str, Callable[[Subject, Reader], Why]]] = {
    "topup": funds.withdrawal,
    "topup_reversal": funds.withdrawal,
    "reserve_transaction": funds.reserve,
    "reserve_hold": funds.reserve,
    "reserve_release": funds.reserve,
    "reserved_funds": funds.reserve,
    "connect_collection_transfer": funds.collection,
}
_fees = msgspec.json.Decoder(tuple[FeeDetailWire, ...])


def reasons(subjects: Sequence[Subject], reader: Reader) -> dict[str, Why]:
    """Why each of these transactions, of one account, is what it is; by their ids.

    At most three round trips, however many they are. Call it inside `written_for`.
    """
    sources = {one.source_id for one in subjects if one.source_id is not None}
    found: dict[str, Any] = {
        **origins(sorted(sources)),
        **dispute_origins(sorted(one for one in sources if one.startswith("dp_"))),
        **payout_origins(sorted(one for one in sources if one.startswith("po_"))),
    }
    return {
        one.id: _reason(one, None if one.source_id is None else found.get(one.source_id), reader)
        for one in subjects
    }


def subject_of(row: TransactionRow) -> Subject:
    """A balance transaction as the books have it."""
    return Subject(
        id=row.id,
        type=row.type,
        reporting_category=row.reporting_category,
        amount=row.amount,
        net=row.net,
        currency=row.currency,
        created=row.created,
        description=row.description,
        source_id=row.source_id,
        exchange_rate=row.exchange_rate,
        balance_type=row.balance_type,
        fees=_fees.decode(row.fee_details),
    )


def _reason(subject: Subject, origin: Any, reader: Reader) -> Why:
    kind = subject.type
    if kind == "adjustment":
        kind = f"adjustment:{subject.reporting_category}"
    if origin is not None:
        prefix = origin.id.partition("_")[0]
        if explain := _FROM_SOURCE.get((kind, prefix)):
            return explain(subject, origin, reader)
    elif subject.source_id is None and kind in _ALONE:
        return _ALONE[kind](subject, reader)
    # Whatever the books came to hold in other ways: what they say themselves.
    said = (subject.description,) if subject.description else ()
    return Why("other", "recorded", "unknown", said)
