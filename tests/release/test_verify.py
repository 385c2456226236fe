"""Verification finds every changed byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.register import Register
from vertragsgraph.release import build, newest_intact, open_release, verify


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


@pytest.mark.parametrize("change", ["id", "digest"])
def test_a_manifest_of_another_release_is_found(register: Register, releases: Path, change: str) -> None:
    release = build(register, releases).release
    manifest = release.manifest.model_copy(update={change: "2026-01-01.00000000"})
    (release.folder / "release.json").write_text(manifest.text(), "utf-8")
    (found,) = verify(open_release(release.folder))
    assert "belongs to" in found.message["en"]


def test_the_newest_intact_release(register: Register, releases: Path, add_contract: Callable[[str], None]) -> None:
    assert newest_intact(releases) is None
    first = build(register, releases).release
    add_contract("c")
    second = build(register, releases).release
    flip(second.dump("ttl"), 10)
    assert newest_intact(releases) == first
