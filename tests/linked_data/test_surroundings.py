"""What a document tells beside its resource: parts and proofs, bounded however much is connected."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from vertragsgraph.linked_data.gathering import LIMIT
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.resources import COUNTED, FEW, Cut, Description, Surveyed, describe
from vertragsgraph.linked_data.surroundings import MANY, surroundings
from vertragsgraph.rdf.namespaces import OA, ORG, RDF, RDFS, VG

from .test_gathering import BASE, GRAPHS, Asked

ENTAILED = f"{BASE}graph/entailed"
KNOWN = [VG + name for name in ("partner", "partnerIn", "concerns", "actedAs", "exercisedIn", "date")]
KNOWN += [RDFS + "label", "https://schema.org/memberOf"]
DATA = """
GRAPH <graph/contracts> {
  <contract/c1> a vg:Contract ; vg:partner <organisation/o1> .
  <signing/s1> vg:concerns <contract/c1> ; vg:date "2019" ; vg:actedAs <tenure/t1> .
  <organisation/o1> rdfs:comment "steht für sich" .
}
GRAPH <graph/agents> { <tenure/t1> org:member <person/p1> . <person/p1> rdfs:label "Minister"@de }
GRAPH <graph/entailed> { <signing/s1> schema:agent <person/p1> . <tenure/t1> schema:memberOf <organisation/o2> }
GRAPH <graph/evidence> {
  <st1> a vg:Statement ; rdf:subject <signing/s1> ; rdf:predicate vg:date ; rdf:object "2019" ; vg:evidence <e1> .
  <e1> oa:hasSelector <q1> . <q1> oa:exact "2019"@de .
}
"""


def part(iri: str) -> bool:
    return iri.startswith((f"{BASE}signing/", f"{BASE}tenure/"))


SURVEYED = Surveyed(GRAPHS, ENTAILED, KNOWN, part)


def described(asked: Asked, node: str) -> Description:
    found = asyncio.run(describe(BASE + node, SURVEYED, asked))
    assert found is not None
    return found


def around(asked: Asked, about: Description) -> Neighbourhood:
    return Neighbourhood(asyncio.run(surroundings(asked, about, SURVEYED)))


def quads(number: int, subject: str, predicate: str, value: str, graph: str = ENTAILED) -> Iterator[Quad]:
    """Yield many triples; what stands in braces is filled with their numbers."""
    for n in range(number):
        ends = (NamedNode(BASE + end.format(n)) for end in (subject, value))
        yield Quad(next(ends), NamedNode(VG + predicate), next(ends), NamedNode(graph))


def test_parts_come_whole_with_their_proofs_and_others_do_not() -> None:
    asked = Asked(DATA)
    found = around(asked, described(asked, "contract/c1"))
    assert found.text(f"{BASE}signing/s1", VG + "date") == "2019"
    assert found.one(f"{BASE}signing/s1", "https://schema.org/agent") == f"{BASE}person/p1"  # which follows
    assert found.one(f"{BASE}tenure/t1", ORG + "member") == f"{BASE}person/p1"
    assert found.one(f"{BASE}tenure/t1", "https://schema.org/memberOf") == f"{BASE}organisation/o2"
    assert found.one(f"{BASE}st1", RDF + "predicate") == VG + "date"
    assert found.text(f"{BASE}q1", OA + "exact") == "2019"
    assert f"{BASE}organisation/o1" not in found and f"{BASE}person/p1" not in found


def test_parts_lead_back_to_parts_but_what_lies_ahead_does_not() -> None:
    asked = Asked(DATA)
    person = around(asked, described(asked, "person/p1"))
    assert person.text(f"{BASE}signing/s1", VG + "date") == "2019"
    another = "GRAPH <graph/contracts> { <signing/s2> vg:actedAs <tenure/t1> ; vg:concerns <contract/c2> }"
    asked = Asked(f"{DATA} {another}")
    assert f"{BASE}signing/s2" not in around(asked, described(asked, "contract/c1"))
    assert f"{BASE}signing/s2" in around(asked, described(asked, "person/p1"))


def test_other_graphs_of_the_store_are_no_part_of_it() -> None:
    other = "GRAPH <graph/catalog> { <contract/c1> rdfs:seeAlso <x> . <signing/s9> vg:concerns <contract/c1> }"
    (before, after) = (described(Asked(data), "contract/c1") for data in (DATA, f"{DATA} {other}"))
    assert before == after


def test_of_much_the_first_values_come_with_the_number_of_all() -> None:
    partners = [*quads(FEW + 1, "organisation/o1", "partnerIn", "k{}"), *quads(3, "k{}", "partner", "organisation/o1")]
    found = described(Asked("", partners), "organisation/o1")
    assert len(found.entailed) == LIMIT and len(found.incoming) == 3
    assert found.cuts == (Cut(VG + "partnerIn", False, FEW + 1),)
    few = described(Asked("", partners[2:]), "organisation/o1")
    assert len(few.entailed) == FEW - 1 and not few.cuts


def test_the_rest_can_be_asked_and_more_than_so_many_are_not_counted() -> None:
    asked = Asked("", quads(COUNTED + 2, "k{}", "partner", "organisation/o1"))
    (cut,) = described(asked, "organisation/o1").cuts
    assert (cut.property, cut.inverse, cut.total) == (VG + "partner", True, None)
    every = asked.store.query(cut.query(f"{BASE}organisation/o1"), use_default_graph_as_union=True)
    assert sum(1 for _ in every) == COUNTED + 2  # type: ignore[arg-type]


def test_a_document_has_so_many_parts_and_none_brings_what_belongs_to_others() -> None:
    graph = GRAPHS[0]
    asked = Asked(DATA, quads(3 * LIMIT, "signing/x{}", "concerns", "contract/c1", graph))
    about = described(asked, "contract/c1")
    found = around(asked, about)
    assert len(about.incoming) == 3 * LIMIT + 1
    assert len(found.with_predicate(VG + "concerns")) == LIMIT
    for many in (MANY + 1, LIMIT + 1, FEW + 1):
        asked = Asked(DATA, quads(many, "tenure/t1", "exercisedIn", "signing/x{}"))
        found = around(asked, described(asked, "contract/c1"))
        assert not found.iris(f"{BASE}tenure/t1", VG + "exercisedIn")
        assert found.one(f"{BASE}tenure/t1", "https://schema.org/memberOf")


def test_what_is_asked_does_not_grow_with_what_there_is() -> None:
    asked_of = []
    for size in (FEW + 100, 20 * FEW):
        leading = quads(size, "k{}", "partner", "organisation/o1", GRAPHS[0])
        asked = Asked(DATA, [*leading, *quads(size, "organisation/o1", "partnerIn", "k{}")])
        around(asked, described(asked, "organisation/o1"))
        assert all("LIMIT" in query or "VALUES" in query for query in asked.queries)
        asked_of.append(len(asked.queries))
    assert asked_of[0] == asked_of[1]
