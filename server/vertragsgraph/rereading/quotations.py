"""The quotations of a register, source by source, held against what the pages of these sources say today."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pyoxigraph import RdfFormat, parse

from vertragsgraph.gate.checks import spelling
from vertragsgraph.graph import Graphs
from vertragsgraph.graph.quotations import Quotation, read_quotations
from vertragsgraph.rdf.namespaces import DCTERMS, SCHEMA
from vertragsgraph.register import Register
from vertragsgraph.texts import Language

AROUND: Final = 32
"""Characters on each side of words that stand between others than they did."""
_BLANKS: Final = re.compile("[ \t\n\r\f]+")


@dataclass(frozen=True)
class Source:
    """A source that is quoted: its IRI, the last part of that, its identifier, its address (`""` for none), the quotations."""

    iri: str
    name: str
    key: str
    url: str
    quotations: tuple[Quotation, ...]


class State(StrEnum):
    """Whether a page has a quotation: as it is quoted, between other words than then, or not at all."""

    AS_QUOTED = "as quoted"
    ELSEWHERE = "elsewhere"
    MISSING = "missing"


@dataclass(frozen=True)
class Outcome:
    """What came of a quotation.

    `there` is what the page has: the words, those between which they stand now, or the passage that is nearest to them
    (`""` where none is near). `difference` says in what words differ that the page has in other characters.
    """

    quotation: Quotation
    state: State
    there: str
    difference: dict[Language, str] | None = None


def quoted_sources(register: Register, graphs: Graphs) -> list[Source]:
    """Return the sources that the evidence of a register quotes, by their identifiers; of scans and paper no page says more."""
    quotations: defaultdict[str, list[Quotation]] = defaultdict(list)
    for quotation in filter(lambda each: each.positioned, read_quotations(register)):
        quotations[quotation.source.value].append(quotation)
    about: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for path in graphs.paths(["sources"]):
        for quad in parse(path=path, format=RdfFormat.N_TRIPLES):
            about[getattr(quad.subject, "value", "")].setdefault(
                quad.predicate.value, getattr(quad.object, "value", "")
            )
    found = [
        Source(
            iri,
            name := iri.rpartition("/")[2],
            about[iri].get(DCTERMS + "identifier", name),
            about[iri].get(SCHEMA + "url", ""),
            tuple(sorted(quoted, key=lambda quotation: quotation.start)),
        )
        for iri, quoted in quotations.items()
    ]
    return sorted(found, key=lambda source: source.key)


def compare(text: str, source: Source) -> Iterator[Outcome]:
    """Yield what the text of a page has of each quotation from a source.

    Blanks and line ends don't count. Quotation marks, hyphens, capitals and composed characters may be others; then the
    outcome says so.
    """
    return (_outcome(text, quotation) for quotation in source.quotations)


def _outcome(text: str, quotation: Quotation) -> Outcome:
    found = spelling.occurrences(text, quotation.exact)
    if not found:
        near = spelling.nearest(text, quotation.exact)
        return Outcome(quotation, State.MISSING, _with_single_blanks(text[slice(*near)]) if near else "")
    fitting = [place for place in found if _stands_between(text, place, quotation)]
    start, end = (fitting or found)[0]
    words, exact = _with_single_blanks(text[start:end]), _with_single_blanks(quotation.exact)
    difference = None if words == exact else spelling.difference(words, exact)
    if fitting:
        return Outcome(quotation, State.AS_QUOTED, words, difference)
    there = text[max(0, start - AROUND) : end + AROUND]
    return Outcome(quotation, State.ELSEWHERE, _with_single_blanks(there), difference)


def _stands_between(text: str, place: tuple[int, int], quotation: Quotation) -> bool:
    """Tell whether a place in a text has the words around it that the quotation had."""
    start, end = place
    prefix, suffix = (spelling.folded(words)[0].strip() for words in (quotation.prefix, quotation.suffix))
    before, _ = spelling.folded(text[max(0, start - 2 * len(prefix) - AROUND) : start])
    after, _ = spelling.folded(text[end : end + 2 * len(suffix) + AROUND])
    return before.rstrip().endswith(prefix) and after.lstrip().startswith(suffix)


def _with_single_blanks(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")
