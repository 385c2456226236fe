"""What caches and archives rely on, without a server: what an answer depends on; validators, digests and dates."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from vertragsgraph.http.problem import Problem
from vertragsgraph.release import Release, all_releases
from vertragsgraph.web.publication.memento import nearest

from .in_process import asked_of, get

DAY = timedelta(days=1)


def vary(response: httpx.Response) -> set[str]:
    return {name.strip().lower() for name in response.headers.get("vary", "").split(",")}


@pytest.mark.parametrize("path", ["/", "/contracts", "/doc/contract/iaf", "/quality", "/imprint"])
def test_a_page_depends_on_language_and_coding(release: Release, path: str) -> None:
    [page] = get(release, asked_of(release), [path], accept="text/html")
    assert page.status_code == 200
    assert vary(page) >= {"accept", "accept-language", "accept-encoding"}


def test_an_answer_of_the_endpoint_depends_on_format_and_coding(release: Release) -> None:
    [described] = get(release, asked_of(release), ["/sparql"], accept="text/turtle")
    assert described.status_code == 200
    assert vary(described) >= {"accept", "accept-encoding"}
    again = get(
        release, asked_of(release), ["/sparql"], **{"accept": "text/turtle", "if-none-match": described.headers["etag"]}
    )
    assert [(response.status_code, vary(response)) for response in again] == [(304, vary(described))]


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_the_digest_of_a_dump_is_that_of_what_is_sent(release: Release, coding: str) -> None:
    [sent] = get(release, asked_of(release), ["/dumps/hessen.nt"], **{"accept-encoding": coding})
    assert sent.headers.get("content-encoding", "identity") == coding
    digest = sha256(release.dump("nt.gz" if coding == "gzip" else "nt").read_bytes())
    assert sent.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert sent.headers["etag"] == f'"{digest.hex()}"'


def test_only_what_the_client_has_is_confirmed(release: Release) -> None:
    path = "/doc/contract/iaf.ttl"
    [first] = get(release, asked_of(release), [path])
    for known, status in ((first.headers["etag"], 304), ("*", 304), ('"another"', 200)):
        [again] = get(release, asked_of(release), [path], **{"if-none-match": known})
        assert again.status_code == status, known


def test_of_an_instant_the_release_counts_that_was_the_newest_then(history: Path) -> None:
    new, old = releases = all_releases(history / "releases")
    for instant, release in ((old.created - DAY, old), (new.created - DAY, old), (new.created + DAY, new)):
        assert nearest(releases, instant) == release


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def test_whoever_is_asked_whether_they_are_ready_has_a_query_answered(release: Release) -> None:
    async def nobody(_: str) -> bytes:
        raise Problem(503, "no worker answers")

    [unready] = get(release, nobody, ["/health/ready"])
    assert (unready.status_code, "retry-after" in unready.headers) == (503, True)
    assert "no worker answers" in unready.text
