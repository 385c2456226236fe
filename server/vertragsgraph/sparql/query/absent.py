"""Why a query has no results: the terms in it that occur nowhere in the data, and what was probably meant.

A look-up for each term, in whatever position of a triple. Imported by worker processes: nothing but the standard library
and pyoxigraph.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from vertragsgraph.rdf.namespaces import VOID
from vertragsgraph.sparql.query import scan
from vertragsgraph.sparql.query.iris import asks_about_the_register, iris, speaks_rdf_12

_LONGEST: Final = 16_384  # longer queries are not looked through
_MOST: Final = 40  # terms are looked up
_LIKE: Final = 0.75


class Absent(NamedTuple):
    """A term of a query that occurs nowhere in the data: as the query writes it, and what was probably meant.

    `graph` is the IRI of the graph beside the data that tells of it; either is `""` where there is none.
    """

    term: str
    meant: str
    graph: str = ""


def vocabulary(void: Path) -> frozenset[str]:
    """Return the classes and properties that a description of a dataset names (VoID, section 4.5)."""
    names = {ox.NamedNode(VOID + name) for name in ("class", "property")}
    quads = ox.parse(path=void, format=ox.RdfFormat.TURTLE)
    return frozenset(quad.object.value for quad in quads if quad.predicate in names)


def absent(
    query: str,
    store: ox.Store,
    data: ox.Store | None,
    base: str,
    known: Collection[str],
    languages: Iterable[str],
) -> tuple[Absent, ...]:
    """Return the IRIs of a query that occur nowhere in the data, and the texts that occur in another language only.

    `data` is the store that holds the data as its default graph, None where there is nothing else. `base` resolves relative
    IRIs, `known` are the IRIs that may have been meant, `languages` those that texts may be in.
    """
    if len(query) > _LONGEST:
        return ()
    found = dict.fromkeys(islice(_absent(query, store, data, base, known, tuple(languages)), _MOST))
    return tuple(each for each in found if each is not None)


def _absent(
    query: str, store: ox.Store, data: ox.Store | None, base: str, known: Collection[str], languages: tuple[str, ...]
) -> Iterator[Absent | None]:
    named = [*iris(query, base)]
    asked = {iri for _, iri, _ in named}
    if asks_about_the_register(query, base) or speaks_rdf_12(query, base):
        data = None
    for token, iri, at in named:
        # What a triple begins with must be described, any other term only used.
        is_subject = query[:at].rstrip()[-1:] in {"{", "."}
        graph = _graph_of(store, data, ox.NamedNode(iri), is_subject=is_subject)
        known_there = graph is not None and graph in {"", *asked}
        yield None if known_there else Absent(token, _meant(iri, store, known) if graph is None else "", graph or "")
    for token, text, language in _texts(query):
        others = [each for each in languages if each != language]
        plain = ox.Literal(text, language=language) if language else ox.Literal(text)
        there = (plain, *(ox.Literal(text, language=other) for other in others))
        meant = next((literal for literal in there if _is_object(store, literal)), None)
        yield None if meant in {None, there[0]} else Absent(token, str(meant))


def _texts(query: str) -> Iterator[tuple[str, str, str]]:
    """Yield the plain and language-tagged strings of a query: as written, the text, and the language or `""`."""
    strings = [token for token in scan.tokens(query) if token.lastgroup == "string" and "\\" not in token[0]]
    for token in strings:
        text = token[0].strip(token[0][0])
        follows = re.match(r"(\^\^)|@([A-Za-z0-9-]+)", query[token.end() :])
        if text and not (follows and follows[1]):
            language = follows[2].lower() if follows else ""
            yield token[0] + (f"@{language}" if language else ""), text, language


def _graph_of(store: ox.Store, data: ox.Store | None, iri: ox.NamedNode, *, is_subject: bool) -> str | None:
    """Return the graph beside the data that tells of a term; `""` where the data do, None where nothing does."""
    patterns = ((iri, None, None), *(() if is_subject else ((None, iri, None), (None, None, iri))))
    inside, graph = (store, None) if data is None else (data, ox.DefaultGraph())
    if any(_first(inside, *pattern, graph) for pattern in patterns) or _first(store, None, None, None, iri):
        return ""
    beside = next((quad for pattern in patterns if (quad := _first(store, *pattern, None))), None)
    if beside is not None:
        return str(beside.graph_name.value)  # type: ignore[union-attr]  # else it would be in the data
    return "" if is_subject and _occurs(store, iri) else None


def _first(store: ox.Store, *pattern: Any) -> ox.Quad | None:
    return next(iter(store.quads_for_pattern(*pattern)), None)


def _occurs(store: ox.Store, iri: ox.NamedNode) -> bool:
    patterns = ((iri, None, None, None), (None, iri, None, None), (None, None, iri, None), (None, None, None, iri))
    return any(_first(store, *pattern) is not None for pattern in patterns)


def _is_object(store: ox.Store, literal: ox.Literal) -> bool:
    return _first(store, None, None, literal, None) is not None


def _meant(iri: str, store: ox.Store, known: Collection[str]) -> str:
    """Return the IRI that was probably meant: another scheme, the same name elsewhere, a similar name; else `""`."""
    scheme, _, rest = iri.partition("://")
    swapped = f"{'http' if scheme == 'https' else 'https'}://{rest}"
    if rest and _occurs(store, ox.NamedNode(swapped)):
        return swapped
    namespace, name = _parts(iri)
    same = [other for other in known if _parts(other)[0] == namespace]
    near = get_close_matches(name, [_parts(other)[1] for other in same], 1, _LIKE)
    if near:
        return namespace + near[0]
    elsewhere = [other for other in known if _parts(other)[1] == name]
    return next(iter(get_close_matches(iri, elsewhere, 1, _LIKE)), "")


def _parts(iri: str) -> tuple[str, str]:
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]
