"""The diagram of the vocabulary and the graphs: drawn from the release, without scripts, and readable whatever it holds."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from rdflib import OWL, RDF, Graph

from vertragsgraph.graph.diagram import Model, model
from vertragsgraph.linked_data.gathering import LIMIT
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.namespaces import ONTOLOGY_IRI
from vertragsgraph.register import load_register
from vertragsgraph.release import build
from vertragsgraph.web.pages.class_diagram import ROW, Text, class_diagram

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from synthetic_register import BASE, write_register  # noqa: E402

ID = "https://w3id.org/vertragsgraph/hessen/id/"
DRAWN = ("contract", "organisation", "person", "office", "topic")


class Drawing(HTMLParser):
    """The links of a region and their texts, and all ids of the page."""

    def __init__(self, text: str, region: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.ids: set[str] = set()
        self._region, self._depth, self._link = region, 0, ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.ids.add(str(attributes.get("id")))
        if tag == "div" and (self._depth or self._region in str(attributes.get("class")).split()):
            self._depth += 1
        if tag == "a" and self._depth:
            self._link = str(attributes["href"])
            self.links[self._link] = ""

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "div" and self._depth > 0
        self._link = "" if tag == "a" else self._link

    def handle_data(self, data: str) -> None:
        if self._link:
            self.links[self._link] += data


@pytest.fixture(scope="module")
def http(server: object) -> httpx.Client:
    return httpx.Client(base_url=server.url, follow_redirects=True, timeout=60)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "vertragsgraph.ttl")


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_class_and_what_connects_them_leads_to_its_term(http: httpx.Client, ontology: Graph, lang: str) -> None:
    drawing = Drawing(http.get("/ontology", params={"lang": lang}, headers={"Accept": "text/html"}).text, "classes")
    classes = [node for node in ontology.subjects(RDF.type, OWL.Class) if str(node).startswith(ONTOLOGY_IRI)]
    connecting = {name for _, name, _ in model(ontology).links}
    assert len(classes) >= 25
    for term in [*map(str, classes), *connecting]:
        names = {link for link in drawing.links if re.split("[#/:]", link)[-1] == re.split("[#/]", term)[-1]}
        assert names, f"{term} is not drawn"
        assert {name.removeprefix("#") for name in names} <= drawing.ids
    labels = {
        label.value for term in classes for label in ontology.objects(term) if getattr(label, "language", "") == lang
    }
    assert sum(text in labels for text in drawing.links.values()) >= len(classes)


def test_nothing_in_the_diagram_overlaps(ontology: Graph) -> None:
    found = model(ontology)
    names = {iri: re.split("[#/]", iri)[-1] for link in found.links for iri in link} | {
        iri: re.split("[#/]", iri)[-1] for iri in found.classes
    }
    drawing = class_diagram(found, {iri: Text(Label(name, "en"), name) for iri, name in names.items()})
    assert drawing is not None
    places = [(box.x, box.y, box.width, box.height) for box in drawing.boxes]
    places += [(t.x - t.width / 2, t.y - t.height / 2, t.width, t.height) for t in drawing.names]
    for index, (x, y, width, height) in enumerate(places):
        assert 0 <= x <= x + width <= drawing.width
        assert 0 <= y <= y + height <= drawing.height
        assert height >= ROW
        for left, top, wide, high in places[:index]:
            apart = x + width <= left or left + wide <= x or y + height <= top or top + high <= y
            assert apart


def test_narrower_classes_and_loops_stand_in_the_box_of_the_broadest() -> None:
    found = Model(("A", "B", "C", "D"), (("B", "A"), ("C", "B")), (("C", "in", "A"), ("A", "to", "D")))
    drawing = class_diagram(found, {iri: Text(Label(iri, ""), iri) for iri in ("A", "B", "C", "D", "in", "to")})
    assert drawing is not None

    boxes = [[(text.kind, text.key) for text in box.texts] for box in drawing.boxes]
    assert boxes == [[("name", "A"), ("", "B"), ("", "C"), ("own", "in")], [("name", "D")]]
    assert [name.key for name in drawing.names] == ["to"]
    assert [line.arrow for line in drawing.lines] == [False, True]
    assert class_diagram(Model((), (), ()), {}) is None


def test_what_is_around_a_node_is_its_part_of_the_whole(http: httpx.Client) -> None:
    whole = http.get("/explore.json").json()
    nodes = [node["iri"] for node in whole["nodes"]]
    assert {node["kind"] for node in whole["nodes"]} == set(DRAWN)
    for iri in nodes:
        part = http.get("/explore.json", params={"iri": iri}).json()
        expected = [line for line in whole["lines"] if iri in {line["source"], line["target"]}]
        assert part["lines"] == expected, iri
        assert part["centre"] == iri
        kinds = {node["iri"]: node["kind"] for node in whole["nodes"]}
        assert all(kinds[node["iri"]] == node["kind"] for node in part["nodes"])


@pytest.mark.parametrize("path", ["contract/iaf", "organisation/hmsi", "person/kai-klose", "topic/vielfalt"])
def test_the_small_graph_links_to_all_neighbours(http: httpx.Client, path: str) -> None:
    part = http.get("/explore.json", params={"iri": ID + path}).json()
    star = Drawing(http.get(f"/doc/{path}.html").text, "star")
    others = {node["iri"].removeprefix(ID) for node in part["nodes"]} - {path}
    assert others
    assert {link.removeprefix("../../doc/") for link in star.links} == others


def test_what_is_no_node_has_no_small_graph(http: httpx.Client) -> None:
    assert 'class="star"' not in http.get("/doc/source/s1.html").text
    assert http.get("/explore.json", params={"iri": f"{ID}source/s1"}).json()["lines"] == []
    assert http.get("/explore.json", params={"iri": f"{ID}contract/Not_A_Name"}).json()["nodes"] == []


def test_a_hub_stays_readable(tmp_path: Path, start: Callable[..., object]) -> None:
    contracts = LIMIT + 20
    write_register(tmp_path / "register", contracts)
    build(load_register(tmp_path / "register"), tmp_path / "releases")
    server = start(tmp_path / "releases", "--register", str(tmp_path / "register"))
    with httpx.Client(base_url=server.url, timeout=60) as http:  # type: ignore[attr-defined]
        text = http.get("/doc/organisation/government.html?lang=en").text
        star = Drawing(text, "star")
        explore = http.get("/explore.json", params={"iri": f"{BASE}id/organisation/government"}).json()
        listed = http.get("/contracts.json").json()
    assert text.count('<span class="what">') == LIMIT
    assert "There are more than are shown on this page:" in text
    assert "There is more than is shown on this page." in text
    assert f"and {LIMIT - 6} more" in star.links.values()
    assert len(star.links) == 7
    assert len(explore["lines"]) == LIMIT
    assert listed["total"] == contracts
