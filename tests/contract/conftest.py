"""A live server, a platform of the test's own, and the official SDK that speaks for it."""

from __future__ import annotations

import pytest
import stripe

from tests.contract.sdk import Witness, official_client
from tests.support.accounts import onboarded_individual
from tests.support.server import (  # noqa: F401 - fixtures and a hook
    Platform,
    Server,
    another_platform,
    blank_database,
    platform,
    pytest_runtest_makereport,
    server,
    shared_server,
)


@pytest.fixture
def witness() -> Witness:
    """Every answer that `client` got, judged already."""
    return Witness()


@pytest.fixture
def client(server: Server, platform: Platform, witness: Witness) -> stripe.StripeClient:  # noqa: F811 - fixtures
    return official_client(server.url, platform.secret_key_test, witness=witness)


@pytest.fixture
def seller(client: stripe.StripeClient) -> stripe.Account:
    """An Express account in the US, enabled by magic values."""
    return client.v1.accounts.create(onboarded_individual())


@pytest.fixture
def another_seller(client: stripe.StripeClient) -> stripe.Account:
    return client.v1.accounts.create(onboarded_individual(email="ada@example.com"))
