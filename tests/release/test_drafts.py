"""Drafts: names may change from one to the next, and what is released after them binds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.register import Register, load_register
from vertragsgraph.release import GateRefused, Release, all_releases, build, current_release, prune, released, verify
from vertragsgraph.release.catalogue import citation

Add = Callable[[str], None]


def marked_as_draft(register: Register) -> Register:
    file = register.folder / "register.toml"
    file.write_text(f"draft = true\n{file.read_text('utf-8')}", "utf-8")
    return load_register(register.folder)


def unmarked(register: Register) -> Register:
    file = register.folder / "register.toml"
    file.write_text(file.read_text("utf-8").replace("draft = true\n", ""), "utf-8")
    return load_register(register.folder)


def rename(register: Register, old: str, new: str) -> None:
    for path in register.data.glob("*.ttl"):
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


@pytest.fixture
def draft(register: Register) -> Register:
    return marked_as_draft(register)


def test_of_a_draft_names_may_change_without_a_trace(draft: Register, releases: Path) -> None:
    first = build(draft, releases).release
    assert first.is_draft and first.manifest.draft and verify(first) == []
    assert released(draft, releases) == []
    rename(draft, "contract:b", "contract:renamed")
    second = build(draft, releases).release
    assert second.id != first.id and second.is_draft


def test_what_is_released_without_the_mark_binds_from_then_on(draft: Register, releases: Path) -> None:
    build(draft, releases)
    rename(draft, "contract:b", "contract:renamed")
    register = unmarked(draft)
    public = build(register, releases).release
    assert not public.is_draft and [item.id for item in released(register, releases)] == [public.id]
    rename(register, "contract:renamed", "contract:again")
    with pytest.raises(GateRefused, match=f"contract:renamed stands in release {public.id}"):
        build(register, releases)


def test_a_register_does_not_become_a_draft_again(register: Register, releases: Path) -> None:
    public = build(register, releases).release
    draft = marked_as_draft(register)
    with pytest.raises(GateRefused, match=f"register.toml:1: violation: release {public.id} was no draft"):
        build(draft, releases)


def test_a_draft_says_so_wherever_it_may_be_cited(draft: Register, releases: Path) -> None:
    release = build(draft, releases).release
    assert citation.text(release, "en").endswith("(Draft: names and addresses may still change; don't cite them.)")
    assert f"Datensatz, Entwurf {release.id}" in citation.bibtex(release, "de")
    catalogue = (releases / "catalog.ttl").read_text("utf-8")
    assert "distribution-status/DEVELOP" in catalogue and "distribution-status/COMPLETED" not in catalogue
    assert "Entwurf: Namen und Adressen" in catalogue


def test_a_release_that_leads_to_this_machine_only_is_one_too(register: Register, releases: Path) -> None:
    file = register.folder / "register.toml"
    file.write_text(file.read_text("utf-8").replace("https://example.org/r/", "http://localhost:8000/"), "utf-8")
    assert build(load_register(register.folder), releases).release.is_draft


def test_the_manifest_is_held_against_the_register(draft: Register, releases: Path) -> None:
    release = build(draft, releases).release
    said = release.manifest.model_copy(update={"draft": False})
    (release.folder / "release.json").write_text(said.text(), "utf-8")
    (finding,) = verify(Release(release.folder, said))
    assert 'says "False" for draft' in finding.message["en"]


def test_drafts_are_removed_but_never_the_one_that_is_served(
    draft: Register, releases: Path, add_contract: Add
) -> None:
    first = build(draft, releases).release
    add_contract("c")
    second = build(draft, releases).release
    assert prune(releases, drafts=True) == [first.id]
    public = build(unmarked(draft), releases).release
    assert prune(releases, drafts=True) == [second.id]
    assert [release.id for release in all_releases(releases)] == [public.id]
    current = current_release(releases)
    assert current and current.id == public.id
