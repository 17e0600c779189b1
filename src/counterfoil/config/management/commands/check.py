"""`counterfoil check`: every invariant of every package over the whole database.

Takes the name of Django's own `check` on purpose (design §2); Django runs its system checks
before each command anyway, this one included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from counterfoil.accounts import check as accounts
from counterfoil.audit import check as audit
from counterfoil.config.migrated import up_to_date
from counterfoil.disputes import check as disputes
from counterfoil.kit.auditing import Head, earlier_heads
from counterfoil.kit.clock import wall_now
from counterfoil.kit.invariants import Finding, Invariant, Violation, examine, snapshot
from counterfoil.ledger import check as ledger
from counterfoil.ledger.check.chain import CHAIN
from counterfoil.ledger.check.summary import counts
from counterfoil.payments import check as payments
from counterfoil.payouts import check as payouts

# Each package's `check.checks()`; a package that gains invariants is added here.
PACKAGES: Final = (ledger, accounts, payments, disputes, payouts, audit)


def every_invariant() -> list[Invariant]:
    return [invariant for package in PACKAGES for invariant in package.checks()]


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict, and what to keep of it. `not_listed`: by invariant, what `violations` omits."""

    ok: bool
    violations: Sequence[Violation]
    not_listed: dict[str, int]
    heads: Sequence[Head]
    unsealed: int
    audit_heads: Sequence[Head]
    audit_unsealed: int
    counts: dict[str, int]


def run_checks(
    *,
    now: int,
    noted_heads: Sequence[str] = (),
    when_done: Callable[[Finding], None] = lambda _: None,
) -> Report:
    """Examine the whole database at one moment. `now`: wall clock, UTC seconds.

    `when_done` hears of each invariant as soon as it was examined.
    """
    invariants = every_invariant()
    if noted_heads:
        invariants.append(earlier_heads(noted_heads, among=[CHAIN, audit.CHAIN]))
    findings = []
    with snapshot(now) as moment:
        for invariant in invariants:
            findings.append(examine(invariant, moment))
            when_done(findings[-1])
        return Report(
            ok=not any(finding.violations for finding in findings),
            violations=[one for finding in findings for one in finding.violations],
            not_listed={
                finding.invariant.name: finding.not_listed
                for finding in findings
                if finding.not_listed
            },
            heads=CHAIN.heads(moment),
            unsealed=CHAIN.unsealed(moment),
            audit_heads=audit.CHAIN.heads(moment),
            audit_unsealed=audit.CHAIN.unsealed(moment),
            counts=counts(moment),
        )


class Command(BaseCommand):
    help = "Verify every money invariant over the whole database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="HASH",
            help="a head that an earlier check printed: verify that it is still in its chain"
            " (may be repeated)",
        )

    def handle(self, *, json: bool, head: list[str], **_options: Any) -> None:
        _refuse_unmigrated()
        for one in head:
            if not re.fullmatch("[0-9a-f]{64}", one):
                raise CommandError(f"A head is 64 hexadecimal digits, not {one!r}.", returncode=2)
        quiet = (lambda _: None) if json else self._say
        report = run_checks(now=wall_now(), noted_heads=head, when_done=quiet)
        if json:
            self.stdout.write(msgspec.json.encode(report).decode())
        else:
            self._sum_up(report)
        if not report.ok:
            raise SystemExit(1)

    def _say(self, finding: Finding) -> None:
        invariant = finding.invariant
        if not finding.violations:
            self.stdout.write(f"  holds   {invariant.name:28} {invariant.promise}")
            return
        self.stdout.write(self.style.ERROR(f"  BROKEN  {invariant.name:28} {invariant.promise}"))
        for violation in finding.violations:
            self.stdout.write(f"            {violation.subject}: {violation.detail}")
        if finding.not_listed:
            self.stdout.write(f"            and {finding.not_listed} more")

    def _sum_up(self, report: Report) -> None:
        sizes = [f"{number} {word.replace('_', ' ')}" for word, number in report.counts.items()]
        self.stdout.write(f"\nChecked {', '.join(sizes)}.")
        for what, heads in (("Head", report.heads), ("Audit log's head", report.audit_heads)):
            for head in heads:
                mode = "live" if head.livemode else "test"
                self.stdout.write(f"{what} of {head.platform} {mode}: {head.hash} at {head.height}")
        self.stdout.write(
            f"Waiting for their seal: {report.unsealed}, and of the audit log"
            f" {report.audit_unsealed}."
        )
        broken = len({violation.invariant for violation in report.violations})
        if broken:
            self.stdout.write(
                self.style.ERROR(f"{broken} of the invariants do not hold: docs/operate/check.md")
            )
        else:
            self.stdout.write(self.style.SUCCESS("Every invariant holds."))


def _refuse_unmigrated() -> None:
    if not up_to_date():
        raise CommandError(
            "This database lacks migrations: run `counterfoil migrate`, then check again.",
            returncode=2,
        )
