"""A synthetic dataset on disk, and real servers on real ports."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
import uvloop
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.endpoint import Service, SparqlEndpoint
from vertragsgraph.sparql.api.fast_path import FastPath
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.web.server.server import configuration

BASE = "http://example.org/"
# No limits per client: the tests are one client.
FREE: dict[str, Any] = {"client_queries": 0, "client_seconds": 0, "workers": 2}


def node(path: str) -> NamedNode:
    return NamedNode(BASE + path)


def some_quads(things: int = 400) -> Iterator[Quad]:
    """Two graphs; things with names that have umlauts, quotes, line ends, and IRIs that have escapes."""
    for i in range(things):
        yield Quad(node(f"id/{i}"), node("number"), Literal(i), node("graph/contracts"))
        yield Quad(node(f"id/{i}"), node("next"), node(f"id/{(i + 1) % things}"), node("graph/contracts"))
        yield Quad(node(f"id/{i}"), node("name"), Literal(f'Müller, "{i}"\nÜber', language="de"), node("graph/agents"))
    for escaped in ("a%2Fb", "a%20b", "straße", "ünï"):
        yield Quad(node(f"id/{escaped}"), node("label"), Literal(escaped), node("graph/agents"))


def write_dataset(folder: Path, quads: Iterator[Quad], identity: str) -> Dataset:
    """Write a store and its N-Quads, as a release has them."""
    store = Store(str(folder / "store"))
    store.bulk_extend(quads)
    store.flush()
    store.dump(str(folder / "dump.nq"), format=RdfFormat.N_QUADS)
    counts = {g.value: sum(1 for _ in store.quads_for_pattern(None, None, None, g)) for g in store.named_graphs()}  # type: ignore[union-attr]
    return Dataset(identity, folder / "store", folder / "dump.nq", BASE, counts)


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_dataset(tmp_path_factory.mktemp("dataset"), some_quads(), "one")


@dataclass
class Server:
    """A running server and what is behind it."""

    url: str
    port: int
    service: Service
    engine: Pool
    loop: asyncio.AbstractEventLoop
    http: uvicorn.Server

    def client(self, **arguments: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=120, trust_env=False, **arguments)

    def select(self, query: str, **parameters: Any) -> httpx.Response:
        with self.client() as client:
            return client.get("/sparql", params={"query": query, **parameters})

    def run(self, coroutine: Any) -> Any:
        """Run a coroutine in the server's loop and return its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)


@contextmanager
def serve(dataset: Dataset, settings: Settings, make: Callable[[Service], Any] | None = None) -> Iterator[Server]:
    """Run a server in a thread."""
    started = threading.Event()
    box: dict[str, Any] = {}
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # event loops set it on sockets of their own only

    async def main() -> None:
        engine = Pool(dataset, settings)
        service = Service(engine, settings)
        app = make(service) if make else SparqlEndpoint(service)
        config = configuration(app, FastPath(service), settings)
        config.lifespan = "off"
        server = uvicorn.Server(config)
        await engine.start()
        box.update(server=server, service=service, engine=engine, loop=asyncio.get_running_loop())
        started.set()
        await server.serve(sockets=[listener])
        await engine.close()

    def run() -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main())

    thread = threading.Thread(target=run)
    thread.start()
    assert started.wait(60)
    port = listener.getsockname()[1]
    try:
        yield Server(f"http://127.0.0.1:{port}", port, box["service"], box["engine"], box["loop"], box["server"])
    finally:
        box["server"].should_exit = True
        box["server"].force_exit = True
        thread.join(20)
        listener.close()


class Asked(BaseHTTPRequestHandler):
    """A request that came to an endpoint of `answering`."""

    body = b""

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def do_GET(self) -> None:
        """Answer; each endpoint does in its way."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def answering(answer: Callable[[Asked], None], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """An endpoint that answers, or misbehaves, as `answer` says; its address."""

    class Handler(Asked):
        def do_GET(self) -> None:
            answer(self)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        server.server_close()


def reply(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, length: int | None = None) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture(scope="session")
def server(dataset: Dataset) -> Iterator[Server]:
    with serve(dataset, Settings(**FREE)) as running:
        yield running


@pytest.fixture(scope="session")
def serving() -> Callable[..., AbstractContextManager[Server]]:
    """Serve a dataset with settings: `with serving(dataset, query_seconds=2) as server`."""

    def start(
        dataset: Dataset, make: Callable[[Service], Any] | None = None, **settings: Any
    ) -> AbstractContextManager[Server]:
        return serve(dataset, Settings(**{**FREE, **settings}), make)

    return start


@pytest.fixture(scope="session")
def write() -> Callable[..., Dataset]:
    """Write a dataset: `write(folder, quads, identity)`."""
    return write_dataset


@pytest.fixture(scope="session")
def eventually() -> Callable[..., bool]:
    """Wait until something is so: `eventually(condition, seconds)`."""

    def wait(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not condition():
            time.sleep(0.02)
        return condition()

    return wait
