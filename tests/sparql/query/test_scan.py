from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.sparql.query import scan

BRACKETS = "{([" * 200
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'


@given(texts)
def test_what_stands_in_strings_and_comments_is_no_keyword_and_no_bracket(text: str) -> None:
    comment = "".join(c for c in text if c not in "\n\r")
    long = text.replace("\\", "").replace('"', "")
    query = f"SELECT * {{ ?s ?p {literal(text + BRACKETS + ' SERVICE FROM NOW')} # {comment} SERVICE FROM RAND() {BRACKETS}\n}}"
    query += f' # x\n"""{long} SERVICE FROM {BRACKETS}"""'
    scan.check_nesting(query)
    assert not scan.has_dataset_clause(query)
    assert "\\" in text or scan.check_service(query, ()) is False


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zs"], exclude_characters='<>"{}|^`\\\u2028\u2029'), max_size=40
    )
)
def test_what_stands_in_iris_is_no_keyword_and_no_bracket(text: str) -> None:
    iri = f"<http://example.org/{text}SERVICE/FROM/NOW#{'([' * 200}>"
    query = f"SELECT * {{ ?s {iri} ?o }}"
    scan.check_nesting(query)
    assert not scan.has_dataset_clause(query)
    assert not scan.is_volatile(query)
    assert scan.check_service(query, ()) is False


@given(
    st.integers(1, 60),
    st.lists(st.sampled_from(["'{'", '"("', "<http://a/(>", "# {[(\n", "?x", "ex:\\(", "}", "{"]), max_size=20),
)
def test_depth_is_counted_between_what_is_not_code(extra: int, noise: list[str]) -> None:
    balanced = " ".join(noise if noise.count("{") == noise.count("}") == 0 else ["?x"])
    deep = scan.MAX_NESTING + extra
    with pytest.raises(scan.ScanError) as raised:
        scan.check_nesting(f"SELECT * {balanced}\n" + "{" * deep + "}" * deep)
    assert raised.value.line == 2 + balanced.count("\n")
    assert raised.value.column == scan.MAX_NESTING + 1
    scan.check_nesting(f"SELECT * {balanced}\n" + "{" * scan.MAX_NESTING + "}" * scan.MAX_NESTING)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://x/> { ?s ?p ?o } }",
        r"SELECT * { \u0053ERVICE <http://x/> { ?s ?p ?o } }",
        r"SELECT * { \U00000053ERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SERVICE ?where { ?s ?p ?o } } } }",
        "ASK { FILTER EXISTS { SERVICE ex:place { ?s ?p ?o } } }",
        "SELECT * { SERVICE # <http://allowed/>\n <http://x/> {} }",
        "SELECT * { SERVICE <http://allowed/> {} SERVICE <http://x/> {} }",
        "SELECT * { SERVICE",
        "PREFIX c: <http://c/> SELECT * { ?s a c:.SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 1.SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 1.e1SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 'a'@en.SERVICE <http://x/> { ?s ?p ?o } }",
    ],
)
def test_service_is_refused_however_it_is_spelt(query: str) -> None:
    with pytest.raises(scan.ScanError):
        scan.check_service(query, {"http://allowed/"})


def test_service_is_allowed_for_the_iris_on_the_list_only() -> None:
    assert scan.check_service("SELECT * { SERVICE SILENT <http://allowed/> { ?s ?p ?o } }", {"http://allowed/"})
    assert not scan.check_service('SELECT * { ?s ex:service "SERVICE", <http://x/service#a> ; :service ?service }', ())


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()", "rand ( )"])
def test_functions_that_differ_from_call_to_call_are_seen(function: str) -> None:
    assert scan.is_volatile(f"SELECT ({function} AS ?x) {{}}")
    assert not scan.is_volatile(f"SELECT ?now ?rand {{ ?s ex:uuid '{function}' }} # {function}")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (Now#\n(#)\n) AS ?x) {}",
        r"SELECT (\u004eOW() AS ?x) {}",
        "SELECT (COUNT(DISTINCTRAND()) AS ?n) {}",
        "SELECT * {} ORDER BYRAND()",
        "SELECT * { VALUES ?x { 1.e1 } FILTER(?a<NOW()&&?b>?c) }",
        "SELECT * { FILTER(?a<ex:a#>'''\n && NOW()) } #'''",
        "SELECT * { FILTER(?a<NOW()&&'://'>?c) }",
        'SELECT * { VALUES ?x { """x" } BIND(NOW() AS ?n) }',
        "SELECT * { BIND(trueNOW() AS ?n) }",
    ],
)
def test_what_the_engine_may_take_for_such_a_function_counts_as_one(query: str) -> None:
    assert scan.is_volatile(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s <http://example.org/Brandenburg#now> <https://rand/> ; ex:rand ?knowledge }",
        "SELECT * { ?s ?p 'it is now', '''RAND() ''' } # UUID()",
        "SELECT * FROM <graph/agents> { ?service ?p ?o }",
    ],
)
def test_words_that_only_stand_in_names_and_strings_are_no_functions(query: str) -> None:
    assert not scan.is_volatile(query)


NASTY = [
    '\\"', "a.", "a-", ".a", "a..", ":", "a:", ":.", "_:", "_:a.", "?", "?a", "$", "<", "<a", "< ", "<a>", "@a-", "@-", "%4", "%41",
    "\\", "\\.", "1.", ".1", "1e", "1e+", "0", "#", "# \n", "'", '"', "'''", '"""', '"""\\', '""', "'\\\n", "{", "(]", "\u00b7",
    "\u0300", "é", "a\u0300.", "now ", "SERVICE", "service <", "\n", " ", "a\n", "\x00", "\ud800", "<a#", "a:%4", "a:\\",
]  # fmt: skip


@pytest.mark.parametrize("opening", ["", '"', '"""', "<", "a", ":", "#"])
def test_the_time_a_scan_takes_grows_with_the_text_and_no_faster(opening: str) -> None:
    def seconds(text: str) -> float:
        begun = time.process_time()
        for _ in scan.all_tokens(text):
            pass
        return time.process_time() - begun

    for nasty in NASTY:
        short, long = (opening + nasty * (size // len(nasty)) for size in (4_000, 16_000))
        # A scan that goes back to the beginning of each part would take 16 times as long.
        assert min(seconds(long) for _ in range(3)) < 0.005 + 8 * min(seconds(short) for _ in range(3)), nasty


def test_dataset_clauses_are_told_from_what_looks_like_them() -> None:
    assert scan.has_dataset_clause("SELECT * from named <http://g/> {}")
    assert not scan.has_dataset_clause("PREFIX from: <http://from/> SELECT ?from { ?from from:from from:a }")


def test_prefixes_are_read_from_the_prologue() -> None:
    query = "# PREFIX no: <http://no/>\nBASE <http://b/>\nprefix a: <http://a/> PREFIX : <http://e/>\nPREFIX r: <rel>\nSELECT * {}"
    assert scan.prefixes(query) == {"a": "http://a/", "": "http://e/"}
