"""A preview shows the sources as they are; what is wrong with them is told, and the preview stays as it was."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.finding import Finding
from vertragsgraph.preview import Preview, read
from vertragsgraph.preview.state import MOST
from vertragsgraph.register import load_register, start_register
from vertragsgraph.release import build, current_release
from vertragsgraph.release.manifest import FILE_NAME as MANIFEST
from vertragsgraph.settings import Settings
from vertragsgraph.texts import ENGLISH, both


@pytest.fixture(scope="module")
def started(once: Callable[..., Path]) -> Path:
    return once(
        "started-for-previews", lambda folder: start_register(folder, "trial", "https://example.org/r/", ["de", "en"])
    )


@pytest.fixture
def sources(started: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(started, tmp_path / "register"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "preview").mkdir()
    return tmp_path / "preview"


@pytest.fixture
def preview(sources: Path, folder: Path) -> Preview:
    made = Preview(sources, folder, Settings(), watched=True)
    assert not made.refresh().is_faulty
    return made


def shown(folder: Path) -> str:
    release = current_release(folder)
    assert release is not None
    return release.id


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def rename(sources: Path) -> None:
    file = sources / "data/organisations.ttl"
    file.write_text(re.sub(r'"(?=@de)', ' (umbenannt)"', file.read_text("utf-8")), "utf-8")


def test_it_lies_in_its_own_folder_and_has_what_pages_are_made_from(
    preview: Preview, sources: Path, folder: Path
) -> None:
    release = current_release(folder)
    assert release is not None
    assert not (sources / "releases").exists()
    assert {path.name for path in (release.folder / "dumps").iterdir()} == {
        "trial.nt",
        "trial.nq",
        "trial-reifiers.nq",
    }
    assert release.missing_files() == []
    assert read(folder) == preview.state
    assert preview.state.at is not None


def test_it_says_what_a_release_would_say(preview: Preview, sources: Path, folder: Path, tmp_path: Path) -> None:
    release = current_release(folder)
    assert release is not None
    built = build(load_register(sources), tmp_path / "releases").release
    assert release.dump("nq").read_bytes() == built.dump("nq").read_bytes()
    assert release.digest == built.digest


def test_a_change_is_shown_and_what_was_shown_long_ago_is_gone(preview: Preview, sources: Path, folder: Path) -> None:
    seen = [shown(folder)]
    for _ in range(3):
        rename(sources)
        assert not preview.refresh().is_faulty
        seen.append(shown(folder))
    assert len(set(seen)) == 4
    assert seen[0] not in {path.name for path in folder.iterdir()}
    assert not (folder / ".work").exists()


def test_sources_that_say_the_same_are_not_built_again(preview: Preview, sources: Path, folder: Path) -> None:
    release = current_release(folder)
    assert release is not None
    manifest = (release.folder / MANIFEST).stat().st_ino
    with (sources / "data/contracts.ttl").open("a") as file:
        file.write("# a note\n")
    preview.refresh()
    assert (release.folder / MANIFEST).stat().st_ino == manifest
    assert shown(folder) == release.id


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "syntax": (lambda r: edit(r / "data/contracts.ttl", " .", " ;;<"), "contracts.ttl:"),
    "file removed": (lambda r: (r / "data/organisations.ttl").unlink(), "contracts.ttl:"),
    "folder removed": (lambda r: shutil.rmtree(r / "data"), "data"),
    "register.toml": (lambda r: edit(r / "register.toml", "key = ", "key == "), "register.toml:"),
    "register.toml removed": (lambda r: (r / "register.toml").unlink(), "register"),
    "language without texts": (
        lambda r: edit(r / "register.toml", 'languages = ["de", "en"]', 'languages = ["de", "en", "fr"]'),
        "register.toml:",
    ),
    "query": (lambda r: (r / "data/queries/contracts.rq").write_text("SELECT nothing {"), "contracts.rq:"),
    "shape": (lambda r: edit(r / "data/contracts.ttl", "a vg:Contract", "a vg:Contrac"), "contracts.ttl:"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_place_until_it_is_mended(
    fault: str, preview: Preview, sources: Path, folder: Path, started: Path
) -> None:
    before, at = shown(folder), preview.state.at
    break_it, place = FAULTS[fault]
    break_it(sources)
    faulty = preview.refresh()
    assert faulty.is_faulty
    assert place in str(faulty.findings[0].place)
    assert (shown(folder), faulty.at) == (before, at)
    assert read(folder) == faulty
    shutil.rmtree(sources)
    shutil.copytree(started, sources)
    assert not preview.refresh().is_faulty
    assert shown(folder) == before


def test_other_languages_are_shown(preview: Preview, sources: Path, folder: Path) -> None:
    edit(sources / "register.toml", 'languages = ["de", "en"]', 'languages = ["en", "de"]')
    assert not preview.refresh().is_faulty
    release = current_release(folder)
    assert release is not None
    assert release.languages == ("en", "de")


def test_it_is_held_against_what_was_released_and_the_releases_stay_as_they_are(
    preview: Preview, sources: Path
) -> None:
    edit(sources / "register.toml", "draft = true", "")
    built = build(load_register(sources), sources / "releases").release
    there = sorted((sources / "releases").rglob("*"))
    for file in (sources / "data").glob("*.ttl"):
        file.write_text(file.read_text("utf-8").replace("topic:sport", "topic:running"), "utf-8")
    told = [finding.message[ENGLISH] for finding in preview.refresh().findings]
    assert any(built.id in text for text in told), told
    assert sorted((sources / "releases").rglob("*")) == there


def test_of_many_findings_the_first_are_listed_and_the_others_counted(preview: Preview, folder: Path) -> None:
    many = [Finding(both("wrong"), None, rule=str(number)) for number in range(MOST + 5)]
    told = preview.tell(many)
    assert (len(told.findings), told.more) == (MOST, 5)
    assert read(folder) == told


def test_a_folder_of_releases_is_no_preview(releases: Path) -> None:
    assert read(releases) is None
