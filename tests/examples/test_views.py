"""Whatever there is of an example is served: each page, document, list, dump, catalogue, query; named, and in its language."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from tests.web.strangers import WORD, foreign_words, spoken, strangers
from vertragsgraph.rdf.namespaces import RDFS
from vertragsgraph.release import Release
from vertragsgraph.texts import translate, with_language

from .conftest import Example
from .reading import Page

pytestmark = pytest.mark.slow

SYNTAXES = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
MANY, SOME = ("evidence/", "statement/"), 12
TECHNICAL = re.compile(
    r"^/(ontology|shapes|sparql|cite|quality|doc/statement|doc/evidence|releases/.*/compare)|view=triples"
)
"""Pages that show IRIs and terms as such."""
RAW = re.compile(
    r"^(https?://|id/|doc/|urn:)|\b(vg|dcterms|schema|org|skos|prov|rdfs|foaf|oa|xsd|statement|evidence):\w"
)
"""What stands in place of a name that lacks."""


def triples(release: Release) -> Iterator[Triple]:
    return (quad.triple for quad in parse(path=release.dump("nt"), format=RdfFormat.N_TRIPLES))


@pytest.fixture(scope="module")
def names(example: Example) -> dict[str, set[str]]:
    """The resources, by kind and name, with what they are called."""
    start, found = f"{example.release.base}id/", defaultdict(set)
    for triple in triples(example.release):
        if str(triple.subject).startswith(f"<{start}") and triple.subject.value.count("/") == start.count("/") + 1:
            name = triple.subject.value.removeprefix(start)
            found[name] |= {triple.object.value} if triple.predicate == NamedNode(RDFS + "label") else set()
    return found


@pytest.fixture(scope="module")
def withdrawn(example: Example, names: dict[str, set[str]]) -> set[str]:
    tombstone = NamedNode("https://www.w3.org/ns/activitystreams#Tombstone")
    start = f"{example.release.base}id/"
    return {t.subject.value.removeprefix(start) for t in triples(example.release) if t.object == tombstone}


@pytest.fixture(scope="module")
def site(visitor: httpx.Client, names: dict[str, set[str]]) -> dict[str, httpx.Response]:
    """All answers, by address: whatever links of pages lead to, from the front page and from all resources on.

    Of evidence and statements, which are many and all alike, only some.
    """
    found: dict[str, httpx.Response] = {}
    some = {name for kind in MANY for name in sorted(name for name in names if name.startswith(kind))[:SOME]}
    left_out = tuple(f"/doc/{name}" for name in names if name.startswith(MANY) and name not in some)
    waiting = ["/", "/sitemap.xml", "/search?q=example", "/nothing", *(f"/doc/{name}" for name in names)]
    while waiting:
        path = waiting.pop()
        if path in found or path.startswith(left_out):
            continue
        found[path] = visitor.get(path)
        if found[path].headers.get("content-type", "").startswith("text/html") and "?" not in path:
            for href, _ in Page(found[path].text).links:
                address = urlsplit(urldefrag(urljoin(str(found[path].url), href))[0])
                if address.netloc == visitor.base_url.netloc.decode():
                    waiting.append(address.path + (f"?{address.query}" if address.query else ""))
    return found


def test_all_there_is_is_served(site: dict[str, httpx.Response], withdrawn: set[str]) -> None:
    gone = {path for path in site if re.sub(r"^/(doc|id)/|\.\w+$|\?.*", "", path) in withdrawn}
    wrong = {path: answer.status_code for path, answer in site.items() if answer.status_code not in {200, 302, 303}}
    assert wrong == {"/nothing": 404, **dict.fromkeys(gone, 410)}
    assert len(site) > 400


def test_pages_are_in_a_language_of_the_register_and_name_what_they_lead_to(
    example: Example, site: dict[str, httpx.Response], names: dict[str, set[str]]
) -> None:
    (voice,) = example.register.spoken
    raw = {}
    for path, answer in site.items():
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page = Page(answer.text)
        assert answer.headers["content-language"] == voice, path
        assert page.languages <= {voice, *example.register.languages, "uk", "pl", "en"}, path
        assert re.search("inventé|erfunden", page.words), path
        if TECHNICAL.search(path):
            continue
        if found := RAW.search(page.told):
            raw[path] = found[0]
        for href, words in page.links:
            _, _, name = href.partition("/doc/")
            if name.partition("/")[2] == words.strip() and words.strip() not in names[name]:
                raw[path] = words
    assert raw == {}


def test_no_page_has_a_word_of_another_language_but_those_of_the_register(
    example: Example, site: dict[str, httpx.Response]
) -> None:
    (voice,) = example.register.spoken
    own = {t.object.value for t in triples(example.release) if isinstance(t.object, Literal)}
    own |= {path.read_text("utf-8") for path in (example.register.data / "queries").glob("*.rq")}
    own |= {text for names in (example.register.title, example.register.description) for text in names.root.values()}
    foreign = foreign_words(voice) - {word.lower() for word in WORD.findall("\n".join(own))}
    said = {
        path: strangers(spoken(answer.text), foreign)
        for path, answer in site.items()
        if answer.headers.get("content-type", "").startswith("text/html")
    }
    assert {path: words for path, words in said.items() if words} == {}


def test_each_resource_has_its_documents_in_each_syntax(
    site: dict[str, httpx.Response], example: Example, names: dict[str, set[str]], withdrawn: set[str]
) -> None:
    for name in (name for name in names if f"/doc/{name}" in site):
        for ending, syntax in SYNTAXES.items():
            answer = site[f"/doc/{name}.{ending}"]
            assert answer.status_code == (410 if name in withdrawn else 200), name
            subjects = {quad.subject for quad in parse(answer.content, format=syntax, base_iri=example.release.base)}
            assert NamedNode(f"{example.release.base}id/{name}") in subjects


def test_lists_are_there_as_pages_and_files_and_have_all(
    visitor: httpx.Client, example: Example, names: dict[str, set[str]], withdrawn: set[str]
) -> None:
    contracts = {name for name in names if name.startswith("contract/")} - withdrawn
    assert len(contracts) >= 7
    items = visitor.get("/contracts.json").json()["items"]
    assert {item["iri"].removeprefix(f"{example.release.base}id/") for item in items} == contracts
    for path in ("contracts", "organisations", "people"):
        rows = list(csv.DictReader(io.StringIO(visitor.get(f"/{path}.csv").text.removeprefix("\ufeff"))))
        assert len(rows) == visitor.get(f"/{path}.json").json()["total"] > 0
        spoken = example.register.spoken[0]
        names = {with_language(translate("Name", spoken), tag, spoken) for tag in example.register.languages}
        assert names < set(rows[0])


def test_dumps_catalogue_and_descriptions_are_well_formed(visitor: httpx.Client, example: Example) -> None:
    links = {words: href for href, words in Page(visitor.get("/dumps/").text).links if "dumps/" in href or "." in href}
    assert len(links) > 8
    for path in (
        "catalog.ttl",
        "catalog.jsonld",
        "catalog.rdf",
        "void.ttl",
        "ontology.ttl",
        "shapes.ttl",
        "linkset",
        "health/live",
        "health/ready",
    ):
        assert visitor.get(f"/{path}", headers={"accept": "*/*"}).status_code == 200, path
    catalogue = parse(visitor.get("/catalog.ttl").content, format=RdfFormat.TURTLE)
    titles = {t.object.value for t in catalogue if t.predicate.value == "http://purl.org/dc/terms/title"}
    assert example.register.title.root[example.register.languages[0]] in titles


def test_each_example_query_is_offered_and_finds_something(visitor: httpx.Client, example: Example) -> None:
    page = visitor.get("/sparql").text
    queries = sorted((example.register.data / "queries").glob("*.rq"))
    assert len(queries) >= 4
    for path in queries:
        text = path.read_text("utf-8")
        (title,) = re.findall(rf"^# title@{example.register.languages[0]}: (.+)$", text, re.MULTILINE)
        assert title in page
        found = visitor.post("/sparql", data={"query": text}, headers={"accept": "application/sparql-results+json"})
        rows = found.json()["results"]["bindings"]
        assert rows and all(rows), path


def test_names_lead_to_what_they_name_by_search_and_by_reconciliation(
    visitor: httpx.Client, names: dict[str, set[str]], withdrawn: set[str]
) -> None:
    for kind, type_name in (("organisation", "Organisation"), ("person", "Person"), ("contract", "Contract")):
        wanted = {
            label: name
            for name, labels in names.items()
            for label in sorted(labels)
            if name.startswith(f"{kind}/") and name not in withdrawn
        }
        queries = {f"q{n}": {"query": label, "type": type_name} for n, label in enumerate(wanted)}
        answer = visitor.post("/reconcile", data={"queries": json.dumps(queries)}).json()
        for number, (label, name) in enumerate(wanted.items()):
            assert [each["id"] == name for each in answer[f"q{number}"]["result"][:1]] in ([True], []), label
            hits = visitor.get("/search.json", params={"q": label}).json()["hits"]
            assert name in {hit["iri"].partition("/id/")[2] for hit in hits[:3]}, label
