"""Which resources of a register name which others: in their descriptions, and in the evidence for what is said of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from vertragsgraph.gate.shacl.paths import index_of, read_path, steps
from vertragsgraph.graph import Graphs
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import SH
from vertragsgraph.register import ASSERTED_ROLES, Register

_ROLES: Final = tuple(role for role in ASSERTED_ROLES if role not in {"links", "tombstones"})
_PROPERTY, _PATH, _SEVERITY = (NamedNode(SH + name) for name in ("property", "path", "severity"))
_LEAST, _TARGET = NamedNode(SH + "minCount"), NamedNode(SH + "targetClass")
_MILD: Final = {NamedNode(SH + "Info"), NamedNode(SH + "Warning")}


class Uses:
    """The asserted graphs of a register, as far as they tell what depends on what; IRIs are strings.

    `types`, `names` (labels) and `values` (for each property the resources of the register that it leads to, and "" for
    anything else) are by resource; `users` are those that name it. `ends` are the resources that a statement with evidence is
    about, `about` the other way round; `proves` the statements of an entry of evidence, `entries` the other way round.
    """

    def __init__(self, register: Register, graphs: Graphs) -> None:
        """Read the graphs into memory: a withdrawal is rare, and its plan asks in every direction."""
        self._own = re.compile(re.escape(register.iri("id/")) + r"[^/]+/[^/#]+").fullmatch
        self._statement = register.iri("id/statement/")
        self.types: defaultdict[str, set[str]] = defaultdict(set)
        self.names: defaultdict[str, list[Literal]] = defaultdict(list)
        self.values: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.users: defaultdict[str, set[str]] = defaultdict(set)
        self.ends: defaultdict[str, set[str]] = defaultdict(set)
        self.about: defaultdict[str, set[str]] = defaultdict(set)
        self.proves: defaultdict[str, set[str]] = defaultdict(set)
        self.entries: defaultdict[str, set[str]] = defaultdict(set)
        self.withdrawn: set[str] = set()
        for role in (*_ROLES, "tombstones"):
            for path in graphs.paths([role]):
                for quad in parse(path=path, format=RdfFormat.N_TRIPLES):
                    self._read(quad.triple, role)

    def _read(self, triple: Triple, role: str) -> None:
        subject = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
        value = triple.object.value if isinstance(triple.object, NamedNode) else ""
        if role == "tombstones":
            self.withdrawn.add(subject)
        elif subject.startswith(self._statement):
            self._read_statement(subject, triple.predicate, value)
        elif not self._own(subject):
            return
        elif value.startswith(self._statement):
            self._prove(subject, value)
        else:
            self._describe(subject, triple, value if self._own(value) else "", named=role != "evidence")

    def _read_statement(self, statement: str, predicate: NamedNode, value: str) -> None:
        if predicate == terms.HAS_EVIDENCE:
            self._prove(value, statement)
        elif predicate in {terms.SUBJECT, terms.OBJECT} and self._own(value):
            self.ends[statement].add(value)
            self.about[value].add(statement)

    def _prove(self, entry: str, statement: str) -> None:
        self.proves[entry].add(statement)
        self.entries[statement].add(entry)

    def _describe(self, subject: str, triple: Triple, value: str, *, named: bool) -> None:
        if triple.predicate == terms.TYPE and isinstance(triple.object, NamedNode):
            self.types[subject].add(triple.object.value)
        elif (
            named and triple.predicate in terms.LABELS and isinstance(triple.object, Literal) and triple.object.language
        ):
            self.names[subject].append(triple.object)
        self.values[subject][triple.predicate.value].add(value)
        if value and value != subject:
            self.users[value].add(subject)


def demands(shapes: Sequence[Triple]) -> dict[str, list[frozenset[str]]]:
    """Return for each class of which properties one must be there, or the gate refuses the resource."""
    index = index_of(shapes)
    found: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for about in index.values():
        for shape in about.get(_PROPERTY, ()):
            inner = index.get(shape, {})
            if _LEAST not in inner or _MILD.intersection(inner.get(_SEVERITY, ())):
                continue
            path = read_path(inner[_PATH][0], index)
            begins = list(steps(path)) if path else []
            if begins and not any(inverse for _, inverse in begins):
                for target in about.get(_TARGET, ()):
                    if isinstance(target, NamedNode):
                        found[target.value].append(frozenset(property.value for property, _ in begins))
    return found
