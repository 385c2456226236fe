"""Two minutes of everything at once: light, heavy, malformed, aborted and slow-reading clients on loopback.

    python benchmarks/soak.py [--contracts N] [--seconds S]

Each result is compared with what pyoxigraph says when it is asked directly. Ends with 1 where a result was wrong, a
worker is missing at the end, or the memory of the web process and its workers has grown by more than a tenth since
the warm-up.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

import httpx
import psutil
from endpoint import HERE, wait_for
from pyoxigraph import QueryResultsFormat, Store
from synthetic import BASE, write

WARM_UP = 0.25  # the part of the run after which memory is looked at first


class Soak:
    """Clients of all kinds, and what they saw."""

    def __init__(self, port: int, store: Store, contracts: int) -> None:
        self.port = port
        self.end = threading.Event()
        self.seen: collections.Counter[str] = collections.Counter()
        self.wrong: list[str] = []
        self._store = store
        self._contracts = contracts
        self._lock = threading.Lock()

    def note(self, what: str) -> None:
        """Count what was seen."""
        with self._lock:
            self.seen[what] += 1

    def expected(self, query: str) -> object:
        """Return what pyoxigraph says when it is asked directly."""
        result = self._store.query(query, use_default_graph_as_union=True).serialize(format=QueryResultsFormat.JSON)
        return canonical(json.loads(result or b"{}"))

    def compared(self, client: httpx.Client, kind: str, query: str) -> None:
        """Ask a query and compare the result."""
        response = client.get("/sparql", params={"query": query})
        self.note(f"{kind} {response.status_code}")
        if response.status_code == 200 and canonical(response.json()) != self.expected(query):
            self.wrong.append(query)

    def light(self, client: httpx.Client, rng: random.Random) -> None:
        """Look a contract up."""
        i = rng.randrange(self._contracts)
        self.compared(client, "light", f"SELECT ?p ?o {{ <{BASE}id/contract/{i}> ?p ?o }}")

    def middling(self, client: httpx.Client, rng: random.Random) -> None:
        """Count by year."""
        year = 1990 + rng.randrange(36)
        self.compared(client, "middling", f"SELECT (COUNT(?s) AS ?n) {{ ?s <{BASE}year> {year} ; <{BASE}party> ?o }}")

    def heavy(self, client: httpx.Client, rng: random.Random) -> None:
        """Ask what can't be answered in the time."""
        query = rng.choice(
            [
                "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
                "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
                "SELECT (GROUP_CONCAT(STR(?c)) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
            ]
        )
        response = client.get("/sparql", params={"query": f"{query} #{rng.random()}", "timeout": "3"})
        self.note(f"heavy {response.status_code}")
        if response.status_code == 200:
            self.wrong.append(query)

    def malformed(self, client: httpx.Client, rng: random.Random) -> None:
        """Ask what is no query, or none that is allowed."""
        query = rng.choice(
            ["SELECT", "ASK { ?s a:b ?o }", "SELECT * " + "{" * 20_000, "\x00", "SELECT * { SERVICE ?x {} }"]
        )
        response = client.post("/sparql", data={"query": query})
        self.note(f"malformed {response.status_code}")
        if response.status_code not in {400, 403}:
            self.wrong.append(query[:100])

    def aborted(self, _: httpx.Client, rng: random.Random) -> None:
        """Leave before there is an answer."""
        with raw(self.port, f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f }} #{rng.random()}"):
            time.sleep(rng.random())
        self.note("aborted")

    def slow(self, _: httpx.Client, rng: random.Random) -> None:
        """Read a long result slowly."""
        rows = 0
        with raw(self.port, f"SELECT ?c ?f {{ ?a ?b ?c . ?d ?e ?f }} LIMIT 60000 #{rng.random()}") as connection:
            while data := connection.recv(65_536):
                rows += data.count(b'"c":{')
                time.sleep(0.01)
        self.note(f"slow {'complete' if rows >= 59_000 else 'cut off'}")

    def run(self, kind: str, seed: int) -> None:
        """Be a client of one kind until the end."""
        rng = random.Random(seed)
        act = getattr(self, kind)
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60, trust_env=False) as client:
            while not self.end.is_set():
                try:
                    act(client, rng)
                except (httpx.HTTPError, OSError) as error:
                    self.note(f"{kind} {type(error).__name__}")
                time.sleep(rng.random() * (0.02 if kind == "light" else 0.3))


def canonical(result: dict[str, dict[str, list[object]]]) -> list[str]:
    """Return the rows of a JSON result in an order of their own."""
    return sorted(json.dumps(row, sort_keys=True) for row in result["results"]["bindings"])


def raw(port: int, query: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(
        f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    )
    return connection


def memory(web: psutil.Process) -> tuple[float, float, int]:
    """Return the MiB of the web process, those of a worker on average, and the number of workers."""
    workers = [child for child in web.children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]
    each = [worker.memory_info().rss for worker in workers]
    return web.memory_info().rss / 2**20, sum(each) / max(len(each), 1) / 2**20, len(each)


def settled(web: psutil.Process) -> tuple[float, float, int]:
    """Return the memory when the heavy queries are over and their workers replaced."""
    time.sleep(5)
    return memory(web)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contracts", type=int, default=10_000, help="contracts of five triples each")
    parser.add_argument("--seconds", type=float, default=120.0, help="seconds in all")
    arguments = parser.parse_args()
    # All kinds of clients have one address here; and the cache is so small that it is full after the warm-up.
    free = {
        "VERTRAGSGRAPH_CLIENT_QUERIES": "0",
        "VERTRAGSGRAPH_CLIENT_SECONDS": "0",
        "VERTRAGSGRAPH_CACHE_BYTES": "1000000",
    }
    environment = {**os.environ, **free}
    with (
        tempfile.TemporaryDirectory(prefix="vertragsgraph-soak-") as name,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        folder = Path(name)
        dataset = write(folder, arguments.contracts)
        store = Store.read_only(str(dataset.store))
        command = [sys.executable, str(HERE / "serving.py"), str(listener.fileno()), str(folder)]
        with psutil.Popen(command, pass_fds=(listener.fileno(),), env=environment) as process:
            port = listener.getsockname()[1]
            wait_for(port, "/sparql")
            soak = Soak(port, store, arguments.contracts)
            first = phase(soak, arguments.seconds * WARM_UP, process)
            last = phase(soak, arguments.seconds * (1 - WARM_UP), process)
            process.terminate()
    for what, count in sorted(soak.seen.items()):
        sys.stdout.write(f"{what:28} {count:8,}\n")
    for title, (web, worker, count) in (("after the warm-up", first), ("at the end", last)):
        sys.stdout.write(f"{title:28} web process {web:6.1f} MiB, {count} workers of {worker:6.1f} MiB\n")
    sys.stdout.write(f"wrong answers: {len(soak.wrong)} {soak.wrong[:3]}\n")
    grown = last[0] > 1.1 * first[0] or last[1] > 1.1 * first[1]
    return int(bool(soak.wrong) or grown or last[2] < first[2])


def phase(soak: Soak, seconds: float, web: psutil.Process) -> tuple[float, float, int]:
    """Let all clients loose for some seconds; return the memory afterwards."""
    soak.end.clear()
    kinds = ["light"] * 3 + ["middling", "heavy", "heavy", "malformed", "aborted", "slow"]
    threads = [threading.Thread(target=soak.run, args=(kind, seed)) for seed, kind in enumerate(kinds)]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    soak.end.set()
    for thread in threads:
        thread.join()
    return settled(web)


if __name__ == "__main__":
    sys.exit(main())
