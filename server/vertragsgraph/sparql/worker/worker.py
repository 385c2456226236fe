"""A worker process: parses, evaluates and serialises one query at a time.

Started by `vertragsgraph.sparql.engine.worker_process` with a file descriptor and its configuration as arguments.
Whatever a query does to it, nothing else is lost: the web process ends it by SIGKILL when its time is up or nobody waits any
more, the kernel when it wants more memory than it may have, and a crash of the parser ends only it. It imports the standard
library and pyoxigraph, so that a spare is there within a moment.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from vertragsgraph.message import Message
from vertragsgraph.rdf.media_types import DIGEST
from vertragsgraph.rdf.result_digest import TooLongError, digest_of
from vertragsgraph.rdf.store import fill
from vertragsgraph.sparql.query import scan, service_clauses
from vertragsgraph.sparql.query.absent import absent, vocabulary
from vertragsgraph.sparql.query.diagnosis import diagnose
from vertragsgraph.sparql.query.projection import in_order_of_appearance
from vertragsgraph.sparql.query.service_clauses import Question, Reply
from vertragsgraph.sparql.worker import isolation
from vertragsgraph.sparql.worker.dataset import Dataset
from vertragsgraph.sparql.worker.frames import ASK, CHUNK, FAILURE, HEADER, READY, encoded, frame, json_frame
from vertragsgraph.sparql.worker.results import NO_SOLUTIONS, SOLUTION_FORMATS, Output, Refused, write_graph

MIB: Final = 1024 * 1024
STACK_BYTES: Final = 64 * MIB
NICE: Final = 5  # behind the web process, which must hear everybody; and far before a heavy query's worker (19)
OUT_OF_MEMORY: Final = 70
_USUAL: Final = 256  # bytes of options that name neither graphs nor replies


class AsksOthers(Exception):
    """The query asks other endpoints; their replies are needed first."""

    def __init__(self, questions: list[Question]) -> None:
        self.questions = questions
        super().__init__()


class Worker:
    """A store, a socket, and the loop between them.

    `terms` are the IRIs that a query may have meant where it names another, `isolated` tells that the engine can reach nobody,
    whatever it tries.
    """

    def __init__(
        self,
        connection: socket.socket,
        stores: tuple[ox.Store, ox.Store],
        terms: frozenset[str],
        configuration: dict[str, Any],
        *,
        isolated: bool,
    ) -> None:
        self._connection = connection
        self._received = b""
        self._memory = memoryview(bytearray(CHUNK))
        self._base: str = configuration["base"]
        self._services: frozenset[str] = frozenset(configuration["services"])
        self._languages: list[str] = configuration["languages"]
        self._prefixes: dict[str, str] = configuration["prefixes"]
        self._terms = terms
        self._dataset = Dataset(*stores, configuration["beside"], self._base)
        self._isolated = isolated

    def run(self) -> None:
        """Answer requests until the other side is gone."""
        with contextlib.suppress(EOFError, ConnectionError):
            self._connection.sendall(frame(READY))
            while True:
                line, _, rest = self._receive().partition(b"\n")
                request = _usual_options(line) if len(line) <= _USUAL else json.loads(line)
                query, replies = _parts(rest, request["replies"])
                self._answer(request, query.decode("utf-8", "surrogatepass"), replies)

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

    def _answer(self, request: dict[str, Any], query: str, replies: list[Reply | None] | None) -> None:
        # The kernel ends the worker should the web process be gone by the time the query should have ended.
        signal.setitimer(signal.ITIMER_REAL, request["seconds"] + 1)
        try:
            self._evaluate(request, query, replies)
        except Refused as refused:
            self._connection.sendall(json_frame(FAILURE, refused.failure))
        except AsksOthers as asks:
            self._connection.sendall(json_frame(ASK, asks.questions))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _evaluate(self, request: dict[str, Any], query: str, replies: list[Reply | None] | None) -> None:
        try:
            text = in_order_of_appearance(self._prepared(query, replies), query, self._base)
            store, dataset = self._dataset.chosen(request, query)
            result = store.query(text, base_iri=self._base, **dataset)
            self._serialize(result, query, request)
        except scan.ScanError as error:
            place = {"line": error.line, "column": error.column} if error.line else {}
            raise Refused(error.status, error.message, **place) from error
        except service_clauses.UnusableReply as error:
            raise Refused(502, error.message) from error
        except SyntaxError as error:
            if (form := scan.form(query)) in scan.UPDATES:
                raise Refused(
                    403, Message("{form} is refused: what is served here is read-only.", form=form)
                ) from error
            found = diagnose(query, error)
            raise Refused(400, found.message, line=found.line, column=found.column) from error
        except ConnectionError:
            raise
        except OSError as error:
            raise Refused(503, Message("The store can't be read: {error}", error=str(error))) from error
        except (ValueError, RuntimeError) as error:
            raise Refused(400, Message("The query can't be evaluated: {error}", error=str(error))) from error

    def _prepared(self, query: str, replies: list[Reply | None] | None) -> str:
        """Return the query as the engine may have it; raise `AsksOthers` where replies are to be put into it first."""
        scan.check_nesting(query)
        if not scan.mentions_service(query):
            return query
        if not self._isolated:
            raise scan.ScanError(
                Message("Here it can't be made certain that SERVICE reaches nobody, so the word may not occur.")
            )
        scan.check_service(query, self._services)
        if replies is not None:
            return service_clauses.answered(query, self._base, replies)
        if questions := service_clauses.questions(query, self._base):
            raise AsksOthers(questions)
        return query

    def _serialize(self, result: Any, query: str, request: dict[str, Any]) -> None:
        if isinstance(result, ox.QueryTriples):
            kind, name = "graph", request["graph"]
        else:
            kind, name = "solutions", request["solutions"]
        if name is None:
            raise Refused(406, "", kind=kind)
        output = Output(self._connection, kind.encode(), xml=name in {"xml", "rdf"})
        if name == DIGEST.name:
            output.write(_digest(result))
        elif isinstance(result, ox.QueryTriples):
            declared = scan.prefixes(query)
            others = {prefix: iri for prefix, iri in self._prefixes.items() if prefix not in declared}
            write_graph(result, output, name, declared | others)
        else:
            result.serialize(output, format=SOLUTION_FORMATS[name])
            if name == "json" and output.whole.endswith(NO_SOLUTIONS):
                output.replace(0, len(b"{"), self._hint(query))
        output.end()

    def _hint(self, query: str) -> bytes:
        """Return the beginning of a result without solutions: what the query names that occurs nowhere in the store.

        At the end, or within the head, parsers of others would not take it.
        """
        found = absent(query, self._dataset.store, self._dataset.data, self._base, self._terms, self._languages)
        return (
            b'{"absent":'
            + encoded(
                [{name: value for name, value in each._asdict().items() if value or name != "graph"} for each in found]
            )
            + b","
            if found
            else b"{"
        )


@lru_cache(maxsize=64)
def _usual_options(line: bytes) -> Any:
    """Return the options of a request; the few that come without graphs or replies are not read again and again."""
    return json.loads(line)


def _digest(result: Any) -> bytes:
    try:
        return digest_of(result).json()
    except TooLongError as error:
        raise Refused(422, error.message) from error


def _parts(rest: bytes, replies: list[tuple[str, int] | None] | None) -> tuple[bytes, list[Reply | None] | None]:
    """Return the query and the replies to it, given the media type and the length of each."""
    if replies is None:
        return rest, None
    parts = io.BytesIO(rest)
    query = parts.read(len(rest) - sum(reply[1] for reply in replies if reply))
    return query, [reply and Reply(reply[0], parts.read(reply[1])) for reply in replies]


def open_stores(configuration: dict[str, Any]) -> tuple[ox.Store, ox.Store]:
    """Open the store read-only, or load the files of the release into memory where the configuration names its N-Quads.

    The second is asked for the data only: the same one, or in memory one that holds nothing else.
    """
    if not configuration["quads"]:
        store = ox.Store.read_only(configuration["store"])
        return store, store
    store = ox.Store()
    files = {graph: Path(file) for graph, file in configuration["beside"].items()}
    default = files.pop("", None)
    fill(store, Path(configuration["quads"]), files)
    if default is None:
        return store, store
    data = ox.Store()
    data.bulk_load(path=str(default), format=ox.RdfFormat.N_TRIPLES)
    return store, data


def known_terms(configuration: dict[str, Any]) -> frozenset[str]:
    """Return the IRIs of the vocabulary that the data use, as far as a description tells, and those of the graphs."""
    used = vocabulary(Path(configuration["description"])) if configuration["description"] else frozenset[str]()
    return used.union(configuration["graphs"])


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
    isolation.limit_memory(configuration["memory"])
    needs_files = isolation.needs_files(None if configuration["quads"] else Path(configuration["store"]))
    if needs_files:
        isolation.forbid_sockets()
    end_with_parent(int(sys.argv[2]))
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=serve, args=(connection, configuration, needs_files))
    thread.start()
    thread.join()


def serve(connection: socket.socket, configuration: dict[str, Any], needs_files: bool) -> None:
    """Open the store and answer requests; a store that can't be opened is told as a failure."""
    try:
        stores = open_stores(configuration)
        terms = known_terms(configuration)
        if not needs_files:
            isolation.forbid_files()
    except (OSError, SyntaxError, ValueError) as error:
        refused = Refused(503, Message("The store can't be opened: {error}", error=str(error)))
        connection.sendall(json_frame(FAILURE, refused.failure))
        return
    Worker(connection, stores, terms, configuration, isolated=not isolation.can_reach_out()).run()


if __name__ == "__main__":
    main()
