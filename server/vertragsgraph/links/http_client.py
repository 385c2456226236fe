"""Asking other people's services politely: known by name, not too often, patient, and never the same thing twice."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Collection
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from http.client import HTTPException
from math import inf
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError

import httpx
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, SPARQLWrapperException

from vertragsgraph.finding import Finding, FindingsError
from vertragsgraph.texts import both

TRIES: Final = 5
LONGEST_WAIT: Final = 120.0
KEPT_SECONDS: Final = 7 * 24 * 3600.0
FRESH_SECONDS: Final = 3600.0
"""For questions about what has changed: long enough for a run that was broken off to go on."""
_RESULTS: Final = ("application/sparql-results+json", "application/json")
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


@dataclass
class PoliteClient:
    """Asks reconciliation services and SPARQL endpoints.

    `agent` says who asks. Between two questions at least `pause` seconds pass; what fails for a while is tried again,
    each time after twice as long or as the service wishes; answers are kept in `cache`, and used for `keep` seconds.
    """

    agent: str
    cache: Path
    _: KW_ONLY
    pause: float = 1.0
    timeout: float = 60.0
    keep: float = KEPT_SECONDS
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    _last: float = field(default=-inf, init=False)

    @cached_property
    def _http(self) -> httpx.Client:
        headers = {"User-Agent": self.agent}
        return httpx.Client(headers=headers, timeout=self.timeout, follow_redirects=True, max_redirects=5)

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

    def _once(self, url: str, question: str, needs: Collection[str], ask: Callable[[], Any]) -> Any:
        """Return the kept answer to a question; where there is none, ask, and keep what comes where it answers the question."""
        name = hashlib.sha256(f"{url}\n{question}".encode()).hexdigest()
        file = self.cache / name[:2] / f"{name}.json"
        if file.is_file() and self.now() - file.stat().st_mtime < self.keep:
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

    def _patiently(self, url: str, ask: Callable[[], Any]) -> Any:
        failures = 0
        while True:
            self._wait(self.pause - (self.now() - self._last))
            try:
                return ask()
            except (_AgainError, ValueError) as error:  # ValueError: JSON that was cut off; the next may be whole
                failures += 1
                if failures == TRIES:
                    raise ForeignError(url, error) from error
                wished = error.seconds if isinstance(error, _AgainError) else None
            finally:
                self._last = self.now()
            self._wait(min(LONGEST_WAIT, wished if wished is not None else 2.0 ** (failures - 1)))

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self.sleep(seconds)

    def _send(self, method: str, url: str, form: dict[str, str]) -> Any:
        try:
            response = self._http.request(method, url, data=form or None)
        except httpx.TransportError as error:
            raise _AgainError(error or type(error).__name__) from error
        except (httpx.TooManyRedirects, httpx.InvalidURL) as error:
            raise ForeignError(url, error) from error
        if response.is_error:
            raise _refused(url, response.status_code, response.headers.get("retry-after"))
        return response.json()

    def _query(self, endpoint: str, query: str) -> Any:
        asked = SPARQLWrapper(endpoint, agent=self.agent)
        asked.setMethod(POST)  # a query for many items is longer than an address may be
        asked.setReturnFormat(JSON)
        asked.setOnlyConneg(True)  # by Accept, as the protocol has it, without the parameters of some products
        asked.setTimeout(max(1, round(self.timeout)))
        asked.setQuery(query)
        try:
            found = asked.query()
            if not found.info().get("content-type", "").startswith(_RESULTS):  # such as the page of a proxy
                raise _AgainError("no SPARQL results")
            return found.convert()
        except EndPointInternalError as error:
            raise _AgainError("HTTP 500") from error
        except SPARQLWrapperException as error:  # what is refused once will be refused again
            raise ForeignError(endpoint, error.msg) from error
        except HTTPError as error:
            raise _refused(endpoint, error.code, error.headers.get("retry-after")) from error
        except (HTTPException, OSError, TypeError) as error:  # TypeError: JSON, but no object
            raise _AgainError(error) from error


def _refused(url: str, status: int, retry_after: str | None) -> Exception:
    """Return what an error says: that the question may be asked again, after so many seconds where it says so, or not."""
    if status not in _AGAIN:
        return ForeignError(url, f"HTTP {status}")
    return _AgainError(f"HTTP {status}", float(retry_after) if retry_after and retry_after.strip().isdigit() else None)
