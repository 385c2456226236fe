"""Workers reach nobody, whatever the engine is made to try: the kernel sees to that, not the reading of queries."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from tests.sparql.conftest import answering, reply
from vertragsgraph.sparql.engine.dataset import Dataset

pytestmark = pytest.mark.slow
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere a large store keeps workers from federated queries"
)
BATCHES = 3  # each gives a table to each index; of four RocksDB would make one, at a time of its own

# What a worker does before and after its store is open, and what then becomes of the engine's own SERVICE.
TRY = """
import socket, sys
from pathlib import Path
import pyoxigraph as ox
from vertragsgraph.sparql.worker import isolation
if sys.argv[1] == "sockets":
    isolation.forbid_sockets()
store = ox.Store.read_only(sys.argv[2]) if sys.argv[2] else ox.Store()
if sys.argv[1] == "files" and not isolation.needs_files(Path(sys.argv[2]) if sys.argv[2] else None):
    isolation.forbid_files()
assert isolation.can_reach_out() is (sys.argv[4] == "open")
if sys.argv[4] == "open":
    sys.exit()
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            socket.socket(family, kind)
        except OSError:
            continue
        sys.exit(f"{family} {kind}")
for address in (sys.argv[3], sys.argv[3].replace("127.0.0.1", "localhost"), "http://example.org/"):
    try:
        list(store.query("SELECT * { SERVICE <" + address + "> { ?s ?p ?o } }"))
    except OSError:
        continue
    sys.exit(address)
count = store.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
print(next(count)["n"].value)
"""
# A worker that the kernel does not hold back, on a system that can't.
UNHELD = """
import json, socket, sys
from vertragsgraph.sparql.worker.frames import HEADER, REQUEST, frame, encoded
from vertragsgraph.sparql.worker.isolation import can_reach_out
from vertragsgraph.sparql.worker.worker import Worker, open_stores
import threading
ours, theirs = socket.socketpair()
configuration = {"store": sys.argv[1], "quads": "", "base": "http://example.org/", "services": [sys.argv[2]]}
configuration |= {"languages": [], "prefixes": {}, "beside": {}}
worker = Worker(theirs, open_stores(configuration), frozenset(), configuration, isolated=not can_reach_out())
threading.Thread(target=worker.run, daemon=True).start()
request = {"solutions": "csv", "graph": "nt", "default": None, "named": None, "seconds": 9, "replies": None}
for query in sys.argv[3:]:
    ours.sendall(frame(REQUEST, encoded(request) + b"\\n" + query.encode()))
received = ours.makefile("rb")
for _ in range(len(sys.argv[3:]) + 1):
    kind, size = HEADER.unpack(received.read(HEADER.size))
    print(kind.decode(), received.read(size).decode().replace("\\n", " "))
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A store of more tables than RocksDB opens at once."""
    folder = tmp_path_factory.mktemp("large") / "store"
    graph = NamedNode("http://example.org/g")
    store = Store(str(folder))
    for batch in range(BATCHES):
        store.bulk_extend(
            Quad(NamedNode(f"http://example.org/{batch}/{i}"), NamedNode("http://example.org/p"), Literal(i), graph)
            for i in range(1_000)
        )
    store.flush()
    assert sum(1 for _ in folder.glob("*.sst")) > 16
    return Dataset("large", folder, None, "http://example.org/", {graph.value: 1_000 * BATCHES})


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def nobody_came(listener: socket.socket) -> bool:
    listener.settimeout(0.2)
    try:
        listener.accept()
    except TimeoutError:
        return True
    return False


def address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("way", [pytest.param("sockets", marks=linux), "files"])
def test_the_engine_itself_finds_no_way_out(way: str, dataset: Dataset, listener: socket.socket) -> None:
    assert run(TRY, way, str(dataset.store), address(listener), "closed").strip() == str(dataset.size)
    assert run(TRY, way, "", address(listener), "closed").strip() == "0"
    assert nobody_came(listener)


@linux
def test_a_store_of_any_size_is_read_to_its_end_without_a_way_out(large: Dataset, listener: socket.socket) -> None:
    assert run(TRY, "sockets", str(large.store), address(listener), "closed").strip() == str(large.size)
    assert nobody_came(listener)


def test_where_a_worker_can_not_be_held_it_takes_no_query_that_could_ask_others(
    large: Dataset, listener: socket.socket
) -> None:
    run(TRY, "files", str(large.store), address(listener), "open")
    queries = [
        f"ASK {{ SERVICE <{address(listener)}> {{ ?s ?p ?o }} }}",
        f"ASK {{ ?s ?p trueservice <{address(listener)}> {{ ?s ?p ?o }} }}",
        f"ASK {{ \\u0053ERVICE <{address(listener)}> {{ ?s ?p ?o }} }}",
        "ASK { ?s ?p ?o }",
    ]
    ready, *refused, answered = run(UNHELD, str(large.store), address(listener), *queries).splitlines()
    assert (ready, answered.split()[-1]) == ("K ", "true")
    assert all('"status":403' in line for line in refused)
    assert nobody_came(listener)


@linux
def test_no_worker_of_a_server_can_open_a_socket(
    dataset: Dataset, large: Dataset, serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    rows = b'{"head":{"vars":["x"]},"results":{"bindings":[{},{}]}}'
    for served, files in ((dataset, False), (large, True)):
        with (
            answering(lambda asked: reply(asked, rows)) as iri,
            serving(served, workers=1, in_memory_quads=1_000_000, service_allowed=(iri,)) as server,
        ):
            assert eventually(lambda: server.engine.crew.alive == 2)
            for worker in server.engine.crew.workers:
                status = Path(f"/proc/{worker.pid}/status").read_text("utf-8")
                assert not files or {"Seccomp:\t2", "NoNewPrivs:\t1"} <= set(status.splitlines())
                assert (psutil.Process(worker.pid).rlimit(psutil.RLIMIT_NOFILE) != (0, 0)) is files
            count = server.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", format="csv").text
            assert count.split() == ["n", str(served.size)]
            asked = server.select(f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{iri}> {{ ?x ?y ?z }} }}", format="csv").text
            assert asked.split() == ["n", "2"]
