"""Files that are handed in as proof of who somebody is."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET, UnsetType

from counterfoil.accounts.models import Account
from counterfoil.accounts.params import DocumentParams
from counterfoil.accounts.profile import Document
from counterfoil.accounts.test_identity import DOCUMENTS
from counterfoil.accounts.verification import Upload, verifier
from counterfoil.files.queries import files_by_id
from counterfoil.kit.refused import InvalidRequest, ResourceMissing

PURPOSES: Final = frozenset({"account_requirement", "additional_verification", "identity_document"})


def handed_in(
    present: Document | None, sent: DocumentParams, account: Account, param: str
) -> Document | None:
    """The document after what was sent; None once nothing of it is left.

    It is judged as a whole, each time. Raises ResourceMissing for a file nobody handed in, and
    InvalidRequest for one that was handed in for something else.
    """
    front = _side(sent.front, present.front if present else None)
    back = _side(sent.back, present.back if present else None)
    sides = [(name, ident) for name, ident in (("front", front), ("back", back)) if ident]
    if not sides:
        return None
    found = [_upload(account, ident, f"{param}[{name}]") for name, ident in sides]
    checks = verifier(livemode=account.livemode)
    problems = [problem for one in found if (problem := checks.document(one))]
    return Document(front, back, problems[0] if problems else None)


def _side(sent: str | UnsetType, present: str | None) -> str | None:
    return present if sent is UNSET else sent or None


def _upload(account: Account, file_id: str, param: str) -> Upload:
    if not account.livemode and file_id in DOCUMENTS:
        return Upload(file_id, None)
    rows = files_by_id([file_id], platform_id=account.platform_id, livemode=account.livemode)
    file = rows.get(file_id)
    if file is None or file.account_id not in (account.id, account.platform_id):
        raise ResourceMissing("file upload", file_id, param=param)
    if file.purpose not in PURPOSES:
        raise InvalidRequest(
            f"{file_id} was handed in as {file.purpose}. Hand it in again with the purpose"
            " identity_document.",
            param=param,
        )
    return Upload(file_id, file.filename)
