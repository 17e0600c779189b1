"""The file of a backup: whatever is not as it was written is refused."""

from __future__ import annotations

import tarfile
from pathlib import Path

import msgspec
import pytest

from counterfoil.config.backup import archive
from counterfoil.config.backup.archive import Damaged, Manifest


@pytest.fixture
def written(tmp_path) -> Path:
    """A backup with a database of two megabytes and one upload."""
    (tmp_path / "db").write_bytes(b"rows" * 500_000)
    target = tmp_path / "backup.tar"
    with archive.writing(target) as writer:
        writer.add("database", tmp_path / "db")
        writer.add_bytes("files/passport.png", b"a face")
        manifest = Manifest(
            format=archive.FORMAT,
            made_at=1,
            version="1",
            engine="sqlite",
            migrations=[],
            rows={},
            heads=[],
            secret_key_mark="",
            uploads_in_bucket=False,
            sha256=dict(writer.sha256),
        )
        writer.add_bytes("manifest.json", msgspec.json.encode(manifest))
    return target


@pytest.fixture
def out(tmp_path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def changed(written: Path, member: str, content: bytes | None) -> Path:
    """The same archive but for one member: rewritten, added, or gone."""
    folder = written.parent / "again"
    folder.mkdir()
    archive.unpack(written, folder)
    with tarfile.open(written) as tar:
        names = [name for name in tar.getnames() if name != member]
    if content is not None:
        (folder / "new").write_bytes(content)
    made = written.parent / "changed.tar"
    with tarfile.open(made, "w") as tar:
        for name in names:
            tar.add(folder / name, name)
        if content is not None:
            tar.add(folder / "new", member)
    return made


def test_what_was_written_comes_out(written, out):
    manifest = archive.unpack(written, out)

    assert manifest.engine == "sqlite"
    assert (out / "database").read_bytes() == b"rows" * 500_000
    assert (out / "files/passport.png").read_bytes() == b"a face"
    assert written.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("member", "content", "reason"),
    [
        ("files/passport.png", b"another face", "is not what was backed up"),
        ("files/passport.png", None, "is missing"),
        ("files/more.png", b"x", "was added later"),
        ("manifest.json", None, "there is no manifest"),
        ("manifest.json", b"{", "manifest cannot be read"),
        ("manifest.json", b'{"format": 99}', "a format unknown here"),
        ("elsewhere.txt", b"x", "something that no backup holds"),
        ("files/../../elsewhere.txt", b"x", "something that no backup holds"),
        ("/elsewhere.txt", b"x", "something that no backup holds"),
    ],
)
def test_what_was_changed_is_refused(written, out, member, content, reason):
    with pytest.raises(Damaged, match=reason):
        archive.unpack(changed(written, member, content), out)
    assert not (written.parent / "elsewhere.txt").exists()


def test_a_link_is_refused(written, out):
    with tarfile.open(written, "a") as tar:
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)

    with pytest.raises(Damaged, match="something that no backup holds"):
        archive.unpack(written, out)


def test_half_a_file_is_refused(written, out):
    whole = written.read_bytes()
    written.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(Damaged, match="cannot be read to its end"):
        archive.unpack(written, out)


def test_nothing_appears_under_its_name_before_it_is_whole(tmp_path):
    target = tmp_path / "backup.tar"

    with pytest.raises(FileNotFoundError), archive.writing(target) as writer:
        writer.add("database", tmp_path / "vanished")

    assert list(tmp_path.iterdir()) == []
    target.write_bytes(b"an earlier one")
    with pytest.raises(FileExistsError), archive.writing(target):
        pass
    assert target.read_bytes() == b"an earlier one"
