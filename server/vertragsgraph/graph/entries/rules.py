"""What an entry of evidence says and may say (docs/evidence.md, "What a keeper writes"); each rule tells what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.graph.entries import values
from vertragsgraph.graph.entries.entry import Entry
from vertragsgraph.graph.entries.values import Check, Message
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.terms import Node
from vertragsgraph.register.names import RESERVED
from vertragsgraph.texts import both, marked

PLACES: Final = (terms.PAGE, terms.PDF_PAGE, terms.FOLIO, terms.PARAGRAPH)
"""Where something stands on paper or in a scan."""
SEEN: Final = (terms.SEEN_BY, terms.SEEN_ON)
"""Who saw the original, and when."""
APART: Final = marked(
    "vg:supports and vg:supportKind go together: add what is missing, or leave out both where the entry is only a premise of an "
    "inference"
)


@dataclass(frozen=True)
class _Property:
    check: Check
    least: int = 1
    most: int | None = 1


_COMMON: Final = {
    terms.TYPE: _Property(values.iri),
    terms.CREATOR: _Property(values.iri),
    terms.DAY: _Property(values.day),
    terms.COMMENT: _Property(values.in_a_language, 0, None),
}
_PROPERTIES: Final[Mapping[Node | None, Mapping[NamedNode, _Property]]] = {
    terms.EVIDENCE: {
        **_COMMON,
        **dict.fromkeys(terms.STATING, _Property(values.saying, 0, None)),
        terms.SUPPORTS: _Property(values.statement, 0, None),
        terms.SUPPORT_KIND: _Property(values.support_kind, 0),
        terms.HAS_SOURCE: _Property(values.iri, 0),
        terms.DERIVED_FROM: _Property(values.iri, 0, None),
        terms.EXACT: _Property(values.plain, 0),
        terms.START: _Property(values.integer, 0),
        terms.END: _Property(values.integer, 0),
        terms.PREFIX: _Property(values.plain, 0),
        terms.SUFFIX: _Property(values.plain, 0),
        terms.PAGE: _Property(values.plain, 0),
        terms.PDF_PAGE: _Property(values.page_number, 0),
        terms.FOLIO: _Property(values.plain, 0),
        terms.PARAGRAPH: _Property(values.plain, 0),
        terms.SEEN_BY: _Property(values.iri, 0, None),
        terms.SEEN_ON: _Property(values.day, 0),
    },
    terms.DISAGREEMENT: {
        **_COMMON,
        terms.LABEL: _Property(values.in_a_language, 1, None),
        terms.BETWEEN: _Property(values.statement, 2, None),
    },
}


def wrong_with(entry: Entry, base: str) -> Iterator[tuple[Message, int]]:
    """Yield what is wrong with an entry apart from its statements, each with a line."""
    if entry.node.value.startswith(tuple(f"{base}id/{kind}/" for kind in RESERVED)):
        yield (
            both("an entry can't have an IRI that the build gives; write <id/evidence/…> or <id/disagreement/…>"),
            entry.line,
        )
    yield from _wrong_properties(entry)
    yield from _wrong_quotation(entry)
    yield from _wrong_support(entry)
    yield from _wrong_basis(entry)


def _wrong_properties(entry: Entry) -> Iterator[tuple[Message, int]]:
    known = _PROPERTIES.get(entry.one(terms.TYPE))
    if known is None:
        yield both("an entry is a vg:Evidence or a vg:Disagreement; say so with: a vg:Evidence"), entry.line
        return
    for predicate, found in entry.values.items():
        name = values.name_of(predicate)
        if predicate not in known:
            names = ", ".join(values.name_of(term) for term in known)
            yield (
                both("{property} has no place in this entry; known are: {known}", property=name, known=names),
                found[0][1],
            )
            continue
        yield from ((message, line) for value, line in found if (message := known[predicate].check(name, value)))
        if (most := known[predicate].most) and len(found) > most:
            yield both("{property} stands here more than once; keep one", property=name), found[-1][1]
    for predicate, rule in known.items():
        if len(entry.values.get(predicate, ())) < rule.least:
            name = values.name_of(predicate)
            if rule.least > 1:
                yield both("this entry needs {property} at least twice; add what is missing", property=name), entry.line
            else:
                yield both("this entry has no {property}; add it", property=name), entry.line


def _wrong_quotation(entry: Entry) -> Iterator[tuple[Message, int]]:
    """Yield what is wrong with a quotation and its place: an offset in a text, or a place on paper and who saw it there."""
    exact, start, end = (entry.one(predicate) for predicate in (terms.EXACT, terms.START, terms.END))
    if (start is None) != (end is None) or (start and exact is None):
        message = both(
            "where a quotation stands in a text is oa:start and oa:end together, with oa:exact; add what is missing, or leave "
            "out both"
        )
        yield message, entry.line
    elif exact is None and (entry.one(terms.PREFIX) or entry.one(terms.SUFFIX)):
        yield (
            both("oa:prefix and oa:suffix stand around a quotation, and there is none; add it, or leave them out"),
            entry.line,
        )
    elif exact and start is None:
        yield from _wrong_paper(entry)
    if terms.HAS_SOURCE not in entry.values and (known := [each for each in (*PLACES, *SEEN) if each in entry.values]):
        message = both(
            "{property} says where something stands in a source, or who saw it there, and there is no oa:hasSource; name the "
            "source, or leave it out",
            property=values.name_of(known[0]),
        )
        yield message, entry.values[known[0]][0][1]


def _wrong_paper(entry: Entry) -> Iterator[tuple[Message, int]]:
    """Yield what a quotation lacks that no text can be compared with."""
    line = entry.values[terms.EXACT][0][1]
    if not any(place in entry.values for place in PLACES):
        yield (
            both(
                "it isn't said where the quotation stands: of a text that is at hand write oa:start and oa:end; of a scan or of "
                "paper, vg:page, vg:pdfPage, vg:folio or vg:paragraph"
            ),
            line,
        )
    elif missing := [values.name_of(each) for each in SEEN if each not in entry.values]:
        message = both(
            "a quotation that no text can be compared with needs {property}: write who saw the original (vg:seenBy), and when "
            "(vg:seenOn)",
            property=missing[0],
        )
        yield message, line


def _wrong_support(entry: Entry) -> Iterator[tuple[Message, int]]:
    """Yield what is wrong with the way in which an entry supports: it is one, named or in the property of what it says."""
    ways = [way for way in (*terms.STATING, terms.SUPPORT_KIND) if way in entry.values]
    if ways and ways[0] in terms.STATING and terms.SUPPORTS in entry.values:
        ways.append(terms.SUPPORTS)
    if len(ways) > 1:
        one, other = map(values.name_of, ways[:2])
        message = both(
            "an entry supports in one way, and here are {one} and {other}; keep one, and write another entry for what the other "
            "says",
            one=one,
            other=other,
        )
        yield message, entry.values[ways[1]][0][1]
    elif terms.SUPPORTS in entry.values and not ways:
        yield both(APART), entry.line


def _wrong_basis(entry: Entry) -> Iterator[tuple[Message, int]]:
    """Yield what is wrong with what evidence rests on."""
    if entry.one(terms.TYPE) == terms.EVIDENCE and (terms.HAS_SOURCE in entry.values) == (
        terms.DERIVED_FROM in entry.values
    ):
        yield (
            both(
                "an entry rests on one source (oa:hasSource) or, as an inference, on its premises (prov:wasDerivedFrom); "
                "name one of the two"
            ),
            entry.line,
        )
