"""Connections under attack: what `/health/live` and the memory of the web process say meanwhile.

    python benchmarks/attacks.py [--connections N] [--seconds S] [ATTACK …]

Starts a server of the shipped register and attacks it from one address, one attack after the other. Ends with 1 where an
answer of `/health/live` took 100 ms longer than the worst one at rest, or the memory grew by more than a tenth.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

import psutil

LIVE: Final = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
HALF: Final = b"GET /health/live HTTP/1.1\r\nHost: x\r\nAccept: "
HALF_BODY: Final = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 9\r\n\r\nASK"
)
SLOW: Final = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
MIB: Final = 1 << 20

Attack = Callable[[int, int, float], None]


class Measured(NamedTuple):
    """The answers of `/health/live` in milliseconds, and the resident memory in bytes at its highest and afterwards."""

    took: list[float]
    peak: int
    after: int


def connect(port: int, source: str = "") -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(source, 0) if source else None)


def endless_header(port: int, _count: int, seconds: float) -> None:
    """Send one header field without end, again and again."""
    _send_on(port, HALF, b"a" * MIB, seconds)


def endless_headers(port: int, _count: int, seconds: float) -> None:
    """Send lines of a header section without end."""
    _send_on(port, HALF, b"\r\nA: b" * (64 * MIB // 6), seconds)


def long_accept(port: int, _count: int, seconds: float) -> None:
    """Send one long Accept in a request that is complete."""
    _send_on(port, HALF, b"text/csv;q=0.1," * (4 * MIB // 15) + b"\r\n\r\n", seconds)


def endless_target(port: int, _count: int, seconds: float) -> None:
    """Send an address without end."""
    _send_on(port, b"GET /", b"a" * MIB, seconds)


def endless_body(port: int, _count: int, seconds: float) -> None:
    """Send a body in chunks without end, to an address that takes none."""
    _send_on(
        port, b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 100_000, seconds
    )


def silent(port: int, count: int, seconds: float) -> None:
    """Say nothing, half a head or half a body, or half a head after an answer."""
    _hold(port, count, seconds, [b"", HALF, HALF_BODY, LIVE + HALF])


def stalled(port: int, _count: int, seconds: float) -> None:
    """Ask for files, and take nothing."""
    _hold(port, 200, seconds, [b"GET /dumps/hessen.nt HTTP/1.1\r\nHost: x\r\n\r\n" * 10])


def pipelines(port: int, _count: int, seconds: float) -> None:
    """Send 256 KiB of requests behind a slow one, on twenty connections."""
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n%b"
    _hold(port, 20, seconds, [head % (len(SLOW), SLOW) + LIVE * (MIB // 4 // len(LIVE))])


def leaving(port: int, _count: int, seconds: float) -> None:
    """Queue twenty requests for files on 500 connections, and leave."""
    with ExitStack() as stack:
        for _ in range(500):
            stack.enter_context(connect(port)).sendall(b"GET /dumps/hessen.nt HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
    time.sleep(seconds)


ATTACKS: Final[tuple[Attack, ...]] = (
    endless_header,
    endless_headers,
    long_accept,
    endless_target,
    endless_body,
    silent,
    stalled,
    pipelines,
    leaving,
)


def _send_on(port: int, begin: bytes, piece: bytes, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError), connect(port) as connection:
            connection.sendall(begin)
            while time.monotonic() < end:
                connection.sendall(piece)


def _hold(port: int, count: int, seconds: float, sent: list[bytes]) -> None:
    with ExitStack() as stack:
        for number in range(count):
            connection = stack.enter_context(connect(port))
            connection.settimeout(0.2)
            with suppress(OSError):
                connection.sendall(sent[number % len(sent)])
            if number % 20 == 0:
                time.sleep(0.01)  # to hold connections is one thing, to open them as fast as the machine can another
        time.sleep(seconds)


def measured(port: int, process: psutil.Process, during: multiprocessing.Process | None, seconds: float) -> Measured:
    """Ask for `/health/live` every few milliseconds, as another client, while a process runs, or for some seconds."""
    took, peak, end = [], 0, time.monotonic() + seconds
    while during.is_alive() if during else time.monotonic() < end:
        begun = time.perf_counter()
        with connect(port, "127.1.0.1") as connection:
            connection.sendall(LIVE)
            answer = connection.recv(1 << 16)
        took.append((time.perf_counter() - begun) * 1000)
        if not answer.startswith(b"HTTP/1.1 200 "):
            sys.exit(f"/health/live answered {answer[:200]!r}")
        peak = max(peak, process.memory_info().rss)
        time.sleep(0.02)
    return Measured(sorted(took), peak, process.memory_info().rss)


@contextmanager
def server(releases: str) -> Iterator[tuple[int, psutil.Process]]:
    """Run a server of the shipped register on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "vertragsgraph", "serve", "--port", str(port), "--releases", releases]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[1], env=os.environ) as process:
        try:
            while process.poll() is None:
                with suppress(OSError), connect(port) as connection:
                    connection.sendall(b"GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n")
                    if connection.recv(1 << 16).startswith(b"HTTP/1.1 200"):
                        break
                time.sleep(0.1)
            yield port, psutil.Process(process.pid)
        finally:
            process.terminate()


def warm_up(port: int, times: int = 20) -> None:
    """Have everything loaded that is loaded at the first request for it, and the threads started that read files."""
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(connect(port)).sendall(b"GET /dumps/hessen.nt HTTP/1.1\r\nHost: x\r\n\r\n")
    for path in (b"/", b"/contracts", b"/dumps/hessen.nt", b"/sparql?query=ASK%7B%7D", b"/health/live") * times:
        with connect(port) as connection:
            connection.sendall(b"GET %b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path)
            while connection.recv(1 << 20):
                pass


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    attacks = {attack.__name__: attack for attack in ATTACKS}
    parser.add_argument("attacks", nargs="*", metavar="ATTACK", help=f"only these of {', '.join(attacks)}")
    parser.add_argument("--connections", type=int, default=10_000, help="silent connections")
    parser.add_argument("--seconds", type=float, default=5, help="length of an attack")
    parser.add_argument("--releases", default="", help="folder of releases; built where there is none")
    arguments = parser.parse_args()
    if unknown := {*arguments.attacks} - attacks.keys():
        parser.error(f"no such attack: {', '.join(unknown)}")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    is_bad = False
    with tempfile.TemporaryDirectory() as folder, server(arguments.releases or folder) as (port, process):
        warm_up(port)
        rest = measured(port, process, None, arguments.seconds)
        _show("at rest", rest, rest)
        for name in arguments.attacks or attacks:
            count = min(arguments.connections, most - 100)
            attacker = multiprocessing.Process(target=attacks[name], args=(port, count, arguments.seconds))
            attacker.start()
            found = measured(port, process, attacker, arguments.seconds)
            is_bad |= _show(name, found, rest)
            rest = rest._replace(after=found.after)  # each attack is to blame for its own growth only
    return int(is_bad)


def _show(name: str, found: Measured, rest: Measured) -> bool:
    later, growth = found.took[-1] - rest.took[-1], found.peak / rest.after - 1
    sys.stdout.write(
        f"{name:16} median {statistics.median(found.took):6.1f} ms   worst {found.took[-1]:7.1f} ms ({later:+7.1f})   "
        f"memory at most {found.peak / MIB:6.1f} MiB ({growth:+.1%}), afterwards {found.after / MIB:6.1f}\n"
    )
    sys.stdout.flush()
    return later > 100 or growth > 0.1


if __name__ == "__main__":
    sys.exit(main())
