"""`/queries/NAME.csv`: the example queries as addresses of their own, narrowed down by parameters, with the current answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from math import prod
from typing import Final

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from vertragsgraph.http.problem import Problem
from vertragsgraph.message import Message
from vertragsgraph.rdf.media_types import both_by_name
from vertragsgraph.rdf.namespaces import XSD
from vertragsgraph.release.contents.queries import Example
from vertragsgraph.sparql.api.exchange import Exchange, preflight
from vertragsgraph.sparql.api.graph_store import ALLOW
from vertragsgraph.sparql.api.protocol import parse_parameters, timeout
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.engine.request import PreparedRequest
from vertragsgraph.sparql.query import scan
from vertragsgraph.texts import Language, looked_up
from vertragsgraph.web.routes.asking.form import FORMATS, in_language
from vertragsgraph.web.site.site import Site, site_of

PATH: Final = "/queries/{name}.{extension}"
OWN: Final = frozenset({"lang", "timeout"})
"""Parameters that name no variable."""
MOST: Final = 1_000
"""So many terms, or combinations of them, the values of parameters may stand for."""
_FORMS: Final = (
    (re.compile(r"\d{4}"), "gYear"),
    (re.compile(r"\d{4}-\d\d"), "gYearMonth"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "date"),
    (re.compile(r"[+-]?\d+"), "integer"),
    (re.compile(r"[+-]?\d*\.?\d+"), "decimal"),
    (re.compile(r"true|false"), "boolean"),
)


class ExampleQueries:
    """The answers to example queries: an ASGI application behind a route with a `name` and an `extension`."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        await self._service.handle(Exchange.over_asgi(scope, receive, send), partial(self._respond, Request(scope)))

    async def _respond(self, request: Request, exchange: Exchange) -> str:
        if exchange.method == "OPTIONS":
            return await exchange.send(preflight(ALLOW))
        if exchange.method not in {"GET", "HEAD"}:
            detail = Message(
                "{method} is not offered here: example queries are asked with GET.", method=exchange.method
            )
            raise Problem(405, detail, headers={"Allow": ALLOW})
        site, names = site_of(request), request.path_params
        parameters = {name: values[-1] for name, values in parse_parameters(exchange.query_string).items()}
        query = asked(site, named(site.examples, names["name"]), parameters)
        solutions, graph = both_by_name(names["extension"])
        if solutions is graph is None:
            raise Problem(404, Message("The answer is offered as {formats}.", formats=FORMATS))
        seconds = timeout({"timeout": [parameters.get("timeout", "")]})
        return await self._service.answer(exchange, PreparedRequest(query, None, None, solutions, graph, seconds))


def named(examples: Sequence[Example], name: str) -> Example:
    """Return the example of a name, or of what stands before its first hyphen where only one begins so.

    Raise `Problem` (404) where there is none.
    """
    found = [example for example in examples if example.name == name] or [
        example for example in examples if example.name.partition("-")[0] == name
    ]
    if len(found) != 1:
        known = tuple(example.name for example in examples)
        raise Problem(404, Message("There is no example query {name}; there are: {known}.", name=name, known=known))
    return found[0]


def variables(example: Example) -> tuple[str, ...]:
    """Return the variables of an example, each of which may be a parameter, in the order of appearance."""
    tokens = (token for token in scan.tokens(example.text) if token.lastgroup == "variable")
    return tuple(dict.fromkeys(token[0][1:] for token in tokens))


def asked(site: Site, example: Example, parameters: Mapping[str, str]) -> str:
    """Return the query that an example stands for with some parameters: `lang`, and values of its variables.

    A value holds for a variable of the results: it is joined to them at the end (SPARQL 1.1, section 10.2). Raise `Problem`
    (400) for another name, and for values that stand for too much.
    """
    query = example.text
    if tag := parameters.get("lang"):
        if not (language := looked_up(tag, site.register.languages)):
            known = tuple(site.register.languages)
            raise Problem(400, Message("The register has no {tag}; its languages are: {known}.", tag=tag, known=known))
        query = in_language(query, Language(language))
    values = {name: value for name, value in parameters.items() if name not in OWN}
    if unknown := sorted(values.keys() - variables(example)):
        known = (*sorted(OWN), *variables(example))
        detail = Message(
            "The query {name} has no variable {unknown}; parameters are: {known}.",
            name=example.name,
            unknown=unknown[0],
            known=known,
        )
        raise Problem(400, detail)
    terms = [[*_terms(value, site)] for value in values.values()]
    if prod(map(len, terms)) > MOST:
        raise Problem(400, Message("These parameters stand for too many combinations; leave some out."))
    if not values:
        return query
    rows = " ".join(f"({' '.join(map(str, row))})" for row in product(*terms))
    return f"{query}\nVALUES ({' '.join(f'?{name}' for name in values)}) {{ {rows} }}"


def _terms(value: str, site: Site) -> Iterator[NamedNode | Literal]:
    """Yield the terms that a value may stand for: an IRI, in full or with a prefix of the register, or literals of each kind."""
    prefix, _, name = value.partition(":")
    namespace = site.release.prefixes.get(prefix)
    if iri := _iri(namespace + name if namespace else value):
        yield iri
    else:
        yield Literal(value)
        yield from (Literal(value, language=tag) for tag in site.register.languages)
        yield from (Literal(value, datatype=NamedNode(XSD + name)) for form, name in _FORMS if form.fullmatch(value))


def _iri(value: str) -> NamedNode | None:
    try:
        return NamedNode(value) if ":" in value else None
    except ValueError:
        return None
