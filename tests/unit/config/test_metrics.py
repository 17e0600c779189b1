"""`/metrics`: what waits, and who may see it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from counterfoil.config.environment import read_environment
from counterfoil.config.metrics import CONTENT_TYPE, GAUGES, exposition
from counterfoil.kit.db import execute
from counterfoil.ledger.sealing import seal_all
from counterfoil.outbox.operations import claim, enqueue
from counterfoil.webhooks.operations.endpoints import create_endpoint
from counterfoil.webhooks.params import CreateEndpoint
from tests.support.builders import DAY, MONDAY, World

pytestmark = pytest.mark.django_db

SAMPLE = re.compile(r'(counterfoil_[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) (\d+)')


def read(now: int) -> dict[str, int]:
    """Every sample; a line that is neither one nor a comment fails."""
    samples = {}
    for line in exposition(now).splitlines():
        if not line.startswith(("# HELP counterfoil_", "# TYPE counterfoil_")):
            found = SAMPLE.fullmatch(line)
            assert found, line
            samples[found[1]] = int(found[2])
    return samples


def test_an_empty_installation_waits_for_nothing():
    samples = read(MONDAY)

    assert set(samples.values()) == {0}
    assert 'counterfoil_payouts_open{mode="live",status="in_transit"}' in samples


def test_jobs_are_counted_by_what_they_wait_for(monkeypatch):
    for due_at in (MONDAY - 90, MONDAY - 30, MONDAY - 20, MONDAY + 60):
        enqueue("mail.send", {}, due_at=due_at, now=MONDAY - 100)

    claim(kinds=["mail.send"], now=MONDAY, limit=1, lease_seconds=300)
    samples = read(MONDAY)

    assert samples['counterfoil_outbox_jobs{kind="mail.send",state="running"}'] == 1
    assert samples['counterfoil_outbox_jobs{kind="mail.send",state="due"}'] == 2
    assert samples['counterfoil_outbox_jobs{kind="mail.send",state="later"}'] == 1
    assert samples["counterfoil_outbox_oldest_due_seconds"] == 30


def test_a_payout_is_seen_from_the_day_it_is_due_until_it_has_arrived():
    world = World()
    seller = world.seller()
    world.give(seller, 1000)
    accounts, payouts = (
        'counterfoil_accounts_due{mode="test"}',
        'counterfoil_payouts_due{mode="test"}',
    )
    is_open = 'counterfoil_payouts_open{mode="test",status="in_transit"}'

    assert read(MONDAY)[accounts] == 0
    assert read(MONDAY + DAY)[accounts] == 1
    world.run_until(MONDAY + DAY)
    samples = read(MONDAY + DAY)
    assert (samples[accounts], samples[payouts], samples[is_open]) == (0, 0, 1)
    assert read(MONDAY + 2 * DAY)[payouts] == 1
    world.run_until(MONDAY + 2 * DAY)
    assert read(MONDAY + 2 * DAY)[payouts] == 0
    assert read(MONDAY + 2 * DAY)[is_open] == 0


def test_the_unsealed_tail_is_counted_until_a_worker_seals_it():
    world = World()
    world.fund(1000)
    tail = 'counterfoil_unsealed_entries{mode="test"}'

    assert read(MONDAY)[tail] > 0
    seal_all(MONDAY)
    assert read(MONDAY)[tail] == 0


def test_events_on_their_way_and_endpoints_that_fail_are_counted():
    world = World()
    params = CreateEndpoint(url="http://localhost/hook", enabled_events=["*"])
    create_endpoint(scope=world.scope, params=params, now=MONDAY)
    world.fund(1000)
    due = 'counterfoil_webhook_deliveries{mode="test",state="due"}'
    states = [
        f'counterfoil_webhook_endpoints{{mode="test",state="{state}"}}'
        for state in ("enabled", "failing")
    ]

    assert read(MONDAY)[due] == 1
    assert [read(MONDAY)[state] for state in states] == [1, 0]
    execute("UPDATE webhooks_endpoint SET failing_since = 1")
    assert [read(MONDAY)[state] for state in states] == [0, 1]


def test_in_development_anybody_on_this_machine_may_read_it(client, settings):
    settings.DEVELOPMENT = True
    answer = client.get("/metrics")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, CONTENT_TYPE)
    assert answer.content.startswith(b"# HELP counterfoil_outbox_jobs ")


@pytest.mark.parametrize(
    ("token", "sent", "status"),
    [
        ("prometheus-of-ours", "Bearer prometheus-of-ours", 200),
        ("prometheus-of-ours", "Bearer prometheus-of-theirs", 404),
        ("prometheus-of-ours", "", 404),
        ("prometheus-of-ours", "Bearer \N{SNOWMAN}", 404),
        (None, "Bearer None", 404),
        (None, "", 404),
    ],
)
def test_elsewhere_it_exists_only_for_whoever_has_the_token(client, settings, token, sent, status):
    settings.DEVELOPMENT, settings.METRICS_TOKEN = False, token

    assert client.get("/metrics", headers={"Authorization": sent}).status_code == status


def test_a_token_that_is_easily_guessed_is_refused(monkeypatch):
    monkeypatch.setenv("COUNTERFOIL_METRICS_TOKEN", "secret")

    with pytest.raises(ValueError, match="COUNTERFOIL_METRICS_TOKEN"):
        read_environment()


def test_every_gauge_is_explained():
    rows = [
        line.split("|")[1].strip().strip("`").partition("{")[0]
        for line in Path("docs/operate/metrics.md").read_text().splitlines()
        if line.startswith("| `counterfoil_")
    ]

    assert rows == [gauge.name for gauge in GAUGES]
