"""Sources are known by several names, and their texts by their SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from vertragsgraph.register import Register
from vertragsgraph.sources.texts import described_sources, files_below, read_texts

PREFIXES = """@prefix schema: <https://schema.org/> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix source: <id/source/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def test_sources_in_the_order_of_their_files(register_of: Callable[[dict[str, str]], Register]) -> None:
    register = register_of(
        {
            "sources/b.ttl": PREFIXES + 'source:two rdfs:label "two"@en ; schema:url <https://example.org/> .',
            "sources/a.ttl": PREFIXES + 'source:one dcterms:identifier "CC 1" ; schema:sha256 "aa" , "bb" .',
            "people.ttl": "no Turtle at all",
        }
    )
    one, two = described_sources(register)
    assert (one.name, one.key, one.sha256) == ("source:one", "CC 1", ["aa", "bb"])
    assert (two.name, two.key, two.sha256) == ("source:two", "", [])
    assert all(one.is_called(name) for name in ("cc 1", "CC 1", "source:one", register.iri("id/source/one")))
    assert not any(each.is_called(name) for each in (one, two) for name in ("", "one", "source:three"))


def test_texts_are_known_by_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below/any name").write_bytes("Ä\r\n".encode())
    (tmp_path / "a").write_bytes(b"\xff")
    (tmp_path / "b").write_bytes(b"not wanted")
    wanted = {hashlib.sha256(content).hexdigest() for content in ("Ä\r\n".encode(), b"\xff")}
    assert [text for _, text in read_texts(files_below(tmp_path), wanted)] == ["\N{REPLACEMENT CHARACTER}", "Ä\r\n"]
    assert list(read_texts(files_below(tmp_path), ())) == []
