"""The addresses of releases."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
import rdflib
from rdflib.compare import isomorphic

from vertragsgraph.release import Release

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def http(server: Any) -> httpx.Client:
    return httpx.Client(base_url=server.url, headers={"Accept": "text/html", "Accept-Language": "en"}, timeout=60)


def test_releases_are_listed(http: httpx.Client, release: Release) -> None:
    page = http.get("releases/").text
    assert f'href="../releases/{release.id}/"' in page
    assert f"{release.manifest.triples:,}" in page
    as_data = http.get("releases/", headers={"Accept": "text/turtle"})
    assert (as_data.status_code, as_data.headers["location"]) == (303, "../catalog-all")


def test_a_release_is_described_as_a_version(http: httpx.Client, release: Release) -> None:
    """By its address in the format asked for, and in each format by a suffix: the same, and found from its IRI."""
    address = f"releases/{release.id}"
    negotiated = http.get(address, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert negotiated.headers["vary"] == "Accept"
    graphs = [rdflib.Graph().parse(data=negotiated.text, format="turtle")]
    for suffix, form in (("ttl", "turtle"), ("rdf", "xml"), ("jsonld", "json-ld")):
        graphs.append(rdflib.Graph().parse(data=http.get(f"{address}/catalog.{suffix}").text, format=form))
        assert isomorphic(graphs[0], graphs[-1])
    version = rdflib.URIRef(f"{release.base}{address}")
    dataset = rdflib.URIRef(f"{release.base}catalog#dataset")
    assert list(graphs[0].subjects(rdflib.RDF.type, rdflib.DCAT.Dataset)) == [version]
    assert graphs[0].value(version, rdflib.URIRef(f"{rdflib.DCAT}isVersionOf")) == dataset
    files = {str(url) for url in graphs[0].objects(None, rdflib.DCAT.downloadURL)}
    assert f"{release.register.url}{address}/dumps/{release.key}.nt" in files
    again = http.get(
        f"{address}/catalog.ttl", headers={"If-None-Match": http.get(f"{address}/catalog.ttl").headers["etag"]}
    )
    assert again.status_code == 304
    assert http.get(f"{address}/catalog.csv").status_code == 404
    assert http.get("releases/none/catalog.ttl").status_code == 404


def test_a_release_has_a_page_with_its_files_and_how_to_cite_it(http: httpx.Client, release: Release) -> None:
    page = http.get(f"releases/{release.id}", follow_redirects=True)
    assert str(page.url).endswith(f"/releases/{release.id}/")
    assert release.digest in page.text
    for name in release.manifest.files:
        if not name.startswith("store/"):
            assert f'href="{name}"' in page.text
    assert http.get(f"releases/{release.id}/release.json").json()["digest"] == release.digest


@pytest.mark.parametrize("form", ["txt", "bib", "json", "cff"])
def test_a_release_is_cited_by_its_own_iri(http: httpx.Client, release: Release, form: str) -> None:
    response = http.get(f"releases/{release.id}/cite.{form}")
    assert response.status_code == 200
    assert f"https://w3id.org/vertragsgraph/hessen/releases/{release.id}" in response.text


def test_files_of_a_release_have_validators(http: httpx.Client, release: Release) -> None:
    response = http.get(f"releases/{release.id}/dumps/hessen.ttl", headers={"Accept-Encoding": "identity"})
    assert response.headers["cache-control"] == "public, no-cache"
    digest = base64.b64encode(hashlib.sha256(response.content).digest()).decode()
    assert response.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert response.headers["content-disposition"] == f'inline; filename="{release.id}-hessen.ttl"'
    since = http.get(
        f"releases/{release.id}/dumps/hessen.ttl", headers={"If-Modified-Since": response.headers["last-modified"]}
    )
    assert since.status_code == 304


@pytest.mark.parametrize("path", ["store/CURRENT", "store/", "none", "dumps/none.ttl", "../current/release.json"])
def test_nothing_else_of_a_release_is_served(http: httpx.Client, release: Release, path: str) -> None:
    assert http.get(f"releases/{release.id}/{path}").status_code == 404


@pytest.mark.parametrize("name", ["current", "2000-01-01.00000000", "..", ".lock", "catalog.ttl"])
def test_only_releases_are_releases(http: httpx.Client, name: str) -> None:
    assert http.get(f"releases/{name}/release.json").status_code == 404


def test_a_release_compared_with_itself_has_no_changes(http: httpx.Client, release: Release) -> None:
    path = f"releases/{release.id}/compare/{release.id}"
    assert "Both say the same." in http.get(path).text
    assert http.get(path, params={"format": "txt"}).text == ""
    patch = http.get(path, headers={"Accept": "application/rdf-patch"})
    assert patch.text.splitlines()[-2:] == ["TX .", "TC ."]


def test_the_feed_has_an_entry_for_each_release(http: httpx.Client, release: Release) -> None:
    response = http.get("releases/feed.atom")
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)
    assert [str(node.text) for node in feed.iterfind("a:entry/a:title", ATOM)] == [release.id]
    assert feed.find("a:updated", ATOM) is not None
    (link,) = (node.get("href", "") for node in feed.iterfind("a:entry/a:link", ATOM))
    assert link == f"https://w3id.org/vertragsgraph/hessen/releases/{release.id}/"


def test_the_page_says_how_many_entities_have_no_link(http: httpx.Client, release: Release) -> None:
    links = release.manifest.links
    assert links is not None
    asked = (ROOT / "data/queries/11-without-wikidata.rq").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(http.get("sparql", params={"query": asked, "format": "csv"}).text)))
    assert links.without["wikidata"] == len({row["entity"] for row in rows})
    # The same question without its condition on links.
    all_of_them = re.sub(r"FILTER NOT EXISTS \{.*?\n  \}\n", "", asked, flags=re.DOTALL)
    assert "EXISTS" not in all_of_them
    rows = list(csv.DictReader(io.StringIO(http.get("sparql", params={"query": all_of_them, "format": "csv"}).text)))
    assert links.entities == len({row["entity"] for row in rows})
    page = http.get(f"releases/{release.id}/").text
    assert f"{links.unlinked} of {links.entities} contracts, organisations, persons, offices and topics" in page
    row = re.search(r'<th scope="row">Wikidata</th><td class="number">(\d+)</td><td class="number">(\d+)</td>', page)
    assert row is not None
    assert (int(row[1]), int(row[2])) == (links.entities - links.without["wikidata"], links.without["wikidata"])


def test_the_page_about_quality_counts_the_same_links(http: httpx.Client, release: Release) -> None:
    links = release.manifest.links
    assert links is not None
    table = http.get("quality").text.partition('id="links"')[2].partition("</table>")[0]
    numbers = re.findall(r"<bdi>(.+?)</bdi></th>" + r'<td class="number">([\d,]+)</td>' * 3, table)
    counted = [row for row in numbers if row[0] != "place"]
    assert len(counted) == 5
    assert sum(int(row[1]) for row in counted) == links.entities
    assert sum(int(row[1]) - int(row[2]) for row in counted) == links.unlinked
    assert sum(int(row[1]) - int(row[3]) for row in counted) == links.without["wikidata"]


def test_a_release_of_an_earlier_version_has_a_page_too(releases: Path, start: Any, tmp_path: Path) -> None:
    shutil.copytree(releases, tmp_path / "releases", symlinks=True)
    (manifest,) = (tmp_path / "releases").glob("2*/release.json")
    said = json.loads(manifest.read_text("utf-8"))
    del said["links"]
    manifest.write_text(json.dumps(said), "utf-8")
    url = start(tmp_path / "releases").url
    page = httpx.get(
        f"{url}releases/{said['id']}/", headers={"Accept": "text/html", "Accept-Language": "en"}, timeout=60
    )
    assert page.status_code == 200
    assert "have no link to another register" not in page.text
    served = httpx.get(f"{url}releases/{said['id']}/release.json", timeout=60)
    assert served.content == manifest.read_bytes()
    assert httpx.get(served.url, headers={"If-None-Match": served.headers["etag"]}, timeout=60).status_code == 304
    assert httpx.get(f"{url}releases/{said['id']}/release.json.sig", timeout=60).status_code == 404
