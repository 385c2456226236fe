"""Comparing and pruning releases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.register import Register
from vertragsgraph.release import (
    ReleaseError,
    activate,
    all_releases,
    as_rdf_patch,
    as_text,
    build,
    compare,
    current_release,
    prune,
    verify,
)

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
Add = Callable[[str], None]


def test_a_release_does_not_differ_from_itself(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    assert list(compare(release, release)) == []


def test_added_and_removed_statements_are_told_in_order(register: Register, releases: Path) -> None:
    before = build(register, releases).release
    path = register.data / "organisations.ttl"
    path.write_text(path.read_text("utf-8").replace('"Überall e.V."@de', '"Übermorgen"@de'), "utf-8")
    after = build(register, releases).release
    lines = list(as_text(compare(before, after)))
    subject = "<https://example.org/r/id/organisation/x>"
    graph = "<https://example.org/r/graph/agents>"
    assert lines == [
        f'- {subject} <{LABEL}> "Überall e.V."@de {graph} .\n',
        f'+ {subject} <{LABEL}> "Übermorgen"@de {graph} .\n',
    ]
    assert [(change.graph, change.sign) for change in compare(before, after)] == [
        (graph[1:-1], "-"),
        (graph[1:-1], "+"),
    ]
    assert list(as_rdf_patch(compare(before, after), before.manifest, after.manifest)) == [
        f"H id <https://example.org/r/releases/{after.id}> .\n",
        f"H prev <https://example.org/r/releases/{before.id}> .\n",
        "TX .\n",
        f"D {lines[0][2:]}",
        f"A {lines[1][2:]}",
        "TC .\n",
    ]


def test_what_follows_by_another_version_is_no_change_of_contents(register: Register, releases: Path) -> None:
    before = build(register, releases).release
    ontology = register.ontology / "o.ttl"
    ontology.write_text(ontology.read_text("utf-8").replace(" ; owl:inverseOf vg:partnerIn", ""), "utf-8")
    after = build(register, releases).release
    assert {change.graph for change in compare(before, after)} == {register.graph("entailed")}
    assert list(compare(before, after, entailed=False)) == []


def test_a_patch_turns_one_release_into_the_other(register: Register, releases: Path, add_contract: Add) -> None:
    before = build(register, releases).release
    add_contract("c")
    (register.data / "organisations.ttl").write_text(
        (register.data / "organisations.ttl").read_text("utf-8").replace("vg:page <https://example.org/a%2Fb> .", "."),
        "utf-8",
    )
    after = build(register, releases).release
    quads = set(before.dump("nq").read_text("utf-8").splitlines())
    for line in as_rdf_patch(compare(before, after), before.manifest, after.manifest):
        if line.startswith("D "):
            quads.remove(line[2:-1])
        elif line.startswith("A "):
            assert line[2:-1] not in quads
            quads.add(line[2:-1])
    assert quads == set(after.dump("nq").read_text("utf-8").splitlines())


def test_pruning_keeps_the_newest_and_the_served(register: Register, releases: Path, add_contract: Add) -> None:
    built = [build(register, releases).release]
    for name in ("c", "d", "e"):
        add_contract(name)
        built.append(build(register, releases).release)
    first = built[0]
    activate(releases, first.id)
    newest = all_releases(releases)[0]
    removed = prune(releases, 1)
    assert set(removed) == {release.id for release in built} - {first.id, newest.id}
    assert {release.id for release in all_releases(releases)} == {first.id, newest.id}
    assert current_release(releases) == first
    assert verify(first) == []
    catalogue = (releases / "catalog.ttl").read_text("utf-8")
    assert newest.id in catalogue
    assert not any(name in catalogue for name in removed)
    assert not list(releases.glob(".building-*"))


@pytest.mark.parametrize("keep", [0, -1])
def test_pruning_everything_is_refused(register: Register, releases: Path, keep: int) -> None:
    release = build(register, releases).release
    with pytest.raises(ReleaseError, match="at least one"):
        prune(releases, keep)
    assert current_release(releases) == release


def test_pruning_is_refused_where_none_is_served(register: Register, releases: Path) -> None:
    build(register, releases, activate=False)
    with pytest.raises(ReleaseError, match="no release is being served"):
        prune(releases, 1)
    assert len(all_releases(releases)) == 1
