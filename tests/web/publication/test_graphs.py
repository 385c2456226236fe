"""Whole graphs from the files of a release: as the data has them, negotiated, conditional, in ranges, of any size."""

from __future__ import annotations

import gzip

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from tests.web.in_process import asked_of, get
from vertragsgraph.release import Release
from vertragsgraph.web.publication import graphs

FORMS = {"text/turtle": RdfFormat.TURTLE, "application/n-triples": RdfFormat.N_TRIPLES}
PLAIN = {"Accept-Encoding": "identity"}


def triples_of(release: Release, role: str) -> set[pyoxigraph.Triple]:
    graph = pyoxigraph.NamedNode(release.register.graph(role))
    quads = pyoxigraph.parse(path=release.dump("nq"), format=RdfFormat.N_QUADS)
    return {quad.triple for quad in quads if quad.graph_name == graph}


def test_each_named_graph_lies_in_files_of_its_own(release: Release) -> None:
    for role in release.roles:
        expected = triples_of(release, role)
        assert expected, role
        for extension, form in (("nt", RdfFormat.N_TRIPLES), ("ttl", RdfFormat.TURTLE)):
            name = f"graphs/{role}.{extension}.gz"
            assert name in release.manifest.files
            data = gzip.decompress((release.folder / name).read_bytes())
            assert {quad.triple for quad in pyoxigraph.parse(data, form)} == expected, name


@pytest.mark.parametrize("media_type", FORMS)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_graphs_come_from_files_and_ask_nothing(release: Release, media_type: str, coding: str) -> None:
    asked = asked_of(release)
    paths = [f"/graph/{role}" for role in release.roles]
    paths += [f"/graphs?graph={release.base}graph/{role}" for role in release.roles]
    found = get(release, asked, paths, Accept=media_type, **{"Accept-Encoding": coding})
    for role, answer in zip(release.roles * 2, found, strict=True):
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert answer.headers.get("content-encoding", "identity") == coding
        assert answer.headers["vertragsgraph-release"] == release.id
        assert {"Accept", "Accept-Encoding"} <= {*answer.headers["vary"].split(", ")}
        assert {quad.triple for quad in pyoxigraph.parse(answer.content, FORMS[media_type])} == triples_of(
            release, role
        )
    assert asked.queries == 0


def test_the_default_graph_is_the_dump_in_each_of_its_formats(release: Release) -> None:
    for extension in ("ttl", "nt", "jsonld", "rdf"):
        [answer] = get(release, asked_of(release), [f"/graphs?default&format={extension}"], **PLAIN)
        assert answer.content == release.dump(extension).read_bytes()
        part = {**PLAIN, "Range": "bytes=100-199"}
        [answer] = get(release, asked_of(release), [f"/graphs?default&format={extension}"], **part)
        assert (answer.status_code, answer.content) == (206, release.dump(extension).read_bytes()[100:200])


def test_who_has_a_graph_gets_it_no_second_time_and_a_part_who_wants_a_part(release: Release) -> None:
    path, packed = "/graph/contracts?format=nt", (release.folder / "graphs/contracts.nt.gz").read_bytes()
    for coding in ("gzip", "identity"):
        asked = {"Accept-Encoding": coding}
        [whole] = get(release, asked_of(release), [path], method="HEAD", **asked)
        assert (whole.status_code, whole.content) == (200, b"")
        [again] = get(release, asked_of(release), [path], **asked, **{"If-None-Match": whole.headers["etag"]})
        assert again.status_code == 304
    [rest] = get(release, asked_of(release), [path], **{"Accept-Encoding": "gzip", "Range": "bytes=0-49"})
    assert (rest.status_code, rest.headers["content-range"]) == (206, f"bytes 0-49/{len(packed)}")
    [beyond] = get(release, asked_of(release), [path], **{"Accept-Encoding": "gzip", "Range": f"bytes={len(packed)}-"})
    assert beyond.status_code == 416


def test_a_large_graph_is_given_as_its_files_are(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "LARGE", 10)
    [other] = get(release, asked_of(release), ["/graph/contracts"], Accept="application/ld+json, text/turtle;q=0.1")
    assert other.headers["content-type"].startswith("text/turtle")
    [none] = get(release, asked_of(release), ["/graph/contracts"], Accept="application/ld+json")
    assert (none.status_code, "text/turtle" in none.json()["available"]) == (406, True)
    assert "application/n-triples" in none.json()["detail"]
