"""What customers ask back, and what their banks ask: every state of a refund and of a dispute.

Two sellers show it, since they see their charges whole: one charges directly, the other has the
platform charge on its behalf.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec

from counterfoil.config.demo.banking import by_seller
from counterfoil.config.demo.history import HOUR, Planned
from counterfoil.config.demo.paying import Shop, pay
from counterfoil.config.demo.seller import Flow
from counterfoil.disputes.operations.answering import close_dispute, update_dispute
from counterfoil.disputes.operations.deciding import Outcome, force_outcome
from counterfoil.disputes.operations.opening import open_dispute
from counterfoil.disputes.operations.warnings import warn_of_fraud
from counterfoil.disputes.params import CreateDispute, EvidenceParams, UpdateDispute
from counterfoil.kit.clock import DAY, utc_date, utc_day_start
from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.scope import Scope
from counterfoil.payments.operations.refunds import create_refund
from counterfoil.payments.refund_params import CreateRefund

_MINUTE: Final = 60
_EVIDENCE: Final = EvidenceParams(
    product_description="Sewn and bound by hand to the customer's order.",
    shipping_carrier="DHL",
    shipping_tracking_number="00340434161094021501",
    uncategorized_text="The parcel was handed over at the customer's own door.",
)


def plan_customers(shop: Shop) -> None:
    """Put what this seller's customers do after they paid into its days."""
    habits: dict[str, Callable[[Shop, int], None]] = {
        "lindenhof": _charges_directly,
        "halcyon-lane": _is_charged_for,
        "wren-and-alder": _is_paid_by_transfer,
    }
    if habit := habits.get(shop.seller.key):
        habit(shop, utc_day_start(shop.now))


def _charges_directly(shop: Shop, today: int) -> None:
    for days_ago, share in ((151, 1.0), (124, 0.5), (97, 1.0), (66, 0.3), (38, 1.0), (9, 0.5)):
        shop.days.at(today - days_ago * DAY + 9 * HOUR, partial(_refunds, shop, share=share))
    shop.days.at(shop.now - 10 * _MINUTE, partial(_refunds, shop, share=0.5))
    _refunded_card(shop, "refundFail", paid_at=today - 19 * DAY, after=2 * DAY)
    _refunded_card(shop, "pendingRefund", paid_at=shop.now - 9 * HOUR, after=5 * HOUR)
    noon = 12 * HOUR
    disputed: tuple[tuple[int, str, str, Callable[[Shop, str, int], object] | None], ...] = (
        (141, "general", "inquiry", None),  # closed by itself after 120 days
        (118, "product_not_received", "chargeback", partial(_decided, outcome="win")),
        (93, "duplicate", "chargeback", _accepts),
        (71, "product_unacceptable", "chargeback", None),  # not answered: lost
        (27, "fraudulent", "chargeback", _answers),
        (7, "product_not_received", "chargeback", _begins_to_answer),  # two days left
        (3, "unrecognized", "inquiry", None),
        (1, "duplicate", "chargeback", None),
    )
    for days_ago, reason, kind, then in disputed:
        act = partial(_is_disputed, shop, reason=reason, kind=kind, then=then)
        shop.days.at(today - days_ago * DAY + noon, act)
    shop.days.at(today - 1 * DAY + noon, partial(_is_warned, shop))


def _is_charged_for(shop: Shop, today: int) -> None:
    for days_ago, share in ((112, 0.5), (74, 1.0), (31, 0.3)):
        shop.days.at(today - days_ago * DAY + 9 * HOUR, partial(_refunds, shop, share=share))
    act = partial(_is_disputed, shop, reason="product_unacceptable", kind="chargeback", then=None)
    shop.days.at(today - 5 * DAY + 12 * HOUR, act)


def _is_paid_by_transfer(shop: Shop, today: int) -> None:
    """Only the platform can refund these; it takes its part back from the seller."""
    for days_ago in (88, 43, 6):
        shop.days.at(today - days_ago * DAY + 9 * HOUR, partial(_is_taken_back, shop))


# ---- Refunds ----


def _refunds(shop: Shop, at: int, *, share: float) -> None:
    """Part of the newest payment that is not refunded yet and still pending: nobody has to wait
    for funds."""
    charge = _newest(shop, at, pending=True)
    if charge is None:
        return
    ident, owner, amount = charge
    with by_seller():
        create_refund(
            scope=_scope(shop, owner),
            params=CreateRefund(
                charge=ident,
                amount=amount if share == 1 else max(1, round(amount * share) // 100 * 100),
                reason="requested_by_customer",
                reverse_transfer=owner == shop.platform.platform_id,
            ),
            now=at,
        )


def _is_taken_back(shop: Shop, at: int) -> None:
    charge = _newest(shop, at, pending=True)
    if charge is not None:
        ident, owner, amount = charge
        create_refund(
            scope=_scope(shop, owner),
            params=CreateRefund(
                charge=ident,
                amount=amount // 2,
                reverse_transfer=True,
                refund_application_fee=True,
            ),
            now=at,
        )


def _refunded_card(shop: Shop, card: str, *, paid_at: int, after: int) -> None:
    """A payment with a card to which refunds come late or never, and its refund."""
    planned = Planned(
        at=paid_at,
        amount=4390,
        flow=Flow.DIRECT,
        outcome="paid",
        card=card,
        declined_card=card,
        order=990 + len(card),
        description=f"{shop.seller.order_word} #{990 + len(card)} · Linen notebook",
        customer="Edda Falk",
        email="edda.falk@example.com",
    )
    shop.days.at(paid_at, lambda _at: pay(shop, planned))
    shop.days.at(paid_at + after, partial(_refunds_order, shop, order=planned.order))


def _refunds_order(shop: Shop, at: int, *, order: int) -> None:
    ((charge,),) = fetch_all(
        "SELECT id FROM payments_charge WHERE seller_id = %s AND order_ref = %s",
        [shop.account_id, str(order)],
    )
    with by_seller():
        create_refund(
            scope=_scope(shop, shop.account_id),
            params=CreateRefund(charge=charge, reason="requested_by_customer"),
            now=at,
        )


# ---- Disputes ----


def _is_disputed(
    shop: Shop,
    at: int,
    *,
    reason: str,
    kind: str,
    then: Callable[[Shop, str, int], object] | None,
) -> None:
    charge = _newest(shop, at - 2 * DAY)
    if charge is None:
        return
    ident, owner, _ = charge
    made = open_dispute(
        scope=_scope(shop, owner),
        params=msgspec.convert({"charge": ident, "reason": reason, "type": kind}, CreateDispute),
        settings=shop.platform.settings,
        now=at,
    )
    if then is not None:
        shop.days.at(at + 2 * DAY, partial(_then, shop, made.id, then))


def _then(shop: Shop, dispute: str, act: Callable[[Shop, str, int], object], at: int) -> None:
    act(shop, dispute, at)


def _begins_to_answer(shop: Shop, dispute: str, at: int, *, submit: bool = False) -> None:
    sent = utc_date(at - 9 * DAY)
    evidence = msgspec.structs.replace(_EVIDENCE, shipping_date=sent.isoformat())
    with by_seller():
        update_dispute(
            scope=_scope(shop, shop.account_id),
            dispute_id=dispute,
            params=UpdateDispute(evidence=evidence, submit=submit),
            settings=shop.platform.settings,
            now=at,
        )


def _answers(shop: Shop, dispute: str, at: int) -> None:
    _begins_to_answer(shop, dispute, at, submit=True)


def _decided(shop: Shop, dispute: str, at: int, *, outcome: Outcome) -> None:
    """Answered, and decided some weeks later."""
    _answers(shop, dispute, at)
    act = partial(
        force_outcome,
        scope=_scope(shop, shop.account_id),
        dispute_id=dispute,
        outcome=outcome,
        settings=shop.platform.settings,
    )
    shop.days.at(at + 41 * DAY, lambda moment: act(now=moment))


def _accepts(shop: Shop, dispute: str, at: int) -> None:
    with by_seller():
        close_dispute(scope=_scope(shop, shop.account_id), dispute_id=dispute, now=at)


def _is_warned(shop: Shop, at: int) -> None:
    if charge := _newest(shop, at - DAY):
        warn_of_fraud(scope=_scope(shop, charge[1]), charge_id=charge[0], now=at)


# ---- Details ----


_NEWEST: Final = """
SELECT c.id, c.account_id, c.amount_captured FROM payments_charge c
WHERE (c.seller_id = %s OR c.transfer_destination = %s AND c.account_id = c.platform_id)
  AND NOT c.livemode AND c.status = 'succeeded' AND c.captured
  AND c.source_transfer_id IS NULL AND c.amount_refunded = 0
  AND c.created <= %s AND c.available_on > %s
  AND NOT EXISTS (SELECT 1 FROM disputes_dispute d WHERE d.charge_id = c.id)
  AND NOT EXISTS (SELECT 1 FROM disputes_earlyfraudwarning w WHERE w.charge_id = c.id)
  AND COALESCE(c.payer_email, '') <> 'edda.falk@example.com'
ORDER BY c.created DESC, c.id DESC LIMIT 1
"""


def _newest(shop: Shop, before: int, *, pending: bool = False) -> tuple[str, str, int] | None:
    """The newest payment that nothing has happened to: id, whose charge, amount."""
    clear = before if pending else 0
    row = fetch_one(_NEWEST, [shop.account_id, shop.account_id, before, clear])
    return (row[0], row[1], int(row[2])) if row else None


def _scope(shop: Shop, owner: str) -> Scope:
    return shop.platform.scope.of(owner)
