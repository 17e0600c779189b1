"""What a refund would do, as a stub: who pays, what leaves which balance, what does not return."""

from __future__ import annotations

from collections.abc import Sequence

from counterfoil.dashboard.cards import card_in_words
from counterfoil.dashboard.queries.payment import Payment
from counterfoil.dashboard.queries.transactions import FeeDetail
from counterfoil.dashboard.stubs import Line, Reference, Stub
from counterfoil.dashboard.visibility import Kind
from counterfoil.kit.money import Money
from counterfoil.ledger.models import Purpose
from counterfoil.payments.operations.refunds import RefundPreview
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text


def refund_stub(preview: RefundPreview, payment: Payment, *, amount: int, platform: str) -> Stub:
    """`amount` is what the customer gets, in the payment's currency."""
    takes_back = payment.kind is Kind.ON_BEHALF_OF
    taken, fee = _from_seller(preview, payment)
    word = _("Refund to the customer")
    if takes_back:
        word = _("Taken back by %(platform)s") % {"platform": platform}
    lines = [Line(word, -taken.amount)]
    if fee:
        lines.append(Line(_("%(platform)s fee, returned") % {"platform": platform}, fee))
    return Stub(
        currency=taken.currency,
        lines=tuple(lines),
        total_word=_("Leaves your balance"),
        total=fee - taken.amount,
        why=(
            _to_customer(payment, amount),
            _from_where(preview, takes_back=takes_back, platform=platform),
            *_not_returned(payment, platform, returns_fee=bool(fee)),
        ),
        references=(Reference(_("Payment"), payment.id),),
    )


def _from_seller(preview: RefundPreview, payment: Payment) -> tuple[Money, int]:
    """What leaves the seller's balance, and the fee that comes back with it."""
    facts = preview.facts
    if payment.kind is not Kind.ON_BEHALF_OF:
        return Money(facts.amount, facts.currency), facts.fee.amount if facts.fee else 0
    if facts.reversal is None:
        # All of it was taken back before.
        currency = payment.transactions[0].currency if payment.transactions else facts.currency
        return Money(0, currency), 0
    fee = facts.reversal.fee
    return facts.reversal.taken, fee.amount if fee else 0


def _to_customer(payment: Payment, amount: int) -> str:
    card = payment.details.card
    words = {
        "amount": money_text(amount, payment.currency),
        "card": card_in_words(card.brand, card.last4) if card else "",
    }
    if card:
        return _("The customer gets %(amount)s on %(card)s within 5 to 10 business days.") % words
    return _("The customer gets %(amount)s within 5 to 10 business days.") % words


def _from_where(preview: RefundPreview, *, takes_back: bool, platform: str) -> str:
    if takes_back and preview.waits:
        words = _("It waits until %(platform)s has enough money, and then goes out by itself.")
        return words % {"platform": platform}
    if takes_back:
        return _("%(platform)s pays the customer and takes it back from what you received.") % {
            "platform": platform
        }
    if preview.waits:
        return _(
            "Your available balance is too small now. The refund waits, and goes out by itself as"
            " soon as there is enough."
        )
    if preview.facts.purpose is Purpose.PREFUNDING:
        return _(
            "Your available balance is too small, so your refunds and disputes balance pays it."
        )
    if preview.facts.available_on > preview.at:
        return _("It is taken from this payment's own money, which is not available yet.")
    return _("It is taken from your available balance.")


def _not_returned(payment: Payment, platform: str, *, returns_fee: bool) -> list[str]:
    """The fees of the payment that stay paid."""
    if not payment.transactions:
        return []
    row = payment.transactions[0]
    said = []
    if kept := _sum(row.fee_details, "stripe_fee"):
        amount = {"amount": money_text(kept, row.currency)}
        said.append(_("The processing fee of %(amount)s is not returned.") % amount)
    kept = _sum(row.fee_details, "application_fee")
    if kept and not returns_fee:
        words = {"amount": money_text(kept, row.currency), "platform": platform}
        said.append(_("%(platform)s keeps its fee of %(amount)s.") % words)
    return said


def _sum(fees: Sequence[FeeDetail], kind: str) -> int:
    return sum(fee.amount for fee in fees if fee.type == kind)
