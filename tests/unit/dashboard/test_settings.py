"""`/settings`: who one is, and how one signs in."""

from __future__ import annotations

from django.test import Client

from counterfoil.access.models import Session
from counterfoil.accounts.models import Account


def test_a_seller_reads_who_they_are_and_where_codes_go(seller):
    Account.objects.update(phone="+12125550167")

    page = seller.get("/settings").content.decode()

    for words in ("Ada Byron", "United States", "ada@example.com", "•••• 67"):
        assert words in page
    assert "2125550167" not in page
    assert "Bazaar" in page
    assert 'href="/accounts"' not in page
    for part in ("profile", "security", "business", "public", "payouts", "marketplace"):
        assert f'href="/settings/{part}"' in page


def test_whoever_proved_an_address_finds_their_other_accounts(seller):
    Session.objects.update(proven_channel="email", proven_address="ada@example.com")

    assert 'href="/accounts"' in seller.get("/settings").content.decode()


def test_without_phone_and_address_it_says_so(seller):
    Account.objects.update(phone=None, email=None)

    page = seller.get("/settings").content.decode()

    assert "no number yet" in page
    assert "no address yet" in page


def test_strangers_are_sent_to_sign_in(db):
    assert Client().get("/settings")["Location"] == "/login"
