"""Evidence as keepers write it: compact entries, read and checked (docs/evidence.md, "What a keeper writes")."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from vertragsgraph.finding import Complaints, Finding, Place
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import shorten
from vertragsgraph.rdf.terms import Node
from vertragsgraph.register.names import RESERVED
from vertragsgraph.sources import read_statements
from vertragsgraph.texts import Language, both

RULE: Final = "evidence"

_COUNT: Final = re.compile("[0-9]{1,15}")

Message: TypeAlias = dict[Language, str]
Check: TypeAlias = Callable[[str, Node], Message | None]
"""Takes the name of a property and a value, and says what is wrong with the value."""
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


def _name(term: NamedNode) -> str:
    return shorten(term.value) or str(term)


def _iri(name: str, value: Node) -> Message | None:
    if isinstance(value, NamedNode):
        return None
    return both("{property} takes an IRI, not {value}", property=name, value=value)


def _support_kind(name: str, value: Node) -> Message | None:
    if value in terms.SUPPORT_KINDS:
        return None
    known = ", ".join(_name(kind) for kind in terms.SUPPORT_KINDS)
    return both("{property} is one of {known}, not {value}", property=name, known=known, value=value)


def _integer(name: str, value: Node) -> Message | None:
    if isinstance(value, Literal) and value.datatype == terms.INTEGER and _COUNT.fullmatch(value.value):
        return None
    return both("{property} takes a whole number from 0, not {value}", property=name, value=value)


def _day(name: str, value: Node) -> Message | None:
    if isinstance(value, Literal) and value.datatype == terms.DATE:
        return None
    return both('{property} takes a day such as "2026-11-22"^^xsd:date, not {value}', property=name, value=value)


def _plain(name: str, value: Node) -> Message | None:
    if isinstance(value, Literal) and value.datatype == terms.STRING and value.value:
        return None
    return both("{property} takes a plain string without a language tag, not {value}", property=name, value=value)


def _in_a_language(name: str, value: Node) -> Message | None:
    if isinstance(value, Literal) and value.language:
        return None
    return both("{property} takes a text with its language such as @de, not {value}", property=name, value=value)


def _statement(name: str, value: Node) -> Message | None:
    if isinstance(value, BlankNode):
        return None
    return both(
        "{property} takes a statement in brackets, [ rdf:subject … ; rdf:predicate … ; rdf:object … ], not {value}",
        property=name,
        value=value,
    )


@dataclass(frozen=True)
class _Property:
    check: Check
    least: int = 1
    most: int | None = 1


_COMMON: Final = {
    terms.TYPE: _Property(_iri),
    terms.CREATOR: _Property(_iri),
    terms.DAY: _Property(_day),
    terms.COMMENT: _Property(_in_a_language, 0, None),
}
_PROPERTIES: Final[Mapping[Node | None, Mapping[NamedNode, _Property]]] = {
    terms.EVIDENCE: {
        **_COMMON,
        terms.SUPPORTS: _Property(_statement, 0, None),
        terms.SUPPORT_KIND: _Property(_support_kind, 0),
        terms.HAS_SOURCE: _Property(_iri, 0),
        terms.DERIVED_FROM: _Property(_iri, 0, None),
        terms.EXACT: _Property(_plain, 0),
        terms.START: _Property(_integer, 0),
        terms.END: _Property(_integer, 0),
        terms.PREFIX: _Property(_plain, 0),
        terms.SUFFIX: _Property(_plain, 0),
    },
    terms.DISAGREEMENT: {
        **_COMMON,
        terms.LABEL: _Property(_in_a_language, 1, None),
        terms.BETWEEN: _Property(_statement, 2, None),
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
    for predicate, values in entry.values.items():
        name = _name(predicate)
        if predicate not in known:
            names = ", ".join(_name(term) for term in known)
            yield (
                both("{property} has no place in this entry; known are: {known}", property=name, known=names),
                values[0][1],
            )
            continue
        yield from ((message, line) for value, line in values if (message := known[predicate].check(name, value)))
        if (most := known[predicate].most) and len(values) > most:
            yield both("{property} stands here more than once; keep one", property=name), values[-1][1]
    for predicate, rule in known.items():
        if len(entry.values.get(predicate, ())) < rule.least:
            name = _name(predicate)
            if rule.least > 1:
                yield both("this entry needs {property} at least twice; add what is missing", property=name), entry.line
            else:
                yield both("this entry has no {property}; add it", property=name), entry.line


def _wrong_quotation(entry: Entry) -> Iterator[tuple[Message, int]]:
    quotation = [entry.one(predicate) for predicate in (terms.EXACT, terms.START, terms.END)]
    if any(quotation) and not all(quotation):
        yield (
            both("a quotation is oa:exact, oa:start and oa:end together; add what is missing, or leave out all three"),
            entry.line,
        )
    elif not any(quotation) and (entry.one(terms.PREFIX) or entry.one(terms.SUFFIX)):
        yield (
            both("oa:prefix and oa:suffix stand around a quotation, and there is none; add it, or leave them out"),
            entry.line,
        )


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
