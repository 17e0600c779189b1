"""A month of transactions as a file, by the keyboard alone; the books hold the same sum."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stripe
from playwright.sync_api import Page

from tests.browser.test_a_seller_sees_their_money import sign_in, tab_to

pytestmark = pytest.mark.browser


def test_a_month_is_exported_with_the_sum_of_the_books(
    page: Page, client: stripe.StripeClient, seller: stripe.Account, javascript: bool
):
    sign_in(page, client, seller, javascript)
    first = datetime.now(UTC).replace(day=1).date().isoformat()
    page.goto(f"{page.url.rstrip('/')}/transactions?from={first}")
    tab_to(page, "Export")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Export: Transactions").wait_for()
    tab_to(page, "For accounting programs and any spreadsheet.")
    page.keyboard.press("Tab")
    tab_to(page, "Export")
    with page.expect_download() as download:
        page.keyboard.press("Enter")

    saved = Path(download.value.path())
    with saved.open(encoding="utf-8-sig", newline="") as file:
        *rows, total = list(csv.DictReader(file))
    assert download.value.suggested_filename == "Transactions.csv"
    in_books = client.v1.balance_transactions.list({"limit": 100}, {"stripe_account": seller.id})
    assert {row["Transaction"] for row in rows} == {row.id for row in in_books.data}
    assert round(float(total["Net"]) * 100) == sum(row.net for row in in_books.data)
