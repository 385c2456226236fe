"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

import hypothesis
import pytest

from vertragsgraph.register import load_register
from vertragsgraph.release import Release, build, current_release

# How long an example takes says more about the machine than about the code. The same examples each time, so that a
# change is what makes a test fail; `make fuzz` looks further, with others each time.
hypothesis.settings.register_profile("vertragsgraph", deadline=None, derandomize=True)
hypothesis.settings.register_profile("fuzz", deadline=None, max_examples=20_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "vertragsgraph"))

ROOT = Path(__file__).parents[1]
REGISTER_PARTS = ("register.toml", "ontology", "shapes", "data")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run quick tests first and those with a browser last: while it is open, its event loop keeps the thread."""
    items.sort(key=lambda item: ("e2e" in item.path.parts, item.get_closest_marker("slow") is not None))


@pytest.fixture
def register_copy(tmp_path: Path) -> Path:
    """A copy of the shipped register that a test may spoil."""
    return _copied(tmp_path / "register")


@pytest.fixture(scope="session")
def new_register(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes copies of the shipped register for several tests together."""
    return lambda: _copied(tmp_path_factory.mktemp("copy") / "register")


def _copied(folder: Path) -> Path:
    """Copy the shipped register into a folder that is made, and return it."""
    folder.mkdir()
    for name in REGISTER_PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy2(source, folder / name)
    return folder


@dataclass(frozen=True)
class Server:
    """A server in a process of its own on a real port."""

    url: str
    releases: Path
    process: subprocess.Popen[bytes]
    log: IO[str]

    def said(self) -> str:
        """What it has written to standard error so far."""
        return os.pread(self.log.fileno(), 1 << 24, 0).decode()


def start_server(releases: Path, *arguments: str, files: int = 0, **environment: str) -> Server:
    """Start `vertragsgraph serve` on a free port; it has said where it listens when this returns.

    `files` is how many files it may have open, 0 as many as there may be.
    """
    limit = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh"] if files else []
    command = [
        *limit,
        sys.executable,
        "-m",
        "vertragsgraph",
        "serve",
        "--port",
        "0",
        "--releases",
        str(releases),
        *arguments,
    ]
    log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - the server writes to it as long as it runs
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "LC_ALL": "C", **environment}, stderr=log)
    said = ""
    while process.poll() is None:
        log.seek(0)
        said = log.read()
        if found := re.search(r"at (http://\S+/)", said):
            return Server(found[1], releases, process, log)
        time.sleep(0.05)
    pytest.fail(f"the server did not start: {said}")


def stop_server(server: Server) -> int:
    """Ask a server to end and return its exit code."""
    server.process.send_signal(signal.SIGTERM)
    return server.process.wait(60)


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of releases that holds the shipped register's."""
    folder = tmp_path_factory.mktemp("releases")
    build(load_register(ROOT), folder)
    return folder


@pytest.fixture(scope="session")
def release(releases: Path) -> Release:
    """The shipped register's release."""
    found = current_release(releases)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def server(releases: Path) -> Iterator[Server]:
    """A server of the shipped register; all tests are one client to it, so the rate of a client isn't limited."""
    running = start_server(releases, VERTRAGSGRAPH_CLIENT_SECONDS="0")
    yield running
    stop_server(running)


TOMBSTONE = """
@prefix organisation: <id/organisation/> .
@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

organisation:hessischer-jugendring a as:Tombstone ;
    rdfs:label "Hessischer Jugendring (alt)"@de , "Hesse Youth Council (old)"@en ;
    as:deleted "2026-11-26T12:00:00+01:00"^^xsd:dateTime ;
    as:formerType vg:Organisation ;
    dcterms:isReplacedBy organisation:hjr ;
    skos:changeNote "Die Adresse wurde gekürzt."@de , "The address was shortened."@en .

<id/person/umgezogen> a as:Tombstone ;
    as:deleted "2026-11-26T12:00:00Z"^^xsd:dateTime ;
    dcterms:isReplacedBy <https://example.org/people/7> ;
    skos:changeNote "In einem anderen Register."@de , "In another register."@en .
"""


@pytest.fixture(scope="session")
def age() -> Callable[[Release], None]:
    """Makes a release a week older."""

    def make_older(release: Release) -> None:
        older = release.manifest.model_copy(update={"created": release.created - timedelta(days=7)})
        (release.folder / "release.json").write_text(older.text(), "utf-8")

    return make_older


@pytest.fixture(scope="session")
def withdrawn(new_register: Callable[[], Path], age: Callable[[Release], None]) -> Path:
    """A folder of two releases; in the newer one `organisation/hessischer-jugendring` has given way to `organisation/hjr`."""
    folder = new_register()
    releases = folder / "releases"
    age(build(load_register(folder), releases).release)
    for path in [*folder.glob("data/**/*.ttl"), *folder.glob("data/**/*.tsv")]:
        text = path.read_text("utf-8")
        path.write_text(text.replace("organisation:hessischer-jugendring", "organisation:hjr"), "utf-8")
    (folder / "data" / "tombstones.ttl").write_text(TOMBSTONE, "utf-8")
    build(load_register(folder), releases)
    return releases


@pytest.fixture(scope="session")
def server_of_withdrawn(withdrawn: Path) -> Iterator[Server]:
    """A server of these releases."""
    running = start_server(withdrawn, VERTRAGSGRAPH_CLIENT_SECONDS="0")
    yield running
    stop_server(running)


@pytest.fixture
def start() -> Iterator[Callable[..., Server]]:
    """Starts servers that end with the test."""
    running: list[Server] = []

    def start_one(releases: Path, *arguments: str, files: int = 0, **environment: str) -> Server:
        running.append(start_server(releases, *arguments, files=files, **environment))
        return running[-1]

    yield start_one
    for server in running:
        stop_server(server)
