"""The way of a query through the code: functions of ours that are called, and changes of module between one and the next.

    python benchmarks/trace_query.py [--show]

A server and its client run in one event loop, which a profiler (`sys.setprofile`) watches from the first byte of a request
to the last of its response; what happens in the worker process isn't seen. Prints for each kind of request how many
functions of the package were entered, in how many modules, and how often the one entered next was in another module;
`--show` lists them all. These are counts, no times, so they are the same on every machine: a test holds them.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import FrameType
from urllib.parse import quote

import uvloop
from uvicorn.server import ServerState

import vertragsgraph
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.endpoint import SparqlEndpoint
from vertragsgraph.sparql.api.fast_path import FastPath
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.engine.dataset import Dataset
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.web.server.server import configuration

PACKAGE = str(Path(vertragsgraph.__file__).parent)
LENGTH = re.compile(rb"content-length: (\d+)\r\n")


@dataclass(frozen=True)
class Trace:
    """The functions entered, as module and name, in their order."""

    calls: tuple[tuple[str, str], ...]

    @property
    def modules(self) -> int:
        """Number of modules."""
        return len({module for module, _ in self.calls})

    @property
    def changes(self) -> int:
        """How often the function entered next is in another module."""
        return sum(one[0] != next_one[0] for one, next_one in pairwise(self.calls))


class Profiler:
    """Notes the functions of the package that are entered inside `with`."""

    def __init__(self) -> None:
        self._calls: list[tuple[str, str]] = []

    def __enter__(self) -> Profiler:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    @property
    def trace(self) -> Trace:
        """What has been noted."""
        return Trace(tuple(self._calls))

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(PACKAGE):
            self._calls.append((code.co_filename[len(PACKAGE) + 1 : -len(".py")], code.co_qualname))


def request(query: str, *fields: str, method: str = "GET") -> bytes:
    """Return a request as clients send it."""
    form = f"query={quote(query)}"
    head = ["Host: x", "Accept: application/sparql-results+json", *fields]
    if method == "POST":
        head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
    target, body = ("/sparql", form) if method == "POST" else (f"/sparql?{form}", "")
    return "\r\n".join((f"{method} {target} HTTP/1.1", *head, "", body)).encode()


async def traced(dataset: Dataset, subject: str) -> dict[str, Trace]:
    """Return the traces of each kind of request; `subject` is the IRI of something that the dataset describes."""
    settings = Settings(client_queries=0, client_seconds=0, workers=1)
    engine = Pool(dataset, settings)
    service = Service(engine, settings)
    config = configuration(SparqlEndpoint(service), FastPath(service), settings)
    config.load()
    make = partial(config.http_protocol_class, config=config, server_state=ServerState(), app_state={})
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    await engine.start()
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), limit=2**24)

    async def ask(data: bytes) -> Trace:
        with Profiler() as profiler:
            writer.write(data)
            head = await reader.readuntil(b"\r\n\r\n")
            if found := LENGTH.search(head):
                await reader.readexactly(int(found[1]))
            else:
                await reader.readuntil(b"\r\n0\r\n\r\n")
            await asyncio.sleep(0)
        return profiler.trace

    try:
        return await _each(ask, f"SELECT * {{ <{subject}> ?p ?o }}")
    finally:
        writer.close()
        server.close()
        await engine.close()


async def _each(ask: Callable[[bytes], Awaitable[Trace]], query: str) -> dict[str, Trace]:
    for warm in range(20):  # tables that are filled once, workers that start
        await ask(request(f"{query} # {warm}"))
        await asyncio.sleep(0.02)
    await ask(request(query, method="POST"))
    await asyncio.sleep(1)
    numbers, long = range(2000, 2003), "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT"
    kinds = {
        "GET, first time": [request(f"{query} # {number}") for number in numbers],
        "GET, second time": [request(f"{query} # {number}") for number in numbers],
        "GET, cached": [request(f"{query} # {number}") for number in numbers],
        "GET, compressed": [request(f"{long} {number}", "Accept-Encoding: gzip") for number in numbers],
        "POST": [request(f"{query} # posted {number}", method="POST") for number in numbers],
        "syntax error": [request(f"SELECT * {{ ?s ?p }} # {number}") for number in numbers],
        "long result": [request(f"{long} {number}") for number in numbers],
    }
    # The shortest of three: now and then a timer goes off, or another second begins, for which the date is made.
    return {
        name: min([await ask(each) for each in requests], key=lambda trace: len(trace.calls))
        for name, requests in kinds.items()
    }


def show(traces: dict[str, Trace], *, calls: bool = False) -> Iterable[str]:
    """Yield lines that show the traces."""
    yield f"{'request':20} {'calls':>6} {'modules':>8} {'changes':>8}\n"
    for name, trace in traces.items():
        yield f"{name:20} {len(trace.calls):6} {trace.modules:8} {trace.changes:8}\n"
        for module, function in trace.calls if calls else ():
            yield f"    {module:36} {function}\n"


def main() -> None:
    from synthetic import BASE, write  # noqa: PLC0415 (beside this file)

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="list the functions")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vertragsgraph-trace-") as folder:
        traces = uvloop.run(traced(write(Path(folder), 100), f"{BASE}id/contract/7"))
    sys.stdout.writelines(show(traces, calls=arguments.show))


if __name__ == "__main__":
    main()
