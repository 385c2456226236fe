"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

import coverage
import hypothesis
import pytest

from vertragsgraph.register import Register, load_register
from vertragsgraph.release import Release, all_releases, build, current_release

# How long an example takes says more about the machine than about the code. The same examples each time, so that a
# change is what makes a test fail; `make fuzz` looks further, with others each time.
hypothesis.settings.register_profile("vertragsgraph", deadline=None, derandomize=True)
hypothesis.settings.register_profile("fuzz", deadline=None, max_examples=20_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "vertragsgraph"))

ROOT = Path(__file__).parents[1]
REGISTER_PARTS = ("register.toml", "ontology", "shapes", "data")


LONG = [
    f"tests/{name}.py"
    for name in (
        "release/test_crash",
        "cli/test_commands",
        "gate/test_seeded_faults",
        "test_contributing",
        "web/server/test_processes",
        "web/publication/test_catalogue",
        "web/test_french",
    )
]
"""Files that take more than two minutes, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run quick tests first and those with a browser last: while it is open, its event loop keeps the thread.

    Of several test processes those begin with the longest files, so that in the end none works while the others are idle.
    """
    first = LONG if "PYTEST_XDIST_WORKER" in os.environ else []

    def order(item: pytest.Item) -> tuple[bool, int, bool]:
        file = item.nodeid.partition("::")[0]
        is_slow = item.get_closest_marker("slow") is not None
        return "e2e" in item.path.parts, first.index(file) if file in first else len(first), is_slow

    items.sort(key=order)


def pytest_sessionfinish() -> None:
    """Keep what was measured so far: of several test processes, one that takes more than ten seconds to end is killed."""
    if measuring := coverage.Coverage.current():
        measuring.save()


@pytest.fixture(autouse=True)
def unmeasured(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leaves out of the coverage what generated input runs again and again: to measure it would double its time."""
    if "COVERAGE_RUN" not in os.environ or not request.node.get_closest_marker("fuzz"):
        yield
        return
    import coverage

    measuring = coverage.Coverage.current()
    assert measuring
    measuring.stop()
    yield
    measuring.start()


MakeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Makes a folder once for all processes of a test run: `once("releases", make)`.

    Whoever needs it first makes it, the others wait; nobody changes what is in it. Who wants to takes a copy.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own  # a worker of xdist has a folder in the run's

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder = shared / f"once-{name}"
        with (shared / f"once-{name}.lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.seek(0)
            if not lock.read():
                make(folder)
                lock.write("made")
        return folder

    return made


@pytest.fixture
def register_copy(tmp_path: Path) -> Path:
    """A copy of the shipped register that a test may spoil."""
    return copy_register(tmp_path / "register")


@pytest.fixture
def published_copy(register_copy: Path, releases: Path) -> Path:
    """The same with its release, which is the shipped register's, so that no test has to build it."""
    shutil.copytree(releases, register_copy / "releases", symlinks=True)
    return register_copy


def copy_register(folder: Path) -> Path:
    """Copy the shipped register into a folder that is made, and return it."""
    folder.mkdir(parents=True)
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


@contextmanager
def serving(releases: Path, *arguments: str, **environment: str) -> Iterator[Server]:
    """Run a server for several tests, which are one client to it: so its rate isn't limited, and two workers are enough."""
    own = {"VERTRAGSGRAPH_CLIENT_SECONDS": "0", "VERTRAGSGRAPH_WORKERS": "2", **environment}
    running = start_server(releases, *arguments, **own)
    try:
        yield running
    finally:
        stop_server(running)


@pytest.fixture(scope="session")
def releases(once: MakeOnce) -> Path:
    """A folder of releases that holds the shipped register's; nobody changes it."""
    return once("releases", lambda folder: build(load_register(ROOT), folder))


@pytest.fixture(scope="session")
def release(releases: Path) -> Release:
    """The shipped register's release."""
    found = current_release(releases)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def server(releases: Path) -> Iterator[Server]:
    """A server of the shipped register."""
    with serving(releases) as running:
        yield running


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


def make_older(release: Release) -> None:
    """Make a release a week older."""
    older = release.manifest.model_copy(update={"created": release.created - timedelta(days=7)})
    (release.folder / "release.json").write_text(older.text(), "utf-8")


@pytest.fixture(scope="session")
def age() -> Callable[[Release], None]:
    """Makes a release a week older."""
    return make_older


def rename_somebody(folder: Path) -> Register:
    """Change a register: a name has a space more. Return the register."""
    people = folder / "data" / "people.ttl"
    people.write_text(people.read_text("utf-8").replace('"Kai Klose"@de', '"Kai  Klose"@de'), "utf-8")
    return load_register(folder)


@pytest.fixture(scope="session")
def history(once: MakeOnce, releases: Path) -> Path:
    """A register with two releases, the first of them a week older; in the second a name has a space more."""

    def make(folder: Path) -> None:
        copy_register(folder)
        shutil.copytree(releases, folder / "releases", symlinks=True)
        make_older(all_releases(folder / "releases")[0])
        build(rename_somebody(folder), folder / "releases")

    return once("history", make)


@pytest.fixture(scope="session")
def server_of_history(history: Path) -> Iterator[Server]:
    """A server of these releases."""
    with serving(history / "releases", "--register", str(history)) as running:
        yield running


@pytest.fixture(scope="session")
def withdrawn(once: MakeOnce, releases: Path) -> Path:
    """A folder of two releases; in the newer one `organisation/hessischer-jugendring` has given way to `organisation/hjr`."""

    def make(folder: Path) -> None:
        copy_register(folder)
        shutil.copytree(releases, folder / "releases", symlinks=True)
        make_older(all_releases(folder / "releases")[0])
        for path in [*folder.glob("data/**/*.ttl"), *folder.glob("data/**/*.tsv")]:
            text = path.read_text("utf-8")
            path.write_text(text.replace("organisation:hessischer-jugendring", "organisation:hjr"), "utf-8")
        (folder / "data" / "tombstones.ttl").write_text(TOMBSTONE, "utf-8")
        build(load_register(folder), folder / "releases")

    return once("withdrawn", make) / "releases"


@pytest.fixture(scope="session")
def server_of_withdrawn(withdrawn: Path) -> Iterator[Server]:
    """A server of these releases."""
    with serving(withdrawn) as running:
        yield running


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


@pytest.fixture
def register_of(tmp_path: Path) -> Callable[[dict[str, str]], Register]:
    """Write a register with these data files (path below data/ to text) and load it."""

    def write(files: dict[str, str]) -> Register:
        (tmp_path / "register.toml").write_bytes((ROOT / "register.toml").read_bytes())
        (tmp_path / "data").mkdir()
        for name, text in files.items():
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return load_register(tmp_path)

    return write


@dataclass
class Web:
    """What a server answers at each path (status, content type, content), and who has asked for what."""

    url: str = ""
    pages: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def put(self, path: str, content: bytes | str, kind: str = "text/html; charset=utf-8", status: int = 200) -> str:
        """Publish a page and return its address."""
        self.pages[path] = (status, kind, content.encode() if isinstance(content, str) else content)
        return self.url + path


@pytest.fixture
def web() -> Iterator[Web]:
    """A real server with pages as they may be found on the web."""
    known = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append((self.path, self.headers.get("User-Agent", "")))
            status, kind, content = known.pages.get(self.path, (404, "text/html", b"<p>nothing here"))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if status in {301, 302}:
                self.send_header("Location", content.decode())
                content = b""
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        known.url = f"http://127.0.0.1:{server.server_port}"
        yield known
        server.shutdown()
