"""Where an operator can go, in the order of the sidebar. A page that exists has a line here.

On a phone the first entries marked `tab` are the bar at the bottom; "More" opens the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_noop

from counterfoil.wording.languages import gettext as _

if TYPE_CHECKING:
    from counterfoil.access.operators import Operator, Right


@dataclass(frozen=True, slots=True)
class Place:
    """One entry. `name` is the page's URL name, `sign` its icon.

    `right`: only for whoever holds it; `mode`: in one mode only, `test` or `live`.
    """

    name: str
    sign: str
    word: str
    tab: bool = False
    right: Right | None = None
    mode: str | None = None

    def word_now(self) -> str:
        return _(self.word)


PLACES: Final = (
    Place("console-accounts", "people", gettext_noop("Accounts"), tab=True),
    Place("console-log", "list", gettext_noop("Log"), tab=True),
    Place("console-security", "lock", gettext_noop("Your sign-in")),
)


def places_for(operator: Operator) -> list[Place]:
    """What there is for this operator, in the mode that they look at."""
    mode = "live" if operator.livemode else "test"
    return [
        place
        for place in PLACES
        if place.mode in (None, mode) and (place.right is None or operator.may(place.right))
    ]
