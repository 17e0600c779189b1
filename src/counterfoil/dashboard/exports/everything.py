"""A copy of everything about an account: one ZIP of lists for people and of JSON for programs.

It holds what the dashboard and the API show of the account, and no more: bank accounts by their
last four digits, no identity or tax number, no birth date, no identity document.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from typing import IO, Any, Final

import msgspec
from django.http import QueryDict

from counterfoil.access.session_list import open_sessions
from counterfoil.accounts.people import people_of
from counterfoil.accounts.profile import read_profile
from counterfoil.accounts.queries import account_by_id, newest_external_accounts
from counterfoil.accounts.wire import account_wire, person_wire, without_birth
from counterfoil.dashboard.exports import payments, payouts, transactions
from counterfoil.dashboard.exports.whose import Whose
from counterfoil.dashboard.exports.writers import Progress, write_csv
from counterfoil.dashboard.queries.everything import NAMES, rows_of
from counterfoil.kit import clock
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

KIND: Final = "everything"
FORMAT: Final = "zip"
_LISTS: Final = {
    "transactions": transactions.table,
    "payments": payments.table,
    "payouts": payouts.table,
}
_encode = msgspec.json.Encoder(order="deterministic").encode


def file_name() -> str:
    return f"{_('Everything about my account')}.{FORMAT}"


def write_everything(of: Whose, file: IO[bytes], progress: Progress) -> int:
    """Write the ZIP; how many entries it has. Raises ResourceMissing for an account that is gone.

    Lists are streamed, so memory stays flat. `progress` hears of rows, over all lists.
    """
    seen = _Counting(progress)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        archive.writestr("README.txt", _readme(of))
        for name, content in _objects(of).items():
            archive.writestr(f"{name}.json", msgspec.json.format(_encode(content), indent=2))
        for name, make in _LISTS.items():
            if name == "payments" and not of.sees_payments:
                continue
            with archive.open(f"{name}.csv", "w", force_zip64=True) as entry:
                write_csv(make(of, QueryDict("")), entry, seen.of_list())
        for name in NAMES:
            rows = rows_of(name, of.account_id, livemode=of.livemode)
            with archive.open(f"{name}.json", "w", force_zip64=True) as entry:
                _write_rows(entry, rows, seen.of_list())
        return len(archive.namelist())


class _Counting:
    """Rows of every list together, where each list counts its own."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._before, self._now = progress, 0, 0

    def of_list(self) -> Callable[[int], None]:
        self._before += self._now
        self._now = 0

        def heard(count: int) -> None:
            self._now = count
            self._progress(self._before + count)

        return heard


def _write_rows(
    entry: IO[bytes], batches: Iterable[list[dict[str, Any]]], progress: Progress
) -> None:
    count = 0
    entry.write(b"[")
    for batch in batches:
        for row in batch:
            entry.write((b"\n" if not count else b",\n") + _encode(row))
            count += 1
        progress(count)
    entry.write(b"\n]\n")


def _objects(of: Whose) -> dict[str, Any]:
    """The account itself: as the API shows it, less birth dates."""
    account = account_by_id(of.platform_id, of.livemode, of.account_id)
    profile = read_profile(account.profile)
    shown = account_wire(account, newest_external_accounts([account.id])[account.id])
    if shown.individual:
        shown = msgspec.structs.replace(shown, individual=without_birth(shown.individual))
    people = [
        without_birth(
            person_wire(
                account.id,
                one,
                profile.requirements,
                profile.future_requirements,
                individual=one is profile.individual,
            )
        )
        for one in people_of(profile, account.business_type)
    ]
    sessions = open_sessions(account.id, now_wall=clock.wall_now())
    return {
        "account": shown,
        "people": people,
        "sessions": [
            {
                "created": one.created,
                "last_seen": one.last_seen,
                "network": one.network,
                "browser": one.device.browser,
                "system": one.device.system,
            }
            for one in sessions
        ],
        "choices": {"language": account.language, "color_scheme": account.color_scheme},
    }


def _readme(of: Whose) -> str:
    day = dates.long_day(dates.local(of.now).date())
    lines = [
        _("Everything about the account %(account)s with %(platform)s, as it was on %(day)s.")
        % {"account": of.account_id, "platform": of.platform_name, "day": day},
        "",
        _("transactions.csv, payments.csv, payouts.csv: lists for any spreadsheet."),
        _("account.json, people.json: your details and settings."),
        _("disputes.json: disputes with what you answered. files.json: what you handed in."),
        _("events.json: what happened. record.json, sessions.json: who did what, from where."),
        "",
        _("Whole bank account, tax and identity numbers and birth dates are in none of them."),
    ]
    return "\n".join(lines) + "\n"
