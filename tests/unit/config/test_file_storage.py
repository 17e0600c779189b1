"""What COUNTERFOIL_FILES_URL may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterfoil.config.file_storage import file_storage


def test_on_disk_nobody_else_reads_what_is_handed_in():
    options = file_storage("disk:", Path("/data"))["OPTIONS"]

    assert options["location"] == Path("/data/files")
    assert (options["file_permissions_mode"], options["directory_permissions_mode"]) == (
        0o600,
        0o700,
    )


def test_a_bucket_is_one_url():
    url = "s3://KEY:a%2Fb@minio.internal:9000/uploads/of/ours?tls=off&region=eu-west-1"
    options = file_storage(url, Path("/data"))["OPTIONS"]

    assert options["endpoint_url"] == "http://minio.internal:9000"
    assert (options["access_key"], options["secret_key"]) == ("KEY", "a/b")
    assert (options["bucket_name"], options["location"]) == ("uploads", "of/ours")
    assert options["region_name"] == "eu-west-1"


def test_a_bucket_is_spoken_to_by_tls_and_as_the_machine_unless_told_otherwise():
    options = file_storage("s3://s3.amazonaws.com/uploads", Path("/data"))["OPTIONS"]

    assert options["endpoint_url"] == "https://s3.amazonaws.com:443"
    assert (options["access_key"], options["secret_key"]) == (None, None)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://host/uploads", "disk: or s3://"),
        ("s3://KEY:SECRET@host", "name host and bucket"),
        ("s3:///uploads", "name host and bucket"),
        ("s3://KEY@host/uploads", "both a key and its secret"),
        ("s3://host/uploads?tls=maybe", "either on or off"),
        ("s3://host/uploads?acl=public", "unknown option acl"),
        ("s3://host:99999/uploads", "port"),
    ],
)
def test_a_url_that_cannot_work_stops_the_start_and_says_why(url, says):
    with pytest.raises(ValueError, match=says):
        file_storage(url, Path("/data"))
