"""Asking a service that fails: patience, politeness, and nothing asked twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vertragsgraph.links.http_client import FRESH_SECONDS, TRIES, ForeignError, PoliteClient

pytestmark = pytest.mark.slow
QUERY = "SELECT ?item WHERE { ?item a <https://w3id.org/vertragsgraph/ontology#Person> } ORDER BY ?item"


@pytest.mark.parametrize("failures", [["429"], ["500"], ["truncated"], ["page"], ["429", "500", "truncated", "500"]])
def test_what_fails_for_a_while_is_asked_again(
    wikidata: Any, client: Callable[..., PoliteClient], waits: list[float], failures: list[str]
) -> None:
    wikidata.fail(*failures)
    assert len(client().select(f"{wikidata.url}/sparql", QUERY)) == 2
    wikidata.fail(*failures)
    assert client().get(f"{wikidata.url}/reconcile")["identifierSpace"]
    assert len(waits) == 2 * len(failures)


def test_the_wait_is_as_long_as_the_service_wishes_else_twice_the_last(
    wikidata: Any, client: Callable[..., PoliteClient], waits: list[float]
) -> None:
    wikidata.fail("500", "500", "429", "500")
    client().get(f"{wikidata.url}/reconcile")
    assert waits == [1, 2, 1, 8]


def test_an_answer_that_takes_too_long_is_given_up_and_asked_again(
    wikidata: Any, client: Callable[..., PoliteClient], waits: list[float]
) -> None:
    wikidata.fail("slow")
    assert client(timeout=1).get(f"{wikidata.url}/reconcile")
    wikidata.fail("slow")
    assert client(timeout=1).select(f"{wikidata.url}/sparql", QUERY)
    assert len(waits) == 2


def test_redirects_are_followed(wikidata: Any, client: Callable[..., PoliteClient]) -> None:
    wikidata.fail("redirect")
    form = {"queries": json.dumps({"q": {"query": "Kai Klose"}})}
    assert client().post(f"{wikidata.url}/reconcile", form)["q"]["result"]


def test_it_is_given_up_in_the_end_and_said_why(wikidata: Any, client: Callable[..., PoliteClient]) -> None:
    wikidata.fail(*["500"] * TRIES)
    with pytest.raises(ForeignError, match=r"/reconcile can't be asked: HTTP 500"):
        client().get(f"{wikidata.url}/reconcile")
    wikidata.fail(*["429"] * TRIES)
    with pytest.raises(ForeignError, match=r"/sparql can't be asked: HTTP 429"):
        client().select(f"{wikidata.url}/sparql", QUERY)


@pytest.mark.parametrize("query", ["SELECT", "ASK { ?s ?p ?o }"])
def test_a_refusal_is_not_asked_again(
    wikidata: Any, client: Callable[..., PoliteClient], waits: list[float], query: str
) -> None:
    with pytest.raises(ForeignError):
        client().select(f"{wikidata.url}/sparql", query)
    assert waits == []


def test_nobody_listening_is_told(client: Callable[..., PoliteClient]) -> None:
    with pytest.raises(ForeignError, match=r"127\.0\.0\.1:9"):
        client().get("http://127.0.0.1:9/reconcile")
    with pytest.raises(ForeignError, match=r"127\.0\.0\.1:9"):
        client().select("http://127.0.0.1:9/sparql", QUERY)


def test_the_same_is_never_asked_twice(wikidata: Any, client: Callable[..., PoliteClient]) -> None:
    first = client().select(f"{wikidata.url}/sparql", QUERY)
    assert client().select(f"{wikidata.url}/sparql", QUERY) == first
    assert len(wikidata.asked()) == 1


def test_an_answer_is_good_for_a_time(wikidata: Any, client: Callable[..., PoliteClient]) -> None:
    client().get(f"{wikidata.url}/reconcile")
    in_two_hours = time.time() + 7200
    client(now=lambda: in_two_hours).get(f"{wikidata.url}/reconcile")
    assert len(wikidata.asked()) == 1
    client(now=lambda: in_two_hours, keep=FRESH_SECONDS).get(f"{wikidata.url}/reconcile")
    assert len(wikidata.asked()) == 1


def test_an_excuse_is_not_kept(wikidata: Any, client: Callable[..., PoliteClient]) -> None:
    for _ in range(2):
        answer = client().post(f"{wikidata.url}/reconcile", {"queries": '{"q0": {"query": "Hessen"}}'}, ("q0", "q1"))
        assert "q0" in answer
    assert len(wikidata.asked()) == 2


def test_a_damaged_answer_in_the_cache_is_asked_anew(
    wikidata: Any, client: Callable[..., PoliteClient], tmp_path: Path
) -> None:
    first = client().get(f"{wikidata.url}/reconcile")
    for file in (tmp_path / "cache").rglob("*.json"):
        file.write_text("{")
    assert client().get(f"{wikidata.url}/reconcile") == first
    assert len(wikidata.asked()) == 2


def test_who_asks_is_said_and_a_pause_kept(
    wikidata: Any, client: Callable[..., PoliteClient], waits: list[float]
) -> None:
    asking = client(pause=30)
    asking.get(f"{wikidata.url}/reconcile")
    asking.select(f"{wikidata.url}/sparql", QUERY)
    page, query = wikidata.asked()
    assert page["agent"] == query["agent"] == "vertragsgraph-tests (test@example.org)"
    assert (query["method"], query["query"]) == ("POST", "")
    assert len(waits) == 1
    assert 25 < waits[0] <= 30
