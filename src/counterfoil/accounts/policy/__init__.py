"""Is an account onboarded? What is missing, what does not match, what follows, and when.

Pure functions: `table` is the data, `needs` reads it against the facts, `assessment` draws the
consequences. Source: design §7, reference express-dashboard §13, test-data §8, api.md §2.3.
"""

from counterfoil.accounts.facts import COMPANIES, Facts
from counterfoil.accounts.policy.assessment import (
    CHARGES_AFTER,
    GRACE,
    Assessment,
    assess,
    check_login_link,
)
from counterfoil.accounts.policy.needs import Need, askable, given, missing_fields, needs
from counterfoil.accounts.policy.table import THRESHOLDS

__all__ = [
    "CHARGES_AFTER",
    "COMPANIES",
    "GRACE",
    "THRESHOLDS",
    "Assessment",
    "Facts",
    "Need",
    "askable",
    "assess",
    "check_login_link",
    "given",
    "missing_fields",
    "needs",
]
