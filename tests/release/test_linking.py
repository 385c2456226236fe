"""How many entities have a link elsewhere, as the manifest of a release says it."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from vertragsgraph.rdf.syntax import ntriples
from vertragsgraph.register import shipped_kinds
from vertragsgraph.release import manifest
from vertragsgraph.release.contents.linking import Linking

BASE = "https://example.org/r/"
PREFIXES = f"""
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix wd: <http://www.wikidata.org/entity/> . @prefix gnd: <https://d-nb.info/gnd/> . @prefix : <{BASE}id/> .
"""


def links(turtle: str) -> manifest.Links:
    linking = Linking(BASE, shipped_kinds().wanting_links)
    triples = [quad.triple for quad in parse(PREFIXES + turtle, RdfFormat.TURTLE)]
    for subject, group in ntriples.grouped(ntriples.from_triples(triples)):
        linking.take(subject, group)
    return linking.counts()


def test_an_entity_counts_once_however_many_links_and_classes_it_has() -> None:
    found = links(":a a vg:Organisation, vg:Person ; owl:sameAs wd:Q1, wd:Q2, gnd:1-2 . :b a vg:Topic .")
    assert (found.entities, found.unlinked) == (2, 1)
    assert found.without == {"wikidata": 1, "gnd": 1, "eurovoc": 2, "stw": 2, "geonames": 2, "dbpedia": 2}


@pytest.mark.parametrize("name", ["owl:sameAs", "skos:exactMatch", "skos:closeMatch", "skos:relatedMatch"])
def test_a_link_of_whatever_kind_is_a_link(name: str) -> None:
    assert links(f":a a vg:Topic ; {name} wd:Q1 .").unlinked == 0


@pytest.mark.parametrize(
    "turtle",
    [
        ":a a vg:Person ; rdfs:seeAlso wd:Q1 .",
        ":a a vg:Person ; owl:sameAs :b .",
        ":a a vg:Person . :b owl:sameAs wd:Q1 .",
    ],
)
def test_what_is_no_link_from_an_entity_elsewhere_does_not_count(turtle: str) -> None:
    found = links(turtle)
    assert (found.entities, found.unlinked, found.without["wikidata"]) == (1, 1, 1)


def test_a_link_to_somebody_unknown_is_a_link_to_nobody_known() -> None:
    found = links(":a a vg:Person ; owl:sameAs <https://orcid.org/0000-0000> .")
    assert (found.unlinked, found.without["wikidata"]) == (0, 1)


def test_other_things_and_other_peoples_are_not_counted() -> None:
    assert links(":a a vg:Signing . <https://example.com/x> a vg:Person ; owl:sameAs wd:Q1 .").entities == 0
