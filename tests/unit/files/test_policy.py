"""What may be handed in and shown, decided by content and purpose."""

from __future__ import annotations

import pytest

from counterfoil.files.policy import (
    PURPOSES,
    check_content,
    check_expiry,
    check_linkable,
    most_bytes,
    type_of,
)
from counterfoil.kit.refused import InvalidRequest

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPG = b"\xff\xd8\xff\xe0" + bytes(20)
PDF = b"%PDF-1.7\n" + bytes(20)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "png"),
        (JPG, "jpg"),
        (PDF, "pdf"),
        (b"GIF89a", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<html>%PDF-1.7", None),
        (b"MZ" + PNG, None),
        (PNG[:7], None),
        (b"", None),
    ],
)
def test_a_type_is_what_the_content_says(content, kind):
    assert type_of(content) == kind


@pytest.mark.parametrize(
    ("purpose", "kib"),
    [("business_icon", 512), ("business_logo", 512), ("dispute_evidence", 5120)],
)
def test_a_file_may_be_as_large_as_its_purpose_allows_and_no_larger(purpose, kib):
    full = PNG + bytes(kib * 1024 - len(PNG))
    assert check_content(full, purpose=purpose) == "png"
    with pytest.raises(InvalidRequest, match="bytes") as refusal:
        check_content(full + b"x", purpose=purpose)
    assert refusal.value.param == "file"


def test_no_purpose_takes_more_than_sixteen_mebibytes():
    assert max(map(most_bytes, PURPOSES)) == most_bytes("identity_document") == 16 * 1024 * 1024


@pytest.mark.parametrize("purpose", ["business_icon", "business_logo", "customer_signature"])
def test_what_is_shown_as_an_image_is_an_image(purpose):
    assert check_content(JPG, purpose=purpose) == "jpg"
    with pytest.raises(InvalidRequest, match="PNG or JPEG image,"):
        check_content(PDF, purpose=purpose)


def test_who_somebody_is_never_gets_an_open_address():
    check_linkable("business_logo")
    with pytest.raises(InvalidRequest, match="identity_document"):
        check_linkable("identity_document")


def test_a_link_expires_later_than_now():
    check_expiry(None, now_wall=100)
    check_expiry(101, now_wall=100)
    with pytest.raises(InvalidRequest):
        check_expiry(100, now_wall=100)
