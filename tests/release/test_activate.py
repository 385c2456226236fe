"""Which release is served, and where releases lie."""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from vertragsgraph.register import Register
from vertragsgraph.release import (
    ReleaseError,
    activate,
    all_releases,
    build,
    current_release,
    current_stamp,
    releases_folder,
    to_serve,
)
from vertragsgraph.settings import Settings


def test_the_setting_comes_first(register: Register, tmp_path: Path) -> None:
    assert releases_folder(register, Settings(releases=tmp_path / "there")) == tmp_path / "there"


def test_else_they_lie_beside_register_toml(register: Register) -> None:
    assert releases_folder(register, Settings(releases=None)) == register.folder / "releases"


@pytest.mark.parametrize("why", ["inside a package", "read-only"])
def test_else_with_the_data_of_the_user(register: Register, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    if why == "read-only":
        monkeypatch.setattr("os.access", lambda *_: False)
    else:
        register._folder = register.folder / "shipped"
        module = importlib.import_module("vertragsgraph.release.activate")
        monkeypatch.setattr(module, "shipped_folder", lambda: register.folder)
    expected = platformdirs.user_data_path("vertragsgraph", appauthor=False) / "test" / "releases"
    assert releases_folder(register, Settings(releases=None)) == expected


@pytest.mark.skipif(os.geteuid() != 0, reason="another user can be had by root only")
def test_a_user_who_may_only_read_finds_them(register: Register, releases: Path) -> None:
    beside = register.folder / "releases"
    name = build(register, beside).release.id
    for path in register.folder.resolve().parents:
        if not path.stat().st_mode & 0o001:
            path.chmod(path.stat().st_mode | 0o055)
    child = os.fork()
    if not child:
        is_found = False
        try:
            os.setgid(65534)
            os.setuid(65534)
            found, wrong = to_serve(releases_folder(register, Settings(releases=None)))
            is_found = bool(found and found.id == name and not wrong and not os.access(beside, os.W_OK))
        finally:
            os._exit(not is_found)  # whatever happens: else the child would go on with the tests after this one
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_nothing_is_served_before_something_is_built(releases: Path) -> None:
    assert current_release(releases) is None
    assert current_stamp(releases) is None
    assert all_releases(releases) == []


def test_a_former_release_can_be_served_again(
    register: Register, releases: Path, add_contract: Callable[[str], None]
) -> None:
    first = build(register, releases).release
    add_contract("c")
    second = build(register, releases).release
    stamp = current_stamp(releases)
    assert current_release(releases) == second
    assert activate(releases, first.id) == first
    assert current_stamp(releases) != stamp
    assert current_release(releases) == first
    assert {release.id for release in all_releases(releases)} == {first.id, second.id}


@pytest.mark.parametrize("name", ["2020-01-01.00000000", "..", "", "current/dumps", "current"])
def test_an_unknown_release_is_not_served(register: Register, releases: Path, name: str) -> None:
    first = build(register, releases).release
    with pytest.raises(ReleaseError, match="there is no release"):
        activate(releases, name)
    assert current_release(releases) == first


def test_a_damaged_release_is_not_served(
    register: Register, releases: Path, add_contract: Callable[[str], None]
) -> None:
    first = build(register, releases).release
    add_contract("c")
    second = build(register, releases).release
    first.dump("ttl").write_bytes(first.dump("ttl").read_bytes()[:-1])
    with pytest.raises(ReleaseError, match=r"test\.ttl is missing or cut off"):
        activate(releases, first.id)
    assert current_release(releases) == second


@pytest.mark.parametrize("damage", ["folder", "manifest", "json"])
def test_what_is_wrong_with_the_served_release_is_said(register: Register, releases: Path, damage: str) -> None:
    release = build(register, releases).release
    file = release.folder / "release.json"
    if damage == "folder":
        release.folder.rename(releases / "elsewhere")
    elif damage == "manifest":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(ReleaseError):
        current_release(releases)


def test_a_reader_always_finds_a_whole_release(
    register: Register, releases: Path, add_contract: Callable[[str], None]
) -> None:
    names = [build(register, releases).release.id]
    add_contract("c")
    names.append(build(register, releases).release.id)
    done = threading.Event()

    def swap() -> None:
        for turn in range(30):
            activate(releases, names[turn % 2])
        done.set()

    thread = threading.Thread(target=swap)
    thread.start()
    seen = set()
    while not done.is_set():
        release = current_release(releases)
        assert release is not None
        seen.add(release.id)
        assert release.missing_files() == []
    thread.join()
    assert seen == set(names)
