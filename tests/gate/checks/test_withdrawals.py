"""What was released doesn't vanish: it is described, or a tombstone says when and why it was withdrawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vertragsgraph.finding import Finding, Severity
from vertragsgraph.gate import Released, check
from vertragsgraph.graph import Graphs
from vertragsgraph.register import ASSERTED_ROLES

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
RULE = "withdrawals"
OLD, NEW = "organisation:hessischer-jugendring", "organisation:hessischer-jugendring-ev"
PREFIXES = """
@prefix organisation: <id/organisation/> .
@prefix source: <id/source/> .
@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def release_of(graphs: Graphs, name: str) -> Released:
    """Write what graphs assert as a release does."""
    lines = {
        line
        for role in ASSERTED_ROLES
        if role in graphs.roles
        for line in graphs.path(role).read_bytes().splitlines(keepends=True)
    }
    path = graphs.folder / f"{name}.nt"
    path.write_bytes(b"".join(sorted(lines)))
    return Released(name, path, ROOT / "ontology" / "vertragsgraph.ttl")


def check_after(copy, released: Released) -> tuple[Finding, ...]:
    return check(copy.register, copy.collect(), released=[released], fast=True).findings


def about_withdrawals(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.rule == RULE]


def violations(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.VIOLATION]


def rename(copy, old: str = OLD, new: str = NEW) -> None:
    for path in copy.folder.glob("data/**/*.ttl"):
        path.write_text(re.sub(rf"{old}(?![\w-])", new, path.read_text("utf-8")), "utf-8")
    for path in copy.folder.glob("data/**/*.tsv"):
        path.write_text(re.sub(rf"{old}(?![\w-])", new, path.read_text("utf-8")), "utf-8")


@pytest.fixture
def released(copy) -> Released:
    return release_of(copy.collect(), "2026-11-22.1a2b3c4d")


def test_nothing_is_said_where_nothing_vanished(copy, released: Released) -> None:
    assert about_withdrawals(check_after(copy, released)) == []


def test_what_is_new_needs_no_word(copy, released: Released) -> None:
    copy.append("people.ttl", '\nperson:neu a vg:Person ; rdfs:label "Neu"@de , "New"@en .\n')
    assert about_withdrawals(check_after(copy, released)) == []


def test_another_name_is_found_and_the_tombstone_can_be_copied(copy, released: Released) -> None:
    rename(copy)
    (finding,) = violations(check_after(copy, released))
    assert finding.rule == RULE
    month = f"{datetime.now(UTC):%Y-%m}"
    assert str(finding.place) == str(copy.folder / f"data/tombstones/{month}.ttl")
    assert finding.focus == f"<{copy.register.iri('id/organisation/hessischer-jugendring')}>"
    assert finding.message["en"].endswith(f"vertragsgraph withdraw {OLD} --reason … --reason-en … --replaced-by {NEW}")
    assert released.id in finding.message["en"]
    (told,) = (item for item in about_withdrawals(check_after(copy, released)) if item.severity is Severity.INFO)
    file = copy.folder / "data" / "tombstones" / "pasted.ttl"
    for message in told.message.values():
        pasted = message[message.index("@prefix") : message.rindex(" (")]
        assert f"{OLD} a as:Tombstone ; " in pasted
        assert f"dcterms:isReplacedBy {NEW} ;" in pasted
        file.write_text(pasted.replace("…", "Anderer Name."), "utf-8")
        assert violations(check_after(copy, released)) == []


def test_the_tombstones_of_all_that_is_gone_are_copied_at_once(copy, released: Released) -> None:
    rename(copy)
    rename(copy, "measure:iaf-angebote", "measure:anderes")
    found = about_withdrawals(check_after(copy, released))
    assert len(violations(tuple(found))) == 2
    (told,) = (item for item in found if item.severity is Severity.INFO)
    message = told.message["de"].replace("…", "Anderer Name.")
    path = copy.folder / "data" / "tombstones" / "pasted.ttl"
    path.write_text(message[message.index("@prefix") : message.rindex(" (")], "utf-8")
    assert violations(check_after(copy, released)) == []


def test_a_tombstone_stays_for_ever(copy, released: Released) -> None:
    rename(copy)
    copy.append("tombstones.ttl", PREFIXES + TOMBSTONE.format(name=OLD))
    assert violations(check_after(copy, released)) == []
    after = release_of(copy.collect(), "2026-11-23.2b3c4d5e")
    (copy.folder / "data" / "tombstones.ttl").unlink()
    (finding,) = violations(check_after(copy, after))
    assert finding.focus.endswith("/id/organisation/hessischer-jugendring>")
    (told,) = (item for item in about_withdrawals(check_after(copy, after)) if item.severity is Severity.INFO)
    assert "as:Tombstone" in told.message["en"]
    assert "as:formerType" not in told.message["en"]


TOMBSTONE = """
{name} a as:Tombstone ;
    as:deleted "2026-11-26T12:00:00Z"^^xsd:dateTime ;
    skos:changeNote "Doppelt."@de , "Twice."@en .
"""


def test_what_is_withdrawn_and_back_is_a_warning_at_its_place(copy) -> None:
    path = copy.folder / "data" / "tombstones.ttl"
    copy.append("tombstones.ttl", PREFIXES + TOMBSTONE.format(name="organisation:zurueck"))
    released = release_of(copy.collect(), "2026-11-22.1a2b3c4d")
    path.unlink()
    copy.append("organisations.ttl", '\norganisation:zurueck a vg:Organisation ; rdfs:label "Z"@de , "Z"@en .\n')
    (finding,) = about_withdrawals(check_after(copy, released))
    assert finding.severity is Severity.WARNING
    file = copy.folder / "data" / "organisations.ttl"
    assert str(finding.place) == f"{file}:{copy.line(file, 'organisation:zurueck')}"


def test_a_resource_can_not_be_withdrawn_and_described_at_once(copy, released: Released) -> None:
    copy.append("tombstones.ttl", PREFIXES + TOMBSTONE.format(name=OLD))
    rules = {finding.rule.rpartition("#")[2] for finding in violations(check_after(copy, released))}
    assert rules >= {"tombstone-is-nothing-else", "TombstoneClosed"}


def test_what_still_points_to_a_withdrawn_resource_is_found(copy, released: Released) -> None:
    path = copy.file(OLD)
    content = path.read_text("utf-8")
    start = content.index(f"{OLD} a ")
    path.write_text(content[:start] + content[content.index(" .\n", start) + 3 :], "utf-8")
    copy.append("tombstones.ttl", PREFIXES + TOMBSTONE.format(name=OLD))
    found = violations(check_after(copy, released))
    contract = next(finding for finding in found if finding.rule.endswith("#partner-is-organisation"))
    assert contract.place is not None
    assert contract.place.file.name == "hessischer-jugendring.ttl"
    assert contract.place.line


def test_derived_names_come_and_go_with_what_they_stand_for(copy, released: Released) -> None:
    """A theme in other words has another statement node, a link that was removed has no mapping any more."""
    for path in copy.folder.glob("data/**/*.ttl"):
        path.write_text(
            re.sub(r'((?:vg:theme|rdf:object) "Rollenbilder)', r"\1 und -muster", path.read_text("utf-8")), "utf-8"
        )
    links = copy.folder / "data" / "links" / "wikidata.sssom.tsv"
    links.write_text("".join(links.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    now = release_of(copy.collect(), "now")
    for kind in ("statement", "mapping"):
        name = re.compile(rb"(?m)^<[^>]*/id/%s/[^>]+>" % kind.encode())
        assert {*name.findall(released.triples.read_bytes())} - {*name.findall(now.triples.read_bytes())}
    assert about_withdrawals(check_after(copy, released)) == []


def test_what_any_release_had_may_not_vanish(copy, released: Released) -> None:
    """After a rollback the release that is served knows nothing of what came after it."""
    copy.append("people.ttl", '\nperson:neu a vg:Person ; rdfs:label "Neu"@de , "New"@en .\n')
    later = release_of(copy.collect(), "2026-11-23.2b3c4d5e")
    people = copy.folder / "data" / "people.ttl"
    people.write_text(people.read_text("utf-8").replace("person:neu a", "person:anders a"), "utf-8")
    found = check(copy.register, copy.collect(), released=[released, later], fast=True).findings
    (gone,) = violations(about_withdrawals(found))
    assert gone.focus.endswith("/id/person/neu>")
    assert later.id in gone.message["en"]


def test_other_registers_of_the_same_shapes_are_not_compared(copy, released: Released) -> None:
    """Names of another base IRI are somebody else's."""
    toml = copy.folder / "register.toml"
    toml.write_text(re.sub(r"(?m)^base = .*$", 'base = "https://example.org/"', toml.read_text("utf-8")), "utf-8")
    assert about_withdrawals(check_after(copy, released)) == []


def test_very_many_are_counted(copy, released: Released) -> None:
    triples = released.triples.read_bytes()
    type_of = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/vertragsgraph/ontology#Person>"
    lost = [f"<{copy.register.iri(f'id/person/p-{number:05}')}> {type_of} .\n".encode() for number in range(1200)]
    released.triples.write_bytes(b"".join(sorted([*triples.splitlines(keepends=True), *lost])))
    found = about_withdrawals(check_after(copy, released))
    assert len(found) == 1002  # with the prefixes, and how many more there are
    assert any("200" in finding.message["en"] for finding in found)


def test_the_tombstone_of_the_documentation_is_right(copy, new_copy: Callable[[], object]) -> None:
    example = next(
        block
        for block in re.findall(r"```turtle\n(.*?)```", (DOCS / "register.md").read_text("utf-8"), re.DOTALL)
        if "as:Tombstone" in block
    )
    copy.append(
        "organisations.ttl", '\norganisation:jugendring-hessen a vg:Organisation ; rdfs:label "J"@de , "J"@en .\n'
    )
    released = release_of(copy.collect(), "2026-11-22.1a2b3c4d")
    after = new_copy()
    assert [finding.rule for finding in violations(check_after(after, released))] == [RULE]
    after.append("tombstones.ttl", example)
    assert violations(check_after(after, released)) == []
