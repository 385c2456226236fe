"""How long the server takes for its pages: `python benchmarks/pages.py [--contracts N] [--each N] [--rounds R] [--url URL]`.

Every kind of page (start, lists with and without facets, quality, graph, search), and every document of a register as HTML and
as Turtle, is read in both languages: for the first time, when nothing of it is kept by the server, and again. By default the
shipped register is built and served in this process; with `--contracts`, a synthetic one of that size; with `--releases`,
another one's current release is. Prints the median, the 95th percentile and the longest of all readings, in milliseconds, for
each kind and for all; from the first byte of the request to the last of the answer. Exits 1 where a 95th percentile over all is
above the limit, or a page (other than a whole list as a table) takes longer than a second.

With `--each`, at most so many documents of each kind are read, spread over all of them: for large registers. With `--url`, a
server that runs already is asked, once for each document and language: it is fresh only if nobody has read from it.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from vertragsgraph.register import load_register
from vertragsgraph.release import build, current_release
from vertragsgraph.settings import Settings
from vertragsgraph.web.server.app import create_app

from synthetic_register import write_register  # isort: skip (beside this file)

LIMIT = 30.0
LONGEST = 1000.0
PAGES = {
    "start": ["/"],
    "list": ["/contracts", "/contracts?page=2", "/organisations", "/people", "/topics"],
    "facets": [
        "/contracts?year=2019",
        "/contracts?topic=t3&funding=Funded",
        "/contracts?partner=none",
        "/people?office=none",
    ],
    "table": ["/contracts.csv", "/organisations.json"],
    "quality": ["/quality"],
    "graph": ["/explore", "/explore.json"],
    "search": ["/search?q=Verein", "/search?q=Minister+Kassel"],
    "releases": ["/releases/", "/dumps/", "/ontology", "/shapes"],
}
LANGUAGES = ("de", "en")
AGAIN = 3
Times = dict[str, list[float]]


async def documents(client: httpx.AsyncClient, each: int) -> list[str]:
    """Return the paths below `/doc/` of all documents, or of so many of each kind."""
    classes = await ask(client, "SELECT DISTINCT ?kind WHERE { ?s a ?kind }")
    limit = f"LIMIT {50 * each}" if each else ""
    found = {iri for kind in classes for iri in await ask(client, f"SELECT ?s WHERE {{ ?s a <{kind}> }} {limit}")}
    kinds = defaultdict(list)
    for iri in sorted(found):
        _, _, path = iri.partition("/id/")
        if path:
            kinds[path.partition("/")[0]].append(path)
    return [path for paths in kinds.values() for path in paths[:: max(1, len(paths) // (each or len(paths)))]]


async def ask(client: httpx.AsyncClient, query: str) -> list[str]:
    answer = await client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}, timeout=120)
    answer.raise_for_status()
    return answer.text.split()[1:]


def addresses(paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield everything that is read, each with its kind."""
    yield from ((kind, address) for kind, several in PAGES.items() for address in several)
    for path in paths:
        kind = path.partition("/")[0]
        yield kind, f"/doc/{path}.html"
        yield f"{kind}.ttl", f"/doc/{path}.ttl"


async def read(client: httpx.AsyncClient, address: str, language: str) -> float:
    begin = time.perf_counter()
    separator = "&" if "?" in address else "?"
    answer = await client.get(f"{address}{separator}lang={language}", headers={"Accept": "text/html, */*;q=0.5"})
    answer.raise_for_status()
    return (time.perf_counter() - begin) * 1000


async def measure(
    client: httpx.AsyncClient, paths: Sequence[str], rounds: int, forget: Callable[[], None] | None
) -> tuple[Times, Times]:
    first, later = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for _ in range(rounds):
        for kind, address in addresses(paths):
            for language in LANGUAGES:
                if forget:
                    forget()
                elapsed = await read(client, address, language)
                (first if forget or language == LANGUAGES[0] else later)[kind].append(elapsed)
            for language in LANGUAGES * AGAIN:
                later[kind].append(await read(client, address, language))
    return first, later


def figures(times: Sequence[float]) -> tuple[float, float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20, method="inclusive")[-1], max(times)


def report(first: Times, later: Times) -> bool:
    head = f"{'median':>8} {'p95':>8} {'longest':>8}"
    print(f"{'':16} {'first reading':>26} {'later readings':>28}\n{'kind':16} {head}   {head} ms")
    everything = {"all": [time for times in first.values() for time in times]}
    again = {"all": [time for times in later.values() for time in times]}
    for kind in [*sorted(first), "all"]:
        one, other = (first | everything)[kind], (later | again)[kind]
        columns = "   ".join(" ".join(f"{value:8.1f}" for value in figures(times)) for times in (one, other))
        print(f"{kind:16} {columns}")
    single = [time for times in (first, later) for kind in times if kind != "table" for time in times[kind]]
    return max(single) <= LONGEST and all(figures(times["all"])[1] <= LIMIT for times in (everything, again))


@asynccontextmanager
async def served(releases: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Callable[[], None]]]:
    release = current_release(releases)
    if release is None:
        sys.exit(f"there is no current release in {releases}")
    application = create_app(release, Settings(client_seconds=0))
    async with application.pages.router.lifespan_context(application.pages):
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60) as client:
            yield client, application.pages.state.site.forget


async def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how long pages take, read for the first time and again.")
    parser.add_argument("--url", help="a running server")
    parser.add_argument("--releases", type=Path, help="a folder of releases, in place of the shipped register's")
    parser.add_argument("--contracts", type=int, default=0, help="of a synthetic register, in place of the shipped one")
    parser.add_argument("--each", type=int, default=0, help="at most so many documents of each kind")
    parser.add_argument("--rounds", type=int, default=1, help="how often everything is read")
    options = parser.parse_args()
    if options.url:
        async with httpx.AsyncClient(base_url=options.url) as client:
            found = await measure(client, await documents(client, options.each), 1, None)
            return 0 if report(*found) else 1
    with tempfile.TemporaryDirectory() as folder:
        if not options.releases:
            register = Path(__file__).parents[1]
            if options.contracts:
                register = Path(folder) / "register"
                write_register(register, options.contracts)
            build(load_register(register), Path(folder) / "releases")
        async with served(options.releases or Path(folder) / "releases") as (client, forget):
            paths = await documents(client, options.each)
            await read(client, "/", "de")  # lists, templates and catalogues are read once, whatever page is the first
            found = await measure(client, paths, options.rounds, forget)
            return 0 if report(*found) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
