"""Uploads in a bucket that speaks S3, by `COUNTERFOIL_FILES_URL` alone."""

from __future__ import annotations

import io
import urllib.request
from collections.abc import Iterator

import pytest
import stripe

from tests.contract.sdk import official_client
from tests.support.bucket import KEY, Bucket, running_bucket
from tests.support.server import Server, running_server

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with running_bucket() as running:
        yield running


@pytest.fixture
def server(blank_database, tmp_path, bucket) -> Iterator[Server]:
    with running_server(blank_database, tmp_path, COUNTERFOIL_FILES_URL=bucket.url) as running:
        yield running


def test_what_is_handed_in_is_kept_in_the_bucket_and_served_from_it(server, bucket, tmp_path):
    platform = server.new_platform()
    client = official_client(server.url, platform.secret_key_test)
    file = client.v1.files.create({"purpose": "dispute_evidence", "file": receipt()})

    assert bucket.objects == {f"all/{platform.platform_id}/{file.id}": PDF}
    assert bucket.signed_by == {f"AWS4-HMAC-SHA256 Credential={KEY}"}
    assert not (tmp_path / "files").exists()
    link = client.v1.file_links.create({"file": file.id})
    assert link.url.startswith(server.url)
    with urllib.request.urlopen(link.url) as answer:  # noqa: S310 - our own server
        assert answer.read() == PDF

    # A bucket that is out of order refuses the upload, and there is no file without its bytes.
    bucket.works = False
    with pytest.raises(stripe.APIError):
        client.v1.files.create({"purpose": "dispute_evidence", "file": receipt()})
    assert [one.id for one in client.v1.files.list()] == [file.id]
    bucket.works = True
    assert client.v1.files.create({"purpose": "dispute_evidence", "file": receipt()}).size == 10_249


def receipt() -> io.BytesIO:
    content = io.BytesIO(PDF)
    content.name = "receipt.pdf"
    return content
