"""What is wrong with a link is told with its row in the mapping file."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.finding import Place
from vertragsgraph.gate.checks.graphs import check_graphs
from vertragsgraph.gate.places import Places
from vertragsgraph.rdf.namespaces import RDFS
from vertragsgraph.register.names import mapping_iri
from vertragsgraph.sources import read_mappings

COMMENT = NamedNode(RDFS + "comment")


def test_a_link_of_a_resource_that_is_described_nowhere(copy) -> None:
    file = copy.folder / "data/links/wikidata.sssom.tsv"
    file.write_text(file.read_text("utf-8").replace("topic:sport\t", "topic:sprot\t"), "utf-8")
    register = copy.register
    (finding,) = check_graphs(register, copy.collect(), Places(register))
    assert finding.message["en"] == "topic:sprot is described nowhere; did you mean topic:sport?"
    assert finding.place == Place(file, copy.line(file, "topic:sprot"))


def test_what_is_said_of_a_link_has_its_row_as_place(copy) -> None:
    file = copy.folder / "data/links/wikidata.sssom.tsv"
    register = copy.register
    link = read_mappings(file, register.base)[-1]
    said = Triple(mapping_iri(link.triple, register.base), COMMENT, Literal("made from the row"))
    places = Places(register)
    places.look_up(triples=[said, link.triple])
    assert places.of_triple(said) == places.of_triple(link.triple) == Place(file, link.line)
