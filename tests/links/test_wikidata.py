"""From a resource without a link to a published one, and back to checking it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from vertragsgraph.finding import FindingsError, Severity
from vertragsgraph.links import candidates as files
from vertragsgraph.links.accepting import accept, undecided
from vertragsgraph.links.candidates import Candidate
from vertragsgraph.links.finding import find
from vertragsgraph.links.http_client import TRIES, ForeignError, PoliteClient
from vertragsgraph.links.register_entities import Local
from vertragsgraph.links.review import review
from vertragsgraph.links.scoring import contradicts
from vertragsgraph.links.verify import verify
from vertragsgraph.links.wikidata_entities import Foreign, Item
from vertragsgraph.register import load_register
from vertragsgraph.search import Resource
from vertragsgraph.search.identifiers import AUTHORITIES
from vertragsgraph.sources import read_mappings

pytestmark = pytest.mark.slow
BASE = "https://foreign.example.org/id/"
WIKIDATA = AUTHORITIES[0]


def resource(local: Local, path: str) -> Resource:
    found = local.index.resource(f"id/{path}")
    assert found
    return found


@pytest.fixture
def found(local: Local, foreign: Foreign, tmp_path: Path) -> Callable[[str], list[Candidate]]:
    def ask(path: str) -> list[Candidate]:
        find(local, foreign, [resource(local, path)], tmp_path / "candidates.tsv", "de")
        return [item for item in files.read(tmp_path / "candidates.tsv") if item.subject.endswith(path)]

    return ask


def test_the_politician_comes_before_his_namesake(found: Callable[[str], list[Candidate]]) -> None:
    candidates = found("person/kai-klose")
    assert [item.object for item in candidates] == [f"{BASE}person/q21", f"{BASE}person/q22"]
    assert float(candidates[0].score) > float(candidates[1].score) + 2
    assert "Minister" in candidates[0].why
    assert not any(item.decision for item in candidates)


def test_a_person_is_never_an_organisation(found: Callable[[str], list[Candidate]]) -> None:
    assert not any("organisation/q23" in item.object for item in found("person/kai-klose"))
    person, band = Item("p", broad={"Q5"}), Item("b", classes={"Q215380"}, broad={"Q43229"})
    assert contradicts("person", band)
    assert contradicts("organisation", person)
    assert not contradicts("organisation", band)
    assert not contradicts("person", person)


def test_an_item_that_was_merged_into_another_is_no_candidate(found: Callable[[str], list[Candidate]]) -> None:
    assert [item.object for item in found("organisation/bildungsstaette-anne-frank")] == [f"{BASE}organisation/q32"]


def test_what_is_connected_with_the_same_comes_first(found: Callable[[str], list[Candidate]]) -> None:
    right, wrong, *_ = found("organisation/drk-hessen")
    assert [right.object, wrong.object] == [f"{BASE}organisation/q51", f"{BASE}organisation/q52"]
    assert "verbunden mit denselben: Deutsches Rotes Kreuz" in right.why
    assert "verbunden" not in wrong.why


def test_what_is_of_another_year_comes_last(found: Callable[[str], list[Candidate]]) -> None:
    right, wrong = found("contract/drk-hessen")
    assert [right.object, wrong.object] == [f"{BASE}contract/q61", f"{BASE}contract/q62"]
    assert "aus demselben Jahr: 2019" in right.why
    assert "aus einem anderen Jahr: 1987" in wrong.why
    assert float(right.score) - float(wrong.score) > 10


def test_the_same_identifier_is_certain(found: Callable[[str], list[Candidate]]) -> None:
    candidates = found("place/hessen")
    assert candidates[0].object == f"{BASE}place/q41"
    assert candidates[0].score == "100.0"
    assert "4024729-6" in candidates[0].why


def test_what_is_nowhere_is_said_to_be_nowhere(found: Callable[[str], list[Candidate]]) -> None:
    assert [item.object for item in found("contract/iaf")] == [""]


def test_an_interrupted_search_goes_on_where_it_stopped(
    local: Local, wikidata: Any, client: Callable[..., PoliteClient], tmp_path: Path
) -> None:
    file = tmp_path / "candidates.tsv"
    resources = [*local.resources(("organisation",)), *local.resources(("person",)), *local.resources(("office",))]
    assert len(resources) > 12
    asking = Foreign(client(), f"{wikidata.url}/reconcile", f"{wikidata.url}/sparql", ("de", "en"))
    find(local, asking, resources[:10], file, "de")
    before, asked = files.read(file), len(wikidata.asked())
    wikidata.fail(*["500"] * (TRIES * 2))
    again = Foreign(client(), f"{wikidata.url}/reconcile", f"{wikidata.url}/sparql", ("de", "en"))
    with pytest.raises(ForeignError):
        find(local, again, resources, file, "de")
    assert files.read(file) == before
    assert asked > 0
    wikidata.fail()
    wikidata.asked()
    find(local, again, resources, file, "de")
    assert {item.subject for item in files.read(file)} == {local.release.base + item.path for item in resources}
    assert len(wikidata.asked()) <= asked, "what was answered before is not asked again"


def test_decisions_outlive_another_search(local: Local, foreign: Foreign, tmp_path: Path) -> None:
    file = tmp_path / "candidates.tsv"
    klose = [resource(local, "person/kai-klose")]
    assert find(local, foreign, klose, file, "de") == 2
    rows = files.read(file)
    rows[1].decision = files.REJECT
    files.write(file, rows)
    assert find(local, foreign, klose, file, "de") == 0
    assert [item.decision for item in files.read(file)] == ["", "reject"]


def test_a_decision_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "c.tsv"
    files.write(file, [Candidate("http://x/a", "A", "http://x/b", "B", "", "90.0", "name", "perhaps")])
    with pytest.raises(FindingsError, match=r'c\.tsv:2: violation: "perhaps" is no decision'):
        files.read(file)


def test_an_item_that_is_no_iri_is_told_before_it_is_published(tmp_path: Path) -> None:
    file = tmp_path / "c.tsv"
    files.write(file, [Candidate("http://x/a", "A", "Q 1199", "B", "", "90.0", "name", "accept")])
    with pytest.raises(FindingsError, match=r'c\.tsv:2: violation: "Q 1199" is no IRI; write it in full'):
        files.read(file)


def test_nothing_is_published_that_was_not_accepted(
    found: Callable[[str], list[Candidate]], register_copy: Path
) -> None:
    register = load_register(register_copy)
    file = register_copy / "data/links/wikidata.sssom.tsv"
    before = file.read_text("utf-8")
    candidates = [*found("person/kai-klose"), *found("organisation/hessischer-jugendring")]
    assert accept(register, WIKIDATA, candidates, register.publisher.iri, date(2026, 11, 22)) == []
    assert file.read_text("utf-8") == before
    candidates[0].decision = files.ACCEPT
    assert accept(register, WIKIDATA, candidates, register.publisher.iri, date(2026, 11, 22)) == [candidates[0]]
    added = set(file.read_text("utf-8").splitlines()) - set(before.splitlines())
    assert added == {
        "#  person: id/person/",
        f"person:kai-klose\tKai Klose\towl:sameAs\t{BASE}person/q21\tKai Klose\tsemapv:ManualMappingCuration\t1.0\t"
        "organisation:vertragsgraph\t2026-11-22",
    }
    assert accept(register, WIKIDATA, candidates, register.publisher.iri, date(2026, 11, 23)) == []
    assert len(read_mappings(file, register.base)) == 7


def test_the_first_link_makes_the_file(register_copy: Path) -> None:
    register = load_register(register_copy)
    file = register_copy / "data/links/wikidata.sssom.tsv"
    file.unlink()
    topic = Candidate(
        f"{register.base}id/topic/sport",
        "Sport",
        "http://www.wikidata.org/entity/Q349",
        "sport",
        "",
        "99",
        "",
        "accept",
    )
    accept(register, WIKIDATA, [topic], "https://orcid.org/0000-0000-0000-0000", date(2026, 11, 22))
    (link,) = read_mappings(file, register.base)
    assert link.predicate.value.endswith("exactMatch")
    assert "wd:Q349" in file.read_text("utf-8")


def test_what_stood_in_the_file_stays_as_it_was(register_copy: Path) -> None:
    register = load_register(register_copy)
    file = register_copy / "data/links/wikidata.sssom.tsv"
    header = "#curie_map:\r\n#  topic: id/topic/\r\n#creator_id:\r\n#  - topic:sport\r\n"
    columns = "subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\tcomment\r\n"
    row = (
        'topic:a\t"Die ""Brücke"""\tskos:closeMatch\thttp://x/1\tsemapv:ManualMappingCuration\tein\u2028Wort "mehr"\r\n'
    )
    file.write_bytes((header + columns + row).encode())
    (before,) = read_mappings(file, register.base)
    person = Candidate(f"{register.base}id/person/x", "X", "http://x/2", "X", "", "99", "", "accept")
    accept(register, WIKIDATA, [person], register.publisher.iri, date(2026, 11, 22))
    new, after = sorted(read_mappings(file, register.base), key=lambda link: link.object.value, reverse=True)
    assert new.subject.value == person.subject
    assert after.triple == before.triple
    cells = {name: cell.text for name, cell in after.row.cells.items()}
    assert cells == {name: before.row[name] for name in before.row.cells} | {
        "object_label": "",
        "confidence": "",
        "author_id": "",
        "mapping_date": "",
    }
    assert after.row["comment"] == 'ein\u2028Wort "mehr"'
    assert file.read_text("utf-8").splitlines()[:5] == [
        "#curie_map:",
        "#  topic: id/topic/",
        "#  organisation: id/organisation/",
        "#  person: id/person/",
        "#creator_id:",
    ]


@pytest.mark.parametrize(
    ("answers", "decisions", "decided"),
    [
        (["1"], ["accept", "reject"], 1),
        (["2"], ["reject", "accept"], 1),
        (["7", "x", "0", "n"], ["reject", "reject"], 1),
        (["s"], ["skip", "skip"], 0),
        ([""], ["skip", "skip"], 0),
        (["q"], ["", ""], 0),
    ],
)
def test_the_keeper_decides_in_the_terminal(answers: list[str], decisions: list[str], decided: int) -> None:
    rows = [Candidate("s", "Kai [Klose]", f"http://x/{n}", f"Kai [red]{n}", "", "90", "name") for n in (1, 2)]
    saved: list[int] = []
    left, out = iter(answers), StringIO()
    console = Console(file=out, width=100)
    assert review(undecided(rows), console, lambda _: next(left), "en", lambda: saved.append(1)) == decided
    assert [row.decision for row in rows] == decisions
    assert len(saved) == (0 if answers == ["q"] else 1)
    assert "Kai [Klose]" in out.getvalue()
    assert "Kai [red]1" in out.getvalue()


def test_what_has_candidates_is_asked_first_and_what_has_none_in_words_of_its_own() -> None:
    rows = [
        Candidate("a", "Leer", "", "", "", "0.0", "nichts Ähnliches wurde gefunden"),
        Candidate("b", "Voll", "http://x/1", "Voll", "", "90", "Name"),
        Candidate("c", "Auch leer", "", "", "", "0.0", "nichts Ähnliches wurde gefunden"),
    ]
    asked: list[str] = []
    left, out = iter(["1", "1", "n", "s"]), StringIO()

    def ask(question: str) -> str:
        asked.append(question)
        return next(left)

    assert review(undecided(rows), Console(file=out, width=100), ask, "de", lambda: None) == 2
    assert [row.decision for row in rows] == ["reject", "accept", "skip"]
    assert "Zahl" in asked[0]
    assert all("Zahl" not in question for question in asked[1:])
    shown = out.getvalue()
    assert shown.index("1/3  Voll") < shown.index("2/3  Leer") < shown.index("3/3  Auch leer")
    assert "antworten Sie mit n, s oder q" in shown, "there is no number to choose"
    assert {"Objekt", "Punkte", "Warum"} <= set(shown.split())


def test_what_was_skipped_waits_for_those_who_ask_for_it() -> None:
    rows = [Candidate("s", "S", "http://x/1", "S", "", "90", "name", "skip")]
    assert undecided(rows) == {}
    assert undecided(rows, skipped=True) == {"s": rows}


def test_checking_says_what_has_changed(local: Local, foreign: Foreign, tmp_path: Path) -> None:
    head = "#mapping_set_id: x\n#license: y\n#curie_map:\n#  o: id/organisation/\n#  p: id/person/\n#  pl: id/place/\n"
    columns = "subject_id\tpredicate_id\tobject_id\tobject_label\tmapping_justification\n"
    rows = [
        ("pl:hessen", "place/q41", '"Hessen"'),
        ("o:bildungsstaette-anne-frank", "organisation/q31", "Bildungsstätte Anne Frank"),
        ("p:kai-klose", "organisation/q23", "Kai Klose"),
        ("o:hessischer-jugendring", "organisation/q11", "Jugendring Hessen"),
        ("o:iaf", "organisation/q99", "iaf"),
        ("p:nils-moeller", "person/q22", ""),
        ("o:unbekannt", "organisation/q12", ""),
    ]
    lines = [
        f"{subject}\towl:sameAs\t{BASE}{item}\t{label}\tsemapv:ManualMappingCuration\n" for subject, item, label in rows
    ]
    file = tmp_path / "w.sssom.tsv"
    file.write_text(head + columns + "".join(lines), "utf-8")
    findings = verify(local, foreign, file)
    told = [(f.place.line if f.place else 0, f.severity, f.message["en"]) for f in findings]
    assert [(line, severity) for line, severity, _ in told] == [
        (9, Severity.VIOLATION),
        (10, Severity.VIOLATION),
        (11, Severity.WARNING),
        (12, Severity.VIOLATION),
        (13, Severity.WARNING),
        (14, Severity.VIOLATION),
    ]
    for (_, _, text), part in zip(
        told,
        ["merged into", "another kind", "was called", "nothing is said", "like none of ours", "in the current release"],
        strict=True,
    ):
        assert part in text
