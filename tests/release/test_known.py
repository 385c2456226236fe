"""A build of sources that gave a release already works nothing out; any other does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.register import load_register, start_register
from vertragsgraph.release import Built, activate, build
from vertragsgraph.release.known import FILE_NAME


@pytest.fixture(scope="module")
def built(once: Callable[..., Path]) -> Path:
    def make(folder: Path) -> None:
        start_register(folder, "trial", languages=["de", "en"])
        build(load_register(folder), folder / "releases")

    return once("built-and-known", make)


@pytest.fixture
def sources(built: Path, tmp_path: Path) -> Path:
    """A register with its release, of which the sources are known."""
    folder = Path(shutil.copytree(built, tmp_path / "register", symlinks=True))
    (folder / "releases" / FILE_NAME).unlink()
    assert again(folder).stages  # it has been copied, so it isn't known
    return folder


class Again:
    """What a build did: its outcome, and the stages that it went through."""

    def __init__(self, folder: Path) -> None:
        self.stages: list[str] = []
        self.built: Built = build(load_register(folder), folder / "releases", progress=self.stages.append)


again = Again


def rename(folder: Path) -> None:
    file = folder / "data/organisations.ttl"
    file.write_text(re.sub(r'"(?=@de)', ' neu"', file.read_text("utf-8")), "utf-8")


def test_where_nothing_has_changed_nothing_is_read(sources: Path) -> None:
    found = again(sources)
    assert (found.stages, found.built.new) == ([], False)


def test_where_only_the_times_of_files_have_changed_nothing_is_read(sources: Path) -> None:
    for file in (sources / "data").rglob("*.ttl"):
        file.touch()
    assert again(sources).stages == []


@pytest.mark.parametrize("name", ["register.toml", "data/contracts.ttl", "data/queries/contracts.rq"])
def test_any_change_of_the_sources_is_looked_at(name: str, sources: Path) -> None:
    with (sources / name).open("a") as file:
        file.write("# a note\n")
    assert again(sources).stages
    assert again(sources).stages == []


def test_a_release_that_was_touched_is_verified_and_mended(sources: Path) -> None:
    release = again(sources).built.release
    dump = release.dump("nt")
    content = bytearray(dump.read_bytes())
    content[100] ^= 1
    dump.write_bytes(content)
    mended = again(sources).built
    assert mended.mended
    assert again(sources).stages == []


def test_going_back_to_earlier_sources_finds_their_release(sources: Path) -> None:
    first = again(sources).built.release
    before = {path: path.read_bytes() for path in (sources / "data").glob("*.ttl")}
    rename(sources)
    second = again(sources).built
    assert second.new
    for path, content in before.items():
        path.write_bytes(content)
    assert again(sources).built.release.id == first.id
    assert (again(sources).stages, again(sources).built.release.id) == ([], first.id)


def test_a_release_that_was_gone_back_to_stays(sources: Path) -> None:
    first = again(sources).built.release
    rename(sources)
    second = again(sources).built.release
    activate(sources / "releases", first.id)
    found = again(sources)
    assert found.stages == []
    assert found.built.held is not None
    assert (found.built.release.id, found.built.held.id) == (second.id, first.id)


def test_sources_that_were_changed_while_they_were_read_are_read_again(sources: Path) -> None:
    rename(sources)
    build(load_register(sources), sources / "releases", examine=lambda graphs: rename(sources) or ())
    found = again(sources)
    assert found.built.new
    assert found.stages


@pytest.mark.parametrize("content", ["", "{", "[]", '{"sources": 1}', "\0"])
def test_a_note_that_is_no_use_does_no_harm(content: str, sources: Path) -> None:
    (sources / "releases" / FILE_NAME).write_text(content)
    assert again(sources).stages
    assert again(sources).stages == []
