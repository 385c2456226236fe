from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from vertragsgraph.finding import FindingsError
from vertragsgraph.graph import collect
from vertragsgraph.graph.links import SLOTS
from vertragsgraph.register.names import mapping_iri

MakeRegister = Callable[..., object]

BASE = "https://w3id.org/vertragsgraph/hessen/"
HEADER = """#mapping_set_id: https://example.org/set
#license: https://example.org/licence
#curie_map:
#  topic: id/topic/
#  organisation: id/organisation/
#  gnd: https://d-nb.info/gnd/
#  orcid: https://orcid.org/
"""
ROW_COLUMNS = ("subject_id", "predicate_id", "object_id", "mapping_justification")
COLUMNS = (*ROW_COLUMNS, "confidence", "author_id", "mapping_date", "comment", "reviewer_id")
ROW = {
    "subject_id": "topic:sport",
    "predicate_id": "skos:exactMatch",
    "object_id": "gnd:1",
    "mapping_justification": "semapv:ManualMappingCuration",
    "confidence": "0.95",
    "author_id": "organisation:vertragsgraph|orcid:0000",
    "mapping_date": "2026-11-22",
    "comment": 'Both mean "sport".',
}
PREFIXES = """
@prefix topic: <id/topic/> .
@prefix gnd: <https://d-nb.info/gnd/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sssom: <https://w3id.org/sssom/> .
@prefix semapv: <https://w3id.org/semapv/vocab/> .
@prefix pav: <http://purl.org/pav/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def sssom(*rows: dict[str, str]) -> str:
    table = [COLUMNS, *([row.get(column, "") for column in COLUMNS] for row in rows)]
    return HEADER + "".join("\t".join(cells) + "\n" for cells in table)


def lines(text: str) -> set[str]:
    triples = (quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE, base_iri=BASE))
    return {serialize([triple], format=RdfFormat.N_TRIPLES).decode() for triple in triples}


def linked(make_register: MakeRegister, *rows: dict[str, str]) -> set[str]:
    register = make_register({"links/gnd.sssom.tsv": sssom(*rows)})
    graphs = collect(register, register.folder / "graphs")
    return set(graphs.path("links").read_text("utf-8").splitlines(keepends=True)) if "links" in graphs.roles else set()


def test_a_mapping_becomes_a_link_and_a_node_that_tells_about_it(make_register: MakeRegister) -> None:
    link = Triple(
        *(
            NamedNode(iri)
            for iri in (
                f"{BASE}id/topic/sport",
                "http://www.w3.org/2004/02/skos/core#exactMatch",
                "https://d-nb.info/gnd/1",
            )
        )
    )
    assert linked(make_register, ROW) == lines(f"""
        topic:sport skos:exactMatch gnd:1 .
        {mapping_iri(link, BASE)} a owl:Axiom ;
            owl:annotatedSource topic:sport ; owl:annotatedProperty skos:exactMatch ; owl:annotatedTarget gnd:1 ;
            sssom:mapping_justification semapv:ManualMappingCuration ; sssom:confidence "0.95"^^xsd:double ;
            pav:authoredBy <id/organisation/vertragsgraph> , <https://orcid.org/0000> ;
            dcterms:created "2026-11-22"^^xsd:date ;
            rdfs:comment 'Both mean "sport".' .
    """)


@pytest.mark.parametrize(
    ("changes", "published"),
    [
        ({"mapping_justification": "semapv:MappingReview"}, True),
        ({"mapping_justification": "semapv:LexicalMatching"}, False),
        ({"mapping_justification": "semapv:LexicalMatching", "reviewer_id": "orcid:1"}, True),
        ({"predicate_id": "owl:sameAs"}, True),
    ],
)
def test_only_reviewed_mappings_are_published(
    make_register: MakeRegister, changes: dict[str, str], published: bool
) -> None:
    assert bool(linked(make_register, ROW | changes)) is published


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"confidence": "high"}, '"high" is no number'),
        ({"confidence": "1.5"}, '"1.5" is no number'),
        ({"mapping_date": "22.11.2026"}, "is no day"),
        ({"mapping_date": "2026-02-30"}, "is no day"),
        ({"author_id": "orcid:a b"}, "no IRI"),
        ({"author_id": "nobody:x"}, "curie_map"),
        ({"author_id": "vertragsgraph"}, "no IRI"),
        ({"object_id": "gdn:1"}, "curie_map"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_line(
    make_register: MakeRegister, changes: dict[str, str], word: str
) -> None:
    with pytest.raises(FindingsError) as caught:
        linked(make_register, ROW | {"object_id": "gnd:2"}, ROW | changes)
    [finding] = caught.value.findings
    assert word in finding.message["en"]
    (column,) = changes
    assert finding.message["en"].startswith(f"{column}: ")
    row = [(ROW | changes).get(name, "") for name in COLUMNS]
    before = sum(len(cell) + 1 for cell in row[: COLUMNS.index(column)])
    assert str(finding.place).endswith(f"gnd.sssom.tsv:{HEADER.count(chr(10)) + 3}:{before + 1}")


def test_every_column_that_the_shipped_links_use_goes_into_the_graph() -> None:
    links = Path(__file__).parents[2] / "data" / "links"
    known = {*SLOTS, "subject_id", "predicate_id", "object_id"}
    for path in links.glob("*.sssom.tsv"):
        rows = csv.reader(
            (line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")), delimiter="\t"
        )
        assert set(next(rows)) <= known, path.name
