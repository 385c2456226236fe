"""Any text as Turtle: what the parser takes has the same triples and a line each; what it refuses is refused with a place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, RdfFormat, Triple, parse

from vertragsgraph.sources import SourceError, read_statements, read_turtle
from vertragsgraph.sources.syntax import SHOWN

pytestmark = pytest.mark.fuzz

BASE = "https://example.org/"
PLAIN_TERMS = [
    "<a>",
    "<b#'''>",
    "p:c",
    "p:v1.5",
    "p:x\\,y",
    "a",
    "_:b",
    "1",
    "-2.5",
    ".5",
    "3e7",
    "true",
    "<<( <a> <b> <c> )>>",
]
NESTED_TERMS = ["[]", "( <c> 1 )", "[ <d> <e> ]"]
LITERALS = ['"x"', "'y'", '"""l\nong"""', "'''l\r\n\"ong'''", '"z"@de', '"z"^^<t>', '"\\u00e4"', '"""a"b""c"""']
TERMS = st.sampled_from([*PLAIN_TERMS, *NESTED_TERMS, *LITERALS])
MARKS = st.sampled_from(
    [" ", "\n", "\r\n", "\t", " . ", " ;\n", " ,\n", "\n;\n", "\n,", "\n.\n", "# x\n", "{| <a> <b> |}", "@de"]
)
DIRECTIVES = st.sampled_from(
    ["@prefix p: <p/> .\n", "PREFIX p: <p/>\n", "@base <x/> .\n", "BASE <y>\n", "VERSION '1.2'\n", "\ufeff"]
)
CHARACTERS = [*"\"'<>„–/\\[){", '"""', "\u00a0", "\u200b", "\x00", "\ud7ff", "\U0010ffff", "\u2028", "\x85", "\x0b"]
MISTAKES = ["<<<<<<< HEAD\n", "=======\n", ">>>>>>> x\n", "https://x/", "2019-06-03", "qqq:x", "skos:x", "Hallo"]
ODDITIES = st.sampled_from([*CHARACTERS, *MISTAKES])
STATEMENT = st.builds("{} {} {} .\n".format, TERMS, TERMS, TERMS)
TEXTS = st.lists(DIRECTIVES | STATEMENT | st.one_of(TERMS, MARKS) | ODDITIES, max_size=12).map(" ".join)


def plain(triple: Triple) -> str:
    """Return a triple without the labels of its blank nodes, which are new ones each time."""
    return " ".join("_:" if isinstance(term, BlankNode) else str(term) for term in triple)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    content=TEXTS.map(str.encode)
    | st.builds(lambda a, b, c: a.encode() + b + c.encode(), TEXTS, st.binary(max_size=2), TEXTS)
)
def test_what_the_parser_takes_and_nothing_else(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.ttl"
    file.write_bytes(content)
    try:
        expected = [
            plain(quad.triple) for quad in parse(content.removeprefix(b"\xef\xbb\xbf"), RdfFormat.TURTLE, base_iri=BASE)
        ]
    except SyntaxError:
        with pytest.raises(SourceError) as caught:
            list(read_turtle(file, BASE))
        (finding,) = caught.value.findings
        assert finding.place
        assert 1 <= finding.place.line <= content.count(b"\n") + 1
        assert finding.place.column >= 1
        assert len(finding.message["en"]) < 200 + SHOWN
        return
    lines = content.count(b"\n") + 1
    found = list(read_turtle(file, BASE))
    assert [plain(triple) for triple, _ in found] == expected
    assert all(1 <= line <= lines for _, line in found)
    statements = list(read_statements(file, BASE))
    assert [statement.line for statement in statements] == [line for _, line in found]
    assert all(1 <= statement.subject_line <= statement.line for statement in statements)
