"""Second factors: what proves a person beside a code that was sent (ASVS 5.0 V6.5, V6.6).

An authenticator app shows codes that follow from a secret and the time; a passkey signs
(`passkeys.py`); a recovery code stands on paper and opens once. Secrets are stored sealed, recovery
codes as keyed hashes. Guesses are limited per account, right ones counted along. All moments are
the wall clock's, UTC seconds.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from textwrap import wrap
from typing import Final
from urllib.parse import quote, urlencode

from django.db import transaction
from django_otp.oath import TOTP

from counterfoil.access.alarms import tell
from counterfoil.access.holders import Holder
from counterfoil.access.limits import Subject, take_slots
from counterfoil.access.onetime import NotACode
from counterfoil.access.operator_notices import tell_operator
from counterfoil.access.operators import Operator
from counterfoil.access.policy import TEST_CODE, typed_code
from counterfoil.access.proving import proven
from counterfoil.access.sessions import Proof
from counterfoil.access.stepup import Held
from counterfoil.audit.operations import record
from counterfoil.kit.crypt import keyed_hash, seal, unseal
from counterfoil.kit.db import execute, fetch_all, fetch_one, insert_rows, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import Refused, ResourceMissing
from counterfoil.messaging.texts import OperatorChange

TRIES: Final = 10  # of a person's factors, per window of sends
_STEP: Final = 30  # seconds (RFC 6238)
_SECRET_BYTES: Final = 20
_RECOVERY_CODES: Final = 10
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that looks like another one
_CODE_LETTERS: Final = 25  # 123 bits: so many that nobody finds them from a hash (V6.5.2)
_GROUP: Final = 5


class WrongFactor(Refused):
    """Neither the app's code of this moment nor an unused recovery code."""


class LastFactor(Refused):
    """The marketplace wants a second step, and this is the only one."""


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A factor as its owner sees it."""

    id: str
    kind: str
    name: str
    created: int
    used_at: int | None


@dataclass(frozen=True, slots=True)
class Setup:
    """An authenticator app that is being set up: what it scans, and what one types instead."""

    id: str
    secret: str
    uri: str


def factors_of(account_id: str) -> list[FactorRow]:
    """Those that are in use, oldest first."""
    return [
        FactorRow(*row)
        for row in fetch_all(
            "SELECT id, kind, name, created, used_at FROM access_factor"
            " WHERE account_id = %s AND confirmed_at IS NOT NULL ORDER BY created, id",
            [account_id],
        )
    ]


def recovery_codes_left(account_id: str) -> int:
    row = fetch_one("SELECT COUNT(*) FROM access_recoverycode WHERE account_id = %s", [account_id])
    return int(row[0]) if row else 0


# ---- Setting up ----


def begin_app(holder: Holder, *, now_wall: int) -> None:
    """A new secret for an authenticator app, which counts once a code of it was typed."""
    secret = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    with unit_of_work():
        execute(
            "DELETE FROM access_factor WHERE account_id = %s AND kind = 'totp'"
            " AND confirmed_at IS NULL",
            [holder.owner_id],
        )
        add_factor(
            holder, kind="totp", name="", secret=secret, confirmed_at=None, now_wall=now_wall
        )


def app_setup(holder: Holder) -> Setup | None:
    """The app that is being set up, or None."""
    row = fetch_one(
        "SELECT id, secret FROM access_factor"
        " WHERE account_id = %s AND kind = 'totp' AND confirmed_at IS NULL",
        [holder.owner_id],
    )
    if row is None:
        return None
    secret = unseal(row[1])
    issuer = holder.platform_name.replace(":", " ")
    who = holder.email or holder.display_name or holder.owner_id
    label = quote(f"{issuer}:{who}")
    uri = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer})}"
    return Setup(row[0], secret, uri)


def confirm_app(holder: Holder, setup: Setup, typed: str, *, now_wall: int) -> None:
    """The app shows the right code, so it is set up. Raises NotACode, WrongFactor, TooManySends."""
    _count_a_try(holder, now_wall)
    step = _matching_step(setup.secret, _digits(typed), after=0, now_wall=now_wall)
    if step is None:
        raise WrongFactor("That is not the code that the app shows now.")
    with unit_of_work():
        if not execute(
            "UPDATE access_factor SET confirmed_at = %s, counter = %s"
            " WHERE id = %s AND confirmed_at IS NULL",
            [now_wall, step, setup.id],
        ):
            return
        settled(holder, setup.id, kind="totp", now_wall=now_wall)


def add_factor(
    holder: Holder,
    *,
    kind: str,
    name: str,
    secret: str,
    confirmed_at: int | None,
    now_wall: int,
    credential_id: str | None = None,
    counter: int = 0,
) -> str:
    """Write the row; its id."""
    ident = new_id("fac", now_wall)
    columns = "id account_id kind name secret credential_id counter created confirmed_at".split()
    row = (
        ident,
        holder.owner_id,
        kind,
        name[:60],
        seal(secret),
        credential_id,
        counter,
        now_wall,
        confirmed_at,
    )
    insert_rows("access_factor", columns, [row])
    return ident


def settled(holder: Holder, factor_id: str, *, kind: str, now_wall: int) -> None:
    """A factor counts from now on, in the caller's transaction: on record, and what the session
    waited for is there."""
    execute(
        f"UPDATE {holder.room.table} SET awaits = NULL"  # noqa: S608 - one of our two tables
        " WHERE id = %s AND awaits = 'enrolment'",
        [holder.session_id],
    )
    record("factor.added", scope=holder.scope, object_id=factor_id, after={"kind": kind})
    _tell(holder, "factor.added", now_wall)


def _tell(holder: Holder, change: OperatorChange, now_wall: int) -> None:
    if isinstance(holder, Operator):
        tell_operator(holder, change, now_wall=now_wall)
    else:
        tell(holder.scope, change, now_wall=now_wall)


def remove_factor(holder: Holder, factor_id: str, *, now_wall: int) -> None:
    """Raises ResourceMissing and LastFactor. With the last one the recovery codes go."""
    mine = factors_of(holder.owner_id)
    found = next((one for one in mine if one.id == factor_id), None)
    if found is None:
        raise ResourceMissing("factor", factor_id)
    if len(mine) == 1 and holder.second_factor == "required":
        raise LastFactor("Add another one first.")
    with unit_of_work():
        if not execute("DELETE FROM access_factor WHERE id = %s", [factor_id]):
            return  # the same click twice
        if not factors_of(holder.owner_id):
            execute("DELETE FROM access_recoverycode WHERE account_id = %s", [holder.owner_id])
        record(
            "factor.removed",
            scope=holder.scope,
            object_id=factor_id,
            before={"kind": found.kind},
        )
        _tell(holder, "factor.removed", now_wall)


def new_recovery_codes(holder: Holder) -> list[str]:
    """Ten new codes, shown once; the ones before serve no more."""
    codes = [_recovery_code() for _ in range(_RECOVERY_CODES)]
    with unit_of_work():
        execute("DELETE FROM access_recoverycode WHERE account_id = %s", [holder.owner_id])
        insert_rows(
            "access_recoverycode",
            ("hash", "account_id"),
            [(_recovery_hash(holder, code), holder.owner_id) for code in codes],
        )
        record("recovery_codes.made", scope=holder.scope)
    return ["-".join(wrap(code, _GROUP)) for code in codes]


# ---- Showing it ----


def prove_by_factor(
    holder: Holder, held: Held | None, typed: str, *, token: str, now_wall: int
) -> str:
    """An app's code or a recovery code was typed; the session's new token.

    Raises NotACode, WrongFactor, TooManySends, SessionOver.
    """
    _count_a_try(holder, now_wall)
    with transaction.atomic():
        by = _accepted(holder, typed, now_wall)
        if by is not None:
            return proven(holder, held, by=by, token=token, now_wall=now_wall)
        record("factor.refused", scope=holder.scope, object_id=holder.session_id)
    raise WrongFactor("That is not the code that the app shows now.")


def _accepted(holder: Holder, typed: str, now_wall: int) -> Proof | None:
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(letters) == _CODE_LETTERS:
        return "recovery" if _use_recovery_code(holder, letters) else None
    code = _digits(typed)
    if not holder.is_real and code == TEST_CODE:
        return "totp"
    apps = fetch_all(
        "SELECT id, secret, counter FROM access_factor"
        " WHERE account_id = %s AND kind = 'totp' AND confirmed_at IS NOT NULL",
        [holder.owner_id],
    )
    for ident, secret, counter in apps:
        step = _matching_step(unseal(secret), code, after=counter, now_wall=now_wall)
        # The condition again: of two browsers that send one code, the second finds it used.
        if step is not None and execute(
            "UPDATE access_factor SET counter = %s, used_at = %s WHERE id = %s AND counter < %s",
            [step, now_wall, ident, step],
        ):
            return "totp"
    return None


def _use_recovery_code(holder: Holder, letters: str) -> bool:
    used = execute(
        "DELETE FROM access_recoverycode WHERE hash = %s AND account_id = %s",
        [_recovery_hash(holder, letters), holder.owner_id],
    )
    if used:
        record("recovery_code.used", scope=holder.scope, object_id=holder.session_id)
    return bool(used)


def _count_a_try(holder: Holder, now_wall: int) -> None:
    """In a transaction of its own: a refusal does not give the try back."""
    mode = "live" if holder.is_real else "test"
    take_slots([Subject(f"{mode}:factor", holder.owner_id, TRIES)], now_wall=now_wall)


def _digits(typed: str) -> str:
    code = typed_code(typed)
    if not code:
        raise NotACode("The code has six digits.")
    return code


def _matching_step(secret: str, code: str, *, after: int, now_wall: int) -> int | None:
    """The time step whose code it is, later than `after`, one step early or late at most."""
    totp = TOTP(base64.b32decode(secret), step=_STEP)
    totp.time = now_wall
    return int(totp.t()) if totp.verify(int(code), tolerance=1, min_t=after + 1) else None


def _recovery_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS))


def _recovery_hash(holder: Holder, letters: str) -> str:
    return keyed_hash("recovery-code", f"{holder.owner_id}:{letters}")
