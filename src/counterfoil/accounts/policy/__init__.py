"""Is an account onboarded? What is missing, what does not match, what follows.

Pure functions. Source: design §7 ("Onboarded" before part E), reference test-data §8 and api.md
§2.3. The full requirements engine replaces this package; nothing else knows its rules.
"""

from counterfoil.accounts.policy.assessment import Assessment, assess, check_login_link
from counterfoil.accounts.policy.facts import COMPANIES, Facts
from counterfoil.accounts.policy.missing import missing_fields
from counterfoil.accounts.policy.verification import Verification, verification

__all__ = [
    "COMPANIES",
    "Assessment",
    "Facts",
    "Verification",
    "assess",
    "check_login_link",
    "missing_fields",
    "verification",
]
