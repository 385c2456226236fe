"""Queries made up around SERVICE: whatever the engine takes them for, the server asks the endpoint allowed and no other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.sparql.conftest import Asked, answering, reply
from vertragsgraph.sparql.engine.dataset import Dataset

pytestmark = [pytest.mark.fuzz, pytest.mark.slow]

SECRET = "from elsewhere"
ROWS = {
    "head": {"vars": ["a"]},
    "results": {"bindings": [{"a": {"type": "literal", "value": SECRET}}]},
}
PROLOGUE = [
    "",
    "PREFIX c: <http://c/> ",
    "PREFIX : <BAD> ",
    "PREFIX SERVICE: <http://s/> ",
    "PREFIX x: <BAD#> ",
    "BASE <BAD> ",
]
BEFORE = [
    "",
    "?s ?p ?o.",
    "?s ?p ?o . ",
    "?s a c:.",
    "?s a :.",
    "?s ?p 1.",
    "?s ?p 1.e1",
    "?s ?p true",
    "?s ?p true.",
    "{} UNION ",
]
BEFORE += [
    "?s ?p 'a'@en.",
    "?s ?p _:b.",
    "?s ?p _:b . ",
    "[] ?p [].",
    "VALUES ?v {<BAD>} ",
    'VALUES ?v { """x" } ',
    "OPTIONAL{}",
]
BEFORE += [
    "FILTER(?a<c:a#>'''\n)",
    'FILTER(?a<#>"""\n?b)',
    "FILTER(?a<?b)",
    "FILTER(1<2)",
    "BIND(<BAD> AS ?v)",
    "?s ?p c:\\.",
    "#'\n",
]
BEFORE += [
    '?s ?p "\\"" .',
    "?s ?p '''''''' .",
    "SERVICE <GOOD> {} ",
    "SERVICE SILENT <GOOD> { ?x ?y ?a } ",
    "?s c:%41.",
    "GRAPH <BAD> {}",
]
KEYWORD = [
    "SERVICE",
    "service",
    "SeRvIcE",
    "\\u0053ERVICE",
    "SERV\\u0049CE",
    "SERVICE:",
    "ſERVICE",
    "{ SERVICE",
    "c:SERVICE",
    "?SERVICE",
]
SILENT = ["", "", " SILENT", " silent", "SILENT", "#SILENT\n"]
GAP = ["", " ", "\n", "\r", "\t", "#x\n", "# {\n", "# '''\r", "\u00a0", "\ufeff", "/**/"]
IRI = [
    "<BAD>",
    "<BAD>",
    "<BAD>",
    "<GOOD>",
    "?v",
    ":",
    "x:",
    "c:p",
    "<BAD#>",
    "<>",
    "<\\u0068ttp://127.0.0.1>",
    "<GOOD/../x>",
    "<GOOD> <BAD>",
]
BODY = [
    "{?x ?y ?a}",
    "{?x ?y ?a}",
    "{}",
    "{ ?x ?y '}' }",
    "{ SERVICE <BAD> {} }",
    "{ ?s ?p trueSERVICE<BAD>{} }",
    "{ ?x ?y ?a # }\n}",
    "{ <BAD> ?y ?a }",
]
AFTER = ["", "", " #'''\n", ' #"""\n', ". ?s ?p ?o", "'''", '"""', "}", " FILTER(?a>1)"]
AROUND = [
    "SELECT * { X }",
    "ASK { X }",
    "SELECT*{{SELECT*{X}}}",
    "ASK { FILTER EXISTS { X } }",
    "SELECT * { GRAPH ?g { X } }",
    "DESCRIBE ?s { X }",
]
AROUND += [
    "SELECT * { OPTIONAL { X } }",
    "SELECT (COUNT(*) AS ?n) { X }",
    "CONSTRUCT { ?s ?p ?a } { X }",
    "CONSTRUCT WHERE { X }",
    "SELECT * { ?x ?y ?z MINUS { X } }",
]
AROUND += [
    "SELECT * { { SERVICE SILENT <GOOD> { ?x ?y ?a } } UNION { X } }",
    "INSERT { ?s ?p ?a } WHERE { X }",
    "SELECT * { ?x ?y ?z LATERAL { X } }",
]
clause = st.tuples(*map(st.sampled_from, (BEFORE, KEYWORD, SILENT, GAP, IRI, GAP, BODY, AFTER))).map("".join)
queries = st.tuples(
    st.lists(st.sampled_from(PROLOGUE), max_size=3, unique=True).map("".join),
    st.sampled_from(AROUND),
    st.lists(clause, min_size=1, max_size=2).map("".join),
).map(lambda parts: parts[0] + parts[1].replace("X", parts[2]))


@dataclass
class World:
    """A server, the endpoint that it may ask, one that it may not, and one that the bare engine is set on."""

    client: httpx.Client
    good: str
    bad: str
    bare: str
    asked: list[str] = field(default_factory=list)
    reached: Counter[str] = field(default_factory=Counter)

    def bare_engine_reaches(self, query: str) -> bool:
        """Tell whether the engine by itself asks the one it may not ask."""
        before = self.reached["bare"]
        try:
            result = ox.Store().query(query.replace("BAD", self.bare).replace("GOOD", self.good))
            if not isinstance(result, ox.QueryBoolean):
                list(result)
        except (OSError, SyntaxError, ValueError, RuntimeError):
            pass
        return self.reached["bare"] > before


@pytest.fixture(scope="module")
def world(dataset: Dataset, serving: Callable[..., Any]) -> Iterator[World]:
    found: World

    def answer(name: str) -> Callable[[Asked], None]:
        def take(asked: Asked) -> None:
            found.reached[name] += 1
            if name == "good":
                found.asked.append(asked.body.decode())
            reply(asked, json.dumps(ROWS).encode())

        return take

    with ExitStack() as stack:
        good, bad, bare = (stack.enter_context(answering(answer(name))) for name in ("good", "bad", "bare"))
        server = stack.enter_context(serving(dataset, workers=1, service_allowed=(good,)))
        found = World(stack.enter_context(server.client()), good, bad, bare)
        yield found
        assert found.reached["bad"] == 0
        # It is no trifle: the bare engine has been led there again and again.
        assert found.reached["bare"] > 20


@settings(max_examples=max(400, settings.default.max_examples))
@given(queries)
@example(
    "PREFIX c: <http://c/> SELECT * {{ SERVICE SILENT <GOOD> {?x ?y ?a} } UNION { ?s a c:.SERVICE <BAD> {?x ?y ?a} }}"
)
@example("PREFIX : <BAD> SELECT * { { SERVICE <GOOD> {?x ?y ?a} } UNION { SERVICE:{?x ?y ?a} } }")
@example("SELECT * { { SERVICE <GOOD> {?x ?y ?a} } UNION { {} FILTER(true)SERVICE <BAD> {?x ?y ?a} } }")
def test_nothing_gets_out_but_what_is_allowed(world: World, query: str) -> None:
    world.asked.clear()
    response = world.client.post("/sparql", data={"query": query.replace("BAD", world.bad).replace("GOOD", world.good)})
    assert world.reached["bad"] == 0, query
    assert response.status_code in {200, 400, 403}, (query, response.text)
    assert "os error" not in response.text
    bodies = tuple(world.asked)
    if world.bare_engine_reaches(query):
        assert response.status_code == 403, query
    for body in bodies:
        (text,) = parse_qs(body)["query"]
        assert not world.bare_engine_reaches(text.replace(world.bad, "BAD")), query
    if response.status_code == 200 and SECRET in response.text:
        assert bodies
