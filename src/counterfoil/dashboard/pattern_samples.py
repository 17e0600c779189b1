"""What `/patterns` shows: a made-up seller when all is well, in trouble, and with nothing yet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from counterfoil.access.audit_words import Item as Record
from counterfoil.accounts.shapes import Requirements
from counterfoil.dashboard import earnings, periods
from counterfoil.dashboard.activity import Item, Said
from counterfoil.dashboard.balance import BalanceView, Coming, Hindrance
from counterfoil.dashboard.details.fields import Field
from counterfoil.dashboard.details.forms import Shown
from counterfoil.dashboard.funds import Funds, money_calendar
from counterfoil.dashboard.payouts import Month, PayoutRow
from counterfoil.dashboard.queries.volume import SlotNet
from counterfoil.dashboard.requirements import Asked, Task
from counterfoil.dashboard.rows import DayGroup, ListedTransaction
from counterfoil.dashboard.schedules import NextPayout, Run
from counterfoil.dashboard.searching import Search
from counterfoil.dashboard.stubs import Line, Reference, Stub

STATES: Final = ("full", "trouble", "empty")
TODAY: Final = date(2025, 11, 3)
LONG: Final = "The Greater Passamaquoddy Bay Cooperative of Boatbuilders and Marine Upholsterers"


def samples(state: str) -> dict[str, Any]:
    """Everything that the page needs beside its frame."""
    in_trouble, is_empty = state == "trouble", state == "empty"
    funds = _funds(state)
    return {
        "today": TODAY,
        "stubs": _stubs(),
        "funds": funds,
        "calendar": money_calendar(funds, TODAY),
        "balance": _balance(funds, state),
        "asked": {"full": _asked("accent"), "trouble": _asked("negative")}.get(state),
        "chart": _chart(state),
        "news": [] if is_empty else _news(in_trouble),
        "groups": [] if is_empty else [_day(in_trouble)],
        "months": [] if is_empty else [_month()],
        "records": [] if is_empty else [(TODAY, "Today", _records())],
        "runs": [_run(days) for days in (1, 2, 3, 4)],
        "search": _search(in_trouble),
        "fields": _fields(in_trouble),
    }


def _stubs() -> dict[str, Stub]:
    reference = (Reference("Transaction", "txn_1wKHFgp6lYQnPd1ORwj8NXOs"),)
    why = ("Refunded by you on Monday 3 November.", "The processing fee of $0.59 is not returned.")
    lines = (Line("Payment", 1000), Line("Processing fee", -59), Line("Rocket Rides fee", -123))
    return {
        "adds up": Stub("usd", lines, "You receive", 818, why, reference, after=5_818),
        "does not add up": Stub("usd", lines, "You receive", 800, why, reference),
        "no minor units": Stub("jpy", (Line("Payment", 120_000),), "Total", 120_000, (), reference),
        "three decimals": Stub("kwd", (Line("Payment", -1),), "Total", -1, why[:1], ()),
        "long": Stub(
            "usd",
            (Line(LONG, 123_456_789_012, "#", "part of it"), Line("Fee", -1)),
            "You receive",
            123_456_789_011,
            why,
            reference,
        ),
    }


def _funds(state: str) -> Funds:
    if state == "empty":
        return Funds("usd")
    available = -218_280 if state == "trouble" else 421_840
    soon = {TODAY + timedelta(days=2): 41_180, TODAY + timedelta(days=4): 20_020}
    if state == "full":
        soon[TODAY + timedelta(days=20)] = 1200
    return Funds("usd", available, soon, on_the_way=98_000, prefunding=25_000, reserved=5000)


def _balance(funds: Funds, state: str) -> BalanceView:
    slip = Stub("usd", (Line("Available now", 421_840),), "Will be sent", 421_840, (), ())
    below = Stub("usd", (Line("Dispute", -218_280),), "Below zero", -218_280, (), ())
    in_trouble, is_full = state == "trouble", state == "full"
    return BalanceView(
        currency="usd",
        coming=[] if state == "empty" else [Coming("po_1", 98_000, "arrives Tue, Nov 4")],
        next=NextPayout(_run(1), 421_840 if is_full else 0, slip) if not in_trouble else None,
        manual=False,
        schedule="Every business day",
        to="STRIPE TEST BANK ·· 6789",
        hindrance=Hindrance("Your bank refused it", "Confirm it.", "negative", "#", "Mend it")
        if in_trouble
        else None,
        below=below if in_trouble else None,
        filling=("$2,182.80 more in payments fills it.",),
        prefunding=funds.prefunding,
        may_edit_schedule=True,
        may_pay_out=is_full,
        may_pay_instantly=is_full,
        may_top_up=True,
        requirements=Requirements(),
        future_requirements=Requirements(),
    )


def _asked(tone: str) -> Asked:
    task = Task("name", "Your name", "Ada Byron", "", is_late=tone == "negative", is_optional=False)
    return Asked(tone, "Payouts are paused", "Your money waits safely.", [task, task])


def _chart(state: str) -> earnings.Chart:
    of = periods.window("7d" if state == "trouble" else "4w", TODAY)
    nets = [SlotNet(slot, (at % 7) * 9_700 - 11_000) for at, slot in enumerate(of.slots)]
    if state == "full":
        nets = [SlotNet(one.slot, abs(one.net)) for one in nets]
    before = {"full": 100_000, "trouble": 900_000}.get(state)
    return earnings.chart(of, nets if state != "empty" else [], before, currency="usd")


def _news(in_trouble: bool) -> list[Item]:
    told = [
        Said("bank", "$980.00 is on the way to your bank", "Expected on Tue, Nov 4.", href="#"),
        Said("check", "$256.73 has arrived at your bank", tone="positive"),
        Said("undo", f"{LONG} took back part of a payment", "$42.47 of $84.95 so far."),
    ]
    if in_trouble:
        told.insert(0, Said("alert", "A payout came back", "The account is closed.", "negative"))
    return [
        Item(f"evt_{at}", said, said.href, 0, "Mon, Nov 3", "7:00 PM", is_new=at < 2)
        for at, said in enumerate(told)
    ]


def _day(in_trouble: bool) -> DayGroup:
    slip = _stubs()["does not add up" if in_trouble else "adds up"]
    rows = [
        ListedTransaction("txn_1", "Order #1042", "in", 4118, "usd", 0, "10:25 PM", "", slip),
        ListedTransaction(
            "txn_2", LONG, "in", 123_456_789_012, "usd", 0, "10:24 PM", "available Thu", slip
        ),
        ListedTransaction("txn_3", "Payout to your bank", "out", -1, "kwd", 0, "7:00 PM", "", slip),
    ]
    return DayGroup(TODAY, "Yesterday", rows)


def _month() -> Month:
    states = [
        ("On the way", "accent", "arrives Tue, Nov 4"),
        ("Arrived", "positive", "arrived Mon, Nov 3"),
        ("Came back", "negative", ""),
    ]
    return Month(
        "November 2025",
        [
            PayoutRow(
                f"po_{at}",
                "To STRIPE TEST BANK ·· 6789",
                "Mon, Nov 3 · Automatic",
                note,
                98_000,
                "usd",
                word,
                tone,
            )
            for at, (word, tone, note) in enumerate(states)
        ],
    )


def _records() -> list[Record]:
    return [
        Record("rec_1", "Signed in", "Firefox on Linux · network 192.0.2.0/24", "12:22 AM", False),
        Record("rec_2", "A wrong code was typed", "Firefox on Linux", "12:21 AM", True),
    ]


def _run(days: int) -> Run:
    return Run(TODAY + timedelta(days=days), TODAY + timedelta(days=days + 1))


def _search(in_trouble: bool) -> Search:
    typed = {"from": "2025-11-01", "to": "yesterday", "least": "", "most": ""}
    if not in_trouble:
        return Search(typed=dict.fromkeys(typed, ""))
    return Search(typed=typed, errors={"to": "This is not a day. Write it like 2025-11-03."})


def _fields(in_trouble: bool) -> list[Shown]:
    wrong = "This does not match what was given." if in_trouble else ""
    birth = Field("individual.dob", "Date of birth", "birth")
    return [
        Shown(birth, parts={"day": "10", "month": "12", "year": "1990"}, error=wrong),
        Shown(Field("individual.first_name", "First name"), "Ada"),
        Shown(Field("individual.id_number", "Identity number", "id_number"), kept=True),
        Shown(
            Field("individual.address.state", "State", "state"), "NY", choices=[("NY", "New York")]
        ),
        Shown(Field("business_profile.product_description", "What you sell", "area"), "Boats"),
    ]
