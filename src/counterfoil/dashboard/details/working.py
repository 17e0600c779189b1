"""One form shown and acted on, wherever it stands: what hosted onboarding and `/requirements`
have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from counterfoil.access.origin import client_address
from counterfoil.accounts.profile import Individual
from counterfoil.audit.operations import record_decision
from counterfoil.dashboard.account_fields import fields_of
from counterfoil.dashboard.details.checks import read_share
from counterfoil.dashboard.details.forms import (
    asked_fields,
    read_fields,
    refusal_errors,
    shown_fields,
)
from counterfoil.dashboard.details.sample_values import BANKS, sample_values
from counterfoil.dashboard.details.steps import Details, Step, name_of
from counterfoil.dashboard.once import form_key, key_of_content, once_for
from counterfoil.dashboard.operations import give_details as give
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.typed import Mistyped
from counterfoil.files.policy import most_bytes, type_of
from counterfoil.kit.refused import Refused
from counterfoil.kit.scope import Scope
from counterfoil.wording.languages import gettext as _

KINDS: Final = ("individual", "company", "non_profit")
ROLES: Final = ("owner", "director", "executive")
SAMPLE: Final = "sample"
_SAMPLE_DOCUMENT: Final = "file_identity_document_success"

Render = Callable[[str, Mapping[str, Any], int], HttpResponse]


@dataclass(frozen=True, slots=True)
class Work:
    """A request about one step: where it goes on, and how its page is drawn."""

    request: HttpRequest
    details: Details
    step: Step
    go_on: Callable[[], HttpResponse]  # once it is done
    stay: Callable[[], HttpResponse]  # shows the same form again, anew
    render: Render
    now_wall: int

    def show(
        self,
        typed: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        errors = dict(errors or {})
        step, details = self.step, self.details
        fields = shown_fields(details, step, typed, errors)
        named = {one.field.name for one in fields}
        if step.kind != "fields":
            named |= set(errors) - {""}
        context = {
            "step": step,
            "details": details,
            "fields": fields,
            "typed": typed or {},
            "errors": errors,
            "problem": errors.get("") or _first_other(errors, named),
            "form_key": form_key(),
            "address": self.request.path,
            "instead": [
                (f"{self.request.path.rpartition('/')[0]}/{other.name}", other.title)
                for other in details.instead_of(step)
            ],
            "test": not details.account.livemode,
            **_EXTRA.get(step.kind, lambda _work: {})(self),
        }
        return self.render("details/step.html", context, status)

    def refused(self, refusal: Refused, typed: Mapping[str, str]) -> HttpResponse:
        errors = refusal_errors(refusal, asked_fields(self.details, self.step))
        return self.show(typed, errors, status=422)

    def act(self) -> HttpResponse:
        """What the form was sent for. A form is acted on once, however often it is sent."""
        sent = self.request.POST.dict()
        if sent.get("do") == SAMPLE and not self.details.account.livemode:
            return self._sample()
        return _ACTS[self.step.kind](self, sent)

    def once(self, act: Callable[[], object]) -> None:
        account = self.details.account

        def done() -> str:
            act()
            record_decision(
                "details.given",
                scope=Scope(account.platform_id, account.id, account.livemode),
                after={"form": self.step.name},  # what was given is nobody's to read here
            )
            return "/"

        once_for(account.id, key_of_content(self.request), done, now_wall=self.now_wall)

    def _sample(self) -> HttpResponse:
        if self.step.kind == "document":
            self.once(lambda: _sample_document(self))
            return self.go_on()
        if self.step.kind == "bank":
            return self.show(BANKS.get(self.details.account.country, {}))
        return self.show(sample_values(self.details, self.step))


def _fields(work: Work, sent: Mapping[str, str]) -> HttpResponse:
    values, errors = read_fields(work.details, work.step, sent)
    if errors:
        return work.show(sent, errors, status=422)
    try:
        work.once(lambda: give.give(work.details, work.step, values))
    except Refused as refusal:
        return work.refused(refusal, sent)
    return work.go_on()


def _kind(work: Work, sent: Mapping[str, str]) -> HttpResponse:
    chosen = sent.get("business_type", "")
    if chosen not in KINDS:
        return work.show(sent, {"business_type": _("Choose one.")}, status=422)
    try:
        work.once(lambda: give.give(work.details, work.step, {"business_type": chosen}))
    except Refused as refusal:
        return work.show(sent, {"": said(refusal)}, status=422)
    return work.go_on()


def _bank(work: Work, sent: Mapping[str, str]) -> HttpResponse:
    fields = fields_of(work.details.account.country)
    numbers, errors = fields.read(sent)
    if errors:
        return work.show(sent, errors, status=422)
    try:
        work.once(lambda: give.give_bank(work.details, numbers))
    except Refused as refusal:
        return work.show(sent, fields.said(refusal), status=422)
    return work.go_on()


def _document(work: Work, sent: Mapping[str, str]) -> HttpResponse:
    files = {
        side: (file.name or side, file.read(most_bytes(give.PURPOSE) + 1))
        for side in ("front", "back")
        if isinstance(file := work.request.FILES.get(side), UploadedFile)
    }
    if "front" not in files:
        return work.show(sent, {"front": _("Choose a file, or take a picture.")}, status=422)
    try:
        work.once(lambda: give.hand_in_document(work.details, work.step.target, files))
    except Refused as refusal:
        side = refusal.param if refusal.param in files else "front"
        return work.show(sent, {side: _upload_words(files[side][1])}, status=422)
    return work.go_on()


def _upload_words(content: bytes) -> str:
    if not content:
        return _("This file is empty.")
    if len(content) > most_bytes(give.PURPOSE):
        return _("This file is too large. Take a smaller picture, up to 16 MB.")
    if content[4:8] == b"ftyp":
        return _("This is a HEIC picture, which cannot be read here. Save it as a JPEG.")
    if type_of(content) is not None:
        return _("This file is damaged: its end is missing. Take the picture or save it again.")
    return _("This is not a JPEG, PNG or PDF file, whatever its name says.")


def _sample_document(work: Work) -> None:
    give.give_papers(work.details, work.step.target, {"front": _SAMPLE_DOCUMENT})


def _people(work: Work, sent: Mapping[str, str]) -> HttpResponse:
    do = sent.get("do", "")
    try:
        if do == "all":
            work.once(lambda: give.say_that_all_are_named(work.details))
            return work.go_on()
        if do.startswith("without:"):
            work.once(lambda: give.take_somebody_out(work.details, do.partition(":")[2]))
            return work.stay()
        roles: list[str] = [role for role in ROLES if role in work.request.POST.getlist("roles")]
        first, last = sent.get("first_name", "").strip(), sent.get("last_name", "").strip()
        errors = {
            name: _("This is needed.")
            for name, text in (("first_name", first), ("last_name", last))
            if not text
        }
        if not roles:
            errors["roles"] = _("Choose at least one.")
        if errors:
            return work.show(sent, errors, status=422)
        work.once(lambda: give.add_somebody(work.details, first, last, roles))
    except Refused as refusal:
        words = said(refusal)
        if do.startswith("without:"):
            words = _("The representative has to stay, and so does the only executive.")
        return work.show(sent, {"": words}, status=422)
    return work.stay()


def _part(work: Work, sent: Mapping[str, str]) -> HttpResponse:
    person = next(one for one in work.details.profile.people if one.id == work.step.target)
    chosen = work.request.POST.getlist("roles")
    roles = {role: role in chosen for role in ROLES}
    leads = "representative" in chosen or person.relationship.representative
    errors = {}
    if not (leads or any(roles.values())):
        errors["roles"] = _("Choose at least one.")
    try:
        share = read_share(sent.get("percent", ""))
    except Mistyped as mistyped:
        errors["percent"] = str(mistyped)
    if errors:
        return work.show(sent, errors, status=422)
    parts: dict[str, Any] = {**roles, "title": sent.get("title", "").strip()}
    parts["percent_ownership"] = "" if share is None else share
    if leads:
        parts["representative"] = True
    try:
        work.once(lambda: give.give_part(work.details, person.id, parts))
    except Refused as refusal:
        return work.show(sent, {"": said(refusal)}, status=422)
    return work.go_on()


def _question(work: Work, sent: Mapping[str, str]) -> HttpResponse:
    file = work.request.FILES.get("answer")
    upload = None
    if isinstance(file, UploadedFile):
        upload = (file.name or "answer", file.read(most_bytes("account_requirement") + 1))
    try:
        work.once(lambda: give.answer(work.details, work.step, sent.get("answer", ""), upload))
    except Refused as refusal:
        if refusal.code == "resource_missing":
            return work.go_on()
        words = _("This is needed.") if upload is None else _upload_words(upload[1])
        return work.show(sent, {"answer": words}, status=422)
    return work.go_on()


def _terms(work: Work, sent: Mapping[str, str]) -> HttpResponse:
    others = [step for step in work.details.due() if step.kind != "terms"]
    if others:
        return work.show(sent, {"": _("Something is still missing above.")}, status=422)
    if sent.get("accepted") != "yes":
        return work.show(sent, {"accepted": _("Accept the terms to go on.")}, status=422)
    ip = client_address(work.request) or "0.0.0.0"  # noqa: S104 - said, not listened on
    agent = work.request.headers.get("User-Agent", "")
    try:
        work.once(lambda: give.accept_terms(work.details, ip=ip, user_agent=agent))
    except Refused as refusal:
        return work.show(sent, {"": said(refusal)}, status=422)
    return work.go_on()


_ACTS: Final[dict[str, Callable[[Work, Mapping[str, str]], HttpResponse]]] = {
    "fields": _fields,
    "kind": _kind,
    "bank": _bank,
    "document": _document,
    "part": _part,
    "people": _people,
    "question": _question,
    "terms": _terms,
}


def _first_other(errors: Mapping[str, str], named: set[str]) -> str:
    return next((words for name, words in errors.items() if name not in named), "")


def _bank_extra(work: Work) -> dict[str, Any]:
    return {"bank_fields": fields_of(work.details.account.country)}


def role_words() -> dict[str, str]:
    """Every part in a company, whoever represents it first."""
    return {
        "representative": _("Representative"),
        "owner": _("Owner"),
        "director": _("Director"),
        "executive": _("Executive"),
    }


def parts_of(person: Individual) -> list[str]:
    """The parts that somebody plays, in words."""
    words = role_words().items()
    return [word for role, word in words if getattr(person.relationship, role)]


def _people_extra(work: Work) -> dict[str, Any]:
    words, forms = role_words(), work.request.path.rpartition("/")[0]
    return {
        "people": [
            (
                person.id,
                name_of(person),
                parts_of(person),
                not person.relationship.representative,
                f"{forms}/{person.id}-part",
            )
            for person in work.details.profile.people
        ],
        "roles": [(role, words[role]) for role in ROLES],
        "chosen": work.request.POST.getlist("roles"),
    }


def _part_extra(work: Work) -> dict[str, Any]:
    person = next(one for one in work.details.profile.people if one.id == work.step.target)
    has, words = person.relationship, role_words()
    sent = work.request.method == "POST"
    chosen = work.request.POST.getlist("roles") if sent else [r for r in words if getattr(has, r)]
    share = has.percent_ownership
    return {
        "roles": [
            (role, word, role == "representative" and has.representative)
            for role, word in words.items()
        ],
        "chosen": [*chosen, "representative"] if has.representative else chosen,
        "title": has.title or "",
        "percent": "" if share is None else f"{share:g}",
    }


def _kind_extra(_work: Work) -> dict[str, Any]:
    return {
        "kinds": [
            ("individual", _("Myself"), _("You sell in your own name.")),
            ("company", _("A company"), _("It is registered and has a number of its own.")),
            ("non_profit", _("A charity or club"), _("It is registered as not for profit.")),
        ]
    }


_EXTRA: Final[dict[str, Callable[[Work], dict[str, Any]]]] = {
    "bank": _bank_extra,
    "part": _part_extra,
    "people": _people_extra,
    "kind": _kind_extra,
}
