"""One client keeps sending killer queries, eight at a time; another's point look-ups must stay quick.

    python benchmarks/killers.py [--contracts N] [--seconds S]

Ends with 1 where the 99th percentile of the look-ups is ten times its idle value or more, or one of them fails.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import multiprocessing
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

import httpx
from endpoint import HERE, running, wait_for
from synthetic import BASE, write

KILLERS = {
    "cartesian count": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "cartesian order": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "everything concatenated": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "unbounded path": f"SELECT (COUNT(*) AS ?n) {{ ?a (<{BASE}party>|^<{BASE}party>)* ?b }}",
    "huge construct": "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }",
    "nested braces": "SELECT * " + "{" * 20_000 + "?s ?p ?o" + "}" * 20_000,
    "a mebibyte of values": "SELECT * { VALUES ?x { " + "1 " * 500_000 + "} ?s ?p ?x }",
}


@contextmanager
def endpoint(folder: Path) -> Iterator[int]:
    """Run one web process that believes X-Forwarded-For from loopback, with default limits but for the light client."""
    environment = {**os.environ, "VERTRAGSGRAPH_TRUSTED_PROXIES": '["127.0.0.1"]', "VERTRAGSGRAPH_QUERY_SECONDS": "10"}
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        command: list[str | Path] = [sys.executable, HERE / "serving.py", str(listener.fileno()), folder]
        with running(command, pass_fds=(listener.fileno(),), env=environment):
            wait_for(listener.getsockname()[1], "/sparql")
            time.sleep(2)
            yield listener.getsockname()[1]


def look_ups(port: int, numbers: Iterator[int], seconds: float) -> list[float]:
    """Ask for a contract fifteen times a second; return what each took, sorted; an answer that is no result ends the run."""
    took = []
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers={"X-Forwarded-For": "203.0.113.1"}, trust_env=False, timeout=30
    ) as client:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            i = next(numbers)
            begun = time.perf_counter()
            response = client.get("/sparql", params={"query": f"SELECT ?p ?o {{ <{BASE}id/contract/{i}> ?p ?o }}"})
            took.append(time.perf_counter() - begun)
            if response.status_code != 200 or len(response.json()["results"]["bindings"]) != 5:
                sys.exit(f"a look-up failed: {response.status_code} {response.text[:300]}")
            time.sleep(1 / 15)
    return sorted(took)


def attack(
    port: int, end: Event, statuses: collections.Counter[tuple[str, int]], queries: Iterator[tuple[str, str]]
) -> None:
    """Send one killer query after the other."""
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers={"X-Forwarded-For": "198.51.100.1"}, trust_env=False, timeout=60
    ) as client:
        while not end.is_set():
            name, query = next(queries)
            try:
                with client.stream("POST", "/sparql", data={"query": f"{query} #{time.monotonic()}"}) as response:
                    for _ in response.iter_raw():
                        if end.is_set():
                            break
                statuses[name, response.status_code] += 1
                if response.status_code == 429:
                    time.sleep(0.2)
            except httpx.HTTPError:
                statuses[name, 0] += 1


def attackers(port: int, end: Event, counted: Queue[dict[tuple[str, int], int]]) -> None:
    """Attack with eight connections until the end; then tell how often each query got which status."""
    statuses: collections.Counter[tuple[str, int]] = collections.Counter()
    threads = []
    for i in range(8):
        # Each begins with another query, so that all kinds run beside each other.
        queries = itertools.islice(itertools.cycle(KILLERS.items()), i, None)
        threads.append(threading.Thread(target=attack, args=(port, end, statuses, queries)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    counted.put(dict(statuses))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contracts", type=int, default=20_000, help="contracts of five triples each")
    parser.add_argument("--seconds", type=float, default=30.0, help="seconds under attack")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vertragsgraph-killers-") as name:
        folder = Path(name)
        write(folder, arguments.contracts)
        with endpoint(folder) as port:
            numbers = (i * 7919 % arguments.contracts for i in itertools.count())
            look_ups(port, numbers, 2)
            idle = look_ups(port, numbers, 10)
            spawn = multiprocessing.get_context("spawn")
            end, counted = spawn.Event(), spawn.Queue()
            process = spawn.Process(target=attackers, args=(port, end, counted))
            process.start()
            time.sleep(3)
            attacked = look_ups(port, numbers, arguments.seconds)
            end.set()
            statuses = counted.get()
            process.join()
    for (query, status), count in sorted(statuses.items()):
        sys.stdout.write(f"{query:26} {status or 'broken off':>10} {count:6}\n")
    p99 = [times[int(len(times) * 0.99)] * 1000 for times in (idle, attacked)]
    median = [times[len(times) // 2] * 1000 for times in (idle, attacked)]
    sys.stdout.write(f"Look-ups: median {median[0]:.2f} ms idle, {median[1]:.2f} ms under attack; ")
    sys.stdout.write(
        f"99 of 100 within {p99[0]:.2f} ms idle, {p99[1]:.2f} ms under attack ({p99[1] / p99[0]:.1f} times)\n"
    )
    return int(p99[1] >= 10 * p99[0])


if __name__ == "__main__":
    sys.exit(main())
