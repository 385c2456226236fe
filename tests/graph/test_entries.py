"""Evidence first: what an entry says is asserted and supported by it; the graphs are those of the longer form."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.long_form import write_long_form
from vertragsgraph.finding import Complaints, FindingsError, Place
from vertragsgraph.gate.places import Places
from vertragsgraph.graph import collect
from vertragsgraph.graph.entries import Annotation, Entry, read_entries
from vertragsgraph.rdf import terms
from vertragsgraph.register import Register, load_register
from vertragsgraph.register.names import statement_iri
from vertragsgraph.sources import source_files

MakeRegister = Callable[..., Register]

BASE = "https://w3id.org/vertragsgraph/hessen/"
KINDS = ("evidence", "disagreement", "source", "contract", "signing", "organisation", "topic")
PREFIXES = (
    "".join(f"@prefix {kind}: <id/{kind}/> .\n" for kind in KINDS)
    + """@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
)
WAYS = {way.value.rpartition("#")[2]: kind.value.rpartition("#")[2] for way, kind in terms.STATING.items()}
JUDGED = 'oa:hasSource source:s1 ; dcterms:creator organisation:us ; dcterms:date "2026-11-22"^^xsd:date .'
DESCRIBED = {
    "contracts/a.ttl": "contract:a a vg:Contract .\nsigning:a a vg:Signing .\n",
    "organisations.ttl": "organisation:a a vg:Organisation .\norganisation:b a vg:Organisation .\n",
    "topics.ttl": "topic:a a vg:Topic .\n",
    "sources.ttl": 'source:s1 a vg:SourceDocument ; rdfs:label "S1"@de .\n',
}


def entry(name: str, says: str) -> str:
    return f"evidence:{name} a vg:Evidence ;\n    {says} ;\n    {JUDGED}\n"


def register_with(make_register: MakeRegister, more: Mapping[str, str]) -> Register:
    files = {**DESCRIBED}
    for name, text in more.items():
        files[name] = files.get(name, "") + text
    return make_register({"prefixes.ttl": PREFIXES, **files})


def graphs_of(register: Register) -> dict[str, str]:
    graphs = collect(register, register.folder / "graphs")
    return {role: graphs.path(role).read_text("utf-8") for role in graphs.roles}


def complaints(register: Register) -> list[tuple[str, str]]:
    with pytest.raises(FindingsError) as caught:
        collect(register, register.folder / "graphs")
    return [(str(each.place).rpartition("data/")[2], each.message["en"]) for each in caught.value.findings]


SUBJECTS = ("contract:a", "signing:a", "organisation:a", "topic:a", "source:s1")
PROPERTIES = ("vg:partner", "vg:topic", "vg:theme", "dcterms:date")
VALUES = (
    "organisation:b",
    "topic:a",
    '"ein Wort; mit ] und {|"@de',
    '"2019-06-03"^^xsd:date',
    "4",
    "true",
    "'''zwei\nZeilen'''",
)
FACTS = st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(PROPERTIES), st.sampled_from(VALUES))
PLACES = ("contracts/a.ttl", "organisations.ttl", "topics.ttl", "sources.ttl", "evidence/a.ttl", "evidence/b.ttl")
ENTRIES = st.lists(
    st.tuples(st.sampled_from([*WAYS]), st.sampled_from(PLACES), st.lists(FACTS, min_size=1, max_size=6)), max_size=5
)
ROLE = {"contract": "contracts/a.ttl", "signing": "contracts/a.ttl", "organisation": "organisations.ttl"} | {
    "topic": "topics.ttl",
    "source": "sources.ttl",
}


def old_form(written: list[tuple[str, str, list[tuple[str, str, str]]]]) -> dict[str, str]:
    files = dict.fromkeys([*PLACES], "")
    for number, (way, _, facts) in enumerate(written):
        named = " , ".join(f"[ rdf:subject {s} ; rdf:predicate {p} ; rdf:object {o} ]" for s, p, o in facts)
        files["evidence/a.ttl"] += entry(f"e{number}", f"vg:supports {named} ; vg:supportKind vg:{WAYS[way]}")
        for subject, predicate, value in facts:
            files[ROLE[subject.partition(":")[0]]] += f"{subject} {predicate} {value} .\n"
    return files


def new_form(written: list[tuple[str, str, list[tuple[str, str, str]]]]) -> dict[str, str]:
    files = dict.fromkeys([*PLACES], "")
    for number, (way, place, facts) in enumerate(written):
        said: dict[str, dict[str, list[str]]] = {}
        for subject, predicate, value in facts:
            said.setdefault(subject, {}).setdefault(predicate, []).append(value)
        brackets = " ,\n        ".join(
            f"[ rdf:subject {subject} ; "
            + " ; ".join(f"{p} {' , '.join(values)}" for p, values in about.items())
            + " ]"
            for subject, about in said.items()
        )
        files[place] += entry(f"e{number}", f"vg:{way} {brackets}")
    return files


def annotated_form(written: list[tuple[str, str, list[tuple[str, str, str]]]]) -> dict[str, str]:
    files = dict.fromkeys([*PLACES], "")
    for number, (way, place, facts) in enumerate(written):
        files[place] += entry(f"e{number}", f"vg:supportKind vg:{WAYS[way]}")
        for s, p, o in facts:
            files[ROLE[s.partition(":")[0]]] += f"{s} {p} {o} {{| vg:evidence evidence:e{number} |}} .\n"
    return files


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(ENTRIES)
def test_the_shorter_forms_have_the_graphs_of_the_longer(
    make_register: MakeRegister, written: list[tuple[str, str, list[tuple[str, str, str]]]]
) -> None:
    old, new, annotated = (
        graphs_of(register_with(make_register, form(written))) for form in (old_form, new_form, annotated_form)
    )
    assert new == old
    assert annotated == old


FAULTS = {
    "vg:states [ vg:partner organisation:a ]": (2, "begin them with rdf:subject"),
    "vg:states [ ]": (2, "begin them with rdf:subject"),
    "vg:states [ rdf:subject contract:a ]": (2, "nothing is said"),
    "vg:states [ rdf:subject contract:a , signing:a ; vg:partner organisation:a ]": (2, "one rdf:subject"),
    "vg:states [ rdf:subject 'a' ; vg:partner organisation:a ]": (2, "one rdf:subject, an IRI"),
    "vg:states [ rdf:subject evidence:e ; vg:partner organisation:a ]": (2, "not of evidence"),
    "vg:states [ rdf:subject contract:a ;\n rdf:predicate vg:partner ; rdf:object organisation:a ]": (3, "vg:supports"),
    "vg:states [ rdf:subject contract:a ;\n vg:partner [ a vg:Organisation ] ]": (3, "without brackets of its own"),
    "vg:states [ rdf:subject contract:a ; vg:partner ( organisation:a [ a vg:Organisation ] ) ]": (
        2,
        "brackets of its own",
    ),
    "vg:states contract:a": (2, "takes in brackets what the passage says"),
    "vg:states [ rdf:subject contract:a ; vg:topic topic:a ] ;\n vg:implies [ rdf:subject contract:a ; vg:topic topic:a ]": (
        3,
        "here are vg:states and vg:implies",
    ),
    "vg:supportKind vg:Stated ;\n vg:states [ rdf:subject contract:a ; vg:topic topic:a ]": (
        2,
        "vg:supportKind; keep one",
    ),
    "vg:states [ rdf:subject contract:a ; vg:topic topic:a ] ;\n vg:supports "
    "[ rdf:subject contract:a ; rdf:predicate vg:topic ; rdf:object topic:a ]": (
        3,
        "vg:states and vg:supports; keep one",
    ),
    "vg:supportKind vg:Stated": (1, "vg:supports and vg:supportKind go together"),
    "vg:supports [ rdf:subject contract:a ; rdf:predicate vg:topic ; rdf:object topic:a ]": (1, "go together"),
    "vg:states [ rdf:subject contract:a ; vg:topic topic:a {| vg:evidence evidence:e |} ]": (2, "an annotation says"),
    "vg:states [ rdf:subject contract:a ; nope:topic topic:a ]": (2, '"nope:" has not been declared'),
    "rdfs:comment [ vg:topic 1 ] ; vg:states [ rdf:subject contract:a ; vg:topic topic:a ]": (
        2,
        "a text with its language",
    ),
}


@pytest.mark.parametrize("place", ["evidence/a.ttl", "contracts/z.ttl"])
@pytest.mark.parametrize("says", FAULTS)
def test_what_is_wrong_is_one_finding_with_its_line(make_register: MakeRegister, says: str, place: str) -> None:
    line, message = FAULTS[says]
    [found] = complaints(register_with(make_register, {place: entry("e", says)}))
    assert found[0].split(":")[:2] == [place, str(line)]
    assert any(each in found[1] for each in message.split("|")), found


@pytest.mark.parametrize(
    "statement",
    [
        "contract:a vg:topic topic:a {| rdfs:comment 'x' |} .",
        "contract:a vg:topic topic:a {| vg:evidence evidence:e ; rdfs:comment 'x' |} .",
        "contract:a vg:topic topic:a {| vg:evidence 'x' |} .",
        "contract:a vg:topic topic:a ~ .",
    ],
)
def test_any_other_annotation_is_a_finding(make_register: MakeRegister, statement: str) -> None:
    text = f"\n{statement}\ncontract:a vg:topic topic:a .\n"
    said = entry("e", "vg:states [ rdf:subject contract:a ; vg:topic topic:a ]")
    [found] = complaints(register_with(make_register, {"contracts/z.ttl": text, "evidence.ttl": said}))
    assert found[0] == "contracts/z.ttl:2"
    assert "{| vg:evidence evidence:… |}" in found[1]


def test_an_annotation_names_an_entry_with_a_kind_of_support(make_register: MakeRegister) -> None:
    text = "contract:a vg:topic topic:a {| vg:evidence evidence:e |} .\n"
    [found] = complaints(
        register_with(
            make_register,
            {
                "contracts/z.ttl": text,
                "evidence.ttl": entry("e", "rdfs:comment 'x'@de"),
            },
        )
    )
    assert found[0] == "evidence.ttl:1"
    assert "go together" in found[1]


@pytest.mark.parametrize("statement", ["contract:a vg:partner [ vg:topic [ a vg:Topic ] ] .", "_:x vg:topic topic:a ."])
def test_blank_nodes_elsewhere_are_one_finding(make_register: MakeRegister, statement: str) -> None:
    said = entry("e", "vg:states [ rdf:subject contract:a ; vg:topic topic:a ]")
    [found] = complaints(register_with(make_register, {"contracts/z.ttl": f"{said}{statement}\n"}))
    assert found[0] == "contracts/z.ttl:4"
    assert "blank nodes" in found[1]


def test_a_type_that_a_passage_states_is_asserted(make_register: MakeRegister) -> None:
    said = entry("e", "vg:states [ rdf:subject contract:z ; a vg:Contract ; vg:partner organisation:a ]")
    graphs = graphs_of(register_with(make_register, {"evidence.ttl": said}))
    assert graphs["contracts"].count("id/contract/z>") == 2


def test_prefixes_stand_once_for_all_files(make_register: MakeRegister) -> None:
    again = "@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .\n@prefix ex: <https://example.org/> .\n"
    graphs = graphs_of(register_with(make_register, {"contracts/z.ttl": again + "contract:a vg:see ex:a .\n"}))
    assert "<https://example.org/a>" in graphs["contracts"]


@pytest.mark.parametrize(
    ("name", "text", "place", "message"),
    [
        (
            "contracts/z.ttl",
            "contract:a a vg:Contract .\n\n@prefix  vg: <https://example.org/> .\n",
            "contracts/z.ttl:3",
            "vg: is <",
        ),
        ("contracts/z.ttl", "PREFIX vg: <https://example.org/>\n", "contracts/z.ttl:1", "vg: is <"),
        ("contracts/z.ttl", "contract:a a vg:Contract ; ; ,\n", "contracts/z.ttl:1:30", ""),
        ("contracts/z.ttl", "contract:a a vgg:Contract .\n", "contracts/z.ttl:1:14", 'did you mean "vg:"'),
        ("prefixes.ttl", "\ncontract:a a vg:Contract .\n", None, "only @prefix lines"),
        ("prefixes.ttl", "@prefix contract <id/contract/> .\n", None, ""),
    ],
)
def test_what_is_wrong_with_prefixes(
    make_register: MakeRegister, name: str, text: str, place: str | None, message: str
) -> None:
    files = {"prefixes.ttl": PREFIXES, "contracts/a.ttl": "contract:a a vg:Contract .\n"}
    files[name] = files.get(name, "") + text
    [found] = complaints(make_register(files))
    assert found[0] == place or (place is None and found[0].startswith("prefixes.ttl:1"))
    assert message in found[1]


def test_where_a_statement_stands_is_where_an_entry_says_it(make_register: MakeRegister) -> None:
    said = entry(
        "e", "vg:states [ rdf:subject contract:a ;\n        vg:partner organisation:a ,\n            organisation:b ]"
    )
    noted = "contract:a vg:topic topic:a {| vg:evidence evidence:f |} .\n" + entry("f", "vg:supportKind vg:Stated")
    register = register_with(make_register, {"contracts/y.ttl": said, "contracts/z.ttl": "\n" + noted})
    entries = [each for file in source_files(register) for each in read_entries(file, BASE, Complaints())]
    [one] = [each for each in entries if isinstance(each, Entry) and each.asserted]
    [note] = [each for each in entries if isinstance(each, Annotation)]
    first, second = (triple for triple, *_ in one.asserted)
    places = Places(register)
    file, other = (register.data / f"contracts/{name}.ttl" for name in "yz")
    assert places.of_triple(first) == Place(file, 3)
    assert places.of_triple(second) == Place(file, 4)
    assert places.of_statement(statement_iri(second, BASE)) == Place(file, 4)
    assert places.of_statement(statement_iri(note.statement.triple, BASE)) == Place(other, 2)
    assert one.line == 1 and one.asserted[1].subject_line == 2


def test_memory_and_order_don_t_depend_on_where_entries_stand(make_register: MakeRegister, tmp_path: Path) -> None:
    later = entry("e", "vg:states [ rdf:subject contract:a ; vg:topic topic:a ]") + "contract:a vg:theme 'x'@de .\n"
    graphs = graphs_of(register_with(make_register, {"contracts/a.ttl": later}))
    assert graphs["contracts"].count("\n") == 4
    assert "id/evidence/e>" not in graphs["contracts"]


def test_the_shipped_register_has_the_graphs_of_its_long_form(tmp_path: Path) -> None:
    shipped = load_register(ROOT)
    for name in ("register.toml", "data"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    write_long_form(shipped, tmp_path / "data")
    assert len(list((tmp_path / "data").rglob("*.ttl"))) > 20 and not (tmp_path / "data/prefixes.ttl").exists()
    assert graphs_of(load_register(tmp_path)) == {
        role: text.read_text("utf-8")
        for graphs in [collect(shipped, tmp_path / "shipped")]
        for role, text in ((role, graphs.path(role)) for role in graphs.roles)
    }
