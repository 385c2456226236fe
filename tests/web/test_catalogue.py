"""The catalogue as harvesters meet it: on a real port, at its own public URL, and behind a proxy with a path prefix."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT

from vertragsgraph.register import load_register
from vertragsgraph.release import activate, build

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
VALIDATOR = ROOT.parent / "shared" / "harvest" / "validate_catalogue.py"
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
SUFFIXES = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def moved(register_copy: Path) -> Callable[[str], Path]:
    """Moves a copy of the register to another base and public URL, builds it and returns the folder of its releases."""

    def move(url: str) -> Path:
        file = register_copy / "register.toml"
        text = file.read_text("utf-8").replace("https://w3id.org/vertragsgraph/hessen/", url)
        file.write_text(text, "utf-8")
        build(load_register(register_copy), register_copy / "releases")
        return register_copy / "releases"

    return move


@pytest.fixture
def own(moved: Callable[[str], Path], start: Any) -> str:
    """The URL of a server whose register has that URL as its base."""
    port = free_port()
    url = f"http://localhost:{port}/"
    start(moved(url), "--port", str(port))
    return url


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
    with httpx.Client() as client:
        catalogue = client.get(own + "catalog.ttl").text
        graph = rdflib.Graph().parse(data=catalogue)
        assert follow(client, graph) >= 28
        services = {str(url) for url in graph.objects(None, DCAT.endpointURL)}
        assert services == {own + "sparql", own + "reconcile"}
        assert {client.get(url).status_code for url in services} == {200}
    assert "w3id.org/vertragsgraph/hessen" not in catalogue


def test_the_three_forms_of_the_catalogue_say_the_same(own: str) -> None:
    graphs = [
        rdflib.Graph().parse(data=httpx.get(f"{own}catalog.{suffix}").text, format=form)
        for suffix, form in SUFFIXES.items()
    ]
    assert len(graphs[0]) > 500
    assert all(isomorphic(graphs[0], graph) for graph in graphs[1:])


@pytest.mark.skipif(not VALIDATOR.exists(), reason="the DCAT-AP.de validator is not beside the checkout")
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("profile", ["de30", "ap301"])
def test_the_catalogue_is_valid(server: Any, tmp_path: Path, suffix: str, profile: str) -> None:
    file = tmp_path / f"catalog.{suffix}"
    file.write_bytes(httpx.get(f"{server.url}catalog.{suffix}").content)
    done = subprocess.run([sys.executable, VALIDATOR, file, profile], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "accept", ["*/*", None, "application/rdf+xml", "text/html", "application/json;q=0.5, */*;q=0.1"]
)
def test_a_harvester_gets_rdf_whatever_it_asks_for(server: Any, accept: str | None) -> None:
    with httpx.Client() as client:
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
def test_everything_is_there_behind_a_proxy_with_a_path_prefix(
    moved: Callable[[str], Path], start: Any, tmp_path: Path
) -> None:
    port = free_port()
    public = f"http://daten.example.org:{port}/register/hessen/"
    running = start(moved(public))
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


def test_while_releases_are_activated_every_document_belongs_to_one(register_copy: Path, start: Any) -> None:
    releases = register_copy / "releases"
    names = [build(load_register(register_copy), releases).release.id]
    people = register_copy / "data" / "people.ttl"
    people.write_text(people.read_text("utf-8").replace('"Kai Klose"@de', '"Kai  Klose"@de'), "utf-8")
    names.append(build(load_register(register_copy), releases).release.id)
    assert names[0] != names[1]
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
    with httpx.Client(base_url=running.url) as client:
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


def test_a_flipped_byte_is_told_and_the_newest_intact_release_served(register_copy: Path, start: Any) -> None:
    releases = register_copy / "releases"
    intact = build(load_register(register_copy), releases).release
    people = register_copy / "data" / "people.ttl"
    people.write_text(people.read_text("utf-8").replace('"Kai Klose"@de', '"Kai  Klose"@de'), "utf-8")
    damaged = build(load_register(register_copy), releases).release
    dump = damaged.dump("nt")
    content = bytearray(dump.read_bytes())
    content[100] ^= 1
    dump.write_bytes(content)
    running = start(releases)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        ready = httpx.get(running.url + "health/ready").json()
        if ready["release"] == intact.id:
            break
        time.sleep(0.1)
    assert (ready["status"], ready["release"]) == ("damaged", intact.id)
    assert ready["damage"][0].startswith(f"{damaged.id}/dumps/hessen.nt: ")
    assert httpx.get(running.url + "dumps/hessen.nt").content == intact.dump("nt").read_bytes()
