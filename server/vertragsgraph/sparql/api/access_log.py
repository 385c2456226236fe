"""The access log: a line of JSON for each query, written at once, so that those of several processes don't mingle."""

from __future__ import annotations

import json
import os
import time
import traceback
from functools import lru_cache
from typing import Final

from vertragsgraph.http.clients import shortened
from vertragsgraph.sparql.api.exchange import Exchange

_LONGEST: Final = 500
_CALLS: Final = 12


class AccessLog:
    """Writes to a file descriptor; nothing where there is none. Of a client's address only its network is written."""

    def __init__(self, file: int | None = None) -> None:
        self._file = file

    def write(self, exchange: Exchange, outcome: str, seconds: float) -> None:
        """Write what became of a query, and for how many seconds, from the request to the end of the response."""
        if self._file is None:
            return
        line = (
            f'{{"time":"{_now()}","query_id":"{exchange.id}",'
            f'"client":"{shortened(exchange.client)}","method":{_quoted(exchange.method)},"path":{_quoted(exchange.path)},'
            f'"status":{exchange.status},"outcome":"{outcome}","bytes":{exchange.size},"ms":{seconds * 1000:.2f}}}\n'
        )
        self._write(line)

    def write_failure(self, request_id: str, method: str, path: str, error: BaseException) -> None:
        """Write what went wrong in the server while it answered a request, and where, innermost first."""
        if self._file is None:
            return
        calls = reversed(traceback.extract_tb(error.__traceback__))
        failure = {
            "time": _now(),
            "query_id": request_id,
            "method": method,
            "path": path[:_LONGEST],
            "outcome": "error",
            "error": f"{type(error).__name__}: {error}"[:_LONGEST],
            "at": [f"{call.filename}:{call.lineno} {call.name}" for call in calls][:_CALLS],
        }
        self._write(json.dumps(failure) + "\n")

    def _write(self, line: str) -> None:
        if self._file is None:
            return
        try:
            os.write(self._file, line.encode())
        except BlockingIOError:  # whoever reads it is behind; this line is lost, the next may not be
            pass
        except OSError:  # nobody reads it any more
            self._file = None


def _now() -> str:
    minutes, milliseconds = divmod(time.time_ns() // 1_000_000, 60_000)
    return f"{_minute(minutes)}{milliseconds // 1000:02}.{milliseconds % 1000:03}Z"


@lru_cache(maxsize=2)
def _minute(minutes: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:", time.gmtime(minutes * 60))


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    return json.dumps(text)
