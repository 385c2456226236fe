"""What a page is made from is gathered from the node outwards: complete, bounded, and quick whatever else there is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator

import pyoxigraph

from vertragsgraph.linked_data.gathering import LIMIT, Wanted, contract_lines, gather
from vertragsgraph.linked_data.names import LABEL, PROLOGUE
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.rdf.namespaces import OA, OWL, VG

BASE = "https://example.org/"
GRAPHS = tuple(f"{BASE}graph/{name}" for name in ("contracts", "agents", "topics", "sources", "evidence"))
DATA = """
GRAPH <graph/contracts> {
  <c1> a vg:Contract ; rdfs:label "Vertrag"@de ; vg:partner <o1> ; vg:fundingStatus vg:Funded .
  <s1> a vg:Signing ; vg:concerns <c1> ; vg:date "2019" ; vg:actedAs <t1> .
}
GRAPH <graph/agents> { <o1> rdfs:label "Verein"@de ; owl:sameAs <http://elsewhere.example/o1> . <t1> rdfs:label "Amtszeit"@de }
GRAPH <graph/entailed> { <c1> rdf:type owl:Thing ; vg:hasAct <s1> . <o1> vg:partnerIn <c1> }
GRAPH <graph/sources> { <d1> rdfs:label "Quelle"@de ; dcterms:identifier "S1" }
GRAPH <graph/evidence> {
  <st1> a vg:Statement ; rdf:subject <c1> ; rdf:predicate vg:partner ; rdf:object <o1> ; vg:evidence <e1> .
  <e1> vg:supportKind vg:Stated ; oa:hasSource <d1> ; oa:hasSelector <q1> .
  <q1> oa:exact "mit dem Verein"@de .
}
"""
CONTRACT = Wanted(focus=("?f vg:concerns {node} .",), links=True)


class Asked:
    """A store that counts what it is asked."""

    def __init__(self, update: str, fill: Iterable[pyoxigraph.Quad] = ()) -> None:
        self.store = pyoxigraph.Store()
        self.store.bulk_extend(fill)
        self.store.update(f"{PROLOGUE}\nINSERT DATA {{ {update} }}", base_iri=BASE)
        self.queries: list[str] = []

    async def __call__(self, query: str, /) -> bytes:
        self.queries.append(query)
        result = self.store.query(query, use_default_graph_as_union=True)
        if isinstance(result, pyoxigraph.QueryTriples):
            return pyoxigraph.serialize(result, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        assert isinstance(result, pyoxigraph.QuerySolutions)
        return result.serialize(format=pyoxigraph.QueryResultsFormat.JSON) or b""


def gathered(asked: Asked, node: str, wanted: Wanted) -> Neighbourhood:
    return asyncio.run(gather(asked, BASE + node, wanted, GRAPHS))


def test_statements_names_links_and_evidence_come_along() -> None:
    found = gathered(Asked(DATA), "c1", CONTRACT)
    assert found.iris(f"{BASE}c1", VG + "partner") == [f"{BASE}o1"]
    assert found.text(f"{BASE}o1", LABEL) == "Verein"
    assert found.one(f"{BASE}o1", OWL + "sameAs") == "http://elsewhere.example/o1"
    assert found.text(f"{BASE}s1", VG + "date") == "2019"
    assert found.text(f"{BASE}t1", LABEL) == "Amtszeit"
    [evidence] = found.evidence(f"{BASE}c1", VG + "partner", pyoxigraph.NamedNode(f"{BASE}o1"))
    quotation = found.quotation(evidence)
    assert quotation is not None
    assert quotation.value == "mit dem Verein"
    assert found.text(found.one(evidence, OA + "hasSource"), LABEL) == "Quelle"


def test_of_what_is_entailed_only_classes_come_along() -> None:
    found = gathered(Asked(DATA), "c1", CONTRACT)
    assert OWL + "Thing" in found.types(f"{BASE}c1")
    assert found.iris(f"{BASE}c1", VG + "hasAct") == []
    assert found.iris(f"{BASE}o1", VG + "partnerIn") == []


def test_passages_come_with_what_they_support() -> None:
    found = gathered(Asked(DATA), "d1", Wanted(passages=("?f oa:hasSource {node}",), supported=True))
    assert found.subjects(VG + "evidence", f"{BASE}e1") == [f"{BASE}st1"]
    assert found.text(f"{BASE}c1", LABEL) == "Vertrag"
    assert found.text(f"{BASE}o1", LABEL) == "Verein"


def test_a_contract_in_a_list_has_partner_status_and_date() -> None:
    found = Neighbourhood(asyncio.run(contract_lines(Asked(DATA), [f"{BASE}c1"])))
    assert found.one(f"{BASE}c1", VG + "fundingStatus") == VG + "Funded"
    assert found.text(f"{BASE}c1", "http://purl.org/dc/terms/date") == "2019"
    assert found.text(f"{BASE}o1", LABEL) == "Verein"


def test_nothing_is_asked_about_nothing() -> None:
    asked = Asked("")
    assert f"{BASE}c1" not in gathered(asked, "c1", Wanted())
    assert len(asked.queries) == 3, "what is asserted, its classes, its evidence"
    assert asyncio.run(contract_lines(asked, [])) == []
    assert len(asked.queries) == 3


def hub(acts: int, others: int) -> Iterator[pyoxigraph.Quad]:
    """Yield acts that concern one contract, and many more that don't."""
    graph, concerns = pyoxigraph.NamedNode(GRAPHS[0]), pyoxigraph.NamedNode(VG + "concerns")
    for number in range(acts + others):
        contract = pyoxigraph.NamedNode(f"{BASE}{'c1' if number < acts else f'x{number}'}")
        yield pyoxigraph.Quad(pyoxigraph.NamedNode(f"{BASE}a{number}"), concerns, contract, graph)


def test_of_many_nodes_only_so_many_are_taken() -> None:
    found = gathered(Asked(DATA, hub(3 * LIMIT, 0)), "c1", CONTRACT)
    assert len(found.subjects(VG + "concerns", f"{BASE}c1")) == LIMIT


def contracts_of(partner: str, years: Iterable[int]) -> str:
    return "".join(
        f'<k{n}> a vg:Contract ; vg:partner <{partner}> . <k{n}s> a vg:Signing ; vg:concerns <k{n}> ; vg:date "{year}" .'
        for n, year in enumerate(years)
    )


def test_of_many_contracts_the_newest_come_along_and_how_many_there_are() -> None:
    years = [*range(1900, 1900 + LIMIT // 2), *range(2000 + 2 * LIMIT, 2000, -1)]
    asked = Asked(f"GRAPH <graph/contracts> {{ {contracts_of('o1', years)} }}")
    pattern = "?f vg:partner {node} ."
    found = gathered(asked, "o1", Wanted(contracts=(pattern,)))
    date = "http://purl.org/dc/terms/date"
    dates = sorted(found.text(contract, date) for contract in found.subjects(VG + "partner", f"{BASE}o1"))
    assert dates == [str(year) for year in sorted(years)[-LIMIT:]]
    assert found.cuts[pattern].total == len(years)
    every = asked.store.query(found.cuts[pattern].query, use_default_graph_as_union=True)
    assert len(list(every)) == len(years)  # type: ignore[arg-type]


def test_what_mentions_a_node_is_cut_by_property_in_order_and_counted() -> None:
    many = "".join(f"<m{n:04}> vg:realises <p1> ." for n in range(2 * LIMIT))
    asked = Asked(f"GRAPH <graph/contracts> {{ {many} <c1> vg:programme <p1> }}")
    found = gathered(asked, "p1", Wanted(mentions=True))
    assert found.subjects(VG + "realises", f"{BASE}p1") == [f"{BASE}m{n:04}" for n in range(LIMIT)]
    assert found.subjects(VG + "programme", f"{BASE}p1") == [f"{BASE}c1"]
    assert {key: cut.total for key, cut in found.cuts.items()} == {VG + "realises": 2 * LIMIT}


def test_queries_begin_at_the_nodes() -> None:
    # Scanning for each node takes half a second here, looking it up a few milliseconds.
    asked = Asked(DATA, hub(60, 200_000))
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        found = gathered(asked, "c1", CONTRACT)
        times.append(time.perf_counter() - begin)
    assert len(found.subjects(VG + "concerns", f"{BASE}c1")) == 61
    assert min(times) < 0.15
