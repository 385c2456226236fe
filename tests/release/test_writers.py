"""Turtle, TriG, JSON-LD and RDF/XML: whatever is written is read back as the same triples, by two readers."""

from __future__ import annotations

import io
import json
import string

import pyoxigraph
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Dataset, Literal, NamedNode, Quad, RdfFormat, Triple
from rdflib.compare import to_isomorphic

from vertragsgraph.rdf.namespaces import XSD
from vertragsgraph.rdf.syntax import ntriples, rdfxml, turtle
from vertragsgraph.register.names import prefixes_for
from vertragsgraph.release.contents import jsonld
from vertragsgraph.release.contents.jsonld import Context
from vertragsgraph.release.contents.statistics import survey

BASE = "https://example.org/r/"
PREFIXES = prefixes_for(BASE, ["contract", "topic", "skos"])

# What makes trouble in one syntax or another: quotes, escapes, separators, %2F, dots, empty ends, every sort of space.
NASTY = "ä\"\\'\n\r\t\b\f\x00\x0b\x1f\x7f\x85\xa0\u2028\ufeff\ufffd\ufffe\U0001f600\U0001ffff<>&{}|^`%.,;:/#?@~-_ 0aZ"
texts = st.text(st.sampled_from(NASTY) | st.characters(codec="utf-8"), max_size=12)
ends = st.text(string.ascii_letters + string.digits + "._-~%:@!$&'()*+,;=äß/?", max_size=8).map(
    lambda s: s.replace("%", "%2F")
)
namespaces = st.sampled_from(
    [f"{BASE}id/contract/", f"{BASE}id/topic/", BASE, *list(PREFIXES.values())[:8], "http://e.org/x#", "http://e.org/"]
)
schemes = st.sampled_from(["urn:x:", "label:", "contract:", "vg:", "mailto:a@b.", "Contract:x"])
iris = st.builds(lambda start, end: NamedNode(start + end), namespaces | schemes, ends)
names = st.text(string.ascii_letters, min_size=1, max_size=3)
properties = st.builds(lambda start, name: NamedNode(start + name), namespaces, names) | st.sampled_from(
    [
        NamedNode(ntriples.RDF + "type"),
        NamedNode(ntriples.RDFS_LABEL[1:-1]),
        NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"),
    ]
)
numbers = st.sampled_from(
    [
        "0",
        "-0",
        "1",
        "007",
        "+5",
        "-12",
        "1.0",
        "1.50",
        ".5",
        "1.",
        "1e6",
        "1.0E6",
        "true",
        "1",
        "false",
        "12345678901234567890",
    ]
)
datatypes = st.sampled_from(
    [XSD + name for name in ("integer", "decimal", "double", "boolean", "date", "gYear")]
    + ["http://e.org/x#t", "urn:t"]
)
literals = (
    texts.map(Literal)
    | st.builds(
        lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["de", "en", "de-AT", "zh-hant-tw"])
    )
    | st.builds(lambda text, kind: Literal(text, datatype=NamedNode(kind)), numbers | texts, datatypes)
)
triples = st.builds(Triple, iris, properties, iris | literals)
graphs = st.lists(triples, max_size=25)


def written(graph: list[Triple], syntax: str) -> str:
    """Write triples by way of sorted lines, as the dumps are written."""
    out = io.StringIO(newline="")
    sorted_lines = ntriples.from_triples(graph)
    found = survey(sorted_lines, BASE)
    if syntax == "turtle":
        turtle.write_lines(sorted_lines, out, PREFIXES)
    elif syntax == "rdfxml":
        rdfxml.write_lines(sorted_lines, out, PREFIXES, BASE)
    else:
        jsonld.write_lines(sorted_lines, out, Context.of(found, PREFIXES).against(BASE))
    return out.getvalue()


FORMATS = {"turtle": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD, "rdfxml": RdfFormat.RDF_XML}
RDFLIB_NAMES = {"turtle": "turtle", "jsonld": "json-ld", "rdfxml": "xml"}


@pytest.mark.parametrize("syntax", ["turtle", "jsonld"])
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(graph=graphs)
def test_what_is_written_is_read_back(syntax: str, graph: list[Triple]) -> None:
    read = pyoxigraph.parse(written(graph, syntax), FORMATS[syntax])
    assert {quad.triple for quad in read} == set(graph)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(graph=graphs)
def test_rdfxml_is_read_back_unless_the_survey_refuses(graph: list[Triple]) -> None:
    found = survey(ntriples.from_triples(graph), BASE)
    refused = {refusal.triple for refusal in found.refusals}
    kept = [t for t in graph if (str(t.subject), str(t.predicate), str(t.object)) not in refused]
    if len(refused) < 20:
        read = pyoxigraph.parse(written(kept, "rdfxml"), RdfFormat.RDF_XML)
        assert {quad.triple for quad in read} == set(kept)


@pytest.mark.filterwarnings("ignore::UserWarning")  # rdflib tells of odd numbers
@pytest.mark.parametrize("syntax", ["turtle", "jsonld", "rdfxml"])
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_rdflib_reads_the_same(syntax: str, data: st.DataObject, monkeypatch_module: pytest.MonkeyPatch) -> None:
    plain = st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Co"]) | st.sampled_from('"\\\n\t'), max_size=12
    )
    values = (
        plain.map(Literal)
        | st.builds(lambda s: Literal(s, language="de"), plain)
        | st.builds(lambda s, kind: Literal(s, datatype=NamedNode(kind)), numbers | plain, datatypes)
    )
    good_iris = st.builds(lambda start, end: NamedNode(start + end), namespaces, ends)
    graph = data.draw(st.lists(st.builds(Triple, good_iris, properties, good_iris | values), max_size=20))
    expected = rdflib.Graph().parse(data="".join(ntriples.from_triples(graph)), format="nt")
    assert to_isomorphic(
        rdflib.Graph().parse(data=written(graph, syntax), format=RDFLIB_NAMES[syntax])
    ) == to_isomorphic(expected)


@pytest.fixture(scope="module")
def monkeypatch_module():
    """Keep rdflib from changing the lexical forms it reads, so that forms are compared, not values."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        yield patch


@settings(deadline=None, max_examples=40)
@given(document=graphs, other=graphs)
def test_values_that_do_not_fit_a_foreign_context_are_written_in_full(
    document: list[Triple], other: list[Triple]
) -> None:
    context = Context.of(survey(ntriples.from_triples(other), BASE), PREFIXES)
    schemes_in_use = survey(ntriples.from_triples(document), BASE).schemes
    names = {key.name for key in context.keys.values()} | set(context.classes.values())
    if schemes_in_use & names:  # the promise is for the IRIs that the context was made for
        return
    out = io.StringIO(newline="")
    jsonld.write(document, out, context)
    assert {quad.triple for quad in pyoxigraph.parse(out.getvalue(), RdfFormat.JSON_LD)} == set(document)


@given(graph=graphs)
@settings(deadline=None, max_examples=30)
def test_a_context_survives_its_file(graph: list[Triple]) -> None:
    context = Context.of(survey(ntriples.from_triples(graph), BASE), PREFIXES)
    assert Context.read(json.loads(json.dumps(context.document()))) == context


def sample(turtle_text: str) -> list[Triple]:
    head = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in PREFIXES.items())
    return [quad.triple for quad in pyoxigraph.parse(head + turtle_text, RdfFormat.TURTLE)]


def test_turtle_is_readable() -> None:
    graph = sample(
        """contract:drk vg:topic topic:sport, topic:2 ; vg:signedOn "2019-06-03"^^xsd:date ; vg:funded false ; vg:amount 40000 ;
        rdfs:label "Vertrag „DRK“"@de, "DRK contract"@en ; a vg:Contract ; vg:page <https://example.org/r/a/> ."""
    )
    out = io.StringIO()
    turtle.write(graph, out, PREFIXES)
    assert out.getvalue() == (
        f"@prefix vg: <{PREFIXES['vg']}> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "@prefix contract: <https://example.org/r/id/contract/> .\n"
        "@prefix topic: <https://example.org/r/id/topic/> .\n"
        "\n"
        "contract:drk\n"
        "    a vg:Contract ;\n"
        '    rdfs:label "DRK contract"@en, "Vertrag „DRK“"@de ;\n'
        "    vg:amount 40000 ;\n"
        "    vg:funded false ;\n"
        "    vg:page <https://example.org/r/a/> ;\n"
        '    vg:signedOn "2019-06-03"^^xsd:date ;\n'
        "    vg:topic topic:2, topic:sport .\n"
    )


def test_many_objects_stand_below_each_other() -> None:
    graph = sample("contract:a vg:topic " + ", ".join(f"topic:{'t' * 20}{n}" for n in range(5)) + " .")
    out = io.StringIO()
    turtle.write(graph, out, PREFIXES)
    assert f"    vg:topic topic:{'t' * 20}0,\n        topic:{'t' * 20}1,\n" in out.getvalue()


def test_jsonld_is_readable_as_json() -> None:
    graph = sample(
        """contract:drk vg:topic topic:sport, topic:2 ; vg:signedOn "2019-06-03"^^xsd:date ; vg:funded false ; vg:amount 40000 ;
        vg:note "einfach", "markiert"@de ; rdfs:label "Vertrag"@de, "Contract"@en, "Agreement"@en ; a vg:Contract ."""
    )
    document = json.loads(written(graph, "jsonld"))
    assert document["@graph"] == [
        {
            "@id": "id/contract/drk",
            "@type": "Contract",
            "label": {"de": "Vertrag", "en": ["Agreement", "Contract"]},
            "amount": 40000,
            "funded": False,
            "note": ["einfach", {"@value": "markiert", "@language": "de"}],
            "signedOn": "2019-06-03",
            "topic": ["id/topic/2", "id/topic/sport"],
        }
    ]
    assert document["@context"]["@base"] == BASE
    assert document["@context"]["topic"] == {"@id": f"{PREFIXES['vg']}topic", "@type": "@id"}


def test_keys_that_collide_show_their_prefix() -> None:
    graph = sample('contract:a dcterms:title "a" ; vg:title "b" ; <http://e.org/title> "c" .')
    node = json.loads(written(graph, "jsonld"))["@graph"][0]
    assert {key: value for key, value in node.items() if key != "@id"} == {
        "title": "b",
        "dcterms_title": "a",
        "_title" if "_title" in node else "http://e.org/title": "c",
    }
    assert "_title" not in node


def test_empty_graphs_give_valid_documents() -> None:
    for syntax, of_reader in FORMATS.items():
        assert list(pyoxigraph.parse(written([], syntax), of_reader)) == []


def test_blank_nodes_are_kept() -> None:
    graph = sample('contract:a vg:part [ rdfs:label "x"@de ; vg:part [ vg:amount 1 ] ] .')
    for syntax, of_reader in FORMATS.items():
        read = Dataset(Quad(*quad.triple) for quad in pyoxigraph.parse(written(graph, syntax), of_reader))
        expected = Dataset(Quad(*triple) for triple in graph)
        for dataset in (read, expected):
            dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        assert read == expected, syntax


def test_a_class_whose_iri_ends_in_no_xml_name_is_written() -> None:
    graph = sample("contract:a a <http://e.org/class/123> , <http://e.org/class/> .")
    assert {str(node) for node in rdflib.Graph().parse(data=written(graph, "rdfxml"), format="xml").objects()} == {
        "http://e.org/class/123",
        "http://e.org/class/",
    }
