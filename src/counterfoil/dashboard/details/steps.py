"""Which forms there are for an account, and which of them are due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_noop

from counterfoil.accounts.facts import COMPANIES, OWNERSHIP
from counterfoil.accounts.models import Account
from counterfoil.accounts.profile import Individual, Profile, Question, read_profile
from counterfoil.accounts.queries import account_by_id
from counterfoil.dashboard.details.fields import (
    BUSINESS,
    COMPANY,
    COMPANY_ADDRESS,
    PUBLIC,
    PUBLIC_ADDRESS,
    Field,
    person_fields,
)
from counterfoil.kit.clock import utc_date
from counterfoil.wording.languages import gettext as _


@dataclass(frozen=True, slots=True)
class Step:
    """One form. `answers` are beginnings of the requirements that it is about."""

    name: str
    title: str
    lead: str
    answers: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    kind: str = "fields"  # fields | kind | bank | document | people | part | question | terms
    whose: str = ""  # the name of the person it is about
    target: str = ""  # what it is written to: a person's id, a document's path
    question: Question | None = None

    def answers_to(self, requirement: str) -> bool:
        return any(requirement.startswith(start) for start in self.answers)


@dataclass(slots=True)
class Details:
    """An account as its holder works on it. `asked` is how much: currently or eventually due;
    `ahead` is whether what is only announced may be given already.

    `editing`: in the settings, where what is given already can be changed.
    """

    account: Account
    profile: Profile
    asked: str
    now: int
    ahead: bool = False
    editing: bool = False
    steps: list[Step] = field(default_factory=list)

    @property
    def today(self) -> date:
        return utc_date(self.now)

    @property
    def submitted(self) -> bool:
        return self.account.details_submitted

    @property
    def wanted(self) -> set[str]:
        """Requirements to answer. Before a company has submitted anything it names its people,
        too: it is asked once, and not again when it has grown."""
        due = self.profile.requirements
        announced = set(self.profile.future_requirements.currently_due if self.ahead else ())
        if self.asked == "eventually_due":
            return announced | set(due.eventually_due)
        wanted = announced | set(due.currently_due)
        if not self.submitted:
            wanted |= {name for name in due.eventually_due if name.startswith(_PEOPLE)}
        return wanted

    @property
    def errors(self) -> dict[str, str]:
        """What was wrong with what was given, by requirement, in the holder's words."""
        return {
            one.requirement: one.reason
            for one in self.profile.requirements.errors
            if one.code != "information_missing"
        }

    def announced_for(self, step: Step) -> int | None:
        """The moment from which a form is going to be asked for; None where it already is."""
        moments = [
            demand.starts_at
            for demand in self.profile.demands
            if demand.starts_at > self.now
            and any(key.startswith(start) for key in demand.keys for start in step.answers)
        ]
        now = self.profile.requirements.currently_due
        asked = any(name.startswith(start) for name in now for start in step.answers)
        return None if asked else min(moments, default=None)

    def due(self) -> list[Step]:
        return [step for step in self.steps if self.is_due(step)]

    def is_due(self, step: Step) -> bool:
        return any(step.answers_to(name) for name in self.wanted)

    def instead_of(self, step: Step) -> list[Step]:
        """Other forms that answer as well what this one is asked for."""
        due, future = self.profile.requirements, self.profile.future_requirements
        offers = [*due.alternatives, *(future.alternatives if self.ahead else ())]
        fields = {
            field
            for one in offers
            if any(
                name in self.wanted and step.answers_to(name) for name in one.original_fields_due
            )
            for field in one.alternative_fields_due
        }
        return [
            other
            for other in self.steps
            if other is not step and any(other.answers_to(field) for field in fields)
        ]

    def step(self, name: str) -> Step | None:
        """A form that may be filled in: one that is due or does instead of one, and any before all
        was handed in; in the settings every one that can be changed."""
        found = next((step for step in self.steps if step.name == name), None)
        if found is None:
            return None
        if self.editing:
            return found if found.kind in _CHANGED else None
        if not self.submitted or self.is_due(found) or self._goes_with(found):
            return found
        return found if any(found in self.instead_of(one) for one in self.due()) else None

    def _goes_with(self, step: Step) -> bool:
        """Who plays which part is asked together with who there is."""
        return step.kind == "part" and any(
            one.kind == "people" and self.is_due(one) for one in self.steps
        )


_CHANGED: Final = ("fields", "people", "part")
_PEOPLE: Final = (
    "representative.",
    "person_",
    "company.owners_provided",
    "company.directors_provided",
    "company.executives_provided",
)
_NUMBERED: Final = ("US", "CA")  # where people have numbers that we ask for
# A requirement that only a document answers, whatever it was that failed.
_BIRTH: Final = ("dob.", "ssn_last_4", "id_number")


def details_of(
    *,
    platform_id: str,
    livemode: bool,
    account_id: str,
    asked: str,
    now: int,
    ahead: bool = False,
    editing: bool = False,
) -> Details:
    """The forms of an account. Raises ResourceMissing."""
    account = account_by_id(platform_id, livemode, account_id)
    details = Details(account, read_profile(account.profile), asked, now, ahead, editing)
    details.steps = _steps(details)
    return details


def _steps(details: Details) -> list[Step]:
    account, profile = details.account, details.profile
    steps = [
        Step(
            "kind",
            gettext_noop("Who are you selling as?"),
            gettext_noop("It decides what is asked next."),
            ("business_type",),
            kind="kind",
        )
    ]
    if account.business_type == "individual":
        steps += _person_steps("individual", "individual", "", account.country)
    elif account.business_type in COMPANIES:
        steps += [
            Step(
                "company",
                gettext_noop("Your company"),
                gettext_noop("As it is registered."),
                ("company.name", "company.tax_id", "company.phone"),
                COMPANY,
            ),
            Step(
                "company-address",
                gettext_noop("Where your company is"),
                gettext_noop("Its registered address."),
                ("company.address.",),
                COMPANY_ADDRESS,
            ),
        ]
        steps += _people_steps(profile, account.country)
    steps += [
        Step(
            "business",
            gettext_noop("What you sell"),
            gettext_noop("So that customers and banks know what a payment is for."),
            ("business_profile.",),
            BUSINESS,
        ),
        Step(
            "bank",
            gettext_noop("Where your money goes"),
            gettext_noop("The bank account that payouts are sent to."),
            ("external_account",),
            kind="bank",
        ),
        Step(
            "bank-document",
            gettext_noop("Whose the bank account is"),
            gettext_noop("A bank statement that shows your name and the account's number."),
            (OWNERSHIP,),
            kind="document",
            target=OWNERSHIP,
        ),
    ]
    if details.editing:
        lead = gettext_noop("What customers see when they pay you, and how they reach you.")
        fields = PUBLIC + PUBLIC_ADDRESS
        steps.append(Step("public", gettext_noop("Public details"), lead, (), fields))
    steps += [
        Step(
            question.id,
            question.title,
            question.text,
            (question.id,),
            kind="question",
            question=question,
        )
        for question in profile.questions
        if question.answer is None
    ]
    steps.append(
        Step(
            "terms",
            gettext_noop("Check and send"),
            gettext_noop("Look over what you have given, then accept the terms."),
            ("tos_acceptance.",),
            kind="terms",
        )
    )
    return steps


def _person_steps(prefix: str, name: str, whose: str, country: str) -> list[Step]:
    """The forms about one person; `name` begins the forms' names, `whose` is theirs."""
    forms = person_fields(prefix)
    starts = tuple(f"{prefix}.{end}" for end in ("first_name", "last_name", "email", "phone"))
    return [
        Step(
            f"{name}-name",
            gettext_noop("Who you are") if not whose else gettext_noop("Who they are"),
            gettext_noop("As in your passport or identity card."),
            starts,
            forms["name"] + forms["contact"],
            whose=whose,
            target=prefix,
        ),
        Step(
            f"{name}-birth",
            gettext_noop("Date of birth and identity number")
            if country in _NUMBERED
            else gettext_noop("Date of birth"),
            gettext_noop("It shows which person of this name is meant."),
            tuple(f"{prefix}.{end}" for end in _BIRTH),
            forms["birth"],
            whose=whose,
            target=prefix,
        ),
        Step(
            f"{name}-home",
            gettext_noop("Home address"),
            gettext_noop("Where they live, not where they work.")
            if whose
            else gettext_noop("Where you live, not where you work."),
            (f"{prefix}.address.",),
            forms["home"],
            whose=whose,
            target=prefix,
        ),
        _document_step(f"{name}-document", f"{prefix}.verification.document", whose),
        _document_step(f"{name}-proof", f"{prefix}.verification.additional_document", whose),
    ]


def _document_step(name: str, target: str, whose: str) -> Step:
    identity = target.endswith("verification.document")
    return Step(
        name,
        gettext_noop("Identity document") if identity else gettext_noop("Proof of address"),
        gettext_noop("A passport, identity card or driving licence.")
        if identity
        else gettext_noop("A bank statement or utility bill with your name and address."),
        (target,),
        kind="document",
        whose=whose,
        target=target,
    )


def _people_steps(profile: Profile, country: str) -> list[Step]:
    steps = [
        Step(
            "representative",
            gettext_noop("Who represents the company"),
            gettext_noop("Somebody who may sign for it: usually you."),
            ("representative.",),
            (
                *person_fields("representative")["name"],
                *person_fields("representative")["contact"],
                Field(
                    "representative.relationship.title",
                    gettext_noop("Position"),
                    hint=gettext_noop("Such as managing director."),
                    autocomplete="organization-title",
                ),
            ),
            target="new",
        )
    ]
    for person in profile.people:
        steps += _forms_of(person, country)
    steps.append(
        Step(
            "people",
            gettext_noop("Owners, directors and executives"),
            gettext_noop(
                "Everybody who owns a quarter or more, sits on the board or runs the company."
            ),
            _PEOPLE[2:],
            kind="people",
        )
    )
    lead = gettext_noop(
        "An extract from the register, or another official paper that names the company."
    )
    target = "company.verification.document"
    title = gettext_noop("Register extract")
    steps.append(Step("company-document", title, lead, (target,), kind="document", target=target))
    return steps


def _forms_of(person: Individual, country: str) -> list[Step]:
    steps = _person_steps(person.id, person.id, name_of(person), country)
    if person.relationship.representative:
        title = Field(f"{person.id}.relationship.title", gettext_noop("Position"))
        first = steps[0]
        steps[0] = Step(
            first.name,
            first.title,
            first.lead,
            (*first.answers, f"{person.id}.relationship"),
            (*first.fields, title),
            whose=first.whose,
            target=first.target,
        )
    lead = gettext_noop("Somebody can play several parts, also whoever represents the company.")
    part = gettext_noop("Part in the company")
    name, whose = f"{person.id}-part", name_of(person)
    steps.append(Step(name, part, lead, (), kind="part", whose=whose, target=person.id))
    return steps


def name_of(person: Individual) -> str:
    names = [name for name in (person.first_name, person.last_name) if name]
    return " ".join(names) or _("Somebody without a name yet")


# Where the profile keeps what the API names otherwise.
_KEPT_AT: Final = {"settings.payments.statement_descriptor": "settings.statement_descriptor"}


def value_of(details: Details, path: str) -> Any:
    """What is stored at a field's path, for showing it again; numbers are never shown."""
    head, *rest = _KEPT_AT.get(path, path).split(".")
    holder: Any = next((one for one in details.profile.people if one.id == head), None)
    if holder is None:
        holder = getattr(details.profile, head, None)
    if path == "individual.email" and holder and holder.email is None:
        return details.account.email
    for part in rest:
        holder = getattr(holder, part, None)
    return holder
