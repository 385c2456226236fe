"""Where in the source files something stands.

Nothing is kept about lines while a register is read: when there is a complaint, the files are read again, in one pass
for all complaints together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from vertragsgraph.finding import Place
from vertragsgraph.register import Register
from vertragsgraph.sources.folder import SourceFile, source_files
from vertragsgraph.sources.sssom import read_mappings
from vertragsgraph.sources.syntax import WELL_KNOWN
from vertragsgraph.sources.turtle import SourceError, Statement, read_statements

TYPE: Final = NamedNode(WELL_KNOWN["rdf"] + "type")

Node: TypeAlias = NamedNode | BlankNode | Literal | Triple


class Pattern(NamedTuple):
    """A triple pattern: `None` stands for any term; at least one term is given."""

    subject: Node | None = None
    predicate: Node | None = None
    object: Node | None = None

    def matches(self, triple: Triple) -> bool:
        """Tell whether a triple fits."""
        return all(mine is None or mine == its for mine, its in zip(self, triple, strict=True))


@dataclass(frozen=True)
class Found:
    """Where triples that fit a pattern stand: the first, the last, and the subject of the first."""

    first: Place
    last: Place
    subject: Place


class Locator:
    """Finds the places of triples in a register's sources: Turtle, and mapping files for links.

    Each look-up reads the sources once; what will be needed together is best announced to `find` together.
    """

    def __init__(self, register: Register) -> None:
        self._register = register
        self._found: dict[Pattern, Found | None] = {}

    def find(self, patterns: Iterable[Pattern]) -> None:
        """Look for all these patterns in one pass through the sources."""
        new = {pattern for pattern in patterns if pattern not in self._found}
        if not new:
            return
        wanted = _Wanted(new)
        found: dict[Pattern, Found] = {}
        for file in source_files(self._register):
            for triple, line, subject_line in _statements(file, self._register, wanted):
                here = Place(file.path, line)
                for pattern in wanted.met_by(triple):
                    earlier = found.get(pattern) or Found(here, here, Place(file.path, subject_line))
                    found[pattern] = replace(earlier, last=here)
        self._found |= {pattern: found.get(pattern) for pattern in new}

    def at(self, pattern: Pattern) -> Found | None:
        """Return where triples that fit a pattern stand; nothing where the sources have none."""
        self.find([pattern])
        return self._found[pattern]

    def triple(self, subject: Node, predicate: Node, target: Node) -> Place | None:
        """Return the first place of a triple."""
        found = self.at(Pattern(subject, predicate, target))
        return found.first if found else None

    def subject(self, node: Node) -> Place | None:
        """Return the place where a node is described: the line on which it stands as subject, best where its type is told."""
        typed, described = patterns_of(node)
        self.find([typed, described])
        found = self._found[typed] or self._found[described]
        return found.subject if found else None

    def mention(self, node: Node) -> Place | None:
        """Return the first place at which a node stands as object, else as predicate."""
        as_object, as_predicate = Pattern(object=node), Pattern(predicate=node)
        self.find([as_object, as_predicate])
        found = self._found[as_object] or self._found[as_predicate]
        return found.first if found else None


def patterns_of(node: Node) -> tuple[Pattern, Pattern]:
    """Return the patterns that lead to where a node is described, the better first."""
    return Pattern(node, TYPE), Pattern(node)


class _Wanted:
    """Patterns, arranged by the first term that each of them gives."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._by_term: dict[tuple[int, Node], list[Pattern]] = defaultdict(list)
        for pattern in patterns:
            key = next((position, term) for position, term in enumerate(pattern) if term is not None)
            self._by_term[key].append(pattern)
        self.subjects = {term for position, term in self._by_term if position == 0}
        self.only_subjects = all(position == 0 for position, _ in self._by_term)

    def met_by(self, triple: Triple) -> list[Pattern]:
        """Return the patterns that a triple fits."""
        keys = [key for key in enumerate(triple) if key in self._by_term]
        return [pattern for key in keys for pattern in self._by_term[key] if pattern.matches(triple)]


def _statements(file: SourceFile, register: Register, wanted: _Wanted) -> Iterator[Statement]:
    """Yield the statements of a file that may be wanted; of a file with a syntax error, those before it."""
    with suppress(SourceError):
        if file.role == "links":
            for link in read_mappings(file.path, register.base):
                yield Statement(link.triple, link.line, link.line)
        else:
            yield from read_statements(file.path, register.base, wanted.subjects if wanted.only_subjects else None)
