"""Whatever is broken in the current release, the newest that can be opened is served, and it is said why."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.register import Register, load_register
from vertragsgraph.release import (
    Release,
    ReleaseError,
    activate,
    all_releases,
    build,
    current_release,
    current_stamp,
    open_release,
    to_serve,
    verify,
)

from .conftest import write_register


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, age: Callable[[Release], None]) -> tuple[Path, str, str]:
    """A folder of two releases, and the ids of the older and the current one."""
    folder = write_register(tmp_path_factory.mktemp("register"))
    register = load_register(folder)
    older = build(register, folder / "releases").release
    age(older)
    path = folder / "data/contracts.ttl"
    path.write_text(path.read_text("utf-8").replace("Abschluss A", "Der Abschluss A"), "utf-8")
    return folder / "releases", older.id, build(register, folder / "releases").release.id


@pytest.fixture
def copied(two: tuple[Path, str, str], tmp_path: Path) -> tuple[Path, str, str]:
    return shutil.copytree(two[0], tmp_path / "releases", symlinks=True), *two[1:]


def missing(name: str) -> Callable[[Path], None]:
    return lambda current: (current / name).unlink()


def cut(name: str) -> Callable[[Path], None]:
    return lambda current: os.truncate(current / name, (current / name).stat().st_size // 2)


def flipped(name: str) -> Callable[[Path], None]:
    def flip(current: Path) -> None:
        data = bytearray((current / name).read_bytes())
        data[len(data) // 2] ^= 1
        (current / name).write_bytes(data)

    return flip


def without_store(current: Path) -> None:
    shutil.rmtree(current / "store")


def without_folder(current: Path) -> None:
    shutil.rmtree(current)


DAMAGE = {
    **{
        f"{name} missing": missing(name) for name in ("search.sqlite", "ontology.ttl", "register.json", "dumps/test.nq")
    },
    **{
        f"{name} cut": cut(name)
        for name in ("search.sqlite", "ontology.ttl", "register.json", "dumps/test.nq", "release.json")
    },
    **{
        f"{name} flipped": flipped(name)
        for name in ("search.sqlite", "context.jsonld", "register.json", "queries/all.rq")
    },
    "release.json missing": missing("release.json"),
    "store missing": without_store,
    "folder missing": without_folder,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_newest_that_can_be_opened_is_served(copied: tuple[Path, str, str], damage: str) -> None:
    releases, older, current = copied
    DAMAGE[damage](releases / current)
    found, wrong = to_serve(releases)
    assert found is not None
    assert found.id == older
    assert wrong


def test_a_whole_one_is_served_and_nothing_said(copied: tuple[Path, str, str]) -> None:
    releases, older, current = copied
    found, wrong = to_serve(releases)
    assert (found and found.id, wrong) == (current, [])
    activate(releases, older)
    found, wrong = to_serve(releases)
    assert (found and found.id, wrong) == (older, [])


def as_folder(releases: Path, current: str) -> None:
    (releases / "current").unlink()
    shutil.copytree(releases / current, releases / "current")


def as_folder_alone(releases: Path, current: str) -> None:
    (releases / "current").unlink()
    (releases / current).rename(releases / "current")


def as_text(releases: Path, current: str) -> None:
    (releases / "current").unlink()
    (releases / "current").write_text(current)


def as_nothing(releases: Path, current: str) -> None:
    (releases / "current").unlink()


@pytest.mark.parametrize("copy", [as_folder, as_folder_alone, as_text, as_nothing])
def test_releases_copied_without_their_links_are_served_and_mended(
    copied: tuple[Path, str, str], copy: Callable[[Path, str], None]
) -> None:
    releases, older, current = copied
    copy(releases, current)
    found, wrong = to_serve(releases)
    assert (found and found.id, wrong) == (current, [])
    assert found is not None
    assert verify(found) == []
    assert [release.id for release in all_releases(releases)] == [current, older]
    assert (current_stamp(releases) is None) == (copy is as_nothing)
    activate(releases, older)
    assert (releases / "current").readlink() == Path(older)
    assert {release.id for release in all_releases(releases)} == {older, current}
    activate(releases, current)
    served = current_release(releases)
    assert served is not None
    assert (served.folder, verify(served)) == (releases / current, [])


@pytest.mark.parametrize("content", ["", "nowhere", "../elsewhere", ".building-x", "a\0b", "\xff", "x" * 300])
def test_a_current_that_makes_no_sense_is_named(copied: tuple[Path, str, str], content: str) -> None:
    releases, _, current = copied
    (releases / "current").unlink()
    (releases / "current").write_text(content, "latin-1")
    found, wrong = to_serve(releases)
    assert found is not None
    assert found.id == current
    assert [finding.place.file.name for finding in wrong if finding.place] == ["current"]
    assert current_stamp(releases) is None


def test_a_folder_current_that_is_damaged_is_named(copied: tuple[Path, str, str]) -> None:
    releases, _, current = copied
    as_folder_alone(releases, current)
    (releases / "current/release.json").write_text("{")
    found, wrong = to_serve(releases)
    assert found is not None
    assert wrong
    with pytest.raises(ReleaseError, match="manifest is damaged"):
        activate(releases, found.id)


def test_where_nothing_can_be_opened_nothing_is_served(register: Register, releases: Path) -> None:
    assert to_serve(releases) == (None, [])
    release = build(register, releases).release
    (release.folder / "search.sqlite").unlink()
    found, wrong = to_serve(releases)
    assert found is None
    assert "search.sqlite" in str(wrong[0].place)
    assert open_release(release.folder) == release
