"""Who takes part in a charge, and which of them decides its fee and its delay."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.accounts.queries import PaymentAccount, payment_accounts
from counterfoil.accounts.settlement import available_on
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.payments.policy import check_can_charge, check_can_receive
from counterfoil.platforms.queries import Caller


@dataclass(frozen=True, slots=True)
class Parties:
    """The owner of the charge (None: the platform), where money goes on to, and for whom."""

    owner: PaymentAccount | None
    destination: PaymentAccount | None
    on_behalf_of: PaymentAccount | None

    def settlement_country(self, platform: Caller) -> str:
        """Whose tariff and delay apply (reference money-movement §§1, 2.4)."""
        account = self.on_behalf_of or self.owner
        return account.country if account else platform.platform_country

    def usual_descriptor(self, platform: Caller) -> str:
        """What a statement says when the charge does not: of whoever sells, as they chose it."""
        account = self.on_behalf_of or self.owner
        own = account.statement_descriptor if account else None
        return own or platform.platform_name.upper()[:22]

    def available_on(self, captured_at: int, platform: Caller) -> int:
        account = self.on_behalf_of or self.owner
        return available_on(
            captured_at,
            country=self.settlement_country(platform),
            delay_days=account.delay_days if account else None,
        )


def find_parties(
    scope: Scope,
    *,
    destination: str | None,
    on_behalf_of: str | None,
    destination_param: str = "transfer_data[destination]",
) -> Parties:
    """The accounts of a charge, in one query.

    Raises ResourceMissing for an account that is not the platform's, InvalidRequest for one
    that may not take part.
    """
    owner_id = None if scope.is_platform else scope.account_id
    wanted = [ident for ident in (owner_id, destination, on_behalf_of) if ident is not None]
    found = payment_accounts(scope.platform_id, scope.livemode, wanted, keep=True)
    if owner_id is not None and (destination or on_behalf_of):
        raise InvalidRequest(
            "A direct charge stays on its account: send transfer_data and on_behalf_of without"
            " the Stripe-Account header.",
            param=destination_param if destination else "on_behalf_of",
        )
    for ident, param in ((destination, destination_param), (on_behalf_of, "on_behalf_of")):
        if ident is not None and ident not in found:
            raise ResourceMissing("account", ident, param=param)
    parties = Parties(
        owner=found[owner_id] if owner_id else None,
        destination=found[destination] if destination else None,
        on_behalf_of=found[on_behalf_of] if on_behalf_of else None,
    )
    if parties.owner:
        check_can_charge(parties.owner, param=None)
    if parties.on_behalf_of:
        check_can_charge(parties.on_behalf_of, param="on_behalf_of")
    if parties.destination:
        check_can_receive(parties.destination, param=destination_param)
    return parties
