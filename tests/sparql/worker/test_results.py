"""Results as graphs: with the prefixes of the query and of the register, in JSON-LD as an inline context."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from vertragsgraph.sparql.worker import results

EX = "http://example.org/"
PREFIXES = {
    "ex": EX,
    "topic": f"{EX}id/topic/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "odd": "http://example.org/x_",
}
YEAR = ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYear")
TRIPLES = [
    ox.Triple(ox.NamedNode(f"{EX}a"), ox.NamedNode(f"{EX}name"), ox.Literal("Öffnung", language="de")),
    ox.Triple(
        ox.NamedNode(f"{EX}a"),
        ox.NamedNode(f"{EX}year"),
        ox.Literal("2018", datatype=ox.NamedNode(PREFIXES["xsd"] + "gYear")),
    ),
    ox.Triple(ox.NamedNode(f"{EX}a"), ox.NamedNode(f"{EX}topic"), ox.NamedNode(f"{EX}id/topic/t1")),
    ox.Triple(ox.NamedNode(f"{EX}a"), ox.NamedNode(f"{EX}topic"), ox.BlankNode("b")),
]


def written(triples: list[ox.Triple], name: str, prefixes: Mapping[str, str]) -> str:
    out = io.BytesIO()
    results.write_graph(triples, out, name, prefixes)
    return out.getvalue().decode()


def reread(text: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD)}


def test_prefixes_that_occur_are_declared_and_no_others() -> None:
    turtle = written(TRIPLES, "ttl", PREFIXES)
    assert "@prefix topic: <http://example.org/id/topic/> ." in turtle and "topic:t1" in turtle
    assert "odd" not in turtle
    assert "topic" not in written(TRIPLES[:1], "ttl", PREFIXES).replace("ex:topic", "")
    assert 'xmlns:ex="http://example.org/"' in written(TRIPLES, "rdf", PREFIXES)


def test_of_two_prefixes_for_a_namespace_the_first_counts() -> None:
    turtle = written(TRIPLES, "ttl", {"own": EX, **PREFIXES})
    assert "own:name" in turtle and "@prefix ex:" not in turtle


def test_a_long_result_declares_all_since_nobody_knows_what_comes() -> None:
    subject, late = ox.NamedNode(f"{EX}a"), ox.NamedNode(f"{EX}id/topic/last")
    many = [ox.Triple(subject, ox.NamedNode(f"{EX}n"), ox.Literal(number)) for number in range(3_000)]
    many.append(ox.Triple(subject, ox.NamedNode(f"{EX}topic"), late))
    assert "topic:last" in written(many, "ttl", PREFIXES)
    assert '"topic:last"' in written(many, "jsonld", PREFIXES)


def test_json_ld_has_an_inline_context_and_short_names() -> None:
    document = json.loads(written(TRIPLES, "jsonld", PREFIXES))
    assert document["@context"] == {name: PREFIXES[name] for name in ("ex", "topic", "xsd")}
    (node,) = document["@graph"]
    assert node["@id"] == "ex:a" and node["ex:topic"][0] == {"@id": "topic:t1"}
    assert node["ex:year"] == [{"@type": "xsd:gYear", "@value": "2018"}]
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    assert isomorphic(graph, rdflib.Graph().parse(data=written(TRIPLES, "nt", {}), format="nt"))
    assert json.loads(written([], "jsonld", PREFIXES)) == {"@context": {}, "@graph": []}


PIECES = st.sampled_from(['"', "\\", "{", "}", '"@value":', "ex:", EX, "//", "@id", ":", "topic", ",", "é", " "])
TEXTS = st.lists(PIECES, max_size=6).map("".join)
ENDS = st.sampled_from(["", "a", "id/topic/t", "id/topic/", "/b", "x_1", "//c", "a:b", "id/topic//d"])


@given(st.lists(st.tuples(ENDS, ENDS, TEXTS | ENDS.map(lambda end: ox.NamedNode(EX + end))), max_size=8))
def test_whatever_is_written_as_json_ld_is_read_back(facts: list[tuple[str, str, str | ox.NamedNode]]) -> None:
    triples = [
        ox.Triple(ox.NamedNode(EX + s), ox.NamedNode(EX + p), o if isinstance(o, ox.NamedNode) else ox.Literal(o))
        for s, p, o in facts
    ]
    assert reread(written(triples, "jsonld", PREFIXES)) == set(triples)


def test_pieces_of_any_length_make_the_same() -> None:
    whole = written(TRIPLES, "jsonld", PREFIXES)
    expanded = ox.serialize(TRIPLES, format=ox.RdfFormat.JSON_LD)
    used = {name: PREFIXES[name] for name in ("ex", "topic", "xsd")}
    assert expanded is not None
    for size in (1, 2, 7, 64):
        out = io.BytesIO()
        compacting = results.Compacting(out, used)
        for start in range(0, len(expanded), size):
            compacting.write(expanded[start : start + size])
        compacting.end()
        assert out.getvalue().decode() == whole


def test_an_iri_whose_scheme_is_a_prefix_is_not_taken_for_a_prefixed_name() -> None:
    strange = ox.Triple(ox.NamedNode("ex:a"), ox.NamedNode(f"{EX}p"), ox.NamedNode("topic:x"))
    assert reread(written([strange], "jsonld", PREFIXES)) == {strange}
    many = [ox.Triple(ox.NamedNode(f"{EX}a"), ox.NamedNode(f"{EX}p"), ox.Literal(n)) for n in range(2_000)]
    with pytest.raises(results.Refused, match="ask for Turtle"):
        written([*many, strange], "jsonld", PREFIXES)
