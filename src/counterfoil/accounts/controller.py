"""Who pays, who bears losses, who collects requirements: the `type` or the `controller`.

Source: reference api.md §2.2. Nothing of it can be changed once the account exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from msgspec import UNSET, UnsetType

from counterfoil.accounts.params import ControllerParams
from counterfoil.kit.refused import InvalidRequest


@dataclass(frozen=True, slots=True)
class Controller:
    type: str  # what `account.type` reads: standard | express | custom | none
    fees_payer: str
    losses_payments: str
    requirement_collection: str
    dashboard_type: str


_BY_TYPE: Final = {
    "standard": Controller("standard", "account", "stripe", "stripe", "full"),
    "express": Controller("express", "application_express", "application", "stripe", "express"),
    "custom": Controller("custom", "application_custom", "application", "application", "none"),
}


def controller_of(type_: str | UnsetType, params: ControllerParams | UnsetType) -> Controller:
    """The roles of a new account. Neither given: the controller's defaults.

    Raises InvalidRequest for both at once and for roles that do not go together.
    """
    if type_ is not UNSET:
        if params is not UNSET:
            raise InvalidRequest(
                "You may only send one of these parameters: `type`, `controller`.",
                code="parameters_exclusive",
                param="type",
            )
        return _BY_TYPE[type_]
    controller = _chosen(ControllerParams() if params is UNSET else params)
    _check(controller)
    return controller


def _chosen(params: ControllerParams) -> Controller:
    payer, losses, collection, dashboard = "account", "stripe", "stripe", "full"
    if params.fees is not UNSET and params.fees.payer is not UNSET:
        payer = params.fees.payer
    if params.losses is not UNSET and params.losses.payments is not UNSET:
        losses = params.losses.payments
    if params.requirement_collection is not UNSET:
        collection = params.requirement_collection
    if params.stripe_dashboard is not UNSET and params.stripe_dashboard.type is not UNSET:
        dashboard = params.stripe_dashboard.type
    return Controller("none", payer, losses, collection, dashboard)


def _check(controller: Controller) -> None:
    losses = controller.losses_payments
    if losses == "application" and controller.fees_payer != "application":
        raise InvalidRequest(
            "A platform that bears losses also pays the fees: set `controller[fees][payer]` to"
            " `application`, or leave `controller[losses][payments]` at `stripe`.",
            param="controller[fees][payer]",
        )
    if controller.requirement_collection == "application" and (
        losses != "application" or controller.dashboard_type != "none"
    ):
        raise InvalidRequest(
            "Only a platform that bears losses for accounts without a dashboard collects"
            " requirements itself: set `controller[losses][payments]` to `application` and"
            " `controller[stripe_dashboard][type]` to `none`.",
            param="controller[requirement_collection]",
        )
