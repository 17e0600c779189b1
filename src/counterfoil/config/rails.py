"""Which rail is plugged in: test mode has its simulated bank, live mode an operator."""

from __future__ import annotations

import os
from functools import cache

from counterfoil.accounts import test_numbers
from counterfoil.rails.base import Beneficiary, Rail
from counterfoil.rails.simulator.bank import SimulatedBank
from counterfoil.rails.simulator.faults import plan_from


@cache
def rail_of(livemode: bool) -> Rail | None:
    """The rail of a mode; None where an operator carries payouts to the bank by hand."""
    return None if livemode else SimulatedBank(_outcome, faults=plan_from(os.environ))


def _outcome(beneficiary: Beneficiary) -> str:
    if beneficiary.kind == "card":
        return test_numbers.card_outcome(beneficiary.number)
    return test_numbers.bank_account_outcome(beneficiary.number)
