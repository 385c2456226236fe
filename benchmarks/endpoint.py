"""Point look-ups over HTTP, side by side: this endpoint, Oxigraph's server, rdflib-endpoint.

    python benchmarks/endpoint.py [--contracts N] [--seconds S] [--peers FOLDER]

The peers (PyPI: oxigraph, rdflib-endpoint) are installed into a virtual environment in FOLDER (default: build/peers)
at the first run; wrk makes the load. Ends with 1 where this endpoint is slower than half of Oxigraph's server for
queries never seen before, or than one and a half times of it for repeated ones.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from load import Measured, measure
from pyoxigraph import RdfFormat, Store
from synthetic import BASE, GRAPH, TRIPLES_EACH, write

HERE = Path(__file__).parent
PEERS = ("oxigraph", "rdflib-endpoint[cli]")


def install_peers(folder: Path) -> Path:
    """Install the peers where they are not yet; return the folder of their commands."""
    commands = folder / "bin"
    if not (commands / "rdflib-endpoint").exists() or not (commands / "oxigraph").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([commands / "python", "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return commands


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int, path: str) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if (
                httpx.get(f"http://127.0.0.1:{port}{path}", params={"query": "ASK {}"}, trust_env=False).status_code
                == 200
            ):
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    sys.exit(f"the server on port {port} does not answer")


@contextmanager
def running(*commands: list[str | Path], **options: object) -> Iterator[None]:
    """Run processes; end them afterwards."""
    with ExitStack() as stack:
        for command in commands:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
            stack.callback(process.wait)
            stack.callback(process.terminate)
        yield


@contextmanager
def this_endpoint(folder: Path, processes: int) -> Iterator[tuple[int, str]]:
    """Run this endpoint in as many web processes, on one socket."""
    workers = str(max(2, 2 * (os.cpu_count() or 1) // processes))
    free = {"VERTRAGSGRAPH_CLIENT_QUERIES": "0", "VERTRAGSGRAPH_CLIENT_SECONDS": "0", "VERTRAGSGRAPH_WORKERS": workers}
    environment = {**os.environ, **free}
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        command: list[str | Path] = [sys.executable, HERE / "serving.py", str(listener.fileno()), folder]
        with running(*[command] * processes, pass_fds=(listener.fileno(),), env=environment):
            port = listener.getsockname()[1]
            wait_for(port, "/sparql")
            yield port, "/sparql"


@contextmanager
def oxigraph_server(folder: Path, commands: Path) -> Iterator[tuple[int, str]]:
    port = free_port()
    # Its queries see the union of the graphs only on request; a copy without graphs is what it is quickest with.
    store = folder / "oxigraph"
    if not store.exists():
        copy = Store(str(store))
        copy.bulk_load(path=str(folder / "dump.nt"), format=RdfFormat.N_TRIPLES)
        copy.flush()
        del copy
    with running([commands / "oxigraph", "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}"]):
        wait_for(port, "/query")
        yield port, "/query"


@contextmanager
def rdflib_endpoint(folder: Path, commands: Path) -> Iterator[tuple[int, str]]:
    port = free_port()
    with running([commands / "rdflib-endpoint", "serve", "--port", str(port), folder / "dump.nt"]):
        wait_for(port, "/")
        yield port, "/"


def rates(port: int, path: str, contracts: int, seconds: float) -> tuple[Measured, Measured]:
    """Measure queries never seen before and repeated ones, after a warm-up; the answers are looked at first."""
    check(port, path, contracts)
    found = []
    for fresh in (True, False):
        measure(port, path, BASE, contracts, fresh=fresh, seconds=min(1.5, seconds))
        found.append(measure(port, path, BASE, contracts, fresh=fresh, seconds=seconds))
    return found[0], found[1]


def check(port: int, path: str, contracts: int) -> None:
    """End the benchmark where a look-up doesn't give the five triples of the contract."""
    for i in range(0, contracts, max(1, contracts // 20)):
        query = f"SELECT ?p ?o WHERE {{ <{BASE}id/contract/{i}> ?p ?o }}"
        headers = {"Accept": "application/sparql-results+json"}
        url = f"http://127.0.0.1:{port}{path}"
        rows = httpx.get(url, params={"query": query}, headers=headers, trust_env=False).json()["results"]["bindings"]
        if len(rows) != TRIPLES_EACH or not any(row["o"]["value"].endswith(f" {i}") for row in rows):
            sys.exit(f"the server on port {port} gives a wrong answer for contract {i}: {rows}")


def show(name: str, fresh: Measured, repeated: Measured) -> None:
    columns = [f"{m.rate:9,.0f}/s {m.median:7.2f} ms {m.p99:7.2f} ms" for m in (fresh, repeated)]
    sys.stdout.write(f"{name:24} {columns[0]}   {columns[1]}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contracts", type=int, default=20_000, help="contracts of five triples each")
    parser.add_argument("--seconds", type=float, default=5.0, help="seconds of each measurement")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="web processes")
    parser.add_argument("--peers", type=Path, default=Path("build/peers"), help="where the peers are installed")
    arguments = parser.parse_args()
    commands = install_peers(arguments.peers.absolute())
    folder = Path(tempfile.mkdtemp(prefix="vertragsgraph-bench-"))
    try:
        write(folder, arguments.contracts)
        # N-Quads and N-Triples differ by the name of the graph only.
        text = (folder / "dump.nq").read_text("utf-8").replace(f" {GRAPH} .\n", " .\n")
        (folder / "dump.nt").write_text(text, "utf-8")
        sys.stdout.write(f"{arguments.contracts * 5:,} triples, 8 connections, {arguments.processes} web processes\n")
        sys.stdout.write(f"{'(rate, median, 99 of 100)':24} {'never seen before':>34}   {'repeated':>34}\n")
        with this_endpoint(folder, arguments.processes) as (port, path):
            ours = rates(port, path, arguments.contracts, arguments.seconds)
            show("vertragsgraph", *ours)
        with oxigraph_server(folder, commands) as (port, path):
            theirs = rates(port, path, arguments.contracts, arguments.seconds)
            show("oxigraph serve-read-only", *theirs)
        with rdflib_endpoint(folder, commands) as (port, path):
            show("rdflib-endpoint", *rates(port, path, arguments.contracts, arguments.seconds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    fresh, repeated = ours[0].rate / theirs[0].rate, ours[1].rate / theirs[1].rate
    sys.stdout.write(
        f"Of Oxigraph's server: {fresh:.2f} for queries never seen before (at least 0.5), "
        f"{repeated:.2f} for repeated ones (at least 1.5)\n"
    )
    return int(fresh < 0.5 or repeated < 1.5)


if __name__ == "__main__":
    sys.exit(main())
