"""Versions of the vocabulary: each is found under its own address, as the first release said it that had it."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from rdflib import DCTERMS, Graph, Namespace, URIRef

from tests.conftest import MakeOnce, copy_register, make_older
from tests.web.in_process import asked_of, get
from vertragsgraph.rdf.namespaces import ONTOLOGY_IRI
from vertragsgraph.register import load_register
from vertragsgraph.release import Release, all_releases, build, current_release

pytestmark = pytest.mark.slow

DCAT = Namespace("http://www.w3.org/ns/dcat#")
FIRST, LATER, NEXT = '"staatliche Vertragspartei"@de', '"Partei des Staates"@de', '"Staat als Partei"@de'


@pytest.fixture(scope="module")
def versions(once: MakeOnce) -> Path:
    """Three releases: two of version 0.2.0, of which the second says something else, and one of version 0.3.0."""

    def make(folder: Path) -> None:
        copy_register(folder)
        path, releases = folder / "ontology" / "vertragsgraph.ttl", folder / "releases"
        for old, new in (("", ""), (FIRST, LATER), (LATER, NEXT)):
            text = path.read_text("utf-8").replace(old, new)
            path.write_text(
                text.replace("/0.2.0", "/0.3.0").replace('"0.2.0"', '"0.3.0"') if new == NEXT else text, "utf-8"
            )
            build(load_register(folder), releases, compared=new != LATER)
            if new != NEXT:
                for release in all_releases(releases):
                    make_older(release)

    return once("vocabularies", make) / "releases"


def ask(releases: Path, *paths: str, **headers: str) -> list[httpx.Response]:
    release = current_release(releases)
    assert release
    return get(release, asked_of(release), paths, **headers)


def test_an_address_of_a_version_gives_that_version(versions: Path) -> None:
    first: Release = all_releases(versions)[-1]
    paths = ("/ontology/0.2.0", "/ontology/0.2.0.ttl", "/ontology/0.3.0.ttl", "/ontology.ttl")
    by_type, by_suffix, latest, current = ask(versions, *paths, accept="text/turtle")
    assert by_type.content == by_suffix.content == (first.folder / "ontology.ttl").read_bytes()
    assert by_type.headers["content-location"] == "0.2.0.ttl"
    assert (FIRST in by_suffix.text, LATER in by_suffix.text) == (True, False)
    assert latest.content == current.content
    assert NEXT in latest.text


def test_a_version_comes_in_every_format(versions: Path) -> None:
    for form, label in (("jsonld", "staatliche Vertragspartei"), ("rdf", "staatliche Vertragspartei"), ("nt", FIRST)):
        (response,) = ask(versions, f"/ontology/0.2.0.{form}")
        assert label in response.text
        assert "Staat als Partei" not in response.text


def test_its_page_says_what_it_said_and_leads_to_the_others(versions: Path) -> None:
    then, now = ask(versions, "/ontology/0.2.0", "/ontology", accept="text/html", **{"accept-language": "de"})
    assert "staatliche Vertragspartei" in then.text
    assert "Staat als Partei" not in then.text
    assert 'href="../ontology/0.2.0.ttl"' in then.text
    assert "Staat als Partei" in now.text
    for page, version in ((then, "0.2.0"), (now, "0.3.0")):
        assert re.findall(r'aria-current="true">([.0-9]+)</a>', page.text) == [version]
    assert 'href="ontology/0.2.0"' in now.text


@pytest.mark.parametrize(
    "path", ["/ontology/0.1.0", "/ontology/77", "/ontology/0.2", "/ontology/0.2.0.exe", "/ontology/x.y"]
)
def test_what_there_is_is_told(versions: Path, path: str) -> None:
    (response,) = ask(versions, path, accept="application/json")
    assert response.status_code == 404
    if not path.endswith("exe"):
        assert "0.3.0, 0.2.0" in response.json()["detail"]


def test_the_catalogue_of_the_vocabulary_names_its_versions(versions: Path) -> None:
    for media_type in ("text/turtle", "application/ld+json", "application/rdf+xml", "*/*"):
        (response,) = ask(versions, "/ontology/catalog", accept=media_type)
        graph = Graph().parse(data=response.text, format=response.headers["content-type"].partition(";")[0])
        assert {str(version) for version in graph.objects(URIRef(ONTOLOGY_IRI), DCAT.hasVersion)} == {
            f"{ONTOLOGY_IRI}/0.2.0",
            f"{ONTOLOGY_IRI}/0.3.0",
        }
        assert graph.value(URIRef(ONTOLOGY_IRI), DCAT.hasCurrentVersion) == URIRef(f"{ONTOLOGY_IRI}/0.3.0")
        assert (URIRef(f"{ONTOLOGY_IRI}/catalog"), DCAT.resource, URIRef(ONTOLOGY_IRI)) in graph
        assert len({*graph.objects(URIRef(ONTOLOGY_IRI), DCTERMS.title)}) == 2
    (browser,) = ask(versions, "/ontology/catalog", accept="text/html")
    assert (browser.status_code, browser.headers["location"]) == (303, "../ontology")


def test_the_logo_of_the_vocabulary_is_there(versions: Path) -> None:
    (response,) = ask(versions, "/ontology/logo.svg")
    assert response.headers["content-type"] == "image/svg+xml"
