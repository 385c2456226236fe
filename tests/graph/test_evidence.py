from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from vertragsgraph.finding import FindingsError
from vertragsgraph.graph import collect
from vertragsgraph.register import Register
from vertragsgraph.register.names import statement_iri

MakeRegister = Callable[..., Register]

BASE = "https://w3id.org/vertragsgraph/hessen/"
PREFIXES = """
@prefix evidence: <id/evidence/> .
@prefix disagreement: <id/disagreement/> .
@prefix statement: <id/statement/> .
@prefix source: <id/source/> .
@prefix contract: <id/contract/> .
@prefix organisation: <id/organisation/> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FIRST_LINE = PREFIXES.count("\n") + 1
JUDGED = 'dcterms:creator organisation:vertragsgraph ; dcterms:date "2026-11-22"^^xsd:date .'
STATEMENT = "[ rdf:subject contract:drk ; rdf:predicate vg:partner ; rdf:object organisation:drk ]"
ENTRY = f"""evidence:drk a vg:Evidence ;
    vg:supports {STATEMENT} ;
    vg:supportKind vg:Stated ;
    oa:hasSource source:s1 ;
    oa:exact "Verträge mit 𝄞" ; oa:start 386 ; oa:end 400 ;
    rdfs:comment "Darum."@de , "Therefore."@en ;
    {JUDGED}
"""
OFFSETS = "oa:start 386 ; oa:end 400"
SEEN = 'vg:seenBy organisation:archive ; vg:seenOn "2026-05-04"^^xsd:date'
SOURCES = PREFIXES + 'source:s1 rdfs:label "Pressetext"@de , "press text"@en . source:s2 rdfs:label "Seite"@de .'


def expanded(make_register: MakeRegister, *files: str) -> set[str]:
    data = {f"evidence/{number}.ttl": PREFIXES + text for number, text in enumerate(files)}
    register = make_register({"sources.ttl": SOURCES, **data})
    graphs = collect(register, register.folder / "graphs")
    return set(graphs.path("evidence").read_text("utf-8").splitlines(keepends=True))


def lines(text: str) -> set[str]:
    triples = (quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE, base_iri=BASE))
    return {serialize([triple], format=RdfFormat.N_TRIPLES).decode() for triple in triples}


def digits(subject: str, predicate: str, target: str) -> str:
    return hashlib.sha256(f"{subject} {predicate} {target} .".encode()).hexdigest()[:16]


PARTNER = digits(
    f"<{BASE}id/contract/drk>", "<https://w3id.org/vertragsgraph/ontology#partner>", f"<{BASE}id/organisation/drk>"
)


def test_an_entry_becomes_statement_evidence_and_selectors(make_register: MakeRegister) -> None:
    assert expanded(make_register, ENTRY) == lines(f"""
        statement:{PARTNER} a vg:Statement , rdf:Statement ;
            rdf:subject contract:drk ; rdf:predicate vg:partner ; rdf:object organisation:drk ;
            vg:evidence evidence:drk .
        evidence:drk a vg:Evidence , oa:SpecificResource ;
            rdfs:label "Pressetext: „Verträge mit 𝄞“"@de , "press text: “Verträge mit 𝄞”"@en ;
            vg:supportKind vg:Stated ;
            oa:hasSource source:s1 ;
            oa:hasSelector <id/evidence/drk/quote> , <id/evidence/drk/position> ;
            rdfs:comment "Darum."@de , "Therefore."@en ;
            {JUDGED}
        <id/evidence/drk/quote> a oa:TextQuoteSelector ; oa:exact "Verträge mit 𝄞" .
        <id/evidence/drk/position> a oa:TextPositionSelector ; oa:start 386 ; oa:end 400 .
    """)


def test_what_stands_around_a_quotation_stands_beside_its_words(make_register: MakeRegister) -> None:
    entry = ENTRY.replace("oa:start 386", 'oa:prefix "der Unterzeichnung der " ; oa:suffix ", " ; oa:start 386')
    assert lines("""<id/evidence/drk/quote> a oa:TextQuoteSelector ;
        oa:exact "Verträge mit 𝄞" ; oa:prefix "der Unterzeichnung der " ; oa:suffix ", " .""") < expanded(
        make_register, entry
    )
    assert not any("#prefix" in line for line in expanded(make_register, ENTRY))


@pytest.mark.parametrize("number", ["7", '"7"^^xsd:positiveInteger'])
def test_a_quotation_from_a_scan_has_a_place_instead_of_an_offset(make_register: MakeRegister, number: str) -> None:
    places = f'vg:page "IV" ; vg:pdfPage {number} ; vg:folio "12r" ; vg:paragraph "4" ; {SEEN}'
    assert expanded(make_register, ENTRY.replace(OFFSETS, places)) == lines(f"""
        statement:{PARTNER} a vg:Statement , rdf:Statement ;
            rdf:subject contract:drk ; rdf:predicate vg:partner ; rdf:object organisation:drk ;
            vg:evidence evidence:drk .
        evidence:drk a vg:Evidence , oa:SpecificResource ;
            rdfs:label "Pressetext: „Verträge mit 𝄞“"@de , "press text: “Verträge mit 𝄞”"@en ;
            vg:supportKind vg:Stated ;
            oa:hasSource source:s1 ;
            oa:hasSelector <id/evidence/drk/quote> , <id/evidence/drk/page> ;
            vg:page "IV" ; vg:pdfPage 7 ; vg:folio "12r" ; vg:paragraph "4" ; {SEEN} ;
            rdfs:comment "Darum."@de , "Therefore."@en ;
            {JUDGED}
        <id/evidence/drk/quote> a oa:TextQuoteSelector ; oa:exact "Verträge mit 𝄞" .
        <id/evidence/drk/page> a oa:FragmentSelector ;
            rdf:value "page=7" ; dcterms:conformsTo <https://www.rfc-editor.org/info/rfc8118> .
    """)


def test_without_quotation_there_are_no_selectors_and_the_label_is_that_of_the_source(
    make_register: MakeRegister,
) -> None:
    text = f"evidence:e a vg:Evidence ; vg:supports {STATEMENT} ; vg:supportKind vg:Inferred ; oa:hasSource source:s2 ; {JUDGED}"
    found = expanded(make_register, text)
    assert lines('evidence:e rdfs:label "Seite"@de , "Seite"@en .') < found
    assert not any("hasSelector" in line for line in found)


def test_an_inference_leads_to_its_premises_and_is_called_by_its_reasoning(make_register: MakeRegister) -> None:
    premise = f"""evidence:last-year a vg:Evidence ; oa:hasSource source:s1 ;
        oa:exact "im letzten Jahr" ; oa:start 1 ; oa:end 16 ; {JUDGED}"""
    inference = f"""evidence:year a vg:Evidence ; vg:supports {STATEMENT} ; vg:supportKind vg:Inferred ;
        prov:wasDerivedFrom evidence:drk , evidence:last-year ; rdfs:comment "Darum."@de , "Therefore."@en ; {JUDGED}"""
    found = expanded(make_register, ENTRY, premise + "\n" + inference)
    assert (
        lines(f"""statement:{PARTNER} vg:evidence evidence:year .
        evidence:year a vg:Evidence ; vg:supportKind vg:Inferred ; prov:wasDerivedFrom evidence:drk , evidence:last-year ;
            rdfs:label "Erschlossen: Darum"@de , "Inferred: Therefore"@en ; rdfs:comment "Darum."@de , "Therefore."@en ; {JUDGED}
        evidence:last-year a vg:Evidence , oa:SpecificResource ; oa:hasSelector <id/evidence/last-year/quote> .
        <id/evidence/last-year/quote> oa:exact "im letzten Jahr" .
    """)
        <= found
    )
    assert not any("evidence/year> <http://www.w3.org/ns/oa#" in line for line in found)
    assert not any("ontology#evidence> <" in line and "last-year" in line for line in found)


def test_entries_share_the_node_of_a_statement(make_register: MakeRegister) -> None:
    other = ENTRY.replace("evidence:drk", "evidence:other")
    several = ENTRY.replace("evidence:drk", "evidence:both").replace(
        STATEMENT, f'{STATEMENT} , [ rdf:object "2018"^^xsd:gYear ; rdf:subject contract:baf ; rdf:predicate vg:date ]'
    )
    found = expanded(make_register, ENTRY + several, other)
    date = digits(
        f"<{BASE}id/contract/baf>",
        "<https://w3id.org/vertragsgraph/ontology#date>",
        '"2018"^^<http://www.w3.org/2001/XMLSchema#gYear>',
    )
    assert lines(f"statement:{PARTNER} vg:evidence evidence:drk , evidence:both , evidence:other .") < found
    assert lines(f'statement:{date} vg:evidence evidence:both ; rdf:object "2018"^^xsd:gYear .') < found
    assert sum("ontology#Statement>" in line for line in found) == 2


def test_a_disagreement_points_to_the_statements(make_register: MakeRegister) -> None:
    def wording(text: str) -> str:
        return f'[ rdf:subject contract:iaf ; rdf:predicate vg:theme ; rdf:object "{text}"@de ]'

    def node(text: str) -> str:
        return "statement:" + digits(
            f"<{BASE}id/contract/iaf>", "<https://w3id.org/vertragsgraph/ontology#theme>", f'"{text}"@de'
        )

    label = 'rdfs:label "Thema"@de , "theme"@en ;'
    text = f"disagreement:iaf a vg:Disagreement ; {label} vg:between {wording('ä')} , {wording('b')} ; {JUDGED}"
    statements = (
        f'{node(t)} a vg:Statement , rdf:Statement ; rdf:subject contract:iaf ; rdf:predicate vg:theme ; rdf:object "{t}"@de .'
        for t in "äb"
    )
    assert expanded(make_register, text) == lines(
        f"disagreement:iaf a vg:Disagreement ; {label} vg:between {node('ä')} , {node('b')} ; {JUDGED}\n"
        + "\n".join(statements)
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        (OFFSETS, "rdfs:seeAlso source:s1", 5, "it isn't said where the quotation stands"),
        (OFFSETS, 'vg:page "3"', 5, "needs vg:seenBy"),
        (OFFSETS, 'vg:page "3" ; vg:seenBy organisation:archive', 5, "needs vg:seenOn"),
        (
            "oa:hasSource source:s1 ;",
            "prov:wasDerivedFrom evidence:a , evidence:b ; vg:page '3' ;",
            4,
            "no oa:hasSource",
        ),
        (OFFSETS, 'vg:page 3 ; vg:seenOn "2026-05-04"^^xsd:date', 5, "vg:page takes a plain string"),
        (OFFSETS, "vg:pdfPage 0", 5, "as the PDF counts them"),
        (OFFSETS, 'vg:pdfPage "IV"', 5, "as the PDF counts them"),
        (OFFSETS, 'vg:page "3" , "4"', 5, "vg:page stands here more than once"),
        (OFFSETS, 'vg:page "3" ; vg:seenBy "Doe"', 5, "vg:seenBy takes an IRI"),
        (OFFSETS, 'vg:page "3" ; vg:seenOn "2026"^^xsd:gYear', 5, "vg:seenOn takes a day"),
        ("a vg:Evidence ;", "", 1, "vg:Disagreement"),
        ("a vg:Evidence ;", "a vg:Proof ;", 1, "vg:Disagreement"),
        (f"vg:supports {STATEMENT} ;", "", 1, "vg:supports"),
        (STATEMENT, "contract:drk", 2, "brackets"),
        ("rdf:predicate vg:partner ;", "", 2, "rdf:predicate"),
        ("rdf:predicate vg:partner ;", "rdf:predicate vg:partner , vg:topic ;", 2, "rdf:predicate"),
        ("rdf:predicate vg:partner ;", 'rdf:predicate "partner" ;', 2, "rdf:predicate"),
        ("rdf:predicate vg:partner ;", "rdf:predicate vg:partner ; rdfs:comment 'x' ;", 2, "rdf:predicate"),
        ("rdf:object organisation:drk", "rdf:object [ ]", 2, "rdf:object"),
        (STATEMENT, "[ ]", 2, "rdf:subject"),
        ("vg:Stated", "vg:Guessed", 3, "vg:Inferred"),
        ("vg:supportKind vg:Stated ;", "", 1, "vg:supportKind"),
        ("vg:Stated", "vg:Stated , vg:Implied", 3, "more than once"),
        ("source:s1", '"S1"', 4, "oa:hasSource"),
        ("source:s1", "[ a oa:Thing ]", 4, "oa:hasSource"),
        ("oa:hasSource source:s1 ;", "", 1, "prov:wasDerivedFrom"),
        (
            "oa:hasSource source:s1 ;",
            "oa:hasSource source:s1 ; prov:wasDerivedFrom evidence:fine ;",
            1,
            "one of the two",
        ),
        ('oa:exact "Verträge mit 𝄞" ;', "", 1, "oa:exact"),
        ("oa:start 386 ;", "", 1, "oa:start"),
        ("oa:start 386 ;", "oa:start -1 ;", 5, "oa:start"),
        ("oa:start 386 ;", 'oa:start "٣"^^xsd:integer ;', 5, "oa:start"),
        ("oa:end 400", f"oa:end {'9' * 5000}", 5, "oa:end"),
        ("evidence:drk", "<id/statement/foo>", 1, "an IRI that the build gives"),
        ("oa:end 400", 'oa:end "400"', 5, "oa:end"),
        ('𝄞"', '𝄞"@de', 5, "language"),
        ("oa:start", 'oa:prefix "a"@de ; oa:start', 5, "oa:prefix takes a plain string"),
        ("oa:start", 'oa:suffix "a" , "b" ; oa:start', 5, "oa:suffix stands here more than once"),
        ('oa:exact "Verträge mit 𝄞" ; oa:start 386 ; oa:end 400', 'oa:prefix "a"', 1, "there is none"),
        ('"Darum."@de', '"Darum."', 6, "@de"),
        ("rdfs:comment", "rdfs:coment", 6, "rdfs:coment"),
        ('"2026-11-22"^^xsd:date', '"2026-11-22"', 7, "dcterms:date"),
        ("dcterms:creator organisation:vertragsgraph ;", "", 1, "dcterms:creator"),
        ("vg:supportKind vg:Stated", f"vg:between {STATEMENT}", 3, "vg:between"),
    ],
)
def test_a_malformed_entry_is_told_with_its_line(
    make_register: MakeRegister, old: str, new: str, line: int, word: str
) -> None:
    assert old in ENTRY
    with pytest.raises(FindingsError) as caught:
        expanded(make_register, ENTRY.replace("evidence:drk", "evidence:fine"), ENTRY.replace(old, new))
    fitting = [finding for finding in caught.value.findings if word in finding.message["en"]]
    assert [f"{f.place}".rpartition("/")[2] for f in fitting] == [f"1.ttl:{FIRST_LINE - 1 + line}"]
    assert all(finding.rule in {"evidence", "graph"} for finding in caught.value.findings)


def test_one_wording_is_no_disagreement(make_register: MakeRegister) -> None:
    text = f'disagreement:d a vg:Disagreement ; rdfs:label "a"@de ; vg:between {STATEMENT} ; {JUDGED}'
    with pytest.raises(FindingsError, match="vg:between at least twice"):
        expanded(make_register, text)


@pytest.mark.parametrize(
    "text", [f"[] a vg:Evidence ; vg:supportKind vg:Stated ; {JUDGED}", f"_:x rdf:subject contract:drk .\n{ENTRY}"]
)
def test_blank_nodes_outside_of_entries(make_register: MakeRegister, text: str) -> None:
    with pytest.raises(FindingsError, match="belong to no entry"):
        expanded(make_register, text)


def test_the_same_fault_many_times_is_told_twenty_times_and_counted(make_register: MakeRegister) -> None:
    with pytest.raises(FindingsError) as caught:
        expanded(
            make_register, "".join(f"_:b{number} rdf:subject contract:drk .\n" for number in range(100)) + "<a> <b> 1 ."
        )
    findings = caught.value.findings
    assert len(findings) == 22
    assert findings[-1].message["en"] == "there is more of this kind: the same is wrong 80 times more, here the last"


def test_two_entries_with_one_iri_are_told(make_register: MakeRegister) -> None:
    with pytest.raises(FindingsError, match=rf"1\.ttl:{FIRST_LINE}: violation: there is an entry with this IRI before"):
        expanded(make_register, ENTRY, ENTRY)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)


@given(TEXTS, TEXTS)
def test_the_iri_of_a_statement_tells_statements_apart(one: str, two: str) -> None:
    contract, theme = NamedNode(f"{BASE}id/contract/iaf"), NamedNode(f"{BASE}theme")
    first, second = (statement_iri(Triple(contract, theme, Literal(text)), BASE) for text in (one, two))
    line = serialize([Triple(contract, theme, Literal(one))], format=RdfFormat.N_TRIPLES).rstrip(b"\n")
    assert first.value == f"{BASE}id/statement/{hashlib.sha256(line).hexdigest()[:16]}"
    assert (first == second) is (one == two)
