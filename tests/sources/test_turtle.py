from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from vertragsgraph.finding import Place
from vertragsgraph.sources import SourceError, read_statements, read_turtle

BASE = "https://example.org/"


def lines_of(tmp_path: Path, text: str | bytes) -> dict[str, tuple[int, int]]:
    """Return for each triple (its object as Turtle writes it) its line and that of its subject."""
    file = tmp_path / "data.ttl"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    statements = list(read_statements(file, BASE))
    assert [s.line for s in statements] == [line for _, line in read_turtle(file, BASE)]
    return {str(s.triple.object).replace(BASE, ""): (s.line, s.subject_line) for s in statements}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a>\n  <b> <c> .\n", {"<c>": (2, 1)}),
        ('<a> <b> "x"\n  ; <c> "y"\n , "z"\n.\n', {'"x"': (1, 1), '"y"': (2, 1), '"z"': (3, 1)}),
        ('<a> <b> "x"\n\n# why\n   # and how\n ; <c> <d>\n.', {'"x"': (1, 1), "<d>": (5, 1)}),
        (
            '<a> <b> """one\n# no comment\n; two"""\n ; <c> <d> .',
            {'"one\\n# no comment\\n; two"': (1, 1), "<d>": (4, 1)},
        ),
        ('<a> <b> """one\ntwo"""@de , <d> .', {'"one\\ntwo"@de': (1, 1), "<d>": (2, 1)}),
        ("<a> <b> '''it's\n'' two'''^^<t>\n, <d> .", {"\"it's\\n'' two\"^^<t>": (1, 1), "<d>": (3, 1)}),
        ('<a> <b> """one\n""" . <x>\n <y> """two\n""" .', {'"one\\n"': (1, 1), '"two\\n"': (3, 2)}),
        ("<a> <b> <c> . # '''\n<d> <e> <f#'''> .\n<g>\n<h> 'i' .", {"<c>": (1, 1), "<f#'''>": (2, 2), '"i"': (4, 3)}),
        ("\ufeff<a> <b> <c> .", {"<c>": (1, 1)}),
        (b"<a>\r\n <b>\r\n <c>\r\n;\r\n <d> 'x'\r\n.\r\n", {"<c>": (3, 1), '"x"': (5, 1)}),
        ("@prefix x: <x/> .\nPREFIX y: <y/>\n\n@base <z/> .\nBASE <v>\nx:a\n  a y:c .", {"<y/c>": (7, 6)}),
        ("<a> <b> <c> . <d>\n <e> <f> . <g>\n <h> <i> .", {"<c>": (1, 1), "<f>": (2, 1), "<i>": (3, 2)}),
        (
            '<a> <b> <v1.5> .\n<x.y>\n <b> <z> .\n@prefix p: <p/> .\np:v1.5\n  <b> "." .',
            {"<v1.5>": (1, 1), "<z>": (3, 2), '"."': (6, 5)},
        ),
        ("@prefix : <#> .\n:a\\,b\n  :c :d .", {"<#d>": (3, 2)}),
    ],
)
def test_lines(tmp_path: Path, text: str | bytes, expected: dict[str, tuple[int, int]]) -> None:
    assert lines_of(tmp_path, text) == expected


def test_numbers_and_brackets(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text("<a> <b> true\n; <c> 1\n, .5\n, 2.5\n. <d> <e> [\n <f> 'x'\n]\n.")
    assert sorted(line for _, line in read_turtle(file, BASE)) == [1, 2, 3, 4, 6, 7]


def test_a_line_longer_than_the_parser_asks_for(tmp_path: Path) -> None:
    text = "<a> <b> <c> ;\n <d> " + ", ".join(f'"{n:06}{"ä" * 500}"' for n in range(2000)) + "\n ; <e> <f> .\n"
    found = lines_of(tmp_path, text)
    assert len(found) == 2002
    assert {line for line, _ in found.values()} == {1, 2, 3}
    assert found["<f>"] == (3, 1)


def test_what_is_read_is_what_the_parser_reads(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text('@prefix : <#> . :a :b 1, 2.5 ; :c \'ü\', """x\ny"""@de . <../z> a <urn:x> .', "utf-8")
    assert [t for t, _ in read_turtle(file, BASE)] == [
        q.triple for q in parse(path=file, format=RdfFormat.TURTLE, base_iri=BASE)
    ]


# A layout: what stands between two terms. After a separator at the start of a line, and within literals, lines are hard to tell.
GAPS = st.lists(st.sampled_from([" ", "\n", "\t", "\r\n", "# . ; <x>\n", '  # """\n', "\n\n"]), max_size=3).map(
    lambda gap: " " + "".join(gap)
)
TEXTS = st.text(st.sampled_from("ab\n .;,#\\\"'<>@ü"), max_size=12)
LANGUAGES = st.sampled_from(["", "@de", "^^<t>"])


def long_literal(text: str, quote: str) -> str:
    return quote * 3 + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote * 3


def short_literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


OBJECTS = st.one_of(
    st.sampled_from(["<c>", "p:c", "p:v1.5", "<x/c#d>", "1", "-2.5", "3e7", "true", "_:b"]),
    st.builds(lambda text, suffix: short_literal(text) + suffix, TEXTS, LANGUAGES),
    st.builds(
        lambda text, quote, suffix: long_literal(text, quote) + suffix, TEXTS, st.sampled_from(["'", '"']), LANGUAGES
    ),
)
SUBJECTS = st.sampled_from(["<a>", "<b/c>", "p:d", "p:v1.5", "p:x\\,y"])
# a subject, its (predicate, object) pairs, and the directive that may stand before it
STATEMENTS = st.tuples(
    SUBJECTS,
    st.lists(
        st.tuples(st.sampled_from(["a", "<p>", "p:q"]), st.lists(OBJECTS, min_size=1, max_size=3)),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["", "", "@prefix q: <q/> .", "PREFIX q: <q/>", "@base <https://example.org/> ."]),
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data(), statements=st.lists(STATEMENTS, min_size=1, max_size=4, unique_by=lambda s: s[0]))
def test_lines_of_any_layout(tmp_path: Path, data: st.DataObject, statements: list) -> None:
    text = "@prefix p: <p/> .\n"
    expected: list[tuple[int, int]] = []

    def put(term: str) -> int:
        nonlocal text
        text += data.draw(GAPS)
        line = text.count("\n") + 1
        text += term
        return line

    for subject, pairs, directive in statements:
        if directive:
            for part in directive.split():
                put(part)
        subject_line = put(subject)
        for i, (predicate, objects) in enumerate(pairs):
            if i:
                put(";")
            put(predicate)
            for j, node in enumerate(objects):
                if j:
                    put(",")
                at = put(node)
                expected.append((at, subject_line))
        put(".")
    file = tmp_path / "any.ttl"
    file.write_bytes((text + data.draw(GAPS)).encode())
    assert [(s.line, s.subject_line) for s in read_statements(file, BASE)] == expected


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("<a> <b> skos:Concept .", 1, 9, "@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."),
        ("@prefix contract: <c/> .\n<ü> contracts:b 'ä' .", 2, 5, 'did you mean "contract:"'),
        ("<a> <b> qqq:x .", 1, 9, "@prefix qqq: <…> ."),
        ("<a> <b> <c>\n<d> <e> <f> .", 2, 1, 'end it with "."'),
        ("<a> <b> <c> .\n<a> <b> 'abc .\n", 2, 9, "never closed"),
        ('<a> <b> """abc .\n', 1, 9, "never closed"),
        ("<a> <b> <c>", 1, 12, "in the middle of a statement"),
        (b"<a> <b> '\xff' .", 1, 10, "UTF-8"),
        ("<a> <b> <c d> .", 1, 9, 'must not contain " "'),
        ("<a> <b> .", 1, 9, 'a value is missing before "."'),
        ("<a> <b> <c> ;\n <d> , <e> .", 2, 6, 'between values of one property stands ","'),
        ('<a> <b> <c> ;\n "d"@de .', 2, 2, 'write "," and not ";" before it'),
        ("<a> <b> „text“ .", 1, 9, "„ is no quotation mark of Turtle; write straight ones"),
        ("<a> <b>\u00a0<c> .", 1, 8, "no ordinary blank but the character U+00A0"),
        ("<a> <b> \u200b<c> .", 1, 9, "the invisible character U+200B"),
        ("<a> <b> <c> .\n<<<<<<< HEAD\n<a> <b> <d> .\n=======\n", 2, 7, "a merge conflict is left here"),
        ("<a> <b> <c> .\n>>>>>>> other\n", 2, 1, "a merge conflict is left here"),
        ("<a> <b> https://x.org/a .", 1, 9, "an IRI stands in angle brackets: <https:…>"),
        ("<a> <b> 2019-06-03 .", 1, 13, "a date stands in quotation marks"),
        ("<a> <b> Hallo .", 1, 9, "a text stands in quotation marks"),
        ("@prefix c: <c/> .\n<a> <b> c:d/e .", 2, 12, "write \\/, or the whole IRI"),
        ("@prefix c: <c/> .\n<a> <b> c:d–e .", 2, 12, "– is no hyphen but the character U+2013"),
    ],
)
def test_errors_say_where_and_what_to_do(tmp_path: Path, text: str | bytes, line: int, column: int, said: str) -> None:
    file = tmp_path / "wrong.ttl"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SourceError) as caught:
        list(read_turtle(file, BASE))
    (finding,) = caught.value.findings
    assert finding.place == Place(file, line, column)
    assert said in finding.message["en"]
    assert finding.rule == "syntax"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="can't be read"):
        list(read_turtle(tmp_path / "none.ttl", BASE))
