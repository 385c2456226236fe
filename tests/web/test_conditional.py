"""Conditional and range requests for what lies in files (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from vertragsgraph.http.conditional import http_date
from vertragsgraph.release import Release, activate, all_releases

pytestmark = pytest.mark.slow

DUMP = "dumps/hessen.nt"
PERSON = "doc/person/kai-klose.ttl"
AS_IT_IS = {"Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def http(server: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers=AS_IT_IS, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def first(http: httpx.Client) -> httpx.Response:
    return http.get(DUMP)


@pytest.mark.parametrize("path", [DUMP, "void.ttl", "catalog.ttl", "doc/contract/iaf.ttl", "ontology.ttl", "sparql"])
def test_tags_are_compared_weakly_and_in_lists(http: httpx.Client, path: str) -> None:
    tag = http.get(path).headers["etag"].removeprefix("W/")
    for known in (tag, f"W/{tag}", f"w/{tag}", f'"a,", {tag}', "*"):
        for method in ("GET", "HEAD"):
            response = http.request(method, path, headers={"If-None-Match": known})
            assert (response.status_code, response.content) == (304, b""), known
            assert response.headers["etag"].removeprefix("W/") == tag
            assert "content-encoding" not in response.headers
    for other in ('"x"', tag.strip('"'), f'"{tag}', ""):
        assert http.get(path, headers={"If-None-Match": other}).status_code == 200, other
    lines = [("If-None-Match", '"x"'), ("If-None-Match", tag)]
    assert http.get(path, headers=lines).status_code == 304


@pytest.mark.parametrize("path", ["doc/contract/nobody.ttl", "dumps/none.nt", "releases/none/dumps/hessen.nt"])
def test_of_nothing_there_is_no_version_that_anybody_has(http: httpx.Client, path: str) -> None:
    assert http.get(path, headers={"If-None-Match": "*"}).status_code == 404


@pytest.mark.parametrize("days", [0, 1])
@pytest.mark.parametrize("form", ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"])
def test_dates_count_in_every_form(http: httpx.Client, first: httpx.Response, form: str, days: int) -> None:
    modified = parsedate_to_datetime(first.headers["last-modified"]) + timedelta(days=days)
    assert http.get(DUMP, headers={"If-Modified-Since": modified.strftime(form)}).status_code == 304
    before = (modified - timedelta(days=days, seconds=1)).strftime(form)
    assert http.get(DUMP, headers={"If-Modified-Since": before}).status_code == 200


@pytest.mark.parametrize(
    "date",
    [
        "Thu, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Thu, 01 Jan 2099 00:00:00 +99999999999999",
        "Thu, 01 Jan 2099 99:00:00 GMT",
        "tomorrow",
        "",
        "0",
    ],
)
def test_what_is_no_date_is_passed_over(http: httpx.Client, date: str) -> None:
    assert http.get(DUMP, headers={"If-Modified-Since": date}).status_code == 200
    assert http_date(date) is None


def test_a_date_counts_only_where_there_is_no_tag(http: httpx.Client, first: httpx.Response) -> None:
    headers = {"If-Modified-Since": first.headers["last-modified"], "If-None-Match": '"x"'}
    assert http.get(DUMP, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("BYTES=0-9", 0, 10),
        ("bytes= 10-", 10, None),
        ("bytes=-7", -7, None),
        ("bytes=-99999999999999999999", 0, None),
        ("bytes=0-99999999999999999999", 0, None),
        ("bytes=5-5, 99999999999-", 5, 6),
    ],
)
def test_a_range_is_sent(http: httpx.Client, first: httpx.Response, asked: str, start: int, end: int | None) -> None:
    size = len(first.content)
    part = http.get(DUMP, headers={"Range": asked})
    assert (part.status_code, part.content) == (206, first.content[start:end])
    begin = start if start >= 0 else size + start
    assert part.headers["content-range"] == f"bytes {begin}-{begin + len(part.content) - 1}/{size}"
    assert part.headers["etag"] == first.headers["etag"]


def test_several_ranges_are_sent_in_parts(http: httpx.Client, first: httpx.Response) -> None:
    parts = http.get(DUMP, headers={"Range": "bytes=0-4,-5"})
    assert parts.status_code == 206
    boundary = re.fullmatch("multipart/byteranges; boundary=(.+)", parts.headers["content-type"])
    assert boundary
    bodies = [part.split(b"\r\n\r\n", 1)[1] for part in parts.content.split(b"--" + boundary[1].encode())[1:-1]]
    assert [body.removesuffix(b"\r\n") for body in bodies] == [first.content[:5], first.content[-5:]]


@pytest.mark.parametrize(
    "asked", ["lines=0-9", "bytes", "bytes=", "bytes=a-b", "bytes=9-0", "bytes=--1", "bytes=1", "bytes=0-1;2-3", "0-9"]
)
def test_what_is_no_range_of_bytes_is_passed_over(http: httpx.Client, first: httpx.Response, asked: str) -> None:
    whole = http.get(DUMP, headers={"Range": asked})
    assert (whole.status_code, whole.content) == (200, first.content)


@pytest.mark.parametrize("asked", ["bytes=99999999999-", "bytes=-0", "bytes=99999999999-99999999999999999999, -0"])
def test_a_range_that_is_not_there_is_told(http: httpx.Client, first: httpx.Response, asked: str) -> None:
    response = http.get(DUMP, headers={"Range": asked})
    assert (response.status_code, response.headers["content-range"]) == (416, f"bytes */{len(first.content)}")
    assert response.headers["content-type"] == "application/problem+json"


def test_ranges_are_for_get(http: httpx.Client, first: httpx.Response) -> None:
    head = http.head(DUMP, headers={"Range": "bytes=0-9"})
    assert (head.status_code, head.headers["content-length"]) == (200, first.headers["content-length"])


def test_a_range_of_another_version_is_the_whole(http: httpx.Client, first: httpx.Response) -> None:
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for same in (tag, date):
        assert http.get(DUMP, headers={"Range": "bytes=0-9", "If-Range": same}).status_code == 206
        # The version is another one, so whether the range is in this one doesn't matter.
    for other in (f"W/{tag}", '"x"', "Thu, 01 Jan 2026 00:00:00 GMT", "nonsense", tag.strip('"')):
        for asked in ("bytes=0-9", "bytes=99999999999-"):
            response = http.get(DUMP, headers={"Range": asked, "If-Range": other})
            assert (response.status_code, response.content) == (200, first.content), other
    tagged = {"If-None-Match": tag, "Range": "bytes=0-9"}
    assert http.get(DUMP, headers=tagged).status_code == 304


@pytest.mark.parametrize("folder", ["", "releases/{id}/"])
def test_a_dump_that_is_compressed_already_is_sent_so(http: httpx.Client, release: Release, folder: str) -> None:
    path = folder.format(id=release.id) + DUMP
    plain = http.get(path)
    request = http.build_request("GET", path, headers={"Accept-Encoding": "gzip;q=.5, br"})
    packed = http.send(request, stream=True)
    raw = b"".join(packed.iter_raw())
    assert raw == release.dump("nt.gz").read_bytes()
    assert gzip.decompress(raw) == plain.content
    assert (packed.headers["content-encoding"], packed.headers["content-type"]) == (
        "gzip",
        plain.headers["content-type"],
    )
    assert int(packed.headers["content-length"]) == len(raw)
    assert packed.headers["etag"] == f'"{hashlib.sha256(raw).hexdigest()}"' != plain.headers["etag"]
    assert packed.headers["repr-digest"] != plain.headers["repr-digest"]
    for response in (plain, packed):
        assert "Accept-Encoding" in response.headers["vary"]
    gzipped = {"Accept-Encoding": "gzip"}
    head = http.head(path, headers=gzipped)
    assert {**head.headers, "date": ""} == {**packed.headers, "date": ""}
    # A tag or a range is one of this representation.
    assert http.get(path, headers=gzipped | {"If-None-Match": packed.headers["etag"]}).status_code == 304
    assert http.get(path, headers=gzipped | {"If-None-Match": plain.headers["etag"]}).status_code == 200
    ranged = gzipped | {"Range": "bytes=2-5", "If-Range": packed.headers["etag"]}
    part = http.send(http.build_request("GET", path, headers=ranged), stream=True)
    assert (part.status_code, b"".join(part.iter_raw())) == (206, raw[2:6])
    ranged["If-Range"] = plain.headers["etag"]
    assert http.get(path, headers=ranged).content == plain.content
    preferred = http.get(path, headers={"Accept-Encoding": "gzip;q=.5, identity"})
    assert "content-encoding" not in preferred.headers


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def redact(release: Release) -> None:
    """Change two files of a release in the way in which a redaction does."""
    said = json.loads((release.folder / "release.json").read_text("utf-8"))
    for name, more in ((DUMP, "<urn:s> <urn:p> <urn:o> .\n"), ("ontology.ttl", "# redacted\n")):
        path = release.folder / name
        changed = path.read_bytes() + more.encode()
        path.unlink()
        path.write_bytes(changed)
        said["files"][name] |= {"sha256": hashlib.sha256(changed).hexdigest(), "bytes": len(changed)}
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    said["redactions"] = [{"at": at.isoformat(), "reason": "for a test", "statements": 1}]
    (release.folder / "new.json").write_text(json.dumps(said), "utf-8")
    (release.folder / "new.json").rename(release.folder / "release.json")


def test_after_a_rollback_and_a_redaction_nothing_old_is_confirmed(withdrawn: Path, start: Any, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    shutil.copytree(withdrawn, releases, symlinks=True)
    _, old = all_releases(releases)
    url = start(releases, VERTRAGSGRAPH_CLIENT_SECONDS="0").url
    with httpx.Client(base_url=url, headers=AS_IT_IS, timeout=60) as client:
        paths = (DUMP, f"releases/{old.id}/{DUMP}", "ontology.ttl", PERSON)
        before = {path: client.get(path) for path in paths}
        for response in before.values():
            assert "immutable" not in response.headers["cache-control"]
        time.sleep(1.1)  # dates have seconds
        activate(releases, old.id)
        wait_for(lambda: client.get(DUMP).headers["etag"] != before[DUMP].headers["etag"])
        since = {"If-Modified-Since": before[DUMP].headers["last-modified"]}
        after = client.get(DUMP, headers=since)
        assert (after.status_code, after.content) == (200, old.dump("nt").read_bytes())
        dates = [parsedate_to_datetime(response.headers["last-modified"]) for response in (before[DUMP], after)]
        assert dates[0] < dates[1]

        before = {path: client.get(path) for path in paths}
        redact(old)
        wait_for(lambda: client.get("ontology.ttl").headers["etag"] != before["ontology.ttl"].headers["etag"])
        tagged = client.get(PERSON, headers={"If-None-Match": before[PERSON].headers["etag"]})
        assert tagged.status_code == 200
        for path in (DUMP, f"releases/{old.id}/{DUMP}"):
            since = {"If-Modified-Since": before[path].headers["last-modified"]}
            assert client.get(path, headers=since).status_code == 200
            tagged = client.get(path, headers={"If-None-Match": before[path].headers["etag"]})
            assert tagged.status_code == 200
            assert tagged.text.endswith("<urn:s> <urn:p> <urn:o> .\n")
            part = client.get(path, headers={"Range": "bytes=0-9", "If-Range": before[path].headers["etag"]})
            assert part.status_code == 200


def test_dates_are_written_as_they_are_read() -> None:
    instant = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert http_date(format_datetime(instant, usegmt=True)) == instant
