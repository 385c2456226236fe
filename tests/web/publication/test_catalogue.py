"""The catalogue as harvesters meet it: on a real port, at its own public URL, and behind a proxy with a path prefix."""

from __future__ import annotations

import hashlib
import html
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT

from tests.conftest import copy_register, serving
from vertragsgraph.register import load_register
from vertragsgraph.release import activate, all_releases, build

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
VALIDATOR = ROOT.parent / "shared" / "harvest" / "validate_catalogue.py"
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
SUFFIXES = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def moved(folder: Path, url: str) -> Path:
    """Copy the register into a folder, move it to another base and public URL, build it and return its releases."""
    file = copy_register(folder) / "register.toml"
    file.write_text(file.read_text("utf-8").replace("https://w3id.org/vertragsgraph/hessen/", url), "utf-8")
    build(load_register(folder), folder / "releases")
    return folder / "releases"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server whose register has that URL as its base."""
    port = free_port()
    url = f"http://localhost:{port}/"
    with serving(moved(tmp_path_factory.mktemp("own") / "register", url), "--port", str(port)):
        yield url


def distributions(graph: rdflib.Graph) -> Iterator[tuple[str, str, int | None, str | None]]:
    """Yield URL, media type, size and SHA-256 of everything that the catalogue says can be fetched."""
    for distribution in graph.subjects(rdflib.RDF.type, DCAT.Distribution):
        media_type = str(graph.value(distribution, DCAT.compressFormat) or graph.value(distribution, DCAT.mediaType))
        checksum = graph.value(distribution, SPDX.checksum)
        size = graph.value(distribution, DCAT.byteSize)
        for url in {*graph.objects(distribution, DCAT.accessURL), *graph.objects(distribution, DCAT.downloadURL)}:
            yield (
                str(url),
                media_type.removeprefix("https://www.iana.org/assignments/media-types/"),
                int(size) if size is not None else None,
                str(graph.value(checksum, SPDX.checksumValue)) if checksum else None,
            )


AS_IT_IS = {"Accept-Encoding": "identity"}


def follow(client: httpx.Client, graph: rdflib.Graph) -> int:
    """Fetch everything that the catalogue names and hold it against what the catalogue says; return how much there was."""
    found = set(distributions(graph))
    for url, media_type, size, checksum in found:
        body = client.get(url, headers=AS_IT_IS)
        head = client.head(url, headers=AS_IT_IS)
        assert (body.status_code, head.status_code) == (200, 200), url
        if checksum is None:
            continue
        assert body.headers["content-type"].split(";")[0] == media_type, url
        assert head.headers["content-type"] == body.headers["content-type"]
        assert "content-encoding" not in body.headers
        assert client.get(url).content == body.content
        assert int(head.headers["content-length"]) == len(body.content) == size, url
        assert hashlib.sha256(body.content).hexdigest() == checksum, url
    pages = {str(page) for name in (DCAT.landingPage, rdflib.FOAF.homepage) for page in graph.objects(None, name)}
    for url in pages:
        assert client.get(url, headers={"Accept": "text/html"}).status_code == 200, url
    return len(found)


def test_everything_that_the_catalogue_names_is_there(own: str) -> None:
    with httpx.Client(timeout=60) as client:
        catalogue = client.get(own + "catalog.ttl").text
        graph = rdflib.Graph().parse(data=catalogue)
        assert follow(client, graph) >= 30
        services = {str(url) for url in graph.objects(None, DCAT.endpointURL)}
        assert services == {own + "sparql", own + "reconcile"}
        assert {client.get(url).status_code for url in services} == {200}
    assert "w3id.org/vertragsgraph/hessen" not in catalogue


def test_the_three_forms_of_the_catalogue_say_the_same(own: str) -> None:
    graphs = [
        rdflib.Graph().parse(data=httpx.get(f"{own}catalog.{suffix}", timeout=60).text, format=form)
        for suffix, form in SUFFIXES.items()
    ]
    assert len(graphs[0]) > 500
    assert all(isomorphic(graphs[0], graph) for graph in graphs[1:])


def test_the_complete_catalogue_has_its_releases_as_datasets(own: str) -> None:
    graphs = [
        rdflib.Graph().parse(data=httpx.get(f"{own}catalog-all.{suffix}", timeout=60).text, format=form)
        for suffix, form in SUFFIXES.items()
    ]
    assert all(isomorphic(graphs[0], graph) for graph in graphs[1:])
    assert len(list(graphs[0].subjects(rdflib.RDF.type, DCAT.Dataset))) == 2
    negotiated = httpx.get(f"{own}catalog-all", headers={"Accept": "application/rdf+xml"}, timeout=60)
    assert negotiated.headers["content-location"] == "catalog-all.rdf"
    with httpx.Client(timeout=60) as client:
        assert follow(client, graphs[0]) >= 28


def test_the_catalogue_says_since_when_it_is_so(own: str) -> None:
    catalogue = httpx.get(own + "catalog.rdf", timeout=60)
    since = catalogue.headers["last-modified"]
    assert httpx.get(own + "catalog.rdf", headers={"If-Modified-Since": since}, timeout=60).status_code == 304
    assert (
        httpx.get(
            own + "catalog.rdf", headers={"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, timeout=60
        ).status_code
        == 200
    )


@pytest.mark.parametrize("language", ["de", "en"])
def test_people_find_the_dataset_as_a_page(own: str, language: str) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": language}
    page = httpx.get(own + "catalog", headers=browser, timeout=60)
    assert page.headers["content-type"].startswith("text/html")
    graph = rdflib.Graph().parse(data=httpx.get(own + "catalog.ttl", timeout=60).text)
    shown = html.unescape(page.text)
    for distribution in graph.subjects(rdflib.RDF.type, DCAT.Distribution):
        assert f'href="{str(graph.value(distribution, DCAT.accessURL)).removeprefix(own)}"' in shown
        texts = [
            text
            for name in (rdflib.DCTERMS.title, rdflib.DCTERMS.description)
            for text in graph.objects(distribution, name)
            if text.language == language
        ]
        assert len(texts) == 2
        assert all(str(text) in shown for text in texts)
    files = re.findall(r'href="(?:releases/[^"/]+/)?dumps/hessen(-reifiers)?\.(\w+)"', page.text)
    assert files[0] == ("", "ttl"), "what most people want comes first"
    assert {part for part, _ in files[-2:]} == {"-reifiers"}


@pytest.mark.parametrize("folder", ["", "releases/{id}/"])
def test_the_table_leads_to_the_description_of_its_columns(own: str, folder: str) -> None:
    folder = own + folder.format(id=httpx.get(own + "health/ready", timeout=60).json()["release"])
    links = httpx.head(f"{folder}dumps/hessen.csv", timeout=60).headers["link"]
    described = f"{folder}dumps/csv-metadata.json"
    assert f'<{described}>; rel="describedby"; type="application/csvm+json"' in links
    assert httpx.get(described, timeout=60).json()["url"] == "hessen.csv"
    assert "csvm" not in httpx.head(f"{folder}dumps/hessen.nt", timeout=60).headers["link"]


@pytest.mark.skipif(not VALIDATOR.exists(), reason="the DCAT-AP.de validator is not beside the checkout")
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("profile", ["de30", "ap301"])
def test_the_catalogue_is_valid(server: Any, tmp_path: Path, suffix: str, profile: str) -> None:
    file = tmp_path / f"catalog.{suffix}"
    file.write_bytes(httpx.get(f"{server.url}catalog.{suffix}", timeout=60).content)
    done = subprocess.run([sys.executable, VALIDATOR, file, profile], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("accept", ["*/*", None, "application/rdf+xml", "application/json;q=0.5, */*;q=0.1"])
def test_a_harvester_gets_rdf_whatever_it_asks_for(server: Any, accept: str | None) -> None:
    with httpx.Client(timeout=60) as client:
        client.headers.pop("accept")
        headers = {"Accept": accept} if accept else {}
        for path, form in ((f"catalog.{suffix}", form) for suffix, form in SUFFIXES.items()):
            response = client.get(server.url + path, headers=headers)
            assert response.status_code == 200
            assert len(rdflib.Graph().parse(data=response.text, format=form)) > 500
        response = client.get(server.url + "catalog", headers=headers)
        form = {"text/turtle": "turtle", "application/rdf+xml": "xml", "application/ld+json": "json-ld"}
        assert (
            len(rdflib.Graph().parse(data=response.text, format=form[response.headers["content-type"].split(";")[0]]))
            > 500
        )
        assert (
            client.head(server.url + "catalog", headers=headers).headers["content-type"]
            == response.headers["content-type"]
        )


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
def test_everything_is_there_behind_a_proxy_with_a_path_prefix(start: Any, tmp_path: Path) -> None:
    port = free_port()
    public = f"http://daten.example.org:{port}/register/hessen/"
    running = start(moved(tmp_path / "register", public))
    (tmp_path / "nginx.conf").write_text(
        f"""
        daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;
        events {{}}
        http {{
          access_log off;
          client_body_temp_path {tmp_path}/body; proxy_temp_path {tmp_path}/proxy; fastcgi_temp_path {tmp_path}/fastcgi;
          uwsgi_temp_path {tmp_path}/uwsgi; scgi_temp_path {tmp_path}/scgi;
          server {{ listen 127.0.0.1:{port}; location /register/hessen/ {{ proxy_pass {running.url}; }} }}
        }}
        """,
        "utf-8",
    )
    proxy = subprocess.Popen([str(NGINX), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
    try:
        # The public name leads to the proxy without DNS: the client connects to it whatever the host in the URL.
        with httpx.Client(transport=ToLoopback()) as client:
            for _ in range(50):
                try:
                    graph = rdflib.Graph().parse(data=client.get(public + "catalog.ttl").text)
                    break
                except httpx.ConnectError:
                    time.sleep(0.1)
            assert follow(client, graph) >= 28
            document = client.get(public + "id/contract/iaf", follow_redirects=True, headers={"Accept": "text/html"})
            assert str(document.url) == public + "doc/contract/iaf"
            assert client.get(str(document.url.join("../../static/style.css"))).status_code == 200
    finally:
        proxy.terminate()
        proxy.wait(10)


class ToLoopback(httpx.HTTPTransport):
    """Connects to 127.0.0.1 whatever the host; the Host header stays as it is."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(host="127.0.0.1")
        return super().handle_request(
            httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
        )


def test_while_releases_are_activated_every_document_belongs_to_one(history: Path, tmp_path: Path, start: Any) -> None:
    releases = shutil.copytree(history / "releases", tmp_path / "releases", symlinks=True)
    names = [release.id for release in all_releases(releases)]
    running = start(releases)

    def activate_often() -> None:
        for number in range(50):
            activate(releases, names[number % 2])
            time.sleep(0.1)

    seen: dict[str, set[str]] = {"catalog.ttl": set(), "dumps/hessen.nt": set()}

    def look(client: httpx.Client) -> None:
        for path, digests in seen.items():
            response = client.get(path, headers=AS_IT_IS)
            digest = hashlib.sha256(response.content).hexdigest()
            assert (response.status_code, response.headers["etag"]) == (200, f'"{digest}"')
            digests.add(digest)

    activating = threading.Thread(target=activate_often)
    activating.start()
    with httpx.Client(base_url=running.url, timeout=60) as client:
        while activating.is_alive():
            look(client)
        # Under so many activations the server may have met with one release each time it looked; each is served in the end.
        for name in names:
            activate(releases, name)
            deadline = time.monotonic() + 30
            while client.get("health/ready").json()["release"] != name and time.monotonic() < deadline:
                look(client)
            look(client)
    assert {path: len(digests) for path, digests in seen.items()} == {"catalog.ttl": 2, "dumps/hessen.nt": 2}


def test_a_flipped_byte_is_told_and_the_newest_intact_release_served(history: Path, tmp_path: Path, start: Any) -> None:
    releases = shutil.copytree(history / "releases", tmp_path / "releases", symlinks=True)
    damaged, intact = all_releases(releases)
    dump = damaged.dump("nt")
    content = bytearray(dump.read_bytes())
    content[100] ^= 1
    dump.write_bytes(content)
    running = start(releases)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        ready = httpx.get(running.url + "health/ready", timeout=60).json()
        if ready["release"] == intact.id:
            break
        time.sleep(0.1)
    assert (ready["status"], ready["release"]) == ("damaged", intact.id)
    assert ready["damage"][0].startswith(f"{damaged.id}/dumps/hessen.nt: ")
    assert httpx.get(running.url + "dumps/hessen.nt", timeout=60).content == intact.dump("nt").read_bytes()
