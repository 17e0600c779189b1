"""Is what an account says true? One port, one way of checking per mode."""

from counterfoil.accounts.verification.base import Upload, Verification, Verifier
from counterfoil.accounts.verification.manual import Manual
from counterfoil.accounts.verification.simulator import Simulator


def verifier(*, livemode: bool) -> Verifier:
    """Who checks the accounts of a mode."""
    return Manual() if livemode else Simulator()


__all__ = ["Upload", "Verification", "Verifier", "verifier"]
