"""Asking other people's services politely: known by name, not too often, patient, and never the same thing twice."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Collection
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError

import httpx
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from vertragsgraph.finding import Finding, FindingsError
from vertragsgraph.texts import both

TRIES: Final = 5
LONGEST_WAIT: Final = 120.0
KEPT_SECONDS: Final = 7 * 24 * 3600.0
FRESH_SECONDS: Final = 3600.0
"""For questions about what has changed: long enough for a run that was broken off to go on."""
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class ForeignError(FindingsError):
    """Another service can't be asked: it doesn't answer, refuses, or answers what can't be understood."""

    def __init__(self, url: str, reason: object) -> None:
        message = both(
            "{url} can't be asked: {reason}; what was found so far is kept, try again later", url=url, reason=reason
        )
        super().__init__([Finding(message, None, rule="link")])


class _AgainError(Exception):
    """The question may be asked again, after `seconds` where the service said so."""

    def __init__(self, reason: object, seconds: float | None = None) -> None:
        super().__init__(str(reason))
        self.seconds = seconds


class PoliteClient:
    """Asks reconciliation services and SPARQL endpoints.

    `agent` says who asks. Between two questions at least `pause` seconds pass; what fails for a while is tried again,
    each time after twice as long or as the service wishes; answers are kept in `cache`, and used for `keep` seconds.
    """

    def __init__(
        self,
        agent: str,
        cache: Path,
        *,
        pause: float = 1.0,
        timeout: float = 60.0,
        keep: float = KEPT_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._agent = agent
        self._cache = cache
        self._pause = pause
        self._timeout = timeout
        self._keep = keep
        self._sleep = sleep
        self._now = now
        self._last = float("-inf")
        self._http = httpx.Client(
            headers={"User-Agent": agent}, timeout=timeout, follow_redirects=True, max_redirects=5
        )

    def get(self, url: str, needs: Collection[str] = ()) -> Any:
        """Return the JSON at an address; raises `ForeignError`. It is kept where it is an object with the members `needs`."""
        return self._once(url, "", needs, lambda: self._send("GET", url, {}))

    def post(self, url: str, form: dict[str, str], needs: Collection[str] = ()) -> Any:
        """Return the JSON that a form is answered with, kept as by `get`; raises `ForeignError`."""
        return self._once(url, json.dumps(form, sort_keys=True), needs, lambda: self._send("POST", url, form))

    def select(self, endpoint: str, query: str) -> list[dict[str, dict[str, str]]]:
        """Return the bindings of a SELECT at a SPARQL endpoint; raises `ForeignError`."""
        answer = self._once(endpoint, query, ("results",), lambda: self._query(endpoint, query))
        try:
            return list(answer["results"]["bindings"])
        except (KeyError, TypeError) as error:
            raise ForeignError(endpoint, "no SPARQL results") from error

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _once(self, url: str, question: str, needs: Collection[str], ask: Callable[[], bytes]) -> Any:
        """Return the kept answer to a question; where there is none, ask, and keep what comes where it answers the question."""
        name = hashlib.sha256(f"{url}\n{question}".encode()).hexdigest()
        file = self._cache / name[:2] / f"{name}.json"
        if file.is_file() and self._now() - file.stat().st_mtime < self._keep:
            try:
                return json.loads(file.read_bytes())
            except ValueError:
                file.unlink()
        answer = self._patiently(url, ask)
        if not isinstance(answer, dict) or any(name not in answer for name in needs):
            return answer  # an excuse, which must not be read again for a week
        file.parent.mkdir(parents=True, exist_ok=True)
        # Another process may read at the same time: a file appears whole or not at all.
        beside = file.with_suffix(".part")
        beside.write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
        beside.replace(file)
        return answer

    def _patiently(self, url: str, ask: Callable[[], bytes]) -> Any:
        reason: object = ""
        for attempt in range(TRIES):
            self._wait(self._pause - (self._now() - self._last))
            try:
                answer = ask()
                self._last = self._now()
                return json.loads(answer)
            except _AgainError as error:
                reason, wished = error, error.seconds
            except ValueError as error:
                # An answer that was cut off; the next one may be whole.
                reason, wished = error, None
            self._last = self._now()
            if attempt + 1 < TRIES:
                self._wait(min(LONGEST_WAIT, wished if wished is not None else 2.0**attempt))
        raise ForeignError(url, reason)

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._sleep(seconds)

    def _send(self, method: str, url: str, form: dict[str, str]) -> bytes:
        try:
            response = self._http.request(method, url, data=form or None)
        except httpx.TransportError as error:
            raise _AgainError(error or type(error).__name__) from error
        except (httpx.TooManyRedirects, httpx.InvalidURL) as error:
            raise ForeignError(url, error) from error
        if response.status_code in _AGAIN:
            raise _AgainError(f"HTTP {response.status_code}", _seconds(response.headers.get("retry-after")))
        if response.is_error:
            raise ForeignError(url, f"HTTP {response.status_code}")
        return response.content

    def _query(self, endpoint: str, query: str) -> bytes:
        wrapper = SPARQLWrapper(endpoint, agent=self._agent)
        wrapper.setMethod(POST)
        wrapper.setReturnFormat(JSON)
        wrapper.setTimeout(max(1, round(self._timeout)))
        wrapper.setQuery(query)
        try:
            return bytes(wrapper.query().response.read())
        except HTTPError as error:
            if error.code in _AGAIN:
                raise _AgainError(f"HTTP {error.code}", _seconds(error.headers.get("retry-after"))) from error
            raise ForeignError(endpoint, f"HTTP {error.code}") from error
        except SPARQLWrapperException as error:
            # 500 may pass; a query that is refused will be refused again.
            if type(error).__name__ == "EndPointInternalError":
                raise _AgainError("HTTP 500") from error
            raise ForeignError(endpoint, error.msg) from error
        except (URLError, HTTPException, TimeoutError, OSError) as error:
            raise _AgainError(error) from error


def _seconds(header: str | None) -> float | None:
    """Return the seconds of a Retry-After header; a date in it counts as no wish."""
    return float(header) if header and header.strip().isdigit() else None
