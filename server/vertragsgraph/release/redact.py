"""Which statements a redaction takes away: those with an IRI anywhere in them, or single ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import pyoxigraph
from pyoxigraph import RdfFormat

from vertragsgraph.release import lines as nt
from vertragsgraph.release.errors import failure
from vertragsgraph.texts import both

_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_REIFIED = tuple(f"<{nt.RDF}{name}>" for name in ("subject", "predicate", "object"))


@dataclass(frozen=True)
class Redaction:
    """What has to go: IRIs (and all whose IRI goes on from them with `/` or `#`), and statements as `s p o`."""

    iris: tuple[str, ...]
    statements: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, targets: Iterable[str]) -> Self:
        """Read targets: each an absolute IRI, or a statement in N-Triples syntax.

        Raises `ReleaseError` for anything else, or for none.
        """
        iris, statements = [], []
        for target in targets:
            if _IRI.fullmatch(target.strip().removeprefix("<").removesuffix(">")):
                iris.append(target.strip().removeprefix("<").removesuffix(">"))
            else:
                statements.append(_statement(target))
        if not iris and not statements:
            raise failure(both("name at least one IRI or statement that has to go"), None)
        return cls(tuple(iris), tuple(statements))

    def with_descriptions(self, lines: Iterable[str]) -> Self:
        """Return the redaction extended by the resources that describe one of its statements (RDF reification).

        Otherwise evidence would still say what was taken away.
        """
        wanted = set(self.statements)
        found = [
            subject[1:-1]
            for subject, group in nt.grouped(lines)
            if wanted.intersection(_described(group)) and subject[0] == "<"
        ]
        return type(self)((*self.iris, *found), self.statements)

    def without(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield the N-Triples lines that may stay."""
        mentioned = self._pattern()
        gone = set(self.statements)
        for line in lines:
            if mentioned is not None and mentioned.search(line):
                continue
            if gone and tuple(line[:-3].split(" ", 2)) in gone:
                continue
            yield line

    def mentioned_in(self, text: str) -> bool:
        """Tell whether one of the IRIs stands in a text."""
        pattern = self._pattern()
        return pattern is not None and pattern.search(text) is not None

    def _pattern(self) -> re.Pattern[str] | None:
        # What goes on with a letter, digit, hyphen or % is another IRI.
        return re.compile(f"(?:{'|'.join(map(re.escape, self.iris))})(?![\\w%-])") if self.iris else None


def _described(group: nt.Group) -> set[tuple[str, str, str]]:
    subjects, predicates, objects = ([value for name, value in group if name == part] for part in _REIFIED)
    return {(s, p, o) for s in subjects for p in predicates for o in objects}


def _statement(text: str) -> tuple[str, str, str]:
    line = text.strip().removesuffix(".").rstrip() + " ."
    try:
        subject, predicate, value = next(pyoxigraph.parse(line, RdfFormat.N_TRIPLES)).triple
    except (SyntaxError, StopIteration) as error:
        message = both('"{target}" is neither an absolute IRI nor a statement in N-Triples (<s> <p> <o>)', target=text)
        raise failure(message, None) from error
    return str(subject), str(predicate), str(value)
