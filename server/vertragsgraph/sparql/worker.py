"""A worker process: parses, evaluates and serialises one query at a time.

Started by `vertragsgraph.sparql.process` as `python -m vertragsgraph.sparql.worker FD CONFIGURATION`. Whatever a query
does to it, nothing else is lost: the web process ends it by SIGKILL when its time is up or nobody waits any more, the
kernel when it wants more memory than it may have, and a crash of the parser ends only it. It imports the standard
library and pyoxigraph, so that a spare is there within a moment.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from vertragsgraph.sparql import scan
from vertragsgraph.sparql.dataset_clause import dataset_clause
from vertragsgraph.sparql.diagnosis import diagnose
from vertragsgraph.sparql.frames import CHUNK, FAILURE, HEADER, OUTWARD, READY, frame, json_frame
from vertragsgraph.sparql.output import SOLUTION_FORMATS, Output, Refused, head, write_graph

MIB: Final = 1024 * 1024
STACK_BYTES: Final = 64 * MIB
NICE: Final = 5  # behind the web process, which must hear everybody; and far before a heavy query's worker (19)
OUT_OF_MEMORY: Final = 70


class Outward(Exception):
    """The query asks other endpoints, which this worker can't reach."""


class Worker:
    """A store, a socket, and the loop between them."""

    def __init__(self, connection: socket.socket, configuration: dict[str, Any]) -> None:
        self._connection = connection
        self._received = b""
        self._memory = memoryview(bytearray(CHUNK))
        self._base: str = configuration["base"]
        self._services: frozenset[str] = frozenset(configuration["services"])
        self._outward: bool = configuration["outward"]
        self._store = open_store(configuration)

    def run(self) -> None:
        """Answer requests until the other side is gone."""
        with contextlib.suppress(EOFError, ConnectionError):
            self._connection.sendall(frame(READY))
            while True:
                options, _, query = self._receive().partition(b"\n")
                self._answer(_options(options), query.decode("utf-8", "surrogatepass"))

    def _receive(self) -> bytes:
        """Return the payload of the next frame."""
        data = self._received
        while len(data) < HEADER.size or len(data) < (end := HEADER.size + HEADER.unpack_from(data)[1]):
            # Into the same memory each time: for a new block of this size malloc would put its small ones together first.
            if not (size := self._connection.recv_into(self._memory)):
                raise EOFError
            data += self._memory[:size]
        self._received = data[end:]
        return data[HEADER.size : end]

    def _answer(self, request: dict[str, Any], query: str) -> None:
        # The kernel ends the worker should the web process be gone by the time the query should have ended.
        signal.setitimer(signal.ITIMER_REAL, request["seconds"] + 1)
        try:
            self._evaluate(request, query)
        except Refused as refused:
            self._connection.sendall(json_frame(FAILURE, refused.failure))
        except Outward:
            self._connection.sendall(frame(OUTWARD))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _evaluate(self, request: dict[str, Any], query: str) -> None:
        asks_others = self._look_at(query)
        try:
            result = self._store.query(query, base_iri=self._base, **dataset_arguments(request, query, self._base))
            self._serialize(result, query, request)
        except SyntaxError as error:
            found = diagnose(query, error)
            raise Refused(400, found.message, line=found.line, column=found.column) from error
        except OSError as error:
            if asks_others:
                raise Refused(502, f"An endpoint that the query asks by SERVICE gave no answer: {error}") from error
            if isinstance(error, ConnectionError):
                raise
            raise Refused(503, f"The store can't be read: {error}") from error
        except (ValueError, RuntimeError) as error:
            if asks_others:
                raise Refused(
                    502, f"An endpoint that the query asks by SERVICE gave no usable answer: {error}"
                ) from error
            raise Refused(400, f"The query can't be evaluated: {error}") from error

    def _look_at(self, query: str) -> bool:
        try:
            scan.check_nesting(query)
            asks_others = scan.check_service(query, self._services)
        except scan.ScanError as error:
            place = {"line": error.line, "column": error.column} if error.line else {}
            raise Refused(400 if "nested" in str(error) else 403, str(error), **place) from error
        if asks_others and not self._outward:
            raise Outward
        return asks_others

    def _serialize(self, result: Any, query: str, request: dict[str, Any]) -> None:
        if isinstance(result, ox.QueryTriples):
            kind, name = "graph", request["graph"]
        else:
            kind, name = "boolean" if isinstance(result, ox.QueryBoolean) else "solutions", request["solutions"]
        if name is None:
            raise Refused(406, "", kind=kind)
        output = Output(self._connection, head(kind, name), xml=name in {"xml", "rdf"})
        if kind == "graph":
            write_graph(result, output, name, scan.prefixes(query))
        else:
            result.serialize(output, format=SOLUTION_FORMATS[name])
        output.end()


def _options(line: bytes) -> dict[str, Any]:
    options: dict[str, Any] = json.loads(line)
    return options


def open_store(configuration: dict[str, Any]) -> ox.Store:
    """Open the store read-only, or load the N-Quads file into memory where the configuration names one."""
    if not configuration["quads"]:
        return ox.Store.read_only(configuration["store"])
    store = ox.Store()
    store.bulk_load(path=configuration["quads"], format=ox.RdfFormat.N_QUADS)
    return store


def dataset_arguments(request: dict[str, Any], query: str, base: str) -> dict[str, Any]:
    """Return the dataset of a query as pyoxigraph wants it.

    A dataset in the request wins over FROM (SPARQL 1.1 Protocol, section 2.1.4). Where neither names one, the default
    graph is the union of the named graphs; pyoxigraph's flag for that would make it pass over FROM. A graph that FROM
    names twice pyoxigraph would count twice: then the dataset is given to it as the set that it is.
    """
    if request["default"] is not None:
        default, named = request["default"], request["named"]
    elif not scan.has_dataset_clause(query):
        return {"use_default_graph_as_union": True}
    elif (clause := dataset_clause(query, base)) and any(len(set(graphs)) < len(graphs) for graphs in clause):
        default, named = (list(dict.fromkeys(graphs)) for graphs in clause)
    else:
        return {}
    return {
        "default_graph": [ox.NamedNode(iri) for iri in default],
        "named_graphs": [ox.NamedNode(iri) for iri in named],
    }


def limit_resources(configuration: dict[str, Any]) -> None:
    """Cap the memory and leave no core files.

    macOS accepts no RLIMIT_AS below what is mapped already: there the cap does not hold, and the deadline bounds memory.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (configuration["memory"], configuration["memory"]))


def close_the_door(configuration: dict[str, Any]) -> None:
    """Let the process open nothing more: no file, no connection, whatever a query may find to ask for.

    Left open in a worker that was started for one query which asks an endpoint allowed, and where RocksDB may still have
    to open files of the store.
    """
    files = 0 if configuration["quads"] else sum(1 for _ in Path(configuration["store"]).glob("*.sst"))
    opened = len(os.listdir("/dev/fd"))  # noqa: PTH208
    if not configuration["outward"] and files < opened:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def end_with_parent(lifeline: int) -> None:
    """End the process as soon as the other end of a pipe is closed, which happens when the web process is gone."""

    def wait() -> None:
        os.read(lifeline, 1)
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def main() -> None:
    """Run the worker: file descriptors of the socket and the lifeline, and the configuration (JSON), are arguments."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    configuration = json.loads(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the web process, which ends its workers itself
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    os.nice(NICE)
    limit_resources(configuration)
    end_with_parent(int(sys.argv[2]))
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=serve, args=(connection, configuration))
    thread.start()
    thread.join()


def serve(connection: socket.socket, configuration: dict[str, Any]) -> None:
    """Open the store and answer requests; a store that can't be opened is told as a failure."""
    try:
        worker = Worker(connection, configuration)
        close_the_door(configuration)
    except (OSError, SyntaxError, ValueError) as error:
        connection.sendall(
            json_frame(FAILURE, {"status": 503, "detail": f"The store can't be opened: {error}", "extensions": {}})
        )
        return
    worker.run()


if __name__ == "__main__":
    main()
