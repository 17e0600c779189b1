"""`kill -9`, the same request again with the same key: nothing lost, nothing doubled.

The real server on the real database. A failpoint (`kit/failpoints.py`) kills the process that
serves the request at a named moment and counts that in a file; we kill what is left of the
server, start it again and retry.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import stripe

from tests.contract.sdk import Answer, Witness, official_client
from tests.contract.story import WRITES, Write, reading, tell
from tests.support.server import BlankDatabase, Server, running_server

HITS = 10
CLIENTS, CHARGES = 4, 30
MOMENTS = (0.05, 0.11, 0.03, 0.17, 0.08)  # seconds that the server lives each time

# At which passing each fires, in every process anew. A replay passes the last one only, so
# after_commit may fire at the first: the retry gets through. The others let the retry pass.
FAILPOINTS = {"api.before_commit": 2, "api.after_commit": 1, "api.before_answer": 2}


@pytest.fixture
def mortal(blank_database: BlankDatabase, tmp_path: Path) -> Iterator[Server]:
    """A server of this test's own, which may be killed."""
    with running_server(blank_database, tmp_path) as running:
        yield running


class Stubborn:
    """Sends a write until it is answered, raising the server from the dead each time."""

    def __init__(self, server: Server, failpoint: str, log: Path) -> None:
        self.server = server
        self.environment = {
            "COUNTERFOIL_TEST_FAILPOINTS": f"{failpoint}:{FAILPOINTS[failpoint]}",
            "COUNTERFOIL_TEST_FAILPOINT_LOG": str(log),
        }
        self.attempts: Counter[str] = Counter()

    def __call__(self, key: str, write: Write) -> object:
        for _ in range(3):
            self.attempts[key] += 1
            try:
                return write(key)
            except stripe.APIConnectionError:
                self.restart()
        raise AssertionError(f"{key} is never answered: a retry does not replay")

    def restart(self) -> None:
        self.server.kill()
        self.server.start(**self.environment)


@pytest.mark.parametrize("name", FAILPOINTS)
def test_a_story_told_through_crashes_reads_like_one_told_calmly(mortal, tmp_path, name):
    calm = official_client(mortal.url, mortal.new_platform().secret_key_test)
    tell(calm, lambda key, write: write(key))
    calm_reading = reading(calm)
    key, witness = mortal.new_platform().secret_key_test, Witness()
    client = official_client(mortal.url, key, witness=witness, max_network_retries=0)

    log = tmp_path / "failpoints.log"
    stubborn = Stubborn(mortal, name, log)
    stubborn.restart()
    tell(client, stubborn)
    told = list(witness.answers)
    mortal.kill()
    mortal.start()

    hits = log.read_text().split()
    assert set(hits) == {name}
    assert len(hits) >= HITS
    assert stubborn.attempts.total() == WRITES + len(hits)
    # A crash before the commit left nothing to replay; after it, every retry was a replay.
    replayed = [answer for answer in told if "idempotent-replayed" in answer.headers]
    assert len(replayed) == (0 if name == "api.before_commit" else len(hits))

    assert reading(client) == calm_reading
    for answer in told:
        assert_it_is_there(client, answer)
    assert_told_again_all_is_replayed(mortal, key)
    assert reading(client) == calm_reading
    assert_the_books_are_in_order(mortal)


def assert_it_is_there(client: stripe.StripeClient, answer: Answer) -> None:
    """The object that an answer told of."""
    name, ident = answer.body.get("object"), answer.body.get("id")
    if ident is None:
        return  # a decline
    path = f"/v1/{name}s/{ident}"
    if name == "bank_account":
        path = f"/v1/accounts/{answer.body['account']}/external_accounts/{ident}"
    account = answer.headers.get("stripe-account")
    options = {"stripe_account": account} if account else {}
    assert client.raw_request("get", path, **options).data["id"] == ident


def assert_told_again_all_is_replayed(server: Server, key: str) -> None:
    witness = Witness()
    tell(official_client(server.url, key, witness=witness), lambda key, write: write(key))
    replayed = [answer.headers.get("idempotent-replayed") for answer in witness.answers]
    assert replayed == ["true"] * WRITES


def assert_the_books_are_in_order(server: Server) -> None:
    server.run("worker", "--once")
    verdict = server.check()
    assert verdict["ok"], verdict


@pytest.fixture
def busy_mortal(blank_database: BlankDatabase, tmp_path: Path) -> Iterator[Server]:
    with running_server(blank_database, tmp_path, workers=2) as running:
        yield running


def test_killed_at_any_moment_under_load_every_charge_is_there_once(busy_mortal):
    """No failpoint: two web processes, four clients, `kill -9` whenever it comes."""
    client = official_client(
        busy_mortal.url, busy_mortal.new_platform().secret_key_test, max_network_retries=0
    )
    load = Load(client)
    with ThreadPoolExecutor(CLIENTS) as pool:
        charged = [pool.submit(load.charge_all, who) for who in range(CLIENTS)]
        with load.given_up_on_failure():
            for moment in MOMENTS:
                time.sleep(moment)
                load.server_is_up.clear()
                busy_mortal.kill()
                busy_mortal.start()
                load.server_is_up.set()
        ids = [ident for each in charged for ident in each.result()]

    assert load.attempts > len(ids), "no request met a killed server"
    listed = client.v1.charges.list({"limit": 100}).auto_paging_iter()
    assert sorted(each.id for each in listed) == sorted(ids)
    assert len(set(ids)) == CLIENTS * CHARGES
    (available,) = client.v1.balance.retrieve().available
    assert available.amount == CLIENTS * CHARGES * 941
    events = client.v1.events.list({"limit": 100}).auto_paging_iter()
    assert Counter(each.data.object["id"] for each in events) == Counter(ids)
    assert_the_books_are_in_order(busy_mortal)


class Load:
    """Clients that each send their charges one after another until every one is answered."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self.client = client
        self.attempts = 0
        self.server_is_up, self.given_up = threading.Event(), threading.Event()
        self.server_is_up.set()

    def charge_all(self, who: int) -> list[str]:
        """The ids that came back, in order."""
        return [self._charge(f"client-{who}-charge-{number}") for number in range(CHARGES)]

    def _charge(self, key: str) -> str:
        params = {"amount": 1000, "currency": "usd", "source": "tok_bypassPending"}
        while not self.given_up.is_set():
            self.server_is_up.wait()
            self.attempts += 1
            try:
                return self.client.v1.charges.create(params, {"idempotency_key": key}).id
            except stripe.APIConnectionError:
                time.sleep(0.02)
            except stripe.APIError as error:
                if error.error.code != "idempotency_key_in_use":
                    raise
                time.sleep(0.02)  # PostgreSQL has not noticed yet that its client is gone
        raise AssertionError(f"{key}: the server did not come back")

    @contextmanager
    def given_up_on_failure(self) -> Iterator[None]:
        """Lets the clients end when the server cannot be started again."""
        try:
            yield
        except BaseException:
            self.given_up.set()
            self.server_is_up.set()
            raise
