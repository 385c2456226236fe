"""Whatever a build would read is noticed when it changes; what it wouldn't, isn't."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.preview.sources import PARTS, changed
from vertragsgraph.sources import stamps


def stamp(folder: Path) -> str:
    return stamps.stamp(folder / part for part in PARTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Something that looks like a register, with a link to a file elsewhere and one that leads back."""
    register = tmp_path / "register"
    (register / "data/contracts").mkdir(parents=True)
    (register / "register.toml").write_text("key = 'r'")
    (register / "data/contracts/a.ttl").write_text("a")
    (tmp_path / "outside.ttl").write_text("o")
    (register / "data/linked.ttl").symlink_to(tmp_path / "outside.ttl")
    (register / "data/back").symlink_to(register / "data")
    return register


def put_in_place(folder: Path) -> None:
    """Save a file as many editors do: beside it, then in its place, with the times of the old one."""
    old, new = folder / "data/contracts/a.ttl", folder / "data/contracts/.a.new"
    new.write_text("b")
    os.utime(new, ns=(old.stat().st_atime_ns, old.stat().st_mtime_ns))
    new.replace(old)


CHANGES: dict[str, Callable[[Path], object]] = {
    "register.toml written": lambda folder: (folder / "register.toml").write_text("key = 's'"),
    "register.toml removed": lambda folder: (folder / "register.toml").unlink(),
    "file put in place": put_in_place,
    "file removed": lambda folder: (folder / "data/contracts/a.ttl").unlink(),
    "file renamed": lambda folder: (folder / "data/contracts/a.ttl").rename(folder / "data/contracts/b.ttl"),
    "file added": lambda folder: (folder / "data/contracts/b.ttl").write_text(""),
    "what a link leads to": lambda folder: (folder.parent / "outside.ttl").write_text("oo"),
    "folder of its own shapes": lambda folder: (folder / "shapes").mkdir() or (folder / "shapes/s.ttl").touch(),
    "folder removed": lambda folder: shutil.rmtree(folder / "data/contracts"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_what_is_read_is_noticed(folder: Path, change: Callable[[Path], object]) -> None:
    before = stamp(folder)
    assert stamp(folder) == before
    change(folder)
    assert stamp(folder) != before


def test_a_folder_that_is_made_again_is_followed_as_before(folder: Path) -> None:
    shutil.rmtree(folder / "data")
    (folder / "data").mkdir()
    before = stamp(folder)
    (folder / "data/contracts.ttl").touch()
    assert stamp(folder) != before


@pytest.mark.parametrize("name", ["data/.a.ttl.swp", "data/contracts/a.ttl~", "releases/current", "notes.md"])
def test_what_no_build_reads_is_not_noticed(folder: Path, name: str) -> None:
    before = stamp(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).touch()
    assert stamp(folder) == before


def test_who_waits_for_a_change_waits_until_there_is_one(folder: Path) -> None:
    seen: list[str] = []
    before = stamp(folder)
    waiting = threading.Thread(target=lambda: seen.append(changed(folder, before)), daemon=True)
    waiting.start()
    waiting.join(0.3)
    assert not seen
    (folder / "data/contracts/a.ttl").write_text("other")
    waiting.join(60)
    assert seen == [stamp(folder)]
