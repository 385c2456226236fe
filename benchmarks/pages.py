"""How long the server takes for each kind of document page: `python benchmarks/pages.py [URL] [REQUESTS]`.

Without a URL, the shipped register is built and served. Prints the median and the 95th percentile for each kind, in
milliseconds, from the first byte of the request to the last of the answer; exits 1 where one is above the limit.
What the pages read last are made from is kept by the server; `first` is the time of a page that wasn't read before.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from vertragsgraph.register import load_register
from vertragsgraph.release import build
from vertragsgraph.settings import Settings
from vertragsgraph.web.app import create_app

LIMIT = 30.0
PAGES = (
    "contract/drk-hessen",
    "contract/iaf",
    "organisation/hessische-landesregierung",
    "organisation/drk-hessen",
    "person/kai-klose",
    "office/minister-soziales-integration",
    "topic/zusammenleben",
    "source/s1",
    "statement/214e33c49df0db0a",
    "evidence/drk-partner-s2",
    "aim/austausch",
)


async def measure(client: httpx.AsyncClient, path: str, requests: int) -> list[float]:
    times = []
    for number in range(requests + 1):
        begin = time.perf_counter()
        answer = await client.get(f"/doc/{path}.html?lang={'en' if number % 2 else 'de'}")
        answer.raise_for_status()
        times.append((time.perf_counter() - begin) * 1000)
    return times


async def report(client: httpx.AsyncClient, requests: int) -> bool:
    print(f"{'page':42} {'first':>8} {'median':>8} {'p95':>8} ms")
    within = True
    for path in PAGES:
        first, *times = await measure(client, path, requests)
        high = statistics.quantiles(times, n=20)[-1]
        within = within and high <= LIMIT
        print(f"{path:42} {first:8.1f} {statistics.median(times):8.1f} {high:8.1f}")
    return within


async def main() -> int:
    arguments = sys.argv[1:]
    requests = int(arguments.pop()) if arguments and arguments[-1].isdigit() else 100
    if arguments:
        async with httpx.AsyncClient(base_url=arguments[0]) as client:
            return 0 if await report(client, requests) else 1
    with tempfile.TemporaryDirectory() as folder:
        release = build(load_register(Path(__file__).parents[1]), Path(folder)).release
        application = create_app(release, Settings())
        async with application.pages.router.lifespan_context(application.pages):
            transport = httpx.ASGITransport(application)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return 0 if await report(client, requests) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
