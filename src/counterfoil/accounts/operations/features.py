"""The dashboard's switches of one account, where they differ from the platform's."""

from __future__ import annotations

import msgspec

from counterfoil.accounts.operations.saving import lock_account, save
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.scope import Scope
from counterfoil.platforms.params import FeatureParams, given_switches
from counterfoil.platforms.settings import read_own_features


def set_own_features(*, scope: Scope, params: FeatureParams | None) -> str | None:
    """Switch features for one account; "" lets it follow the platform again.

    Answers with the account's own switches as they are stored. Raises ResourceMissing.
    """
    with unit_of_work():
        account = lock_account(
            platform_id=scope.platform_id, livemode=scope.livemode, account_id=scope.account_id
        )
        own = read_own_features(account.features)
        changed = own | given_switches(params)
        kept = {name: value for name, value in changed.items() if value != ""}
        if kept != own:
            account.features = msgspec.json.encode(kept).decode() if kept else None
            save(account, visibly=True)
        return account.features
