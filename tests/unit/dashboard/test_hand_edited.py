"""Addresses that somebody edited by hand: each page answers, and says nothing it should not."""

from __future__ import annotations

import pytest

from counterfoil.dashboard.urls import urlpatterns
from tests.unit.dashboard.test_isolation import world  # noqa: F401 - a fixture
from tests.unit.dashboard.test_switches import Estate

BROKEN = ["\0", "'\"<script>", "9" * 400, "²", "[]", "%", "-1", "ä" * 300, "2025-02-30", "1e9.po_1"]
NAMES = {
    *("about", "account", "amount", "before", "country", "currency", "destination", "from"),
    *("least", "line", "lines", "method", "most", "of", "payout", "period", "q", "state"),
    *("status", "step", "tab", "to", "type", "after", "beyond"),
}
CONTRADICTING = [
    "from=2026-01-02&to=2025-01-01",
    "least=50&most=10",
    "status=failed&status=successful&method=visa&q=x&least=1",
    "type=refunds&currency=eur&status=pending&q=txn_nothing12345",
    "state=paid&state=failed&before=1.po_1",
    "period=custom&from=2025-05-05",
    "method=instant&currency=xxx&amount=1,2,3",
]


@pytest.fixture
def estate(world) -> Estate:  # noqa: F811 - the fixture
    return Estate(world)


def test_no_address_breaks_a_page_or_puts_markup_into_it(estate):
    asked = 0
    for pattern in urlpatterns:
        if set(pattern.pattern.converters) - set(estate.own) or pattern.name == "patterns":
            continue
        address = estate.address_of(pattern)
        nasty = [dict.fromkeys(NAMES, broken) for broken in BROKEN[:5]]
        plain = estate.browser.get(address).status_code
        for query in [*nasty, *CONTRADICTING]:
            data = {"data": query} if isinstance(query, dict) else {"QUERY_STRING": query}
            answer = estate.browser.get(address, **data)
            asked += 1
            assert answer.status_code in {plain, 200, 404}, (address, query, answer.status_code)
            if answer.status_code == 200 and not answer.streaming:
                assert b"<script>'" not in answer.content
                assert b"'\"<script>" not in answer.content, (address, query)
    assert asked > 300


@pytest.mark.parametrize("broken", BROKEN)
def test_no_part_of_a_path_breaks_a_page(estate, broken):
    for pattern in urlpatterns:
        if not pattern.pattern.converters or "\0" in broken or "%" in broken:
            continue
        address = "/" + str(pattern.pattern)
        for name in pattern.pattern.converters:
            address = address.replace(f"<str:{name}>", broken.replace("/", ""))
        answer = estate.browser.get(address)
        assert answer.status_code in {303, 404, 405, 410}, (address, answer.status_code)
