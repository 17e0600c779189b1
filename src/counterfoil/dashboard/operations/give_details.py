"""The holder gives details: by an account link, or signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from counterfoil.accounts.facts import OWNERSHIP
from counterfoil.accounts.operations import (
    answer_question,
    create_person,
    delete_person,
    update_account,
    update_person,
)
from counterfoil.accounts.params import PersonParams, UpdateAccount
from counterfoil.dashboard.details.steps import Details, Step
from counterfoil.files.operations import create_file
from counterfoil.files.policy import is_whole
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.scope import Scope

Values = Mapping[str, Any]
PURPOSE = "identity_document"


def give(details: Details, step: Step, values: Values) -> None:
    """Write what a form held; `values` by the path of each field. Raises InvalidRequest, whose
    `param` is such a path."""
    sent = _nested(values)
    whose = step.target or next(iter(sent), "")
    try:
        if whose == "new":
            person = sent["representative"]
            person["relationship"] = person.get("relationship", {}) | {"representative": True}
            create_person(**where(details), params=msgspec.convert(person, PersonParams))
        elif whose.startswith("person_"):
            params = msgspec.convert(sent[whose], PersonParams)
            update_person(**where(details), person_id=whose, params=params)
        else:
            update_account(**where(details), params=msgspec.convert(sent, UpdateAccount))
    except InvalidRequest as refusal:
        path = (refusal.param or "").replace("[", ".").replace("]", "")
        is_person = whose == "new" or whose.startswith("person_")
        prefix = "representative." if whose == "new" else f"{whose}."
        refusal.param = f"{prefix}{path}" if is_person else path
        raise


def give_bank(details: Details, numbers: Mapping[str, str]) -> None:
    """Where payouts go. Raises InvalidRequest."""
    source = {"object": "bank_account", **numbers}
    params = msgspec.convert({"external_account": source}, UpdateAccount)
    update_account(**where(details), params=params)


def accept_terms(details: Details, *, ip: str, user_agent: str) -> None:
    """The holder accepts the terms, from this address, now."""
    terms = {"date": details.now, "ip": ip, "user_agent": user_agent[:1000]}
    params = msgspec.convert({"tos_acceptance": terms}, UpdateAccount)
    update_account(**where(details), params=params)


def hand_in_document(details: Details, target: str, files: Mapping[str, tuple[str, bytes]]) -> None:
    """Keep the sides of a document (`front`, `back`: a file's name and bytes), and let it be
    judged. Raises InvalidRequest for what is no document, with the side as its `param`."""
    scope = Scope(details.account.platform_id, details.account.id, details.account.livemode)
    kept = {}
    for side, (filename, content) in files.items():
        try:
            _check_whole(content)
            file = create_file(
                scope=scope, purpose=PURPOSE, filename=filename, content=content, now=details.now
            )
        except InvalidRequest as refusal:
            refusal.param = side
            raise
        kept[side] = file.id
    give_papers(details, target, kept)


def give_papers(details: Details, target: str, kept: Mapping[str, str]) -> None:
    """Hand in files that are kept already, by their ids. Raises InvalidRequest."""
    if target == OWNERSHIP:
        papers = {"bank_account_ownership_verification": {"files": list(kept.values())}}
        update_account(
            **where(details), params=msgspec.convert({"documents": papers}, UpdateAccount)
        )
        return
    kept = {"back": "", **kept}
    whose, _, paper = target.partition(".verification.")
    sent = {"verification": {paper: kept}}
    if whose.startswith("person_"):
        params = msgspec.convert(sent, PersonParams)
        update_person(**where(details), person_id=whose, params=params)
    else:
        update_account(**where(details), params=msgspec.convert({whose: sent}, UpdateAccount))


def _check_whole(content: bytes) -> None:
    if not is_whole(content):
        raise InvalidRequest("The end of the file is missing.", param="file")


def add_somebody(details: Details, first_name: str, last_name: str, roles: list[str]) -> None:
    """Somebody behind the company, by name and part in it; the rest is asked in forms of theirs."""
    sent = {
        "first_name": first_name,
        "last_name": last_name,
        "relationship": dict.fromkeys(roles, True),
    }
    create_person(**where(details), params=msgspec.convert(sent, PersonParams))


def give_part(details: Details, person_id: str, parts: Mapping[str, Any]) -> None:
    """Which parts somebody plays; `parts` as the API names them. Whoever represents the company
    takes the place of the one before."""
    params = msgspec.convert({"relationship": parts}, PersonParams)
    update_person(**where(details), person_id=person_id, params=params)


def take_somebody_out(details: Details, person_id: str) -> None:
    """Raises InvalidRequest for somebody who has to stay."""
    delete_person(**where(details), person_id=person_id)


def say_that_all_are_named(details: Details) -> None:
    """Nobody is missing among the company's owners, directors and executives."""
    provided = dict.fromkeys(("owners_provided", "directors_provided", "executives_provided"), True)
    update_account(**where(details), params=msgspec.convert({"company": provided}, UpdateAccount))


def answer(details: Details, step: Step, text: str, file: tuple[str, bytes] | None) -> None:
    """What was asked for: the words, the choice or the file. Raises InvalidRequest."""
    assert step.question is not None
    if step.question.kind == "file" and file is not None:
        _check_whole(file[1])
        scope = Scope(details.account.platform_id, details.account.id, details.account.livemode)
        text = create_file(
            scope=scope,
            purpose="account_requirement",
            filename=file[0],
            content=file[1],
            now=details.now,
        ).id
    answer_question(**where(details), question_id=step.question.id, answer=text)


def where(details: Details) -> dict[str, Any]:
    account = details.account
    return {
        "platform_id": account.platform_id,
        "livemode": account.livemode,
        "account_id": account.id,
        "now": details.now,
    }


def _nested(values: Values) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for path, value in values.items():
        *way, last = path.split(".")
        inner = nested
        for part in way:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return nested
