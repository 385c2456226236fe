"""The catalogue: the same in three formats, without a finding by the official shapes, and true."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from rdflib import DCTERMS, Namespace, URIRef
from rdflib.compare import isomorphic

from vertragsgraph.register import FILE_NAME, Register, RegisterError, load_register, shipped_folder, unconfirmed
from vertragsgraph.release import Release, activate, build, current_release
from vertragsgraph.release.catalogue import FILES, dataset_iri

DCAT = Namespace("http://www.w3.org/ns/dcat#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
BASE = "https://example.org/r/"
VALIDATOR = Path(__file__).parents[2] / "../shared/harvest/validate_catalogue.py"


def catalogue(releases: Path, name: str = "catalog.ttl") -> rdflib.Graph:
    return rdflib.Graph().parse(releases / name)


def test_the_three_formats_say_the_same(register: Register, releases: Path) -> None:
    build(register, releases)
    graphs = [catalogue(releases, name) for name in FILES]
    assert len(graphs[0]) > 100
    assert all(isomorphic(graphs[0], graph) for graph in graphs[1:])
    assert not any(isinstance(node, rdflib.BNode) for node in graphs[0].all_nodes())


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["de30", "ap301"])
@pytest.mark.parametrize("name", FILES)
def test_the_official_shapes_find_nothing(
    releases: Path, add_contract: Callable[[str], None], register: Register, profile: str, name: str
) -> None:
    if not VALIDATOR.is_file():
        pytest.skip("the official shapes aren't on this machine")
    shipped = load_register(shipped_folder())
    portal = shipped.portal.model_copy(update={"publisher_type": "NonProfitOrganisation"})
    full = register.model_copy(
        update={
            key: getattr(shipped, key)
            for key in ("keywords", "themes", "frequency", "temporal", "sources", "provenance")
        }
        | {"portal": portal}
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
    assert len(distributions) == 14
    for distribution in distributions:
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
    services = {str(graph.value(service, DCAT.endpointURL)) for service in graph.objects(None, DCAT.accessService)}
    assert services == {f"{BASE}sparql", f"{BASE}reconcile"}


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
    for version in graph.objects(dataset, DCAT.hasVersion):
        assert {note.language for note in graph.objects(version, ADMS.versionNotes)} == {"de", "en"}


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
    assert not list(graph.triples((None, rdflib.RDFS.label, None)))


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


def test_placeholders_and_unconfirmed_keys_of_the_shipped_register_are_named() -> None:
    found = unconfirmed(load_register(shipped_folder()))
    assert {item.message["en"].split('"')[1] for item in found} == {"contact.email", "portal.contributor"}
    lines = (shipped_folder() / FILE_NAME).read_text("utf-8").splitlines()
    for item in found:
        assert item.place is not None
        key = item.message["en"].split('"')[1].rpartition(".")[2]
        assert lines[item.place.line - 1].startswith(key)


@pytest.mark.parametrize(
    ("base", "email", "keys"),
    [
        ("https://w3id.org/x/", "a@hessen.de", set()),
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
    assert {item.message["en"].split('"')[1] for item in unconfirmed(changed)} == keys


def test_a_public_url_is_looked_at_where_there_is_one(register: Register) -> None:
    changed = register.model_copy(update={"base": "https://w3id.org/x/", "public_url": "http://localhost:8000/"})
    assert "public_url" in {item.message["en"].split('"')[1] for item in unconfirmed(changed)}


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
