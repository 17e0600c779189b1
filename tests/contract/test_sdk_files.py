"""Customers and files through the official SDK (platform-calls A5 and B4)."""

from __future__ import annotations

import io
import urllib.error
import urllib.request

import pytest
import stripe

PNG = b"\x89PNG\r\n\x1a\n" + bytes(5000)


def logo(name: str = "logo.png", content: bytes = PNG) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def test_a_logo_is_uploaded_and_shown_by_a_link(client):
    file = client.v1.files.create({"purpose": "business_logo", "file": logo()})
    assert (file.type, file.size, file.filename) == ("png", len(PNG), "logo.png")

    link = client.v1.file_links.create({"file": file.id})
    with urllib.request.urlopen(link.url) as answer:  # noqa: S310 - our own server
        assert answer.read() == PNG
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    client.v1.file_links.update(link.id, {"expires_at": "now"})
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(link.url)  # noqa: S310
    assert [one.id for one in client.v1.files.list()] == [file.id]
    assert client.v1.file_links.retrieve(link.id, {"expand": ["file"]}).file.id == file.id


def test_the_contents_need_the_key(client, platform):
    file = client.v1.files.create({"purpose": "identity_document", "file": logo()})
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(file.url)  # noqa: S310

    asked = urllib.request.Request(file.url)  # noqa: S310
    asked.add_header("Authorization", f"Bearer {platform.secret_key_test}")
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        assert answer.read() == PNG


def test_a_page_in_disguise_is_refused(client):
    with pytest.raises(stripe.InvalidRequestError, match="PNG or JPEG") as refusal:
        client.v1.files.create(
            {"purpose": "dispute_evidence", "file": logo("scan.pdf", b"<html></html>")}
        )
    assert refusal.value.param == "file"


def test_a_rider_pays_with_the_card_on_file(client, seller):
    rider = client.v1.customers.create({"email": "ada@example.com", "description": "Rider"})
    client.v1.payment_methods.attach("pm_card_visa", {"customer": rider.id})
    listed = client.v1.payment_methods.list({"customer": rider.id, "type": "card"})
    card = listed.data[0]

    ride = client.v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "usd",
            "description": "Ride",
            "statement_descriptor": "Rocket Rides",
            "customer": rider.id,
            "payment_method": card.id,
            "confirm": True,
            "transfer_data": {"amount": 4000, "destination": seller.id},
            "expand": ["customer", "latest_charge.transfer"],
        }
    )
    assert (ride.status, ride.customer.email) == ("succeeded", "ada@example.com")
    assert ride.latest_charge.transfer.amount == 4000
    assert [one.id for one in client.v1.customers.payment_methods.list(rider.id)] == [card.id]
    assert client.v1.customers.list({"email": "ada@example.com"}).data[0].id == rider.id
    assert client.v1.customers.delete(rider.id).deleted is True
