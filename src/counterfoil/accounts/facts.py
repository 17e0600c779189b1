"""All that the rules about an account's details look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from counterfoil.accounts.profile import Company, Individual, Profile

# The requirement that says whose a bank account is, as the API spells it.
OWNERSHIP: Final = "documents.bank_account_ownership_verification.files"
COMPANIES: Final = frozenset({"company", "non_profit", "government_entity"})


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules look at."""

    country: str
    business_type: str | None
    email: str | None
    profile: Profile
    has_external_account: bool
    livemode: bool
    today: date  # on the platform's clock
    now: int = 0  # the same as UTC seconds: what deadlines are held against
    verified: bool = False  # live mode: by an operator, as whom it says it is

    @property
    def person(self) -> Individual | None:
        return self.profile.individual if self.business_type == "individual" else None

    @property
    def company(self) -> Company | None:
        return self.profile.company if self.business_type in COMPANIES else None

    @property
    def people(self) -> list[Individual]:
        """Those who stand behind a company; nobody for an individual, who stands alone."""
        return self.profile.people if self.business_type in COMPANIES else []
