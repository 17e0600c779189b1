"""/v1/accounts/{id}/capabilities (reference api.md §2.5)."""

from __future__ import annotations

from counterfoil.accounts.capabilities import NAMES
from counterfoil.accounts.models import Account
from counterfoil.accounts.operations import update_capability
from counterfoil.accounts.params import CapabilityParams, UpdateCapability
from counterfoil.accounts.profile import read_profile
from counterfoil.accounts.queries import account_by_id
from counterfoil.accounts.wire import CapabilityWire, capability_wire
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.resources.accounts import check_within_reach
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.wire import ListObject


@endpoint("GET", "accounts/<account>/capabilities")
def listed(call: Call, account_id: str) -> ListObject[CapabilityWire]:
    """Those requested, by name, all of them at once."""
    account = _account(call, account_id)
    names = sorted(read_profile(account.profile).capabilities)
    return ListObject(
        data=[_wire(account, name) for name in names],
        has_more=False,
        url=f"/v1/accounts/{account_id}/capabilities",
    )


@endpoint("GET", "accounts/<account>/capabilities/<name>")
def retrieve(call: Call, account_id: str, name: str) -> CapabilityWire:
    return _wire(_account(call, account_id), _known(name))


@endpoint("POST", "accounts/<account>/capabilities/<name>", params=UpdateCapability)
def update(call: Call, account_id: str, name: str, params: UpdateCapability) -> CapabilityWire:
    _account(call, account_id)
    update_capability(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        account_id=account_id,
        name=_known(name),
        wish=CapabilityParams(requested=params.requested),
        now=call.now,
    )
    return _wire(_account(call, account_id), name)


def _known(name: str) -> str:
    if name not in NAMES:
        raise ResourceMissing("capability", name, param="capability")
    return name


def _wire(account: Account, name: str) -> CapabilityWire:
    profile = read_profile(account.profile)
    return capability_wire(
        account.id,
        name,
        profile.capabilities.get(name),
        profile.requirements,
        profile.future_requirements,
    )


def _account(call: Call, account_id: str) -> Account:
    check_within_reach(call, account_id)
    if account_id == call.scope.platform_id:
        raise ResourceMissing("account", account_id, param="account")
    return account_by_id(call.scope.platform_id, call.scope.livemode, account_id)
