"""What each kind of page and document of a large register costs: `python benchmarks/scale.py [--contracts N …]`.

For each number of contracts a synthetic register is written, built, and served by a process of its own with its workers. Every
kind of page, list, file, graph and document is asked for when nothing of it is kept (`cold`), then others of its kind, of which
the dearest counts (`next`), and the first once more (`warm`). The table has the processor time in the web process and in the
workers, in milliseconds, and how many times that of the smallest register the largest needs. Wall time is not measured: it says
how busy the machine is. With `--folder`, registers and releases that are there are taken, and those that aren't stay there.

Exits 1 where an answer is no 200 or breaks off, something grows faster than the register by more than half, or the web process
needs more than 300 MiB.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from vertragsgraph.register import load_register
from vertragsgraph.release import build, current_release

from synthetic_register import write_register  # isort: skip (beside this file)

ROOT = Path(__file__).parents[1]
MEMORY = 300
"""MiB that the web process may need."""
SMALL = 40.0
"""Milliseconds of processor time whose growth says nothing yet."""
LISTS = ("contracts", "organisations", "people", "topics", "grants")
PAGES = {
    "start": ["/"],
    "list": [f"/{name}" for name in LISTS],
    "list, page": ["/contracts?page=7", "/organisations?page=2"],
    "list, facets": [
        "/contracts?topic=t3&year=2019",
        "/contracts?partner=none",
        "/contracts?funding=Funded",
        "/people?office=none",
    ],
    "list.csv": [f"/{name}.csv" for name in LISTS],
    "list.json": [f"/{name}.json" for name in LISTS],
    "quality": ["/quality"],
    "explore": ["/explore", "/explore.json"],
    "search": ["/search?q=Verein", "/search?q=Minister+Kassel", "/search.json?q=Jugendring"],
    "about": [
        "/catalog.ttl",
        "/catalog",
        "/void.ttl",
        "/linkset",
        "/openapi.json",
        "/dumps/",
        "/releases/",
        "/releases/feed.atom",
    ],
    "vocabulary": ["/ontology", "/shapes", "/ontology.jsonld", "/shapes.rdf"],
    "site map": ["/sitemap.xml", "/sitemap-0.xml"],
    "links": ["/links.csv", "/links.json"],
    "service": ["/sparql", "/reconcile", "/health/ready", "/metrics"],
    "past states": ["/timemap/doc/contract/c7", "/timemap/doc/contract/c8"],
}
GRAPHS = ("contracts", "agents", "topics", "sources", "evidence", "entailed", "reifiers", "catalog", "void", "ontology")
FORMATS = ("html", "ttl", "jsonld", "nt", "rdf")
HUBS = ("organisation/government", "topic/t0", "office/minister", "programme/p1", "source/contracts-0000")
OF_EACH = 4
"""Documents of a kind that are asked for."""


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time in the web process and in workers, and bytes."""

    web: float
    workers: float
    bytes: int

    @property
    def all(self) -> float:
        """Milliseconds in both."""
        return self.web + self.workers


class Server:
    """A server in a process of its own, whose processor time can be told."""

    def __init__(self, process: subprocess.Popen[bytes], client: httpx.Client) -> None:
        self._pid = process.pid
        self._client = client
        self.failed: list[str] = []

    def cost(self, address: str) -> Cost:
        """Return what an address costs; where it isn't answered 200, or not whole, that is put down in `failed`."""
        web, workers, length = self._web(), self._workers(), 0
        with self._client.stream(
            "GET", address, headers={"Accept": "text/html, */*;q=0.5", "Accept-Encoding": "identity"}
        ) as answer:
            try:
                for chunk in answer.iter_raw():
                    length += len(chunk)
            except httpx.HTTPError as error:
                self.failed.append(f"{address}: broken off after {length} bytes: {error}")
        if answer.status_code != 200:
            self.failed.append(f"{address}: {answer.status_code}")
        time.sleep(0.02)  # what comes after the answer is part of what it costs
        return Cost((self._web() - web) / 1e6, (self._workers() - workers) / 1e6, length)

    def memory(self) -> float:
        """Return the most memory that the web process has needed, in MiB."""
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self._pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0

    def _web(self) -> int:
        return _nanoseconds(self._pid)

    def _workers(self) -> int:
        """Return the nanoseconds of all workers, of those also that have ended (`proc_pid_stat(5)`: cutime, cstime)."""
        children = [
            child
            for task in Path(f"/proc/{self._pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        ended = (int(fields[13]) + int(fields[14])) * 1_000_000_000 // os.sysconf("SC_CLK_TCK")
        return ended + sum(_nanoseconds(int(child)) for child in children)


def _nanoseconds(pid: int) -> int:
    try:
        return sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return 0


@contextmanager
def served(register: Path) -> Iterator[Server]:
    """Serve the release of a register, in a process with its workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "vertragsgraph", "serve", "--register", str(register), "--port", str(port)]
    environment = {**os.environ, "VERTRAGSGRAPH_CLIENT_SECONDS": "0", "VERTRAGSGRAPH_WORKERS": "4"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as client:
                _wait(client)
                yield Server(process, client)
        finally:
            process.terminate()


def _wait(client: httpx.Client) -> None:
    for _ in range(600):
        try:
            if client.get("/health/ready").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    sys.exit("the server doesn't start")


def addresses(register: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield every kind of answer with addresses of it; documents are taken evenly from all resources of a kind."""
    yield from PAGES.items()
    release = current_release(register / "releases")
    assert release
    kinds: dict[str, list[str]] = {}
    for line in (release.folder / "resources.nt").open():
        path = line[1 : line.index(">")].removeprefix(f"{release.base}id/")
        kinds.setdefault(path.partition("/")[0], []).append(path)
    for kind, paths in kinds.items():
        some = list(dict.fromkeys(paths[:: max(1, len(paths) // OF_EACH)]))[:OF_EACH]
        some += [path for path in HUBS if path in paths]
        for form in FORMATS:
            yield f"{kind}.{form}", [f"/doc/{path}.{form}" for path in some]
        yield f"explore {kind}", [f"/explore.json?iri={release.base}id/{path}" for path in some]
    for role in GRAPHS:
        yield f"graph {role}", [f"/graph/{role}?format=nt", f"/graph/{role}?format=ttl"]
    yield "graph default", ["/graphs?default&format=nt"]


def measure(register: Path) -> tuple[dict[str, dict[str, Cost]], float, list[str]]:
    """Return by kind what the first, the dearest of the next and the first again cost; the most memory needed; what failed."""
    with served(register) as server:
        found = {}
        for kind, some in addresses(register):
            cold = server.cost(some[0])
            later = [server.cost(address) for address in some[1:]]
            again = server.cost(some[0])
            found[kind] = {"cold": cold, "next": max(later, key=lambda cost: cost.all, default=again), "warm": again}
        return found, server.memory(), server.failed


def made(folder: Path, contracts: int) -> Path:
    """Return the folder of a register with its release, both made where they aren't there."""
    register = folder / f"c{contracts}"
    if not register.is_dir():
        write_register(register, contracts)
    if current_release(register / "releases") is None:
        build(load_register(register), register / "releases")
    return register


def table(found: dict[int, dict[str, dict[str, Cost]]]) -> Iterator[str]:
    """Yield the lines of the table, and what is wrong at their end."""
    sizes = sorted(found)
    yield f"{'':18}" + "".join(f"{f'{size:,} contracts':>42}" for size in sizes) + "   growth"
    yield f"{'ms web+workers':18}" + f"{'cold':>13}{'next':>13}{'warm':>13}  " * len(sizes)
    for kind in found[sizes[-1]]:
        cells = ""
        for size in sizes:
            of = found[size].get(kind, {})
            cells += " " + "".join(f"{f'{each.web:.0f}+{each.workers:.0f}':>13}" for each in of.values()) + " "
        growth = [f"{times:.1f}" for times in growths(found, kind)]
        yield f"{kind:18}{cells}   {' '.join(growth)}"


def growths(found: dict[int, dict[str, dict[str, Cost]]], kind: str) -> list[float]:
    """Return how many times what the smallest register costs the largest does: cold, next, warm; 0 where that says nothing."""
    small, large = (found[size].get(kind, {}) for size in (min(found), max(found)))
    return [
        large[when].all / small[when].all if when in small and large[when].all > SMALL else 0.0
        for when in ("cold", "next", "warm")
        if when in large
    ]


def main() -> int:
    """Measure, print, and tell whether it holds."""
    parser = argparse.ArgumentParser(description="Measure what pages and documents of large registers cost.")
    parser.add_argument("--contracts", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where registers and releases lie, or are to stay")
    parser.add_argument("--json", type=Path, help="the file that figures are written to")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        found, memory, failed = {}, {}, list[str]()
        for contracts in options.contracts:
            found[contracts], memory[contracts], bad = measure(made(options.folder or Path(passing), contracts))
            failed += bad
    print("\n".join(table(found)))
    for contracts, mib in memory.items():
        print(f"{contracts:,} contracts: {mib:.0f} MiB in the web process")
    if options.json:
        figures = {
            size: {kind: {when: asdict(cost) for when, cost in of.items()} for kind, of in each.items()}
            for size, each in found.items()
        }
        options.json.write_text(json.dumps({"costs": figures, "memory": memory}, indent=1))
    most = 1.5 * max(found) / min(found)
    failed += [
        f"{kind}: grows faster than the register" for kind in found[max(found)] if max(growths(found, kind)) > most
    ]
    print("\n".join(failed), file=sys.stderr)
    return 1 if failed or max(memory.values()) > MEMORY else 0


if __name__ == "__main__":
    sys.exit(main())
