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
from typing import Final, NamedTuple
from urllib.parse import urljoin

import pyoxigraph as ox

from vertragsgraph.sparql import scan

_LONGEST: Final = 16_384  # longer queries are not looked through
_MOST: Final = 40  # terms are looked up
_LIKE: Final = 0.75
_VOID: Final = "http://rdfs.org/ns/void#"
_DATATYPES: Final = "http://www.w3.org/2001/XMLSchema#"  # compared in filters, and in no triple
_LOCAL_ESCAPE: Final = re.compile(r"\\([^\w\s])")


class Absent(NamedTuple):
    """A term of a query that occurs nowhere: as the query writes it, and what was probably meant (`""` if unknown)."""

    term: str
    meant: str


def vocabulary(void: Path) -> frozenset[str]:
    """Return the classes and properties that a description of a dataset names (VoID, section 4.5)."""
    names = {ox.NamedNode(_VOID + name) for name in ("class", "property")}
    quads = ox.parse(path=void, format=ox.RdfFormat.TURTLE)
    return frozenset(quad.object.value for quad in quads if quad.predicate in names)


def absent(
    query: str, store: ox.Store, base: str, known: Collection[str], languages: Iterable[str]
) -> tuple[Absent, ...]:
    """Return the IRIs of a query that occur nowhere in the store, and the texts that occur in another language only.

    `base` resolves relative IRIs, `known` are the IRIs that may have been meant, `languages` those that texts may be in.
    """
    if len(query) > _LONGEST:
        return ()
    found = dict.fromkeys(islice(_absent(query, store, base, known, tuple(languages)), _MOST))
    return tuple(each for each in found if each is not None)


def _absent(
    query: str, store: ox.Store, base: str, known: Collection[str], languages: tuple[str, ...]
) -> Iterator[Absent | None]:
    for token, iri in _iris(query, base):
        yield None if _occurs(store, ox.NamedNode(iri)) else Absent(token, _meant(iri, store, known))
    for token, text, language in _texts(query):
        others = [each for each in languages if each != language]
        there = (ox.Literal(text, language=language) if language else ox.Literal(text), *_tagged(text, others))
        meant = next((literal for literal in there if _is_object(store, literal)), None)
        yield None if meant in {None, there[0]} else Absent(token, str(meant))


def _iris(query: str, base: str) -> Iterator[tuple[str, str]]:
    """Yield the IRIs that stand for terms of the data, each as it is written and in full.

    Left out: declarations, datatypes, functions, and what another endpoint is asked.
    """
    prefixes, before, depth, elsewhere = scan.prefixes(query), ["", "", ""], 0, 0
    end = 0
    for token in scan.tokens(query):
        kind, text = token.lastgroup, token[0]
        if kind == "comment":
            continue
        depth += (kind == "open") - (kind == "close")
        if kind == "open" and "SERVICE" in before and not elsewhere:
            elsewhere = depth
        elif kind == "close" and depth < elsewhere:
            elsewhere = 0
        is_declared = before[2] == "BASE" or "PREFIX" in before[1:]
        is_datatype = query[end : token.start()].rstrip().endswith("^^")
        is_function = query[token.end() : token.end() + 1] == "("
        if kind in {"iri", "name"} and not (
            is_declared or is_datatype or is_function or elsewhere or "SERVICE" in before
        ):
            prefix, _, local = text.partition(":")
            known = kind == "iri" or prefix in prefixes
            iri = (
                urljoin(base, text[1:-1])
                if kind == "iri"
                else prefixes.get(prefix, "") + _LOCAL_ESCAPE.sub(r"\1", local)
            )
            if known and not iri.startswith(_DATATYPES):
                yield text, iri
        before, end = [*before[1:], text.upper()], token.end()


def _texts(query: str) -> Iterator[tuple[str, str, str]]:
    """Yield the plain and language-tagged strings of a query: as written, the text, and the language or `""`."""
    strings = [token for token in scan.tokens(query) if token.lastgroup == "string" and "\\" not in token[0]]
    for token in strings:
        text = token[0].strip(token[0][0])
        follows = re.match(r"(\^\^)|@([A-Za-z0-9-]+)", query[token.end() :])
        if text and not (follows and follows[1]):
            language = follows[2].lower() if follows else ""
            yield token[0] + (f"@{language}" if language else ""), text, language


def _tagged(text: str, languages: Iterable[str]) -> Iterator[ox.Literal]:
    return (ox.Literal(text, language=language) for language in languages)


def _occurs(store: ox.Store, iri: ox.NamedNode) -> bool:
    patterns = ((iri, None, None, None), (None, iri, None, None), (None, None, iri, None), (None, None, None, iri))
    return any(next(iter(store.quads_for_pattern(*pattern)), None) is not None for pattern in patterns)


def _is_object(store: ox.Store, literal: ox.Literal) -> bool:
    return next(iter(store.quads_for_pattern(None, None, literal, None)), None) is not None


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
