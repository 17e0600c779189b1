"""/v1/files, /v1/file_links and /files/{token}, as an SDK and a browser meet them."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import storages
from django.test import Client

from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import execute, fetch_one
from tests.contract.sdk_types import assert_valid
from tests.unit.api.caller import CHARGE, StraightApi, assert_refused

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPG = b"\xff\xd8\xff\xe0" + bytes(20)
PDF = b"%PDF-1.7\n" + bytes(20)
BOUNDARY = "counterfoil-boundary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
INERT = "default-src 'none'; frame-ancestors 'none'; sandbox"


def body(*parts: tuple[str, object, str | None]) -> bytes:
    """Parts are name, value, and the filename of a file."""
    lines = []
    for name, value, filename in parts:
        named = f'; filename="{filename}"' if filename is not None else ""
        kind = "Content-Type: text/html\r\n" if filename is not None else ""
        lines.append(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n'
            f"{kind}\r\n".encode()
            + (value if isinstance(value, bytes) else str(value).encode())
            + b"\r\n"
        )
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()


def send(api, content=PNG, *, filename="logo.png", purpose="business_logo", how=None, **texts):
    parts = [(name, value, None) for name, value in ({"purpose": purpose} | texts).items()]
    raw = body(*parts, ("file", content, filename))
    return api.send("POST", "files", raw, content_type=MULTIPART, **(how or {}))


def upload(api, *args, **more):
    reply = send(api, *args, **more)
    assert reply.status == 200, reply.json
    assert_valid(reply.json)
    return reply.json


def link_to(api, file, **more):
    made = api.post("file_links", {"file": file["id"]} | more).json
    assert_valid(made)
    return made


def fetch(url):
    return Client().get(urlsplit(url).path)


def test_a_file_is_handed_in_and_read(api):
    made = upload(api)

    assert made["id"].startswith("file_")
    assert (made["type"], made["size"], made["filename"]) == ("png", len(PNG), "logo.png")
    assert made["purpose"] == "business_logo"
    assert made["url"].endswith(f"/v1/files/{made['id']}/contents")
    assert made["links"]["data"] == []
    assert api.get(f"files/{made['id']}").json == made
    (event,) = api.get("events", {"type": "file.created"}).json["data"]
    assert event["data"]["object"] == made


def test_only_the_content_says_what_a_file_is(api):
    made = upload(api, JPG, filename="page.html")
    assert made["type"] == "jpg"
    refused = send(api, b"<script>alert(1)</script>", filename="logo.png")
    assert_refused(refused, 400, None, param="file", says="PNG or JPEG")
    assert len(api.get("files").json["data"]) == 1


def test_the_bytes_are_for_nobody_else_on_the_machine(api):
    upload(api)
    (stored_as,) = fetch_one("SELECT stored_as FROM files_file")
    path = Path(storages["files"].path(stored_as))

    assert path.read_bytes() == PNG
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_contents_are_for_the_key_and_do_nothing(api):
    made = upload(api, PDF, filename='a "b".pdf', purpose="dispute_evidence")
    path = f"/v1/files/{made['id']}/contents"
    browser = Client()

    assert browser.get(path).status_code == 401
    got = browser.get(path, headers={"Authorization": f"Bearer {api.key}"})
    assert (got.status_code, got.content) == (200, PDF)
    assert got["Content-Type"] == "application/pdf"
    assert got["Content-Disposition"] == "attachment; filename*=UTF-8''a%20%22b%22.pdf"
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Security-Policy"] == INERT
    assert got["Request-Id"].startswith("req_")


def test_the_short_way_takes_files_too(api):
    raw = body(("purpose", "business_icon", None), ("file", PNG, "i.png"))
    straight = StraightApi(api.world)
    status, _, answer = straight.send("POST", "files", raw, content_type=MULTIPART)
    made = json.loads(answer)
    assert status == "200 OK"
    status, headers, content = straight.send("GET", f"files/{made['id']}/contents", b"")
    assert (status, headers["Content-Type"], content) == ("200 OK", "image/png", PNG)


def test_anybody_may_follow_a_link(api):
    logo = upload(api)
    link = link_to(api, logo, metadata={"n": "1"})

    assert (link["file"], link["expired"], link["expires_at"]) == (logo["id"], False, None)
    got = fetch(link["url"])
    assert (got.status_code, got.content, got["Content-Type"]) == (200, PNG, "image/png")
    assert got["Content-Security-Policy"] == INERT
    assert got["Content-Disposition"].startswith("attachment")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert api.get(f"files/{logo['id']}").json["links"]["data"] == [link]
    shown = api.get(f"file_links/{link['id']}", {"expand": ["file"]}).json
    assert_valid(shown)
    assert shown["file"]["id"] == logo["id"]
    assert fetch(link["url"] + "x").status_code == 404


def test_an_expired_link_leads_nowhere(api):
    logo = upload(api)
    link, other = link_to(api, logo, expires_at=wall_now() + 3600), link_to(api, logo)
    assert fetch(link["url"]).status_code == 200
    execute("UPDATE files_link SET expires_at = 1 WHERE id = %s", [link["id"]])

    assert fetch(link["url"]).status_code == 404
    seen = api.get(f"file_links/{link['id']}").json
    assert_valid(seen)
    assert (seen["expired"], seen["url"]) == (True, None)

    def found(**filters):
        page = api.get("file_links", filters).json
        assert_valid(page)
        return [one["id"] for one in page["data"]]

    assert found() == [other["id"], link["id"]]
    assert found(expired="true") == [link["id"]]
    assert found(expired="false") == [other["id"]]
    assert found(file=logo["id"], starting_after=other["id"]) == [link["id"]]


def test_a_link_can_be_ended_and_prolonged(api):
    link = link_to(api, upload(api), metadata={"a": "1"})
    path = f"file_links/{link['id']}"

    ended = api.post(path, {"expires_at": "now"}).json
    assert_valid(ended)
    assert (ended["expired"], fetch(link["url"]).status_code) == (True, 404)
    again = api.post(path, {"expires_at": "", "metadata": {"b": "2"}}).json
    assert again == link | {"metadata": {"a": "1", "b": "2"}}
    assert fetch(link["url"]).status_code == 200
    assert_refused(api.post(path, {"expires_at": 1}), 400, None, param="expires_at")
    assert_refused(api.post("file_links/link_no"), 404, "resource_missing", param="link")


def test_an_upload_may_bring_its_link(api):
    more = {"file_link_data[create]": "true", "file_link_data[metadata][n]": "1"}
    made = upload(api, **more)

    (link,) = made["links"]["data"]
    assert (link["file"], link["metadata"]) == (made["id"], {"n": "1"})
    assert fetch(link["url"]).content == PNG
    without = {"file_link_data[create]": "false", "file_link_data[expires_at]": "99"}
    assert_refused(send(api, **without), 400, None, param="file_link_data[create]")


def test_who_somebody_is_cannot_be_linked(api):
    passport = upload(api, purpose="identity_document")
    refused = api.post("file_links", {"file": passport["id"]})
    assert_refused(refused, 400, None, param="file", says="identity_document")
    more = {"purpose": "identity_document", "file_link_data[create]": "true"}
    assert_refused(send(api, **more), 400, None, param="file")
    assert len(api.get("files").json["data"]) == 1


def test_files_are_listed_and_belong_to_one_account(api):
    seller = api.world.seller()
    logo, evidence = upload(api), upload(api, PDF, purpose="dispute_evidence")
    theirs = upload(api, how={"on": seller})

    page = api.get("files").json
    assert_valid(page)
    assert [one["id"] for one in page["data"]] == [evidence["id"], logo["id"]]
    filtered = api.get("files", {"purpose": "business_logo"}).json["data"]
    assert [one["id"] for one in filtered] == [logo["id"]]
    older = api.get("files", {"starting_after": evidence["id"], "created": {"gt": 5}}).json
    assert [one["id"] for one in older["data"]] == [logo["id"]]
    for path in (f"files/{theirs['id']}", f"files/{theirs['id']}/contents"):
        assert_refused(api.get(path), 404, "resource_missing", param="file")
    refused = api.post("file_links", {"file": theirs["id"]})
    assert_refused(refused, 400, "resource_missing", param="file")


def test_an_upload_is_kept_once_under_its_key(api):
    once = {"how": {"key": "once"}}
    made = upload(api, **once)
    assert upload(api, **once) == made
    assert len(api.get("files").json["data"]) == 1
    other = send(api, PNG + b"!", **once)
    assert (other.status, other.error["type"]) == (400, "idempotency_error")


def test_evidence_shows_its_file(api):
    charge = api.post("charges", CHARGE).json["id"]
    dispute = api.post("test_helpers/disputes", {"charge": charge}).json["id"]
    receipt = upload(api, PDF, purpose="dispute_evidence")
    evidence = json.dumps({"receipt": receipt["id"]})
    execute("UPDATE disputes_dispute SET evidence = %s WHERE id = %s", [evidence, dispute])

    shown = api.get(f"disputes/{dispute}", {"expand": ["evidence.receipt"]}).json
    assert_valid(shown)
    assert shown["evidence"]["receipt"] == receipt


@pytest.mark.parametrize(
    ("raw", "kind", "param", "code"),
    [
        (body(("file", PNG, "a.png")), MULTIPART, "purpose", "parameter_missing"),
        (body(("purpose", "business_logo", None)), MULTIPART, "file", "parameter_missing"),
        (b"purpose=business_logo&file=abc", None, "file", None),
        (body(("purpose", "x", None), ("file", PNG, "a")), MULTIPART, "purpose", None),
        (
            body(("purpose", "business_logo", None), ("file", PNG, "a"), ("file", PNG, "b")),
            MULTIPART,
            "file",
            None,
        ),
        (
            body(("purpose", "business_logo", None), ("file", PNG, "a"), ("other", PNG, "b")),
            MULTIPART,
            "other",
            "parameter_unknown",
        ),
        (body(("purpose", "business_logo", None), ("file", b"", "a")), MULTIPART, "file", None),
        (b"rubbish", "multipart/form-data", None, None),
    ],
)
def test_a_wrong_upload_is_refused(api, raw, kind, param, code):
    how = {} if kind is None else {"content_type": kind}
    assert_refused(api.send("POST", "files", raw, **how), 400, code, param=param)
    assert api.get("files").json["data"] == []


def test_an_upload_beyond_every_purpose_is_not_even_read(api):
    reply = send(api, PNG + bytes(17 * 1024 * 1024), purpose="identity_document")
    assert reply.status == 413
    assert api.get("files").json["data"] == []


def test_other_endpoints_take_no_files(api):
    raw = body(("amount", "1000", None))
    refused = api.send("POST", "charges", raw, content_type=MULTIPART)
    assert_refused(refused, 400, None, says="x-www-form-urlencoded")
