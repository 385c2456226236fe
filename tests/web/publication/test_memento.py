"""Documents and dumps as they were (RFC 7089)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from vertragsgraph.release import Release, all_releases

pytestmark = pytest.mark.slow

BASE = "https://w3id.org/vertragsgraph/hessen/"
PERSON = "doc/person/kai-klose.ttl"


@pytest.fixture(scope="module")
def served(history: Path, server_of_history: Any) -> Iterator[tuple[httpx.Client, Release, Release]]:
    new, old = all_releases(history / "releases")
    with httpx.Client(base_url=server_of_history.url, timeout=60) as client:
        yield client, new, old


def ask(client: httpx.Client, path: str, instant: datetime) -> httpx.Response:
    return client.get(path, headers={"Accept-Datetime": format_datetime(instant, usegmt=True)}, follow_redirects=True)


def test_a_document_is_found_as_it_was(served: tuple[httpx.Client, Release, Release]) -> None:
    client, new, old = served
    between = ask(client, PERSON, old.created + timedelta(days=1))
    assert between.url.path == f"/releases/{old.id}/{PERSON}"
    assert '"Kai Klose"@de' in between.text
    assert parsedate_to_datetime(between.headers["memento-datetime"]) == old.created
    assert re.findall(r'<([^>]*)>; rel="original', between.headers["link"]) == [BASE + PERSON]

    assert '"Kai  Klose"@de' in ask(client, PERSON, new.created + timedelta(days=1)).text
    assert ask(client, PERSON, old.created - timedelta(days=900)).url.path == f"/releases/{old.id}/{PERSON}"
    assert '"Kai  Klose"@de' in client.get(PERSON).text


@pytest.mark.parametrize("extension", ["html", "jsonld", "nt", "rdf"])
def test_a_memento_comes_in_every_format(served: tuple[httpx.Client, Release, Release], extension: str) -> None:
    client, _, old = served
    response = client.get(f"releases/{old.id}/doc/person/kai-klose.{extension}")
    assert response.status_code == 200
    assert "Kai Klose" in response.text


def test_the_gate_says_that_it_is_one(served: tuple[httpx.Client, Release, Release]) -> None:
    client, _, old = served
    gate = client.get(PERSON, headers={"Accept-Datetime": format_datetime(old.created, usegmt=True)})
    assert gate.status_code == 302
    assert "accept-datetime" in gate.headers["vary"].lower()
    assert 'rel="original timegate"' in gate.headers["link"]
    assert 'rel="timemap"' in gate.headers["link"]
    assert client.get(PERSON, headers={"Accept-Datetime": "yesterday"}).status_code == 400
    assert f'<{BASE}doc/person/kai-klose>; rel="original timegate"' in client.get("id/person/kai-klose").headers["link"]


@pytest.mark.parametrize("path", [PERSON, "dumps/hessen.nt"])
def test_a_time_map_lists_what_there_is(served: tuple[httpx.Client, Release, Release], path: str) -> None:
    client, new, old = served
    response = client.get(f"timemap/{path}")
    assert response.headers["content-type"] == "application/link-format"
    found = re.findall(r'<([^>]+)>; rel="([a-z ]*memento)"', response.text)
    assert [relation for _, relation in found] == ["first memento", "last memento"]
    # Where the register is publicly reached, whatever this server is called.
    assert all(link.startswith(BASE) for link in re.findall("<([^>]+)>", response.text))
    addresses = [link.replace(BASE, str(client.base_url)) for link, _ in found]
    assert [old.id in addresses[0], new.id in addresses[1]] == [True, True]
    assert [client.get(address).status_code for address in addresses] == [200, 200]


def test_there_is_no_time_map_of_nothing(served: tuple[httpx.Client, Release, Release]) -> None:
    client, _, _ = served
    assert [client.get(f"timemap/{path}").status_code for path in ("doc/person/nobody", "dumps/none", "x")] == [404] * 3


def test_a_dump_is_found_as_it_was(served: tuple[httpx.Client, Release, Release]) -> None:
    client, _, old = served
    response = ask(client, "dumps/hessen.nt", old.created)
    assert response.content == old.dump("nt").read_bytes()
    assert parsedate_to_datetime(response.headers["memento-datetime"]) == old.created
