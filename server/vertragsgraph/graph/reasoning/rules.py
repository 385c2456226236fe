"""Rules: what follows from what. Each can be read, and run, as a SPARQL CONSTRUCT query.

Most rules ask for one triple only (`x` is a minister's office, so it is an office). What follows from a triple by all of
these together depends on its predicate alone (for `rdf:type`, on the class), so it is worked out once for each predicate
and then written beside every triple that has it. The other rules join two triples or more, or name a certain resource.
Those that the ontology declares by annotations join triples of one subject.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from vertragsgraph.rdf.namespaces import RDF

Atom: TypeAlias = tuple[str, str, str]
"""A triple pattern; terms as in N-Triples, variables as in SPARQL."""

TYPE: Final = f"<{RDF}type>"
TYPE_BYTES: Final = TYPE.encode()
ANONYMOUS: Final = "urn:anonymous:"
"""Classes and properties without an IRI, such as restrictions, have one of these in rules; no result shows them."""


@dataclass(frozen=True, order=True)
class Rule:
    """Where `body` holds, `head` does. All variables of the head occur in the body."""

    body: tuple[Atom, ...]
    head: Atom

    @property
    def construct(self) -> str:
        """The rule as a SPARQL query.

        >>> Rule((("?x", "<urn:parent>", "?y"), ("?y", "<urn:brother>", "?z")), ("?x", "<urn:uncle>", "?z")).construct
        'CONSTRUCT { ?x <urn:uncle> ?z } WHERE { ?x <urn:parent> ?y . ?y <urn:brother> ?z }'
        """
        return f"CONSTRUCT {{ {' '.join(self.head)} }} WHERE {{ {' . '.join(map(' '.join, self.body))} }}"

    @property
    def is_simple(self) -> bool:
        """Whether it depends on the predicate (or class) of one triple only whether the rule applies, and what it says."""
        subject, predicate, target = self.body[0]
        asks = is_variable(subject) and (predicate == TYPE or (is_variable(target) and subject != target))
        says = is_variable(self.head[0]) and (self.head[1] == TYPE or not self.head[2].startswith("<"))
        return len(self.body) == 1 and asks and says


def is_variable(term: str) -> bool:
    """Tell whether a term of an atom is a variable."""
    return term.startswith("?")


def kind(atom: Atom) -> str:
    """Return what a triple must have for the atom to fit: its predicate; for `rdf:type`, the class."""
    _, predicate, target = atom
    return f"{TYPE} {target}" if predicate == TYPE else predicate


class Plan(NamedTuple):
    """What is to be written beside a triple, as parts of N-Triples lines."""

    of_subject: tuple[bytes, ...]  # subject + this
    of_object: tuple[bytes, ...]  # object + this
    forward: tuple[bytes, ...]  # subject + this + object
    backward: tuple[bytes, ...]  # object + this + subject


class Rules:
    """A set of rules, and what follows from a triple by those of them that need no other triple.

    `axioms` are those of OWL 2 RL, `declared` those that annotations declare: each is about the triples of one subject,
    `?x`, and runs after the others.
    """

    def __init__(self, axioms: Iterable[Rule], declared: Iterable[Rule] = ()) -> None:
        self.axioms = tuple(sorted(set(axioms)))
        self.declared = tuple(sorted(set(declared)))
        self.joins = tuple(rule for rule in self.axioms if not rule.is_simple)
        self._simple: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.axioms:
            if rule.is_simple:
                self._simple[kind(rule.body[0])].append(rule)

    def kinds(self) -> set[str]:
        """Return the kinds of triples from which something follows."""
        return {kind(atom) for rule in self.axioms for atom in rule.body}

    def plans(self) -> dict[bytes, Plan]:
        """Return for each kind of triple what follows from it alone, without what has no name."""
        found = {}
        for name in self.kinds():
            start = _triple_of(name)
            atoms = [atom for atom in self.closure(start) if atom != start and ANONYMOUS not in "".join(atom)]
            if atoms:
                found[name.encode()] = _plan(atoms)
        return found

    def plans_for_joins(self) -> dict[bytes, Plan]:
        """Return for each kind of triple what it contributes to joins: itself or what follows from it alone."""
        wanted = {kind(atom) for rule in self.joins for atom in rule.body}
        wanted |= {predicate for rule in self.joins for _, predicate, _ in rule.body if predicate != TYPE}
        found = {}
        for name in self.kinds():
            if atoms := [atom for atom in self.closure(_triple_of(name)) if kind(atom) in wanted]:
                found[name.encode()] = _plan(atoms)
        return found

    def closure(self, start: Atom) -> list[Atom]:
        """Return an atom and all that follows from it alone."""
        found = {start: None}  # a dict keeps the order
        waiting = [start]
        while waiting:
            subject, _, target = atom = waiting.pop()
            for rule in self._simple.get(kind(atom), ()):
                known = {rule.body[0][0]: subject, rule.body[0][2]: target}
                new: Atom = (known.get(rule.head[0], rule.head[0]), rule.head[1], known.get(rule.head[2], rule.head[2]))
                if new not in found:
                    found[new] = None
                    waiting.append(new)
        return list(found)


def _triple_of(name: str) -> Atom:
    predicate, _, target = name.partition(" ")
    return ("?x", predicate, target or "?y")


def _plan(atoms: Iterable[Atom]) -> Plan:
    parts: dict[str, list[bytes]] = {"?x": [], "?y": [], "?x?y": [], "?y?x": []}
    for subject, predicate, target in atoms:
        if is_variable(target):
            parts[subject + target].append(f" {predicate} ".encode())
        else:
            parts[subject].append(f" {predicate} {target} .\n".encode())
    return Plan(*(tuple(sorted(part)) for part in parts.values()))
