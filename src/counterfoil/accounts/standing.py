"""How an account stands, in one word: what operators filter by and see beside each name.

Written with the account, so that a list of one word costs the same among a thousand accounts and
a million.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from counterfoil.accounts.profile import Profile

Standing = Literal["enabled", "incomplete", "pending", "rejected", "restricted", "restricted_soon"]
STANDINGS: Final[tuple[str, ...]] = get_args(Standing)
_LONGEST: Final = 300


def standing_of(
    profile: Profile,
    *,
    details_submitted: bool,
    charges_enabled: bool,
    payouts_enabled: bool,
    statuses: tuple[str, ...],
) -> Standing:
    """The first that holds, gravest first.

    `rejected` by the platform; `incomplete`: its holder has not given what onboarding asks for;
    `pending`: a capability waits to be verified; `restricted`: charges or payouts are off although
    asked for; `restricted_soon`: they will be when a deadline passes; otherwise `enabled`.
    `statuses` are those of card payments and transfers.
    """
    if profile.rejected is not None:
        return "rejected"
    if not details_submitted:
        return "incomplete"
    if "pending" in statuses:
        return "pending"
    if not payouts_enabled or (statuses[0] != "unrequested" and not charges_enabled):
        return "restricted"
    if profile.requirements.current_deadline is not None:
        return "restricted_soon"
    return "enabled"


def name_key(name: str | None) -> str | None:
    """A name as it is searched by: case and spaces do not matter."""
    return " ".join((name or "").casefold().split())[:_LONGEST] or None
