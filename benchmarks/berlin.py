"""The grants of Berlin, from the table to the last page: `python benchmarks/berlin.py [--table FILE] [--json FILE]`.

Publishes examples/berlin-grants with a table (docs: examples/berlin-grants/README.md), serves the release, and prints: processor
time and memory from the table to the first answer; how long each kind of page takes, for the first time and again (median and
95th percentile, milliseconds); search, reconciliation in batches of a hundred, look-ups by SPARQL; the memory of the web process.
Beside each figure stands what it should be at most. Nothing fails: on a busy machine only processor time means anything.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from vertragsgraph.register.names import slug

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples/berlin-grants"
EACH = 30
AGAIN = 3
COMMAND = [sys.executable, "-m", "vertragsgraph"]
PUBLISHED = {"processor time, s": 150, "memory, MiB": 1024}
COLD, WARM, SEARCH, BATCH, MEMORY = 300, 50, 100, 300, 300


def addresses(table: Path) -> dict[str, list[str]]:
    """Return for each kind of page addresses to read, spread over the table."""
    with gzip.open(table, "rt", encoding="utf-8") if table.suffix == ".gz" else table.open(encoding="utf-8") as file:
        rows = [(number, row) for number, row in enumerate(csv.DictReader(file), 1)]
    some = random.Random(1).sample(rows, min(EACH, len(rows)))
    recipients = [slug(f"{row['registerart']}-{row['registernummer'].strip()}") for _, row in some]
    givers = sorted({slug(row["geber"]) for _, row in rows})
    topics = sorted({slug(row["politikbereich"]) for _, row in rows} - {""})
    return {
        "start": ["/"],
        "list of grants": ["/grants", "/grants?page=2", "/grants?page=100"],
        "list of grants, facets": [
            "/grants?year=2014",
            f"/grants?topic={topics[0]}",
            f"/grants?funder={givers[0]}&year=2012",
        ],
        "other lists": ["/organisations", "/topics"],
        "grant": [f"/doc/grant/zuwendung-{number}" for number, _ in some],
        "grant, Turtle": [f"/doc/grant/zuwendung-{number}.ttl" for number, _ in some],
        "organisation": [f"/doc/organisation/{name}" for name in recipients],
        "organisation, Turtle": [f"/doc/organisation/{name}.ttl" for name in recipients],
        "administration": [f"/doc/organisation/{name}" for name in givers[:EACH]],
        "topic": [f"/doc/topic/{name}" for name in topics],
        "evidence": [f"/doc/evidence/zuwendungen-row-{number + 1}" for number, _ in some],
        "source": ["/doc/source/zuwendungsdatenbank"],
        "quality, graph": ["/quality", "/explore"],
        "releases, catalogue": ["/releases/", "/dumps/", "/catalog.ttl", "/void.ttl"],
        "search": [f"/search?q={word}" for _, row in some for word in row["zweck"].split()[:1] if word.isalpha()],
    }


def publish(folder: Path, table: Path) -> dict[str, float]:
    """Build the release of a copy of the example; return what that took."""
    shutil.copytree(EXAMPLE, folder / "register")
    shutil.copy(
        table, folder / "register/data/tables" / ("zuwendungen.csv.gz" if table.suffix == ".gz" else "zuwendungen.csv")
    )
    began = time.monotonic()
    register, releases = str(folder / "register"), str(folder / "releases")
    subprocess.run([*COMMAND, "build", "--register", register, "--releases", releases], check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "processor time, s": used.ru_utime + used.ru_stime,
        "memory, MiB": used.ru_maxrss / 1024,
        "clock, s": time.monotonic() - began,
    }


@contextmanager
def served(folder: Path) -> Iterator[tuple[httpx.Client, psutil.Process]]:
    """Serve the release; give a client, and the web process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = ["--register", str(folder / "register"), "--releases", str(folder / "releases"), "--port", str(port)]
    process = subprocess.Popen([*COMMAND, "serve", *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, headers={"accept": "text/html"}) as client:
            _wait(lambda: client.get("/health/ready").status_code == 200)
            yield client, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait(ready: Callable[[], bool]) -> None:
    for _ in range(600):
        try:
            if ready():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server doesn't answer")


def taken(ask: Callable[[], httpx.Response]) -> float:
    """Return how long an answer takes, in milliseconds; one that is no answer takes for ever."""
    began = time.perf_counter()
    response = ask()
    return (time.perf_counter() - began) * 1000 if response.status_code == 200 else float("inf")


def quantile(times: Sequence[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def row(first: Sequence[float], again: Sequence[float], cold: float, warm: float) -> dict[str, float]:
    return {
        "first, median": statistics.median(first),
        "first, p95": quantile(first),
        "at most": cold,
        "again, median": statistics.median(again),
        "again, p95": quantile(again),
        "again, at most": warm,
    }


def measure(client: httpx.Client, kinds: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """Return for each kind of page how long it takes."""
    found = {}
    for kind, paths in kinds.items():
        first = [taken(lambda path=path: client.get(path)) for path in paths]
        again = [taken(lambda path=path: client.get(path)) for path in paths for _ in range(AGAIN)]
        found[kind] = row(first, again, SEARCH if kind == "search" else COLD, WARM)
    names = [path.rpartition("/")[2] for path in kinds["organisation"]]
    queries = [
        {f"q{n}": {"query": names[(n + start) % len(names)].replace("-", " ")} for n in range(100)}
        for start in range(5)
    ]
    batches = [
        taken(lambda batch=batch: client.post("/reconcile", data={"queries": json.dumps(batch)})) for batch in queries
    ]
    found["reconciliation, 100 at a time"] = row(batches, batches, BATCH, BATCH)
    base = "https://example.org/berlin-grants/id/grant/zuwendung-"
    look_ups = [
        taken(
            lambda n=n: client.get(
                "/sparql",
                params={"query": f"SELECT * WHERE {{ <{base}{n}> ?p ?o }}"},
                headers={"accept": "application/sparql-results+json"},
            )
        )
        for n in range(1, 201)
    ]
    found["look-up by SPARQL"] = row(look_ups, look_ups, WARM, WARM)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, required=True, help="the table, as examples/berlin-grants/README.md says")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not options.table.is_file():
        raise SystemExit(
            f"there is no table at {options.table}; {EXAMPLE.relative_to(ROOT)}/README.md says where it comes from"
        )
    with tempfile.TemporaryDirectory() as name:
        published = publish(Path(name), options.table)
        for what, value in published.items():
            print(f"{what:40}{value:10.1f}   {f'at most {PUBLISHED[what]}' if what in PUBLISHED else ''}")
        with served(Path(name)) as (client, process):
            pages = measure(client, addresses(options.table))
            memory = process.memory_info().rss / 2**20
        print(f"\n{'ms':34}{'first':>8}{'p95':>8}{'most':>7}{'again':>9}{'p95':>8}{'most':>7}")
        for kind, times in pages.items():
            first, p95, cold, again, p95_again, warm = times.values()
            print(f"{kind:34}{first:8.0f}{p95:8.0f}{cold:7.0f}{again:9.1f}{p95_again:8.1f}{warm:7.0f}")
        print(f"\nmemory of the web process: {memory:.0f} MiB (at most {MEMORY})")
    if options.json:
        result: dict[str, Any] = {"published": published, "pages": pages, "memory": memory}
        options.json.write_text(json.dumps(result, indent=2), "utf-8")


if __name__ == "__main__":
    main()
