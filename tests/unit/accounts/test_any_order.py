"""In whatever order details arrive, mistakes and second thoughts among them: nothing that is still
to be given is forgotten, and whoever has given all can be paid."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from counterfoil.accounts import operations
from counterfoil.accounts.operations.saving import shown
from counterfoil.kit.clock import DAY
from tests.support.accounts import TOS_DATE, address, bank
from tests.unit.accounts.test_deadlines import days_pass
from tests.unit.accounts.world import World

PAPER = {"document": {"front": "file_identity_document_success"}}
LAST_FOUR = "individual.ssn_last_4"
HOME = ("address.line1", "address.city", "address.postal_code")
BIRTH = ("dob.day", "dob.month", "dob.year")


@dataclass(frozen=True)
class Piece:
    """An update, the requirements that it meets, and something that looks like it but is wrong."""

    sent: dict[str, Any]
    meets: tuple[str, ...]
    wrong: dict[str, Any] | None = None
    later: bool = False  # the account is enabled without it
    person: bool = False  # of the one who represents the company


def pieces(country: str, kind: str) -> list[Piece]:
    common = [
        Piece({"external_account": bank(country)}, ("external_account",)),
        Piece(
            {"tos_acceptance": {"date": TOS_DATE, "ip": "203.0.113.7"}},
            ("tos_acceptance.date", "tos_acceptance.ip"),
        ),
        Piece({"business_profile": {"mcc": "5970"}}, ("business_profile.mcc",)),
        Piece(
            {"business_profile": {"url": "https://accessible.stripe.com"}},
            ("business_profile.url",),
            {"business_profile": {"url": "https://inaccessible.stripe.com"}},
        ),
    ]
    return common + (_individual(country) if kind == "individual" else _company(country))


def _individual(country: str) -> list[Piece]:
    def of(sent: dict, *meets: str, wrong: dict | None = None, later: bool = False) -> Piece:
        names = tuple(f"individual.{name}" for name in meets)
        return Piece({"individual": sent}, names, wrong and {"individual": wrong}, later)

    found = [
        of({"first_name": "Jenny", "last_name": "Rosen"}, "first_name", "last_name"),
        of({"email": "jenny@example.com"}, "email"),
        of({"phone": "0000000000"}, "phone"),
        of(_born(1901), *BIRTH, wrong=_born(1980)),
        of({"address": address(country)}, *_home(country), wrong=_nowhere(country)),
    ]
    if country == "US":
        wrong = {"ssn_last_4": "1111"}
        found.append(of({"ssn_last_4": "0000"}, "ssn_last_4", wrong=wrong))
        wrong = {"id_number": "111111111"}
        found.append(of({"id_number": "000000000"}, "id_number", wrong=wrong, later=True))
    else:
        wrong = {"verification": {"document": {"front": "file_identity_document_failure"}}}
        found.append(of({"verification": PAPER}, "verification.document", wrong=wrong, later=True))
    return found


def _company(country: str) -> list[Piece]:
    def of(sent: dict, *meets: str, wrong: dict | None = None, later: bool = False) -> Piece:
        names = tuple(f"company.{name}" for name in meets)
        return Piece({"company": sent}, names, wrong and {"company": wrong}, later)

    def their(sent: dict, *meets: str, wrong: dict | None = None) -> Piece:
        names = tuple(f"representative.{name}" for name in meets)
        return Piece(sent, names, wrong, later=True, person=True)

    found = [
        of({"name": "Rosen"}, "name", wrong={"name": "mismatch_business_name"}),
        of({"tax_id": "000000000"}, "tax_id", wrong={"tax_id": "111111112"}),
        of({"phone": "0000000000"}, "phone"),
        of({"address": address(country)}, *_home(country)),
        of({"owners_provided": True}, "owners_provided", later=True),
        of({"executives_provided": True}, "executives_provided", later=True),
        their({"first_name": "Ada", "last_name": "Byron"}, "first_name", "last_name"),
        their({"email": "ada@example.com", "phone": "0000000000"}, "email", "phone"),
        their(_born(1901), *BIRTH, wrong=_born(1980)),
        their({"address": address(country)}, *_home(country), wrong=_nowhere(country)),
        their({"relationship": {"title": "Director"}}, "relationship.title"),
    ]
    if country == "US":
        found.append(their({"ssn_last_4": "0000"}, "ssn_last_4", wrong={"ssn_last_4": "1111"}))
    else:
        found.append(of({"directors_provided": True}, "directors_provided", later=True))
    return found


def _born(year: int) -> dict[str, Any]:
    return {"dob": {"day": 1, "month": 1, "year": year}}


def _home(country: str) -> tuple[str, ...]:
    return (*HOME, "address.state") if country == "US" else HOME


def _nowhere(country: str) -> dict[str, Any]:
    return {"address": address(country, line1="address_no_match")}


@dataclass
class Seller:
    """An account, and what has not been given yet as a test counts it."""

    world: World
    country: str
    kind: str
    id: str = ""
    person: str | None = None
    missing: dict[str, bool] = field(default_factory=dict)  # whether it is asked for later only
    wrong: set[str] = field(default_factory=set)  # given, but not as it is

    def __post_init__(self) -> None:
        self.id = self.world.create(type="express", country=self.country)["id"]
        self.world.update(self.id, business_type=self.kind)
        for piece in pieces(self.country, self.kind):
            self.missing |= dict.fromkeys(piece.meets, piece.later)

    def give(self, piece: Piece, *, wrongly: bool = False) -> None:
        sent = deepcopy(piece.wrong if wrongly else piece.sent)
        assert sent is not None
        if not piece.person:
            self.world.update(self.id, **sent)
        elif self.person is None:
            role = sent.pop("relationship", {}) | {"representative": True}
            self.person = self.world.add_person(self.id, **sent, relationship=role)["id"]
        else:
            self.world.change_person(self.id, self.person, **sent)
        for name in piece.meets:
            self.missing.pop(name, None)
        (self.wrong.update if wrongly else self.wrong.difference_update)(piece.meets)
        if self.kind == "individual" and "individual.id_number" not in self.missing:
            # The whole number holds its last four digits, and outranks them.
            self.missing.pop(LAST_FOUR, None)
            self.wrong.discard(LAST_FOUR)

    def look(self) -> dict[str, Any]:
        """The account as it is, after comparing it with what is still to be given."""
        account = msgspec.to_builtins(shown(self.world.row(self.id)))
        due = account["requirements"]
        forgotten = set(self.missing) - self._named(due["eventually_due"])
        assert not forgotten, forgotten
        at_once = {name for name, later in self.missing.items() if not later}
        assert at_once <= self._named(due["past_due"])
        if at_once or self.wrong:
            assert (account["charges_enabled"], account["payouts_enabled"]) == (False, False)
            assert due["disabled_reason"] == "requirements.past_due"
            assert due["currently_due"]
        else:
            assert not self._named(due["eventually_due"]) - set(self.missing)
        return account

    def _named(self, fields: list[str]) -> set[str]:
        """Whoever represents the company is called so before and after they have a name."""
        return {
            f"representative.{name.partition('.')[2]}" if name.startswith("person_") else name
            for name in fields
        }

    def is_done(self) -> None:
        account = self.look()
        assert (account["charges_enabled"], account["payouts_enabled"]) == (True, True)
        assert account["details_submitted"]
        assert set(account["capabilities"].values()) == {"active"}
        due = account["requirements"]
        assert not [name for name, value in due.items() if value], due


@st.composite
def orders(draw, country: str, kind: str) -> list[tuple[Piece, bool]]:
    """Every piece once and right; some wrong before; some sent twice."""
    order = [(piece, False) for piece in draw(st.permutations(pieces(country, kind)))]
    for piece in draw(st.sets(st.sampled_from(range(len(order))), max_size=4)):
        one, _ = order[piece]
        again = draw(st.integers(0, order.index((one, False))))
        order.insert(again, (one, one.wrong is not None))
    return order


ALL = [
    pytest.param(country, kind, id=f"{country}-{kind}")
    for country in ("US", "GB", "DE")
    for kind in ("individual", "company")
]
QUICK = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],  # what fails is told as it is: making it small would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize(("country", "kind"), ALL)
@given(data=st.data())
@QUICK
def test_no_order_of_updates_loses_a_requirement_or_leaves_an_account_stuck(
    world, country, kind, data
):
    seller = Seller(world, country, kind)
    for piece, wrongly in data.draw(orders(country, kind)):
        seller.give(piece, wrongly=wrongly)
        seller.look()

    seller.is_done()


@pytest.mark.parametrize(("country", "kind"), ALL)
@given(data=st.data())
@QUICK
def test_no_order_of_deadlines_and_updates_leaves_an_account_stuck(world, country, kind, data):
    """What is due later is asked for and given in any order, while the clock goes on."""
    seller = Seller(world, country, kind)
    later = []
    for piece in pieces(country, kind):
        later.append(piece) if piece.later else seller.give(piece)
    seller.look()
    block = data.draw(st.sampled_from(["nothing", "payouts", "charges"]))
    where = {"platform_id": world.platform.id, "livemode": False, "account_id": seller.id}
    operations.ask_for_the_rest(**where, block=block, cause="ch_1", now=world.now)
    began = world.now

    for piece in data.draw(st.permutations(later)):
        days_pass(world, world.now + data.draw(st.sampled_from([0, 3, 20])) * DAY)
        account = seller.look()
        passed = world.now - began >= 14 * DAY or block in ("payouts", "charges")
        assert account["payouts_enabled"] is not passed
        stopped = world.now - began >= 21 * DAY or block == "charges"
        if block != "payouts":
            assert account["charges_enabled"] is not stopped
        seller.give(piece)

    seller.is_done()
