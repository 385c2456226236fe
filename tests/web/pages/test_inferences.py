"""What follows from several passages only: one note with its reasoning and all its premises, wherever it is shown."""

from __future__ import annotations

import re

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.rdf.namespaces import VG, XSD, prologue
from vertragsgraph.register.names import statement_iri
from vertragsgraph.release import Release

from ..in_process import asked_of, get

GERMAN = {"Accept": "text/html", "Accept-Language": "de"}
LAST_YEAR = (
    "Nach den Integrationsverträgen mit der Bildungsstätte Anne Frank und dem Hessischen Jugendring im letzten Jahr"
)
JUNE_2019 = "schloss am 3. Juni 2019 zwei weitere Integrationsverträge ab."
REASONING = "das letzte Jahr ist daher 2018. Der Tag ist nicht bekannt."
TOGETHER = "Das folgt aus diesen Stellen zusammen, aus keiner allein:"
ANNE_FRANK = "contract/bildungsstaette-anne-frank"


def page(release: Release, path: str) -> str:
    (answer,) = get(release, asked_of(release), [f"/doc/{path}"], **GERMAN)
    assert answer.status_code == 200
    return answer.text


def notes(text: str) -> list[str]:
    """The notes of a page, each as its text; none of them holds another."""
    found = re.findall(r'<details class="note.*?</details>', text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", note).split()) for note in found]


@pytest.mark.parametrize("contract", ["bildungsstaette-anne-frank", "hessischer-jugendring"])
def test_the_year_of_a_contract_has_one_note_with_both_quotations(release: Release, contract: str) -> None:
    text = page(release, f"contract/{contract}")
    of_june = [note for note in notes(text) if JUNE_2019 in note]
    assert len(of_june) == 1
    (note,) = of_june
    assert note.index(REASONING) < note.index(TOGETHER) < note.index(JUNE_2019) < note.index(LAST_YEAR)
    assert note.startswith("S1 erschlossen")
    assert notes(text).count(note) == 1
    assert not any(LAST_YEAR in other for other in notes(text) if other != note)


def test_each_premise_leads_to_its_evidence_and_its_source(release: Release) -> None:
    premises = re.findall(r'<ol class="premises">.*?</ol>', page(release, ANNE_FRANK), re.DOTALL)
    assert len(premises) == 1
    for link in ("doc/evidence/anne-frank-letztes-jahr-s1", "doc/evidence/drk-unterzeichnung-s1", "doc/source/s1"):
        assert f'{link}"' in premises[0]


def test_that_the_funding_is_not_stated_is_one_inference(release: Release) -> None:
    (note,) = (note for note in notes(page(release, "contract/iaf")) if "nicht mit einer Landesförderung" in note)
    assert "gehört nicht zu ihnen; sonst sagt keine Quelle etwas zu seiner Förderung." in note
    assert JUNE_2019 in note


def test_the_page_of_an_inference_shows_what_it_supports(release: Release) -> None:
    text = page(release, "evidence/anne-frank-jahr")
    assert "Was erschlossen ist, und woraus" in text
    for words in (REASONING, LAST_YEAR, JUNE_2019, ">2018<", "<h1"):
        assert words in text
    assert "lag nicht vor" not in text


def test_the_page_of_a_premise_says_what_it_is_one_for(release: Release) -> None:
    text = page(release, "evidence/anne-frank-letztes-jahr-s1")
    assert "Daraus folgt zusammen mit anderen Stellen" in text
    assert "Die Stelle, und was aus ihr folgt" in text and ">Prämisse<" in text and ">stützt<" not in text
    assert "Abschluss des Integrationsvertrags mit der Bildungsstätte Anne Frank" in text
    both = page(release, "evidence/drk-unterzeichnung-s1")
    assert both.index(">stützt<") < both.index("Daraus folgt zusammen mit anderen Stellen")


def test_the_source_says_so_of_its_passages(release: Release) -> None:
    own = page(release, "source/s1").partition(LAST_YEAR)[2].partition("<blockquote>")[0]
    assert "Daraus folgt zusammen mit anderen Stellen" in own and ">2018<" in own


def test_a_statement_shows_the_inference_in_full(release: Release) -> None:
    signing = NamedNode(f"{release.base}id/signing/bildungsstaette-anne-frank")
    year = Literal("2018", datatype=NamedNode(XSD + "gYear"))
    node = statement_iri(Triple(signing, NamedNode(VG + "date"), year), release.base)
    text = page(release, node.value.removeprefix(f"{release.base}id/"))
    for words in (REASONING, LAST_YEAR, JUNE_2019):
        assert words in text


@pytest.mark.parametrize("extension", ["ttl", "jsonld"])
@pytest.mark.parametrize(
    "path", [ANNE_FRANK, "contract/iaf", "evidence/iaf-foerderung", "evidence/anne-frank-letztes-jahr-s1"]
)
def test_documents_bring_the_premises_with_their_quotations(release: Release, path: str, extension: str) -> None:
    (document,) = get(release, asked_of(release), [f"/doc/{path}.{extension}"])
    graph = rdflib.Graph().parse(data=document.text, format={"ttl": "turtle", "jsonld": "json-ld"}[extension])
    prefixes = prologue("prov", "oa", "rdfs")
    query = f"""{prefixes} SELECT ?premise ?exact {{ ?inference prov:wasDerivedFrom ?premise ; rdfs:comment ?why .
        ?premise oa:hasSelector/oa:exact ?exact ; oa:hasSelector/oa:start ?start ; oa:hasSource/rdfs:label ?source }}"""
    premises = {row.premise: str(row.exact) for row in graph.query(query)}
    assert len(premises) == 2
    assert any("3. Juni 2019" in exact for exact in premises.values())
