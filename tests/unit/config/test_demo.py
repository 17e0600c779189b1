"""`counterfoil demo`: what it makes, that it makes it once, and the keys it writes down."""

from __future__ import annotations

import io
import json
import stat
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.executor import MigrationExecutor

from counterfoil.config.demo import making
from counterfoil.config.demo.making import make_demo, shares
from counterfoil.config.demo.sellers import CAST
from counterfoil.config.management.commands import demo as command
from counterfoil.kit.db import execute, fetch_all, fetch_one
from counterfoil.platforms.operations import create_platform
from counterfoil.platforms.queries import caller_of
from counterfoil.platforms.settings import Features
from counterfoil.platforms.timing import run_everything_due
from tests.support.books import violations

DAY = 86_400
NOW = 1_762_164_000  # Monday 3 November 2025, 10:00 UTC
MONEY = (
    "accounts_account",
    "accounts_externalaccount",
    "payments_paymentmethod",
    "payments_paymentintent",
    "payments_charge",
    "payments_transfer",
    "payments_applicationfee",
    "ledger_entry",
    "ledger_balancetransaction",
    "payouts_payout",
    "events_event",
)


@pytest.fixture(autouse=True)
def data_dir(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


def made(accounts=8, payments=150, now=NOW):
    return make_demo(accounts=accounts, payments=payments, now=now)


def everything():
    """Every row of money and of accounts, so that the slightest change shows."""
    return {name: sorted(fetch_all(f"SELECT * FROM {name}")) for name in MONEY}


def sellers():
    rows = fetch_all("SELECT id, metadata FROM accounts_account ORDER BY created, id")
    return {json.loads(metadata)["demo_seller"]: ident for ident, metadata in rows}


def saved(data_dir):
    return json.loads((data_dir / "demo.json").read_text())


# ---- What is made ----


@pytest.mark.django_db
def test_a_marketplace_with_a_name_a_colour_and_every_feature(data_dir):
    made(accounts=1, payments=0)

    ((name, colour),) = fetch_all("SELECT name, brand_color FROM platforms_platform")
    assert (name, colour) == ("Ambleroot", "#7a3f8f")
    caller = caller_of(saved(data_dir)["secret_key_test"], account_id=None)
    assert caller.settings.features == Features.all_on()
    assert not caller.livemode


@pytest.mark.django_db
def test_the_books_of_a_demo_hold():
    made(payments=200)

    assert violations(now=NOW, with_payments=True) == []


@pytest.mark.django_db
def test_all_kinds_of_charges_in_three_currencies():
    made(payments=200)

    kinds = set(fetch_all("SELECT DISTINCT type, currency FROM ledger_balancetransaction"))
    assert kinds >= {
        ("charge", "usd"),
        ("charge", "eur"),  # direct
        ("charge", "gbp"),
        ("payment", "usd"),
        ("payment", "gbp"),  # on behalf of
        ("transfer", "usd"),
        ("application_fee", "usd"),
        ("stripe_fee", "usd"),  # the platform pays for a direct charge
    }
    charges = "SELECT COUNT(*) FROM payments_charge WHERE "
    for flow in (
        "application_fee_amount IS NOT NULL AND transfer_destination IS NOT NULL",
        "transfer_amount IS NOT NULL",
        "on_behalf_of IS NOT NULL",
        "account_id <> platform_id AND id LIKE 'ch_%%'",
    ):
        assert fetch_one(charges + flow)[0] > 0, flow
    sources = "SELECT COUNT(*) FROM payments_transfer t WHERE "
    assert fetch_one(sources + "source_transaction IS NULL")[0] > 0
    separate = fetch_one(
        "SELECT COUNT(*) FROM payments_transfer t"
        " JOIN payments_charge c ON c.id = t.source_transaction AND c.transfer_id IS NULL"
    )
    assert separate[0] > 0


@pytest.mark.django_db
def test_the_cast_has_someone_new_someone_unfinished_and_a_long_name():
    made(payments=60)

    rows = fetch_all(
        "SELECT display_name, country, timezone, details_submitted, id FROM accounts_account"
    )
    by_name = {name: (country, zone, ready, ident) for name, country, zone, ready, ident in rows}
    assert len(by_name) == 8
    assert {country for country, *_ in by_name.values()} == {"US", "GB", "DE"}
    assert len({zone for _, zone, *_ in by_name.values()}) >= 6
    assert max(map(len, by_name)) > 100
    assert [name for name, (*_, ready, _) in by_name.items() if not ready] == [
        "Kiln Street Letterpress"
    ]
    ready = [ident for *_, ready, ident in by_name.values() if ready]
    paid = {owner for (owner,) in fetch_all("SELECT DISTINCT owner FROM ledger_balancetransaction")}
    assert [ident for ident in ready if ident not in paid] == [sellers()["nia-adeyemi"]]


@pytest.mark.django_db
def test_some_payments_are_declined_and_some_wait_for_their_capture():
    made(payments=400)

    states = Counter(
        fetch_all("SELECT status, captured FROM payments_charge")  # captured: 0 and 1 on SQLite
    )
    assert states["failed", False] > 5
    assert states["succeeded", False] > 0
    assert states["succeeded", True] > 300
    described = fetch_one("SELECT COUNT(*) FROM payments_charge WHERE description LIKE '%%#%%'")[0]
    assert 0.3 < described / sum(states.values()) < 0.7


@pytest.mark.django_db
def test_months_lie_behind_and_some_money_is_still_pending():
    made(payments=300)

    oldest, newest = fetch_one("SELECT MIN(created), MAX(created) FROM ledger_balancetransaction")
    assert (NOW - oldest) / DAY > 240
    assert (NOW - newest) / DAY < 2
    for when in ("<=", ">"):
        owners = fetch_all(
            "SELECT owner FROM ledger_balance WHERE purpose = 'payments' AND currency = 'usd'"
            f" AND available_on {when} %s GROUP BY owner HAVING SUM(amount) > 0",
            [NOW],
        )
        assert owners, when


@pytest.mark.django_db
@pytest.mark.parametrize("second", [0, 1, DAY // 2, DAY - 1])
def test_nothing_lies_in_the_future(second):
    now = NOW - NOW % DAY + second
    made(payments=120, now=now)

    for table in (*MONEY, "platforms_platform"):
        column = "effective_at" if table == "ledger_entry" else "created"
        latest, earliest = fetch_one(f"SELECT MAX({column}), MIN({column}) FROM {table}")
        assert latest <= now, table
        assert earliest > now - 300 * DAY, table
    opened = fetch_one("SELECT created FROM platforms_platform")[0]
    assert fetch_one("SELECT MIN(created) FROM accounts_account")[0] > opened


@pytest.mark.django_db
def test_the_platforms_own_clock_counts(data_dir):
    made(accounts=1, payments=0)
    execute("UPDATE platforms_platform SET test_clock_offset = %s", [40 * DAY])
    made(accounts=2, payments=200)

    newest = fetch_one("SELECT MAX(created) FROM payments_charge")[0]
    assert NOW + 30 * DAY < newest <= NOW + 40 * DAY


def payouts_of(key):
    """Automatic payouts of a seller: the day they were made, and their state."""
    rows = fetch_all(
        "SELECT created, status FROM payouts_payout WHERE account_id = %s AND automatic"
        " ORDER BY created",
        [sellers()[key]],
    )
    return [(datetime.fromtimestamp(at, UTC), status) for at, status in rows]


@pytest.mark.django_db
def test_money_is_paid_out_on_the_days_of_each_schedule():
    made(payments=200)

    daily, weekly, monthly = map(payouts_of, ("wren-and-alder", "amara-okafor", "lindenhof"))
    assert (len(daily) > 25) & (len(weekly) > 15) & (len(monthly) > 5)
    for payouts in (daily, weekly, monthly):
        assert all(at.hour == at.minute == 0 and at.weekday() < 5 for at, _ in payouts)
        old = [status for at, status in payouts if (NOW - at.timestamp()) > 5 * DAY]
        assert set(old) <= {"paid", "failed"}
    # On Fridays, and on Mondays after a holiday; on the first, or the next bank day.
    assert {at.weekday() for at, _ in weekly} <= {4, 0}
    assert all(at.day <= 4 for at, _ in monthly)


@pytest.mark.django_db
def test_each_kind_of_trouble_and_habit_has_its_seller():
    made(payments=300)
    by_key = sellers()

    def of(key, what):
        rows = fetch_all(f"SELECT {what} FROM payouts_payout WHERE account_id = %s", [by_key[key]])
        return Counter(row[0] for row in rows)

    assert of("wren-and-alder", "status")["failed"] == 1
    # What came back went out again with a later payout.
    failed = fetch_one(
        "SELECT COUNT(*) FROM payouts_line WHERE txn_id IN"
        " (SELECT failure_transaction_id FROM payouts_payout)"
    )
    assert failed == (1,)
    errored = fetch_one(
        "SELECT COUNT(*) FROM accounts_externalaccount"
        " WHERE status = 'errored' AND deleted_at IS NULL"
    )
    assert errored == (0,)
    by_hand = of("juniper-ridge", "method")
    assert by_hand["standard"] > 2
    assert by_hand["instant"] == 1
    assert of("juniper-ridge", "decided_by") == {"seller": by_hand.total()}

    balances = dict(
        fetch_all(
            "SELECT owner, SUM(amount) FROM ledger_balance WHERE purpose = 'payments'"
            " AND available_on <= %s GROUP BY owner",
            [NOW],
        )
    )
    assert balances[by_key["boatbuilders"]] < -200_000
    assert balances[by_key["juniper-ridge"]] > 50_000
    aside = fetch_one("SELECT SUM(amount) FROM ledger_balance WHERE purpose = 'prefunding'")
    assert aside == (25_000,)


@pytest.mark.django_db
def test_every_state_of_a_refund_and_of_a_dispute_is_there():
    made(payments=300)
    direct, on_behalf = (sellers()[key] for key in ("lindenhof", "halcyon-lane"))

    refunds = Counter(
        row[0]
        for row in fetch_all(
            "SELECT status FROM payments_refund WHERE account_id = %s AND decided_by = 'seller'",
            [direct],
        )
    )
    assert set(refunds) == {"succeeded", "pending", "failed"}
    whole, part = fetch_one(
        "SELECT SUM(CASE WHEN amount_refunded = amount_captured THEN 1 ELSE 0 END), COUNT(*)"
        " FROM payments_charge WHERE seller_id = %s AND amount_refunded > 0",
        [direct],
    )
    assert part > whole > 0
    disputes = dict(
        fetch_all(
            "SELECT status, COUNT(*) FROM disputes_dispute WHERE seller_id = %s GROUP BY status",
            [direct],
        )
    )
    assert set(disputes) == {
        "warning_closed",
        "warning_needs_response",
        "needs_response",
        "under_review",
        "won",
        "lost",
    }
    soonest = fetch_one(
        "SELECT MIN(due_by) FROM disputes_dispute WHERE closed_at IS NULL"
        " AND status = 'needs_response' AND seller_id = %s",
        [direct],
    )
    assert 0 < soonest[0] - NOW < 3 * DAY
    seen = "SELECT COUNT(*) FROM disputes_dispute WHERE seller_id = %s AND account_id <> seller_id"
    assert fetch_one(seen, [on_behalf]) == (1,)
    assert fetch_one("SELECT COUNT(*) FROM disputes_earlyfraudwarning WHERE actionable")[0] == 1


# ---- Once ----


@pytest.mark.django_db
def test_a_second_run_changes_nothing(data_dir):
    first = made(payments=80)
    before, keys = everything(), saved(data_dir)
    second = made(payments=80, now=NOW + 3 * DAY)

    assert (first.sellers, first.payments) == (8, 80)
    assert (second.sellers, second.payments, second.were_there) == (0, 0, 8)
    assert everything() == before
    assert saved(data_dir) == keys


@pytest.mark.django_db
def test_more_accounts_adds_the_missing_ones():
    made(accounts=2, payments=40)
    run_everything_due(NOW + DAY)  # as a worker would have done by then
    before = everything()
    later = made(accounts=10, payments=60, now=NOW + DAY)

    assert (later.sellers, later.were_there) == (8, 2)
    assert list(sellers())[:2] == ["wren-and-alder", "amara-okafor"]
    assert len(sellers()) == 10
    after = everything()
    for table, rows in before.items():
        assert set(rows) <= set(after[table]), table
    assert violations(now=NOW + DAY, with_payments=True) == []


@pytest.mark.django_db
def test_fewer_accounts_than_there_are_takes_nobody_away():
    made(accounts=8, payments=40)
    before = everything()

    assert made(accounts=3, payments=40).sellers == 0
    assert everything() == before


def test_a_run_that_was_cut_short_is_completed_by_the_next(committed_database, monkeypatch):
    paid = []

    def pay_until_the_third_seller(shop, planned):
        paid.append(shop.seller.key)
        if len(set(paid)) == 3 and paid.count(paid[-1]) == 5:
            raise KeyboardInterrupt
        pay(shop, planned)

    pay = making.pay
    monkeypatch.setattr(making, "pay", pay_until_the_third_seller)
    with pytest.raises(KeyboardInterrupt):
        made(payments=120)
    # Of the third seller nothing is left, not even its account.
    assert list(sellers()) == ["wren-and-alder", "amara-okafor"]

    monkeypatch.setattr(making, "pay", pay)
    completed = made(payments=120)
    assert (completed.sellers, completed.were_there) == (6, 2)
    counts = shares(CAST, 120)
    assert fetch_one("SELECT COUNT(*) FROM platforms_platform") == (1,)
    assert completed.payments == 120 - counts["wren-and-alder"] - counts["amara-okafor"]
    assert violations(now=NOW, with_payments=True) == []


@pytest.mark.django_db
def test_further_sellers_are_made_up_and_work():
    made(accounts=20, payments=200)

    assert len(sellers()) == 20
    assert violations(now=NOW, with_payments=True) == []


# ---- The keys ----


@pytest.mark.django_db
def test_the_keys_are_written_where_only_the_user_reads_them(data_dir):
    keys = made(accounts=1, payments=0).keys

    file = data_dir / "demo.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert saved(data_dir) == {
        "platform_id": keys.platform_id,
        "name": "Ambleroot",
        "secret_key_test": keys.secret_key_test,
        "publishable_key_test": keys.publishable_key_test,
    }
    assert [one.name for one in data_dir.iterdir()] == ["demo.json"]  # no draft is left
    for key, kind in ((keys.secret_key_test, "secret"), (keys.publishable_key_test, "publishable")):
        caller = caller_of(key, account_id=None)
        assert (caller.kind, caller.livemode, caller.platform_id) == (
            kind,
            False,
            keys.platform_id,
        )


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["lost", "broken", "empty", "of another platform", "not JSON"])
def test_a_further_key_is_made_when_the_file_does_not_open_the_platform(data_dir, what):
    first = made(accounts=1, payments=0).keys
    file = data_dir / "demo.json"
    other = create_platform(name="Elsewhere", now=NOW)
    if what == "lost":
        file.unlink()
    else:
        file.write_text(
            {
                "broken": json.dumps(saved(data_dir) | {"secret_key_test": "sk_test_" + "x" * 48}),
                "empty": "",
                "not JSON": '{"platform_id":',
                "of another platform": json.dumps(
                    saved(data_dir)
                    | {
                        "platform_id": other.platform.id,
                        "secret_key_test": other.secret_test.text,
                        "publishable_key_test": other.publishable_test.text,
                    }
                ),
            }[what]
        )
        file.chmod(0o644)
    again = made(accounts=1, payments=0).keys

    assert again.platform_id == first.platform_id
    assert again.secret_key_test != first.secret_key_test
    assert saved(data_dir)["secret_key_test"] == again.secret_key_test
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for key in (first.secret_key_test, again.secret_key_test):
        assert caller_of(key, account_id=None).platform_id == first.platform_id


# ---- The command ----


@pytest.fixture
def run(monkeypatch):
    """Run the command at NOW; what it prints."""
    monkeypatch.setattr(command, "wall_now", lambda: NOW)

    def ran(*arguments):
        out = io.StringIO()
        call_command("demo", *arguments, stdout=out)
        return out.getvalue()

    return ran


@pytest.mark.django_db
def test_the_command_says_what_it_made_and_where_to_go(run, data_dir):
    text = run("--accounts", "3", "--payments", "30")

    assert "Wren & Alder Ceramics: 14 payments" in text
    assert "Ambleroot: 3 sellers and 30 payments added." in text
    assert saved(data_dir)["secret_key_test"] in text
    assert "/dev/sellers" in text
    assert "sk_live" not in text

    again = run("--accounts", "3", "--payments", "30")
    assert "nothing to add" in again
    assert saved(data_dir)["secret_key_test"] in again


@pytest.mark.django_db
def test_if_empty_does_nothing_where_there_is_a_platform(run, data_dir):
    create_platform(name="Bazaar", now=NOW)

    assert run("--if-empty", "--payments", "10") == ""
    assert fetch_all("SELECT name FROM platforms_platform") == [("Bazaar",)]
    assert not (data_dir / "demo.json").exists()
    assert "added" in run("--payments", "10")  # without it, the demo comes beside


@pytest.mark.django_db
def test_a_database_that_was_never_migrated_is_said_so(run, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["a migration"])

    with pytest.raises(CommandError, match="counterfoil migrate"):
        run("--payments", "10")


@pytest.mark.django_db
def test_if_empty_makes_the_demo_where_there_is_none(run):
    assert "added" in run("--if-empty", "--payments", "10")


@pytest.mark.parametrize(
    "arguments",
    [("--accounts", "0"), ("--accounts", "-1"), ("--payments", "-5"), ("--payments", "many")],
)
def test_numbers_that_cannot_be_are_refused(run, arguments):
    with pytest.raises(CommandError, match="must be a whole number"):
        run(*arguments)
