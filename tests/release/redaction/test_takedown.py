"""A redaction takes away what it is told to and what follows from it, finds what else names it, and proves it is gone."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from vertragsgraph.finding import Severity
from vertragsgraph.register import Register, load_register
from vertragsgraph.register.names import statement_iri
from vertragsgraph.release import (
    Release,
    ReleaseError,
    Request,
    StillNamed,
    all_releases,
    build,
    current_release,
    current_stamp,
    disk,
    errors,
    lock,
    open_release,
    plan,
    verify,
)
from vertragsgraph.release import takedown as take_down
from vertragsgraph.release.redaction.mentions import Names
from vertragsgraph.release.redaction.scan import scan
from vertragsgraph.search import SearchIndex

from ..conftest import PREFIXES, write_register

X = "https://example.org/r/id/organisation/x"
VG = "https://w3id.org/vertragsgraph/ontology#"
A = "https://example.org/r/id/contract/a"


def takedown(
    releases: Path, name: str, targets: Sequence[str], reason: str, words: Sequence[str] = (), leave: Sequence[str] = ()
) -> Release:
    (release,) = take_down(releases, [name], Request(targets, words, leave), reason)
    return release


def everything(folder: Path) -> str:
    """All text that a release can be read for, the store's quads and what is compressed included."""
    texts = []
    for path in disk.files(folder):
        if path.suffix == ".gz":
            texts.append(gzip.decompress(path.read_bytes()).decode())
        elif path.name == "lists.sqlite":
            with closing(sqlite3.connect(path)) as lists:
                texts += lists.iterdump()
        elif path.suffix == ".sqlite":
            texts += indexed(path)
        elif path.parent.name != "store":
            texts.append(path.read_text("utf-8"))
    texts += map(str, pyoxigraph.Store.read_only(str(folder / "store")))
    return "\n".join(texts)


def indexed(path: Path) -> list[str]:
    """The texts of a search index; its resources are stored below the base IRI, so they are written out."""
    index = SearchIndex(path)
    paths = [index.base + row[0] for row in index.rows("SELECT iri FROM resource")]
    return [*paths, *(str(row[0]) for row in index.rows("SELECT text FROM entry"))]


def test_an_iri_vanishes_from_the_release(register: Register, releases: Path) -> None:
    before = build(register, releases).release
    stamp = current_stamp(releases)
    assert X in everything(before.folder)
    after = takedown(releases, before.id, [X], "Court order 1/2026")
    assert current_stamp(releases) != stamp
    assert X not in everything(after.folder)
    assert (after.id, after.digest, after.created) == (before.id, before.digest, before.created)
    assert after.identity != before.identity  # by it caches know what is served
    assert verify(after) == []
    assert current_release(releases) == after
    (redaction,) = after.manifest.redactions
    assert redaction.reason == "Court order 1/2026"
    asserted = [sum(count for role, count in it.counts.items() if role != "entailed") for it in (before, after)]
    assert redaction.statements == asserted[0] - asserted[1] > 0
    assert before.manifest.files["dumps/test.nq"].sha256 != after.manifest.files["dumps/test.nq"].sha256
    # What isn't concerned stays.
    assert "https://example.org/r/id/organisation/y" in after.dump("nt").read_text("utf-8")
    assert sorted(path.name for path in releases.iterdir() if path.name.startswith(".")) == [
        ".lock",
        ".sources.json",
    ]


def test_the_catalogue_says_so(register: Register, releases: Path) -> None:
    before = build(register, releases).release
    takedown(releases, before.id, [X], "Court order 1/2026")
    text = (releases / "catalog.ttl").read_text("utf-8")
    assert "removed for legal reasons: Court order 1/2026" in text
    assert current_release(releases).manifest.files["dumps/test.ttl"].sha256 in text


def test_an_iri_that_only_begins_the_same_stays(
    register: Register, releases: Path, add_contract: Callable[[str], None]
) -> None:
    add_contract("a-2")
    before = build(register, releases).release
    after = takedown(releases, before.id, [A], "reason", leave=[f"{A}-2", "signing:a"])
    text = everything(after.folder)
    assert f"{A}-2" in text
    assert f"<{A}>" not in text


def test_a_statement_vanishes_with_its_consequences(register: Register, releases: Path) -> None:
    before = build(register, releases).release
    dump = before.dump("nq").read_text("utf-8")
    assert f"<{X}> <{VG}partnerIn> <{A}>" in dump
    after = takedown(releases, before.id, [f"<{A}> <{VG}partner> <{X}> ."], "reason")
    dump = after.dump("nq").read_text("utf-8")
    assert f"<{VG}partner> <{X}>" not in dump
    assert f"<{X}> <{VG}partnerIn>" not in dump
    assert f"<{X}> <http://www.w3.org/2000/01/rdf-schema#label>" in dump


def test_a_statement_vanishes_with_what_describes_it(register: Register, releases: Path) -> None:
    statement = f'<{A}> <{VG}amount> "40000"^^<http://www.w3.org/2001/XMLSchema#integer>'
    with (register.ontology / "o.ttl").open("a", encoding="utf-8") as file:
        file.write("vg:Statement a owl:Class .\n")
    with (register.data / "organisations.ttl").open("a", encoding="utf-8") as file:
        file.write(
            "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n<id/claim/1> a vg:Statement ; "
            "rdf:subject contract:a ; rdf:predicate vg:amount ; rdf:object 40000 .\n"
        )
    before = build(register, releases).release
    assert "40000" in before.dump("nq", "-reifiers").read_text("utf-8")
    after = takedown(releases, before.id, [statement], "reason")
    assert after.dump("nq", "-reifiers").read_text("utf-8") == ""
    text = everything(after.folder)
    assert "40000" not in text
    assert "id/claim/1" not in text


def test_a_release_that_is_not_served_can_be_redacted(
    register: Register, releases: Path, add_contract: Callable[[str], None]
) -> None:
    first = build(register, releases).release
    add_contract("c")
    second = build(register, releases).release
    after = takedown(releases, first.id, [X], "reason")
    assert X not in everything(after.folder)
    assert current_release(releases) == second
    assert {release.id for release in all_releases(releases)} == {first.id, second.id}


def test_building_again_does_not_bring_it_back(register: Register, releases: Path) -> None:
    before = build(register, releases).release
    after = takedown(releases, before.id, [X], "reason")
    again = build(register, releases)
    assert not again.new
    assert again.release == after


def test_where_something_is_left_nothing_has_changed(
    register: Register, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build(register, releases).release
    left = errors.finding({"de": "Es steht noch da.", "en": "It still stands here."}, releases)
    monkeypatch.setattr("vertragsgraph.release.redaction.takedown.scan", lambda *_: [left])
    with pytest.raises(StillNamed, match="It still stands here"):
        takedown(releases, before.id, [X], "reason")
    assert current_release(releases) == before
    assert verify(before) == []


@pytest.mark.parametrize(
    ("name", "targets", "message"),
    [
        (None, ["https://example.org/nobody"], "nothing of the kind"),
        (None, [], "at least one"),
        (None, ["Mr Smith"], "neither an IRI, absolute or with a prefix"),
        ("2020-01-01.00000000", [X], "there is no release"),
    ],
)
def test_what_cannot_be_redacted_is_refused(
    register: Register, releases: Path, name: str | None, targets: list[str], message: str
) -> None:
    before = build(register, releases).release
    with pytest.raises(ReleaseError, match=message):
        takedown(releases, name or before.id, targets, "reason")
    assert current_release(releases) == before
    assert verify(before) == []


SOEDLER = r"""
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix person: <id/person/> .
@prefix tenure: <id/tenure/> .
@prefix utterance: <id/utterance/> .

person:norbert-soedler a vg:Person ; rdfs:label "Norbert Södler"@de , "Norbert Soedler"@en .
person:else a vg:Person ; rdfs:label "Norbert Anders"@de .
tenure:norbert-soedler-praesident a vg:Tenure ; rdfs:label "Norbert Södler als Präsident"@de ; vg:member person:norbert-soedler .
utterance:rede a vg:Utterance ; rdfs:label "Rede"@de ; vg:tenure tenure:norbert-soedler-praesident ;
    vg:page <https://example.org/wiki/Norbert_S%C3%B6dler> ;
    rdfs:comment "NORBERT SÖDLER, 40 % mehr", "So\u0308dlers \"Wort\"", "S&ouml;dler &amp; Co", "S%C3%B6dler", "S\\u00f6dler",
        "Söd\u00ADler;\nSödler", "Sodler" .
"""
PROOFS = """
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix person: <id/person/> .
@prefix utterance: <id/utterance/> .
@prefix evidence: <id/evidence/> .

evidence:rede-1 a vg:Evidence ; rdfs:comment "S1: „Sodler“"@de ; PROOF ;
    vg:supports [ rdf:subject utterance:rede ; rdf:predicate rdfs:comment ; rdf:object "Sodler" ] .
evidence:name a vg:Evidence ; rdfs:comment "S1: Klingelschild"@de ; PROOF ;
    vg:supports [ rdf:subject person:norbert-soedler ; rdf:predicate rdfs:label ; rdf:object "Norbert Södler"@de ] .
""".replace(
    "PROOF",
    'dcterms:creator <id/organisation/x> ; dcterms:date "2026-11-26"^^xsd:date ; vg:supportKind vg:Stated ; '
    "oa:hasSource <id/source/s1>",
)
SOURCES = '<id/source/s1> a vg:SourceDocument ; rdfs:label "S1: Klingelschilder"@de , "S1: door bells"@en .\n'
PERSON = "https://example.org/r/id/person/norbert-soedler"
REST = ("tenure:norbert-soedler-praesident", "https://example.org/wiki/Norbert_S%C3%B6dler")
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a release in which a person is named in every way."""
    folder = write_register(tmp_path_factory.mktemp("named"))
    names = ("Person", "Tenure", "Utterance", "Statement", "Evidence", "SourceDocument")
    classes = "".join(f"vg:{name} a owl:Class .\n" for name in names)
    links = "".join(f"vg:{name} a owl:ObjectProperty .\n" for name in ("member", "tenure", "evidence", "supportKind"))
    with (folder / "ontology/o.ttl").open("a", encoding="utf-8") as file:
        file.write(f"{classes}{links}vg:Stated a owl:NamedIndividual .\n")
    (folder / "data/people.ttl").write_text(PREFIXES + SOEDLER, "utf-8")
    (folder / "data/evidence.ttl").write_text(PREFIXES + PROOFS, "utf-8")
    (folder / "data/sources.ttl").write_text(PREFIXES + SOURCES, "utf-8")
    (folder / "data/queries/person.rq").write_text("# Södler\nSELECT * { ?s ?p ?o }\n", "utf-8")
    build(load_register(folder), folder / "releases")
    return folder / "releases"


def digits(comment: str) -> str:
    """The name of the node that stands for a comment on the speech."""
    subject = NamedNode("https://example.org/r/id/utterance/rede")
    triple = Triple(subject, NamedNode(f"{RDFS}comment"), Literal(comment))
    return statement_iri(triple, "https://example.org/r/").value.rpartition("/")[2]


@pytest.fixture
def copied(named: Path, tmp_path: Path) -> tuple[Path, str]:
    shutil.copytree(named, tmp_path / "releases", symlinks=True)
    return tmp_path / "releases", (named / "current").readlink().name


def test_what_else_names_a_person_is_shown_and_nothing_is_done(copied: tuple[Path, str]) -> None:
    releases, name = copied
    before = current_stamp(releases)
    with pytest.raises(StillNamed) as refused:
        takedown(releases, name, ["person:norbert-soedler"], "Court order")
    assert current_stamp(releases) == before
    found = [finding for finding in refused.value.findings if finding.severity is Severity.VIOLATION]
    assert {finding.focus for finding in found} == {
        "<https://example.org/r/id/tenure/norbert-soedler-praesident>",
        "<https://example.org/r/id/utterance/rede>",
        "<https://example.org/r/id/evidence/rede-1>",
        "<https://example.org/wiki/Norbert_S%C3%B6dler>",
    }
    lines = (releases / name / "dumps/test.nq").read_text("utf-8").split("\n")
    for finding in found:
        assert finding.place is not None
        assert finding.focus in lines[finding.place.line - 1]
    (comment,) = (finding for finding in found if finding.focus.endswith("/rede>"))
    assert "utterance:rede names it (7×), first in rdfs:comment" in comment.message["en"]
    told = " ".join(finding.message["en"] for finding in refused.value.findings)
    assert "tenure:norbert-soedler-praesident loses statements: 1" in told
    assert "entries of the search index that name it" in told


def test_nothing_is_left_of_a_person(copied: tuple[Path, str]) -> None:
    releases, name = copied
    before = open_release(releases / name)
    after = takedown(releases, name, [PERSON, *REST], "Court order", words=["Södler", "Norbert Södler"])
    text = everything(after.folder).casefold()
    for form in (
        "södler",
        "soedler",
        "so\u0308dler",
        "s%c3%b6dler",
        "s&ouml;dler",
        "\\u00f6dler",
        "söd\u00adler",
        "sodler",
    ):
        assert form not in text
    # What isn't concerned stays, in its order; what describes words that changed has the name that it would have.
    lines = after.dump("nt").read_text("utf-8").splitlines(keepends=True)
    assert lines == sorted(set(lines))
    assert f'<{RDFS}label> "Norbert Anders"@de .\n' in "".join(lines)
    assert '"[…], 40 % mehr"' in "".join(lines)
    assert '"[…] \\"Wort\\""' in "".join(lines)
    assert f"id/statement/{digits('[…]')}" in "".join(lines)
    assert f"id/statement/{digits('Sodler')}" not in text
    # The evidence of a statement that went proves nothing any more; that of one that stays is kept.
    assert "id/evidence/name" not in text
    assert '"S1: „[…]“"@de' in "".join(lines)
    assert not (after.folder / "queries/person.rq").exists()
    assert (after.folder / "queries/all.rq").exists()
    assert verify(after) == []
    assert after.identity != before.identity
    assert after.manifest.modified == after.manifest.redactions[-1].at


def test_what_may_stay_is_said(copied: tuple[Path, str]) -> None:
    releases, name = copied
    leave = ["utterance:rede", "evidence:rede-1"]
    after = takedown(releases, name, [PERSON, *REST], "Court order", leave=leave)
    text = after.dump("nt").read_text("utf-8")
    assert '"NORBERT SÖDLER, 40 % mehr"' in text
    assert "soedler" not in text
    with pytest.raises(ReleaseError, match="neither an IRI nor a name of what has to go; its names are: “"):
        plan(releases, [name], Request(["utterance:rede"], leave=["Anybody"]))


def test_a_name_may_stay_wherever_it_stands(copied: tuple[Path, str]) -> None:
    releases, name = copied
    names = ["Norbert Södler", "Norbert Soedler", "Södler", "Soedler", "norbert-soedler"]
    after = takedown(releases, name, [PERSON], "Court order", leave=names)
    text = after.dump("nt").read_text("utf-8")
    assert "id/tenure/norbert-soedler-praesident" in text
    assert f"<{PERSON}>" not in text


def test_a_statement_may_be_written_with_prefixes(copied: tuple[Path, str]) -> None:
    releases, name = copied
    after = takedown(releases, name, ['person:else rdfs:label "Norbert Anders"@de'], "Court order")
    assert "Anders" not in everything(after.folder)


def test_the_reason_does_not_name_it(copied: tuple[Path, str]) -> None:
    releases, name = copied
    with pytest.raises(ReleaseError, match="the reason is published"):
        takedown(releases, name, [PERSON, *REST], "Herr Södler will es", words=["Södler", "Norbert Södler"])


def test_a_damaged_release_is_not_redacted(copied: tuple[Path, str]) -> None:
    releases, name = copied
    (releases / name / "search.sqlite").unlink()
    with pytest.raises(ReleaseError, match="can't be read"):
        takedown(releases, name, [PERSON, *REST], "Court order")


def test_what_the_register_says_of_itself_is_not_redacted(register: Register, releases: Path) -> None:
    before = build(register, releases).release
    with pytest.raises(StillNamed, match=r"register\.json: violation: it names it"):
        takedown(releases, before.id, ["https://example.org/r/id/organisation/us", X], "reason")
    assert verify(before) == []


@pytest.mark.parametrize("place", ["dumps/more.txt", "dumps/more.csv.gz", "void.ttl", "search.sqlite", "store"])
def test_what_is_left_in_any_file_is_found(copied: tuple[Path, str], tmp_path: Path, place: str) -> None:
    releases, name = copied
    names = Names(["Norbert Södler"], [PERSON], ["norbert-soedler"], open_release(releases / name).prefixes)
    folder = takedown(releases, name, [PERSON, *REST], "Court order", words=["Södler", "Norbert Södler"]).folder
    assert scan(folder, names, (), tmp_path) == []
    path = folder / place
    if place == "store":
        quad = Quad(NamedNode("http://x/"), NamedNode("http://x/"), Literal("Norbert Södler"))
        store = pyoxigraph.Store(path)
        store.add(quad)
        store.flush()
        del store
    elif place == "search.sqlite":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA secure_delete = OFF")
            connection.execute("INSERT INTO about VALUES ('name', 'Norbert Södler')")
            connection.commit()
            connection.execute("DELETE FROM about WHERE key = 'name'")
            connection.commit()
        assert "Norbert Södler".encode() in path.read_bytes(), "what was deleted is still in the file"
    elif place.endswith(".gz"):
        path.write_bytes(gzip.compress('a,"Norbert\nSödler"\n'.encode()))
    else:
        path.write_text(f"{'x ' * 600_000}\nNorbert\nS\\u00F6dler", "utf-8")
    found = scan(folder, names, (), tmp_path)
    assert any(finding.place and finding.place.file == path for finding in found)


class CutError(Exception):
    """Stands for a power cut."""


@pytest.mark.slow
@pytest.mark.parametrize("served", [True, False])
def test_an_interrupted_redaction_is_finished_later(
    register: Register,
    releases: Path,
    add_contract: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    served: bool,
) -> None:
    first = build(register, releases).release
    if not served:
        add_contract("c")
        build(register, releases)
    monkeypatch.setattr(disk, "sync", lambda _: None)  # no power is cut here, and a disk takes its time
    template = releases.with_name("template")
    shutil.copytree(releases, template, symlinks=True)
    for moment in range(1, 40):
        shutil.rmtree(releases)
        shutil.copytree(template, releases, symlinks=True)
        with monkeypatch.context() as patch:
            cut = _cut_at(moment, patch)
            if not cut(lambda: takedown(releases, first.id, [X], "reason")):
                break
        current = current_release(releases)
        assert current is not None
        assert verify(current) == []
        with lock.changing(releases):
            pass
        names = {release.id for release in all_releases(releases)}
        assert first.id in names
        assert len(names) == (1 if served else 2)
        for release in all_releases(releases):
            assert verify(release) == []
    else:
        pytest.fail("a redaction has fewer steps")
    assert moment > 5


def _cut_at(moment: int, patch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], bool]:
    """Return a function that runs work and tells whether it was cut at its moment-th rename or link of a path."""
    count = 0

    def counted(original: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object) -> object:
            nonlocal count
            count += 1
            if count == moment:
                raise CutError
            return original(*arguments)

        return step

    for name in ("rename", "replace", "symlink_to"):
        patch.setattr(Path, name, counted(getattr(Path, name)))

    def cut(work: Callable[[], object]) -> bool:
        try:
            work()
        except CutError:
            return True
        return False

    return cut
