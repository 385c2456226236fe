"""Evidence as keepers write it: compact entries, read and checked (docs/evidence.md, "What a keeper writes")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from vertragsgraph.finding import Complaints, Finding, Place
from vertragsgraph.graph import values
from vertragsgraph.graph.values import Check, Message
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.terms import Node
from vertragsgraph.register.names import RESERVED
from vertragsgraph.sources import read_statements
from vertragsgraph.texts import both

RULE: Final = "evidence"
PLACES: Final = (terms.PAGE, terms.PDF_PAGE, terms.FOLIO, terms.PARAGRAPH)
"""Where something stands on paper or in a scan."""
SEEN: Final = (terms.SEEN_BY, terms.SEEN_ON)
"""Who saw the original, and when."""

Brackets: TypeAlias = dict[BlankNode, list[tuple[NamedNode, Node, int]]]
"""What stands in brackets that no entry has claimed yet: predicate, object, line."""


@dataclass
class Entry:
    """What a file says about one node: each property with its values and their lines; `line` is where it begins."""

    node: NamedNode
    line: int
    values: dict[NamedNode, list[tuple[Node, int]]] = field(default_factory=lambda: defaultdict(list))
    statements: list[Triple] = field(default_factory=list)

    def one(self, predicate: NamedNode) -> Node | None:
        """Return the first value of a property; `None` where there is none."""
        return next((value for value, _ in self.values.get(predicate, ())), None)


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


def read_entries(path: Path, base: str, complaints: Complaints) -> Iterator[Entry]:
    """Yield the entries of a Turtle file; those that are malformed are complained about and left out.

    The file is read as a stream: an entry ends where the statements about another IRI begin, so an entry that is
    written in two places is taken for two, each incomplete.
    """
    brackets: Brackets = defaultdict(list)
    entry: Entry | None = None
    with complaints.gathered():
        for (subject, predicate, value), line, subject_line in read_statements(path, base):
            if isinstance(subject, BlankNode):
                brackets[subject].append((predicate, value, line))
                continue
            if entry is None or entry.node != subject:
                if entry:
                    yield from _checked(entry, brackets, path, base, complaints)
                entry = Entry(subject, subject_line)
            entry.values[predicate].append((value, line))
        if entry:
            yield from _checked(entry, brackets, path, base, complaints)
        message = both(
            "these brackets belong to no entry; an entry has an IRI, and its statements stand in brackets inside it"
        )
        complaints.extend(Finding(message, Place(path, parts[0][2]), rule=RULE) for parts in brackets.values())


def _checked(entry: Entry, brackets: Brackets, path: Path, base: str, complaints: Complaints) -> Iterator[Entry]:
    """Yield the entry if nothing is wrong with it; what it names is taken out of `brackets`."""
    wrong = [
        *_reserved(entry, base),
        *_read_statements(entry, brackets),
        *_wrong_properties(entry),
        *_wrong_quotation(entry),
        *_wrong_basis(entry),
    ]
    complaints.extend(Finding(message, Place(path, line), rule=RULE, focus=str(entry.node)) for message, line in wrong)
    if not wrong:
        yield entry


def _reserved(entry: Entry, base: str) -> Iterator[tuple[Message, int]]:
    if entry.node.value.startswith(tuple(f"{base}id/{kind}/" for kind in RESERVED)):
        yield (
            both("an entry can't have an IRI that the build gives; write <id/evidence/…> or <id/disagreement/…>"),
            entry.line,
        )


def _read_statements(entry: Entry, brackets: Brackets) -> Iterator[tuple[Message, int]]:
    """Note the statements that an entry names; yield what is wrong with them."""
    for value, line in [*entry.values.get(terms.SUPPORTS, ()), *entry.values.get(terms.BETWEEN, ())]:
        if isinstance(value, BlankNode):
            parts = brackets.pop(value, [])
            named = {predicate: term for predicate, term, _ in parts}
            subject, predicate, target = (named.get(part) for part in (terms.SUBJECT, terms.PREDICATE, terms.OBJECT))
            if (
                len(parts) == len(named) == 3
                and isinstance(subject, NamedNode)
                and isinstance(predicate, NamedNode)
                and isinstance(target, NamedNode | Literal)
            ):
                entry.statements.append(Triple(subject, predicate, target))
            else:
                message = both(
                    "a statement is one rdf:subject, one rdf:predicate, one rdf:object, each an IRI or literal"
                )
                yield message, parts[0][2] if parts else line


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


def _wrong_basis(entry: Entry) -> Iterator[tuple[Message, int]]:
    """Yield what is wrong with what evidence supports and what it rests on; what it says of both is for the shapes to tell."""
    if entry.one(terms.TYPE) != terms.EVIDENCE:
        return
    if (terms.SUPPORTS in entry.values) != (terms.SUPPORT_KIND in entry.values):
        yield (
            both(
                "vg:supports and vg:supportKind go together: add what is missing, or leave out both where the entry is only "
                "a premise of an inference"
            ),
            entry.line,
        )
    if (terms.HAS_SOURCE in entry.values) == (terms.DERIVED_FROM in entry.values):
        yield (
            both(
                "an entry rests on one source (oa:hasSource) or, as an inference, on its premises (prov:wasDerivedFrom); "
                "name one of the two"
            ),
            entry.line,
        )
