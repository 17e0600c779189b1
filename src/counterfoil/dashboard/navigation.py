"""Where a signed-in seller can go, in the order of the sidebar.

On a phone the first entries marked `tab` are the bar at the bottom; "More" opens the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_noop

from counterfoil.wording.languages import gettext as _

if TYPE_CHECKING:
    from counterfoil.access.guard import Seller


@dataclass(frozen=True, slots=True)
class Place:
    """One entry. `name` is the page's URL name, `sign` its icon."""

    name: str
    sign: str
    word: str
    tab: bool = False
    feature: str | None = None  # the switch without which it is not there

    def word_now(self) -> str:
        return _(self.word)


PLACES: Final = (
    Place("home", "home", gettext_noop("Home"), tab=True),
    Place("payments", "card", gettext_noop("Payments"), tab=True, feature="view_payments"),
    Place("transactions", "list", gettext_noop("Transactions"), tab=True),
    Place("payouts", "bank", gettext_noop("Payouts"), tab=True),
    Place("disputes", "shield", gettext_noop("Disputes"), feature="view_payments"),
    Place("activity", "bell", gettext_noop("Activity"), tab=True),
    Place("reports", "report", gettext_noop("Reports")),
    Place("settings", "gear", gettext_noop("Settings")),
)

# The pages of the last entry, as the tabs above each of them: URL name and word.
SETTINGS: Final = (
    ("settings", gettext_noop("Account")),
    ("payout-settings", gettext_noop("Payouts")),
    ("security", gettext_noop("Security")),
)


def section_of(here: str) -> str:
    """The entry that a page belongs to."""
    return "settings" if any(here == name for name, _word in SETTINGS) else here


def settings_tabs() -> list[tuple[str, str]]:
    """URL name and word of each page of settings."""
    return [(name, _(word)) for name, word in SETTINGS]


def places_for(seller: Seller) -> list[Place]:
    """What this seller's platform has switched on.

    A phone has room for one list of money beside home: payments where there are any.
    """
    on = seller.features
    there = [place for place in PLACES if place.feature is None or getattr(on, place.feature)]
    if not on.view_payments:
        return there
    return [replace(one, tab=False) if one.name == "transactions" else one for one in there]
