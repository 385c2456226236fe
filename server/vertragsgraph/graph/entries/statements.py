"""What stands in the brackets of entries, and in annotations: statements, or what is wrong with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from vertragsgraph.graph.entries.entry import Annotation, Entry, is_entry
from vertragsgraph.graph.entries.values import Message
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.terms import Node
from vertragsgraph.register.names import RESERVED
from vertragsgraph.sources import Statement
from vertragsgraph.texts import both

Parts: TypeAlias = list[tuple[NamedNode, Node, int]]
"""What stands in brackets: predicate, object, line."""
_NAMED: Final = (terms.SUPPORTS, terms.BETWEEN)
_OF_A_TRIPLE: Final = {terms.PREDICATE, terms.OBJECT}


class Brackets:
    """What stands in the brackets of a file that nothing has claimed yet."""

    def __init__(self) -> None:
        self._parts: defaultdict[BlankNode, Parts] = defaultdict(list)

    def add(self, node: BlankNode, predicate: NamedNode, value: Node, line: int) -> None:
        """Note a triple about brackets."""
        self._parts[node].append((predicate, value, line))

    def take(self, node: Node) -> Parts:
        """Return what stands in brackets; they, and all brackets in them, are claimed then."""
        parts = self._parts.pop(node, []) if isinstance(node, BlankNode) else []
        inner = [value for _, value, _ in parts]
        while inner:
            if isinstance(value := inner.pop(), BlankNode):
                inner += (value for _, value, _ in self._parts.pop(value, []))
        return parts

    def lines(self) -> Iterator[int]:
        """Yield for all brackets that nothing has claimed the lines on which they begin."""
        return (parts[0][2] for parts in self._parts.values())


def read_statements_of(entry: Entry, brackets: Brackets, base: str) -> Iterator[tuple[Message, int]]:
    """Note the statements that an entry names or says; yield what is wrong with them, each with its line."""
    stating = [way for way in terms.STATING if way in entry.values]
    for property, found in entry.values.items():
        for value, line in found:
            parts = brackets.take(value)
            if not isinstance(value, BlankNode):
                continue
            read: Iterable[Statement | tuple[Message, int]] = ()
            if property in terms.STATING:
                read = _said(parts, line, base)
            elif property in _NAMED:
                read = [_named(parts, line)]
            for each in read:
                if isinstance(each, Statement):
                    entry.statements.append(each)
                else:
                    yield each
    if stating:
        entry.asserted = entry.statements
        entry.values[terms.SUPPORT_KIND] += [
            (terms.STATING[way], line) for way in stating for _, line in entry.values.pop(way)[:1]
        ]


def _named(parts: Parts, line: int) -> Statement | tuple[Message, int]:
    """Return the statement of brackets that give its three parts."""
    named = {predicate: term for predicate, term, _ in parts}
    subject, predicate, target = (named.get(part) for part in (terms.SUBJECT, terms.PREDICATE, terms.OBJECT))
    if (
        len(parts) == len(named) == 3
        and isinstance(subject, NamedNode)
        and isinstance(predicate, NamedNode)
        and isinstance(target, NamedNode | Literal)
    ):
        return Statement(Triple(subject, predicate, target), line, line)
    message = both("a statement is one rdf:subject, one rdf:predicate, one rdf:object, each an IRI or literal")
    return message, parts[0][2] if parts else line


def _said(parts: Parts, line: int, base: str) -> Iterator[Statement | tuple[Message, int]]:
    """Yield the statements of brackets that say of a subject what a passage says of it."""
    first = parts[0][2] if parts else line
    subjects = [(term, at) for predicate, term, at in parts if predicate == terms.SUBJECT]
    if not subjects:
        yield both("it isn't said what these brackets are about; begin them with rdf:subject"), first
        return
    subject, at = subjects[0]
    if len(subjects) > 1 or not isinstance(subject, NamedNode):
        yield both("brackets are about one rdf:subject, an IRI; write others for another"), subjects[-1][1]
    elif is_entry(subject.value, base) or subject.value.startswith(tuple(f"{base}id/{kind}/" for kind in RESERVED)):
        yield both("a passage says something of resources of the register, not of evidence for them"), at
    elif wrong := [at for predicate, _, at in parts if predicate in _OF_A_TRIPLE]:
        message = both(
            "rdf:predicate and rdf:object stand in brackets of vg:supports; here stand the properties themselves, "
            "[ rdf:subject … ; vg:partner … ]"
        )
        yield message, wrong[0]
    elif wrong := [at for _, value, at in parts if not isinstance(value, NamedNode | Literal)]:
        yield both("what a passage says of a resource is an IRI or a literal, without brackets of its own"), wrong[0]
    elif len(parts) == 1:
        yield both("nothing is said of the rdf:subject; add properties and values, or take the brackets away"), at
    else:
        yield from (
            Statement(Triple(subject, predicate, value), line, at)
            for predicate, value, line in parts
            if predicate != terms.SUBJECT and isinstance(value, NamedNode | Literal)
        )


def read_annotation(parts: Parts) -> Iterator[Annotation | tuple[Message, int]]:
    """Yield which entries of evidence an annotation gives to its statement."""
    line = parts[0][2]
    triples = [value for predicate, value, _ in parts if predicate == terms.REIFIES]
    entries = [
        value for predicate, value, _ in parts if predicate == terms.HAS_EVIDENCE and isinstance(value, NamedNode)
    ]
    triple = triples[0]
    if (
        len(triples) == 1
        and entries
        and len(parts) == 1 + len(entries)
        and isinstance(triple, Triple)
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, NamedNode | Literal)
    ):
        yield from (Annotation(entry, Statement(triple, line, line)) for entry in entries)
    else:
        message = both(
            "an annotation says which evidence a statement has, and nothing else: {example}",
            example="{| vg:evidence evidence:… |}",
        )
        yield message, line
