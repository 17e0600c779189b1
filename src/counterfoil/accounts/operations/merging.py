"""Laying what was sent over what is stored: present keeps, sent replaces, empty unsets."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import NODEFAULT, UNSET

from counterfoil.accounts.params import (
    AddressParams,
    AnnualRevenueParams,
    DateParams,
    DeclarationParams,
    MonthlyRevenueParams,
)
from counterfoil.accounts.shapes import Address, AnnualRevenue, Date, Declaration, MonthlyRevenue

# Hashes whose parts are sent one by one, and hashes that come whole.
_MERGED: Final[dict[type, type[msgspec.Struct]]] = {
    AddressParams: Address,
    DeclarationParams: Declaration,
}
_WHOLE: Final[dict[type, type[msgspec.Struct]]] = {
    AnnualRevenueParams: AnnualRevenue,
    DateParams: Date,
    MonthlyRevenueParams: MonthlyRevenue,
}


def merge(
    target: msgspec.Struct, sent: msgspec.Struct, *, leave: frozenset[str] = frozenset()
) -> None:
    """Change `target` by everything in `sent` except the fields to `leave` to the caller."""
    for name in sent.__struct_fields__:
        value = getattr(sent, name)
        if name not in leave and value is not UNSET:
            setattr(target, name, _merged(target, name, value))


def _merged(target: msgspec.Struct, name: str, value: Any) -> Any:
    if value == "":
        return default_of(type(target), name)
    if not isinstance(value, msgspec.Struct):
        return value
    if whole := _WHOLE.get(type(value)):
        return msgspec.convert(msgspec.to_builtins(value), whole)
    present = getattr(target, name)
    if present is None:
        present = _MERGED[type(value)]()
    merge(present, value)
    return present


def default_of(struct: type[msgspec.Struct], name: str) -> Any:
    """What a field is when nothing was ever sent for it."""
    (field,) = [one for one in msgspec.structs.fields(struct) if one.name == name]
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    assert field.default is not NODEFAULT, f"{struct.__name__}.{name} cannot be unset"
    return field.default
