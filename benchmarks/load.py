"""Load on loopback by wrk, which takes few instructions for each request, so that the server is what is measured."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("lookups.lua")
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Measured:
    """What came of a run: requests a second, and milliseconds that half and 99 of 100 requests took at most."""

    rate: float
    median: float
    p99: float


def measure(
    port: int, path: str, base: str, contracts: int, *, fresh: bool, connections: int = 8, seconds: float = 5.0
) -> Measured:
    """Ask for contracts for some seconds: each time a query never seen before, or always the same twenty.

    Ends the benchmark where an answer is not 200 or a connection fails, or where wrk isn't installed.
    """
    wrk = shutil.which("wrk") or sys.exit("the benchmark needs wrk (Debian and Homebrew have a package of that name)")
    kind = "fresh" if fresh else "repeated"
    command = [
        wrk,
        "--latency",
        "-t1",
        f"-c{connections}",
        f"-d{math.ceil(seconds)}s",
        "-s",
        SCRIPT,
        f"http://127.0.0.1:{port}",
    ]
    arguments = ["--", path, base, str(contracts), kind, uuid.uuid4().hex]
    said = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(f"not every request was answered:\n{said}")
    return Measured(float(found(r"Requests/sec:\s+([\d.]+)", said)[0]), latency("50%", said), latency("99%", said))


def latency(percentile: str, said: str) -> float:
    number, unit = found(rf"{percentile}\s+([\d.]+)(us|ms|s)", said)
    return float(number) * _MILLISECONDS[unit]


def found(pattern: str, said: str) -> tuple[str, ...]:
    match = re.search(pattern, said)
    return match.groups() if match else sys.exit(f"wrk said something unexpected:\n{said}")
