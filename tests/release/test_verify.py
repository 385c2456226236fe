"""Verification finds every changed byte."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vertragsgraph.register import Register, Text, load_register
from vertragsgraph.release import Release, ReleaseError, Request, build, newest_intact, open_release, takedown, verify
from vertragsgraph.release.manifest import entries, is_as_written

from .conftest import write_register


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_a_flipped_byte_is_found_in_any_file(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    for name, entry in release.manifest.files.items():
        if entry.bytes:
            path = release.folder / name
            flip(path, entry.bytes // 2)
            (found,) = verify(release)
            assert found.place is not None
            assert found.place.file == path
            assert "SHA-256" in found.message["en"]
            flip(path, entry.bytes // 2)
    assert verify(release) == []


def test_files_too_few_and_too_many_are_found(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    release.dump("nq").unlink()
    (release.folder / "dumps" / "more.txt").write_text("more")
    release.dump("ttl").write_text("short")
    messages = " ".join(item.message["en"] for item in verify(release))
    assert "can't be read" in messages
    assert "does not know this file" in messages
    assert "5 bytes" in messages


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = write_register(tmp_path_factory.mktemp("register"))
    return build(load_register(folder), folder / "releases").release


@pytest.fixture
def copied(built: Release, tmp_path: Path) -> Release:
    return open_release(shutil.copytree(built.folder, tmp_path / built.id))


OTHER = {
    "id": "2026-01-01.00000000",
    "digest": "2026-01-01.00000000",
    "base": "https://example.org/other/",
    "url": "https://example.org/other/",
    "key": "other",
    "title": Text({"de": "Anders", "en": "Other"}),
    "triples": 7,
    "counts": {"contracts": 7},
    "created": datetime(2100, 1, 1, tzinfo=UTC),
    "formats": "0" * 64,
}


@pytest.mark.parametrize("member", OTHER)
def test_a_manifest_that_says_something_else_is_found(copied: Release, member: str) -> None:
    """Also where its checksum was made to fit."""
    manifest = copied.manifest.model_copy(update={member: OTHER[member]})
    (copied.folder / "release.json").write_text(manifest.text(), "utf-8")
    if member == "key":
        with pytest.raises(ReleaseError, match="there is no dump"):
            open_release(copied.folder)
    else:
        assert verify(open_release(copied.folder))


def test_the_last_digits_of_the_digest_count(copied: Release) -> None:
    manifest = copied.manifest.model_copy(update={"digest": copied.digest[:8] + "0" * 56})
    (copied.folder / "release.json").write_text(manifest.text(), "utf-8")
    (found,) = verify(open_release(copied.folder))
    assert f'for digest, the files "{copied.digest}"' in found.message["en"]


def test_each_flipped_bit_of_a_manifest_is_found(copied: Release) -> None:
    file = copied.folder / "release.json"
    text = file.read_bytes()
    for bit in range(0, 8 * len(text), 101):
        changed = bytearray(text)
        changed[bit // 8] ^= 1 << bit % 8
        file.write_bytes(changed)
        try:
            open_release(copied.folder)
            found = not is_as_written(copied.folder)
        except (ReleaseError, ValueError):
            found = True
        assert found, bytes(changed[max(0, bit // 8 - 20) : bit // 8 + 20])


def test_a_dropped_redaction_is_found(copied: Release) -> None:
    (redacted,) = takedown(copied.folder.parent, [copied.id], Request(["organisation:x"]), "reason")
    assert verify(redacted) == []
    file = redacted.folder / "release.json"
    members = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**members, "redactions": []}), "utf-8")
    assert verify(open_release(redacted.folder))
    manifest = redacted.manifest.model_copy(update={"redactions": ()})
    file.write_text(manifest.text(), "utf-8")
    assert "for digest" in " ".join(item.message["en"] for item in verify(open_release(redacted.folder)))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "dumps/../../x", "dumps//x", "a\\..\\b", "a\0b", ".", "", "dumps/"]
)
def test_a_manifest_that_names_a_file_outside_is_refused(copied: Release, name: str) -> None:
    entry = copied.manifest.files["void.ttl"]
    manifest = copied.manifest.model_copy(update={"files": {**copied.manifest.files, name: entry}})
    (copied.folder / "release.json").write_text(manifest.text(), "utf-8")
    with pytest.raises(ReleaseError, match="not the name of a file in the release's folder"):
        open_release(copied.folder)


@pytest.mark.parametrize("name", ["void.ttl", "dumps", "store", "queries/all.rq"])
def test_a_release_with_a_link_is_refused(copied: Release, tmp_path: Path, name: str) -> None:
    """Else a foreign release could show any file of the machine that serves it."""
    elsewhere = tmp_path / "elsewhere"
    (copied.folder / name).rename(elsewhere)
    (copied.folder / name).symlink_to(elsewhere)
    with pytest.raises(ReleaseError, match="holds no links"):
        open_release(copied.folder)


@pytest.mark.parametrize("name", ["register.json", "ontology.ttl"])
def test_a_document_that_can_not_be_read_is_a_finding(copied: Release, name: str) -> None:
    """Also where a forged manifest has its checksum."""
    (copied.folder / name).write_text("{", "utf-8")
    manifest = copied.manifest.model_copy(update={"files": entries(copied.folder)})
    (copied.folder / "release.json").write_text(manifest.text(), "utf-8")
    assert verify(open_release(copied.folder))


def test_a_link_that_nobody_knows_is_found(copied: Release) -> None:
    (copied.folder / "more").symlink_to("/etc")
    (found,) = verify(copied)
    assert "does not know this file" in found.message["en"]


def test_the_newest_intact_release(register: Register, releases: Path, add_contract: Callable[[str], None]) -> None:
    assert newest_intact(releases) is None
    first = build(register, releases).release
    add_contract("c")
    second = build(register, releases).release
    flip(second.dump("ttl"), 10)
    assert newest_intact(releases) == first
