"""Both engines understand a `sh:pattern` alike, whichever the gate lets pass."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from vertragsgraph.gate.shacl.engines import DataGraph, Engine, ShapesError, by_pyshacl, by_shacl
from vertragsgraph.gate.shacl.shapes import Shapes
from vertragsgraph.gate.shacl.sound import unlike

pytest.importorskip("shacl", reason="there is no wheel of shacl for this platform")

SH, RDF = "http://www.w3.org/ns/shacl#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PIECES = [
    *("a", "b", "Ä", "ß", "0", ".", "-", " ", r"\.", r"\d", r"\w", r"\S", r"\s", r"\D", r"\W", r"\n", r"\$", "^", "$"),
    *(
        "[ab]",
        "[^a]",
        "[a-z]",
        r"[\d-]",
        "[$^]",
        "[]a]",
        "[äöü]",
        "(a|b)",
        "(?:ab)",
        "|",
        "*",
        "+",
        "?",
        "{2}",
        "{1,}",
        "*?",
    ),
    *("(?=a)", "(?!a)", "(?i)", r"\1", r"\p{L}", "++", "[a&&b]", "[[:alpha:]]", r"\Z", r"\b", "{,2}", "(", ")", "["),
]
TEXTS = st.text(st.sampled_from("abzÄäßſK0٥-. $^\n\t\u00a0\u200b_"), max_size=5)


def refused(engine: Engine, pattern: str, texts: list[str]) -> set[str] | None:
    """Return the texts that an engine finds not to match; nothing where it can't read the pattern."""
    shape, path = NamedNode("urn:s"), NamedNode("urn:p")
    shapes = Shapes(
        [
            Triple(shape, NamedNode(RDF + "type"), NamedNode(SH + "PropertyShape")),
            Triple(shape, NamedNode(SH + "targetSubjectsOf"), path),
            Triple(shape, NamedNode(SH + "path"), path),
            Triple(shape, NamedNode(SH + "pattern"), Literal(pattern)),
        ]
    )
    with TemporaryDirectory() as folder:
        data = Path(folder, "data.nt")
        triples = [Triple(NamedNode("urn:x"), path, Literal(text)) for text in texts]
        data.write_bytes(pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
        try:
            return {result.value.value for result in engine(shapes, DataGraph([data], [], len(texts)))}
        except ShapesError:
            return None


@pytest.mark.fuzz
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), st.lists(TEXTS, min_size=1, max_size=8))
def test_both_engines_match_alike(pattern: str, texts: list[str]) -> None:
    assume(not unlike(pattern))
    assert refused(by_pyshacl, pattern, texts) == refused(by_shacl, pattern, texts)
