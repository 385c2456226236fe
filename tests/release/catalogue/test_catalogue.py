"""The catalogue: the same in three formats, without a finding by the official shapes, and true."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from rdflib import DCTERMS, SKOS, Namespace, URIRef
from rdflib.compare import isomorphic

from vertragsgraph.finding import Finding
from vertragsgraph.rdf.namespaces import ONTOLOGY_IRI
from vertragsgraph.register import FILE_NAME, Register, RegisterError, load_register, shipped_folder, unconfirmed
from vertragsgraph.release import Release, activate, build, current_release
from vertragsgraph.release.catalogue import FILES, dataset_iri, describe

DCAT = Namespace("http://www.w3.org/ns/dcat#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
BASE = "https://example.org/r/"
VALIDATOR = Path(__file__).parents[3] / "../shared/harvest/validate_catalogue.py"


def catalogue(releases: Path, name: str = "catalog.ttl") -> rdflib.Graph:
    return rdflib.Graph().parse(releases / name)


def test_the_three_formats_say_the_same(register: Register, releases: Path) -> None:
    build(register, releases)
    for names in (FILES[:3], FILES[3:]):
        graphs = [catalogue(releases, name) for name in names]
        assert len(graphs[0]) > 100
        assert all(isomorphic(graphs[0], graph) for graph in graphs[1:])
        assert not any(isinstance(node, rdflib.BNode) for node in graphs[0].all_nodes())


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["de30", "ap301"])
@pytest.mark.parametrize("name", [*FILES[:3], "catalog-all.ttl"])
def test_the_official_shapes_find_nothing(
    releases: Path, add_contract: Callable[[str], None], register: Register, profile: str, name: str
) -> None:
    if not VALIDATOR.is_file():
        pytest.skip("the official shapes aren't on this machine")
    shipped = load_register(shipped_folder())
    portal = shipped.portal.model_copy(update={"publisher_type": "NonProfitOrganisation"})
    area = register.spatial.model_copy(update={"bbox": (1.5, 40.0, 3.0, 42.25), "centroid": (2.0, 41.0)})
    full = register.model_copy(
        update={
            key: getattr(shipped, key)
            for key in ("keywords", "themes", "frequency", "temporal", "sources", "provenance")
        }
        | {"portal": portal, "spatial": area}
    )
    full._folder = register.folder
    build(full, releases)
    add_contract("c")
    build(full, releases)
    done = subprocess.run(
        [sys.executable, str(VALIDATOR), str(releases / name), profile], capture_output=True, text=True, check=False
    )
    assert done.stdout == f"{profile}: no findings\n", done.stdout + done.stderr


def test_distributions_tell_where_and_what_the_files_are(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    graph = catalogue(releases)
    dataset = URIRef(dataset_iri(BASE))
    distributions = list(graph.objects(dataset, DCAT.distribution))
    files = [distribution for distribution in distributions if (distribution, DCAT.downloadURL, None) in graph]
    assert len(files) == 18
    for distribution in files:
        access, download = (str(graph.value(distribution, name)) for name in (DCAT.accessURL, DCAT.downloadURL))
        name = download.removeprefix(f"{BASE}releases/{release.id}/")
        assert access == f"{BASE}{name}"
        data = (release.folder / name).read_bytes()
        assert int(graph.value(distribution, DCAT.byteSize)) == len(data)
        checksum = graph.value(distribution, SPDX.checksum)
        # By its lexical form: rdflib takes hexBinary for bytes.
        assert str(graph.value(checksum, SPDX.checksumValue)).lower() in (
            hashlib.sha256(data).hexdigest(),
            str(hashlib.sha256(data).digest()),
        )
        compressed = graph.value(distribution, DCAT.compressFormat)
        assert (compressed is not None) == name.endswith(".gz")
        assert (distribution, DCAT.accessService, None) not in graph
        described = URIRef(f"{BASE}dumps/csv-metadata.json")
        assert ((distribution, DCTERMS.conformsTo, described) in graph) == (".csv" in name)
        assert ((distribution, DCTERMS.conformsTo, URIRef(ONTOLOGY_IRI)) in graph) != (".csv" in name)


def test_services_are_reached_by_distributions_of_their_own(register: Register, releases: Path) -> None:
    """DCAT-AP.de, Konvention 41: nothing to download, and what is accessed is the service's endpoint."""
    build(register, releases)
    graph = catalogue(releases)
    dataset = URIRef(dataset_iri(BASE))
    ways = [way for way in graph.objects(dataset, DCAT.distribution) if (way, DCAT.accessService, None) in graph]
    assert {str(graph.value(way, DCAT.accessURL)) for way in ways} == {f"{BASE}sparql", f"{BASE}reconcile"}
    for way in ways:
        (service,) = graph.objects(way, DCAT.accessService)
        assert list(graph.objects(service, DCAT.endpointURL)) == list(graph.objects(way, DCAT.accessURL))
        assert (way, DCAT.downloadURL, None) not in graph
        assert (service, DCAT.servesDataset, dataset) in graph


def test_portals_find_one_dataset_and_the_complete_catalogue_has_every_release(
    register: Register, releases: Path, add_contract: Callable[[str], None]
) -> None:
    ids = []
    for name in ("", "c", "d"):
        if name:
            add_contract(name)
        ids.append(build(register, releases).release.id)
    versions = [URIRef(f"{BASE}releases/{name}") for name in ids]
    dataset, graph = URIRef(dataset_iri(BASE)), catalogue(releases)
    # Harvesters take whatever is of this class, in the catalogue or not.
    assert list(graph.subjects(rdflib.RDF.type, DCAT.Dataset)) == [dataset]
    assert list(graph.objects(URIRef(f"{BASE}catalog"), DCAT.dataset)) == [dataset]
    assert set(graph.objects(dataset, DCAT.hasVersion)) == set(versions)
    complete = catalogue(releases, "catalog-all.ttl")
    everything = {dataset, *versions}
    assert set(complete.subjects(rdflib.RDF.type, DCAT.Dataset)) == everything
    assert set(complete.objects(URIRef(f"{BASE}catalog-all"), DCAT.dataset)) == everything
    order = sorted(
        zip(complete.objects(None, DCAT.previousVersion), complete.subjects(DCAT.previousVersion), strict=True)
    )
    expected = sorted(versions, key=lambda version: (complete.value(version, DCTERMS.issued), version))
    assert order == sorted(itertools.pairwise(expected))


def test_a_place_has_bounds_and_a_point_where_the_register_says_them(register: Register, releases: Path) -> None:
    place = URIRef(register.spatial.iri)
    build(register, releases)
    assert (place, DCAT.bbox, None) not in catalogue(releases)
    area = register.spatial.model_copy(update={"bbox": (1.5, 40.0, 3.0, 42.25), "centroid": (2.0, -41.5)})
    placed = register.model_copy(update={"spatial": area})
    placed._folder = register.folder
    build(placed, releases)
    graph, wkt = catalogue(releases), URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
    (bounds,), (point,) = graph.objects(place, DCAT.bbox), graph.objects(place, DCAT.centroid)
    assert str(bounds) == "POLYGON((1.5 40.0, 3.0 40.0, 3.0 42.25, 1.5 42.25, 1.5 40.0))"
    assert (str(point), bounds.datatype, point.datatype) == ("POINT(2.0 -41.5)", wkt, wkt)


@pytest.mark.parametrize("name", FILES[:3])
@pytest.mark.parametrize("languages", [("de", "en"), ("en", "de")])
def test_what_portals_show_one_text_of_is_in_the_first_language(
    register: Register, releases: Path, name: str, languages: tuple[str, str]
) -> None:
    """They take the first or the last text that they meet, so there is only one."""
    told = register.model_copy(update={"languages": languages, "provenance": register.description})
    told._folder = register.folder
    build(told, releases)
    graph = catalogue(releases, name)
    shown = {
        URIRef(register.spatial.iri): (SKOS.prefLabel, register.spatial.name),
        URIRef(f"{BASE}catalog#rights"): (rdflib.RDFS.label, register.licence.attribution),
        URIRef(f"{BASE}catalog#provenance"): (rdflib.RDFS.label, register.description),
    }
    for node, (label, text) in shown.items():
        first = languages[0]
        assert list(graph.objects(node, label)) == [rdflib.Literal(text.in_language(first), lang=first)]


def test_distributions_say_what_is_in_the_files_of_each_version(register: Register, releases: Path) -> None:
    manifest = build(register, releases).release.manifest

    def said(version: int, name: str) -> set[str]:
        known = manifest.model_copy(update={"format": version})
        graph = rdflib.Graph().parse(data=describe(register, known, [known]).turtle(), format="turtle")
        distribution = URIRef(f"{BASE}catalog#{name}")
        return {str(text) for text in graph.objects(distribution, DCTERMS.title) if text.language == "en"}

    assert said(2, "ttl") == {"Turtle: what is asserted, as one graph"}
    assert said(3, "ttl") == {"Turtle: everything as one graph"}
    assert said(2, "nq") == said(3, "nq") == {"N-Quads: everything by named graphs"}
    assert said(3, "ttl-gz") == {"Turtle: everything as one graph, compressed (gzip)"}
    graph = catalogue(releases)
    needing_rdf_12 = set(graph.subjects(DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/rdf12-concepts/")))
    assert {node for node in needing_rdf_12 if str(node).startswith(f"{BASE}catalog#")} == {
        URIRef(f"{BASE}catalog#reifiers-{name}") for name in ("ttl", "nq", "ttl-gz", "nq-gz")
    }


def test_distributions_keep_their_iris_and_versions_add_up(
    register: Register, releases: Path, add_contract: Callable[[str], None]
) -> None:
    dataset = URIRef(dataset_iri(BASE))
    first = build(register, releases).release
    before = set(catalogue(releases).objects(dataset, DCAT.distribution))
    add_contract("c")
    second = build(register, releases).release
    graph = catalogue(releases)
    assert set(graph.objects(dataset, DCAT.distribution)) == before
    versions = {str(version) for version in graph.objects(dataset, DCAT.hasVersion)}
    assert versions == {f"{BASE}releases/{release.id}" for release in (first, second)}
    assert str(graph.value(dataset, DCAT.version)) == second.id
    activate(releases, first.id)
    graph = catalogue(releases)
    assert str(graph.value(dataset, DCAT.version)) == first.id
    assert {str(version) for version in graph.objects(dataset, DCAT.hasVersion)} == versions
    complete = catalogue(releases, "catalog-all.ttl")
    for version in graph.objects(dataset, DCAT.hasVersion):
        assert {note.language for note in complete.objects(version, ADMS.versionNotes)} == {"de", "en"}


def test_public_urls_are_told_apart_from_iris(register: Register, releases: Path) -> None:
    moved = register.model_copy(update={"public_url": "https://data.example.org/path/"})
    moved._folder = register.folder
    build(moved, releases)
    graph = catalogue(releases)
    assert (URIRef(dataset_iri(BASE)), DCAT.landingPage, URIRef("https://data.example.org/path/")) in graph
    urls = [
        str(url) for name in (DCAT.accessURL, DCAT.downloadURL, DCAT.endpointURL) for url in graph.objects(None, name)
    ]
    assert urls
    assert all(url.startswith("https://data.example.org/path/") for url in urls)


def test_the_licence_is_one_and_named_inline(register: Register, releases: Path) -> None:
    build(register, releases)
    graph = catalogue(releases)
    for distribution in graph.subjects(rdflib.RDF.type, DCAT.Distribution):
        assert list(graph.objects(distribution, DCTERMS.license)) == [URIRef(register.licence.iri)]
    assert (URIRef(register.licence.iri), rdflib.RDF.type, DCTERMS.LicenseDocument) in graph
    # Of an entry of a list, CKAN would keep a label in place of its IRI.
    assert {str(node) for node in graph.subjects(rdflib.RDFS.label)} <= {
        f"{BASE}catalog#rights",
        f"{BASE}catalog#provenance",
    }


def test_the_catalogue_stays_untouched_where_nothing_changed(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    before = {name: (releases / name).stat().st_mtime_ns for name in FILES}
    activate(releases, release.id)
    assert {name: (releases / name).stat().st_mtime_ns for name in FILES} == before
    (releases / "catalog.ttl").write_text("damaged")
    activate(releases, release.id)
    assert len(catalogue(releases)) > 100


def test_a_register_of_a_newer_version_can_be_read_from_a_release(register: Register, releases: Path) -> None:
    release = build(register, releases).release
    path = release.folder / "register.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"something_new": 1}), "utf-8")
    found = current_release(releases)
    assert isinstance(found, Release)
    assert found.register.title == register.title


def not_legal(register: Register) -> list[Finding]:
    """What is unfit for the public, but for what the legal pages lack."""
    return [item for item in unconfirmed(register) if '"legal.' not in item.message["en"]]


def test_placeholders_and_unconfirmed_keys_of_the_shipped_register_are_named() -> None:
    found = not_legal(load_register(shipped_folder()))
    assert {item.message["en"].split('"')[1] for item in found} == {"base", "contact.email", "portal.contributor"}
    lines = (shipped_folder() / FILE_NAME).read_text("utf-8").splitlines()
    for item in found:
        assert item.place is not None
        key = item.message["en"].split('"')[1].rpartition(".")[2]
        assert lines[item.place.line - 1].startswith(key)


@pytest.mark.parametrize(
    ("base", "email", "keys"),
    [
        ("https://contracts.hessen.de/x/", "a@hessen.de", set()),
        ("https://w3id.org/x/", "a@hessen.de", {"base"}),
        ("http://localhost:8000/", "a@hessen.de", {"base"}),
        ("http://127.0.0.1:8000/", "a@example.com", {"base", "contact.email"}),
        ("https://data.example.net/", "a@b.invalid", {"base", "contact.email"}),
        ("https://myexample.org/", "a@hessen.de", set()),
    ],
)
def test_placeholders_are_known_by_their_hosts(register: Register, base: str, email: str, keys: set[str]) -> None:
    publisher = register.publisher.model_copy(update={"iri": "https://w3id.org/us"})
    contact = register.contact.model_copy(update={"email": email})
    changed = register.model_copy(update={"base": base, "publisher": publisher, "contact": contact})
    assert {item.message["en"].split('"')[1] for item in not_legal(changed)} == keys


def test_a_public_url_is_looked_at_where_there_is_one(register: Register) -> None:
    changed = register.model_copy(update={"base": "https://w3id.org/x/", "public_url": "http://localhost:8000/"})
    assert "public_url" in {item.message["en"].split('"')[1] for item in unconfirmed(changed)}


@pytest.mark.parametrize(
    ("addresses", "key"),
    [
        ({}, "base"),
        ({"public_url": "https://purl.org/x/"}, "public_url"),
        ({"public_url": "https://contracts.hessen.de/"}, None),
        ({"service_url": "https://contracts.hessen.de/"}, None),
        ({"public_url": "https://contracts.hessen.de/", "service_url": "https://WWW.W3ID.org/x/"}, "service_url"),
    ],
)
def test_services_at_a_redirector_are_not_fit_for_the_public(
    register: Register, addresses: dict[str, str], key: str | None
) -> None:
    contact = register.contact.model_copy(update={"email": "a@hessen.de"})
    publisher = register.publisher.model_copy(update={"iri": "https://w3id.org/us"})
    changed = {"base": "https://w3id.org/x/", "contact": contact, "publisher": publisher, **addresses}
    found = [item.message["en"] for item in not_legal(register.model_copy(update=changed))]
    assert [text.split('"')[1] for text in found] == ([key] if key else [])
    assert all('as "service_url"' in text for text in found)


@pytest.mark.parametrize("table", ["contact", "licence", "publisher"])
def test_a_register_without_a_required_piece_is_refused(register: Register, table: str) -> None:
    path = register.folder / FILE_NAME
    text = path.read_text("utf-8")
    start = text.index("[licence]") if table == "licence" else text.index(f"{table} = ")
    end = len(text) if table == "licence" else text.index("\n", start)
    path.write_text(text[:start] + text[end:], "utf-8")
    with pytest.raises(RegisterError, match=f'the key "{table}" is missing; add it'):
        load_register(register.folder)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('themes = ["SOZI"]', '"themes.0" must be a code of the EU'),
        ('keywords = { de = ["a, b"] }', '"keywords.de.0" must be a text of one line without commas'),
        ('temporal = { start = "2018-13" }', '"temporal.start" must be a year, month or day'),
        ('portal = { publisher_type = "Club" }', '"portal.publisher_type" must be a code of the ADMS list'),
        ('portal = { unconfirmed = ["all"] }', '"portal.unconfirmed.0" must be the name of a key'),
        ('portal = { contributr = "x" }', 'did you mean "contributor"'),
    ],
)
def test_wrong_values_for_portals_are_told(register: Register, line: str, message: str) -> None:
    path = register.folder / FILE_NAME
    path.write_text(f"{line}\n{path.read_text('utf-8')}", "utf-8")
    with pytest.raises(RegisterError) as caught:
        load_register(register.folder)
    (found,) = caught.value.findings
    assert message in found.message["en"]
    assert found.place is not None
    assert found.place.line == 1


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("bbox = [9.0, 50.0, 8.0, 51.0]", '"spatial.bbox" must be four degrees: west, south, east, north'),
        ("bbox = [nan, 50.0, 8.0, 51.0]", '"spatial.bbox" must be four degrees: west, south, east, north'),
        ("bbox = [9.0]", '"spatial.bbox" must be four degrees: west, south, east, north'),
        ("centroid = [9.0, 91]", '"spatial.centroid" must be two degrees: east, north'),
        ('centroid = [9.0, "x"]', '"spatial.centroid.1" must be a number'),
        ("centroid = 9.0", '"spatial.centroid" must be a list in square brackets'),
    ],
)
def test_a_place_that_is_nowhere_is_refused(register: Register, place: str, message: str) -> None:
    path = register.folder / FILE_NAME
    path.write_text(path.read_text("utf-8").replace("spatial = { ", f"spatial = {{ {place}, "), "utf-8")
    with pytest.raises(RegisterError, match=re.escape(message)):
        load_register(register.folder)
