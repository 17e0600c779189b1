"""Passkeys (WebAuthn): a key that lives in a device, and signs for our host alone.

The relying party is the host of the public URL, or `localhost` where there is none: one rule, so
a key made today is found tomorrow. All moments are the wall clock's, UTC seconds.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from counterfoil.access.factors import WrongFactor, add_factor, settled
from counterfoil.access.holders import Holder
from counterfoil.access.proving import proven
from counterfoil.access.stepup import Held
from counterfoil.audit.operations import record
from counterfoil.kit.crypt import unseal
from counterfoil.kit.db import execute, fetch_all, fetch_one


def relying_party() -> str:
    """The host that passkeys are bound to."""
    host = urlsplit(settings.PUBLIC_URL).hostname if settings.PUBLIC_URL else None
    return "localhost" if host is None or settings.DEVELOPMENT else host


def are_possible(request: HttpRequest) -> bool:
    """Browsers sign for the host that they show: not on 127.0.0.1 when the name is localhost."""
    return request.get_host().rpartition(":")[0] == relying_party() or (
        request.get_host() == relying_party()
    )


def has_passkey(account_id: str) -> bool:
    return bool(_credentials(account_id))


def creation_options(holder: Holder, *, now_wall: int) -> str:
    """What the browser needs to make a passkey, as JSON; its challenge is kept for the session."""
    options = generate_registration_options(
        rp_id=relying_party(),
        rp_name=holder.platform_name,
        user_id=holder.owner_id.encode(),
        user_name=holder.email or holder.display_name or holder.owner_id,
        user_display_name=holder.display_name or holder.email or holder.owner_id,
        challenge=_new_challenge(holder, now_wall),
        exclude_credentials=_credentials(holder.owner_id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(options)


def add_passkey(
    holder: Holder, answer: str, *, name: str, request: HttpRequest, now_wall: int
) -> None:
    """Keep the public key that a browser made. Raises WrongFactor for what does not fit."""
    challenge = _take_challenge(holder, now_wall)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=relying_party(),
            expected_origin=_origin(request),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise WrongFactor("That passkey was not made for this page.") from error
    try:
        with transaction.atomic():
            ident = add_factor(
                holder,
                kind="passkey",
                name=name,
                secret=bytes_to_base64url(made.credential_public_key),
                credential_id=bytes_to_base64url(made.credential_id),
                counter=made.sign_count,
                confirmed_at=now_wall,
                now_wall=now_wall,
            )
            settled(holder, ident, kind="passkey", now_wall=now_wall)
    except IntegrityError as error:
        raise WrongFactor("That passkey is there already.") from error


def request_options(holder: Holder, *, now_wall: int) -> str:
    """What the browser needs to sign with a passkey of this account, as JSON."""
    options = generate_authentication_options(
        rp_id=relying_party(),
        challenge=_new_challenge(holder, now_wall),
        allow_credentials=_credentials(holder.owner_id),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def prove_by_passkey(
    holder: Holder,
    held: Held | None,
    answer: str,
    *,
    request: HttpRequest,
    token: str,
    now_wall: int,
) -> str:
    """The browser signed; the session's new token. Raises WrongFactor and SessionOver."""
    challenge = _take_challenge(holder, now_wall)
    with transaction.atomic():
        if _signed(holder, answer, challenge, request, now_wall):
            return proven(holder, held, by="passkey", token=token, now_wall=now_wall)
        record("factor.refused", scope=holder.scope, object_id=holder.session_id)
    raise WrongFactor("That passkey does not fit.")


def _signed(
    holder: Holder, answer: str, challenge: bytes, request: HttpRequest, now_wall: int
) -> bool:
    """Whether a key of this account signed our challenge, for our host, in our page."""
    for ident, credential_id, secret, counter in fetch_all(
        "SELECT id, credential_id, secret, counter FROM access_factor"
        " WHERE account_id = %s AND kind = 'passkey' AND confirmed_at IS NOT NULL",
        [holder.owner_id],
    ):
        try:
            verified = verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=relying_party(),
                expected_origin=_origin(request),
                credential_public_key=base64url_to_bytes(unseal(secret)),
                credential_current_sign_count=counter,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            continue
        if bytes_to_base64url(verified.credential_id) != credential_id:
            continue
        execute(
            "UPDATE access_factor SET counter = %s, used_at = %s WHERE id = %s",
            [verified.new_sign_count, now_wall, ident],
        )
        return True
    return False


def _credentials(account_id: str) -> list[PublicKeyCredentialDescriptor]:
    rows = fetch_all(
        "SELECT credential_id FROM access_factor"
        " WHERE account_id = %s AND kind = 'passkey' AND confirmed_at IS NOT NULL",
        [account_id],
    )
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row[0])) for row in rows]


def _new_challenge(holder: Holder, now_wall: int) -> bytes:
    challenge = secrets.token_bytes(32)
    execute(
        "INSERT INTO access_challenge (session_id, challenge, ends_at) VALUES (%s, %s, %s)"
        " ON CONFLICT (session_id) DO UPDATE SET challenge = excluded.challenge,"
        " ends_at = excluded.ends_at",
        [
            holder.session_id,
            bytes_to_base64url(challenge),
            now_wall + settings.LIFETIMES.held_form,
        ],
    )
    return challenge


def _take_challenge(holder: Holder, now_wall: int) -> bytes:
    """It serves once, whatever comes of it. Raises WrongFactor where there is none."""
    row = fetch_one(
        "DELETE FROM access_challenge WHERE session_id = %s AND ends_at > %s RETURNING challenge",
        [holder.session_id, now_wall],
    )
    if row is None:
        raise WrongFactor("This page has waited too long.")
    return base64url_to_bytes(row[0])


def _origin(request: HttpRequest) -> str:
    """Where our pages are: the public URL's, or this machine's under the name localhost."""
    if settings.PUBLIC_URL:
        parts = urlsplit(settings.PUBLIC_URL)
        return f"{parts.scheme}://{parts.netloc}"
    return f"{request.scheme}://{request.get_host()}"
