"""What a redaction takes away: resources, single statements, words; and what falls with them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final, Self, TypeAlias

import pyoxigraph
from pyoxigraph import RdfFormat

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import expand
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.rdf.syntax import turtle
from vertragsgraph.register.names import statement_iri
from vertragsgraph.release.contents.reifiers import REIFIED, described
from vertragsgraph.release.errors import failure
from vertragsgraph.release.redaction.mentions import Names
from vertragsgraph.texts import both

Line: TypeAlias = tuple[str, str, str]
"""Subject, predicate and object of a triple as N-Triples terms."""

_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_WHOLE: Final = re.compile(r"<([^>]*?/id/[^/>]+/[^/#>]+)")
_ANNOTATED: Final = tuple(map(str, (terms.ANNOTATED_SOURCE, terms.ANNOTATED_PROPERTY, terms.ANNOTATED_TARGET)))
_HAS_EVIDENCE: Final = str(terms.HAS_EVIDENCE)
_BETWEEN: Final = str(terms.BETWEEN)
_DERIVED_FROM: Final = str(terms.DERIVED_FROM)


@dataclass(frozen=True)
class Redaction:
    """What has to go: IRIs (and all whose IRI goes on from them with `/` or `#`), statements, words in literals.

    `fallen` are resources that have nothing to say without them, `renamed` the nodes that describe a statement whose words
    change, since their IRI is made of it.
    """

    iris: tuple[str, ...]
    statements: frozenset[Line]
    words: Names
    fallen: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, targets: Iterable[str], words: Iterable[str], prefixes: Mapping[str, str], base: str) -> Self:
        """Read targets: each an IRI, absolute or with one of the prefixes, or a statement in Turtle.

        Raises `ReleaseError` for anything else, and where nothing is named.
        """
        iris: list[str] = []
        statements: list[Line] = []
        for target in targets:
            if iri := iri_of(target, prefixes):
                iris.append(iri)
            else:
                statements += _statements(target, prefixes, base)
        removed = Names(words)
        if not (iris or statements or removed):
            raise failure(both("name at least one IRI, statement or text that has to go"), None)
        return cls(tuple(iris), frozenset(statements), removed)

    def complete(self, triples: Path, base: str) -> Self:
        """Return the redaction with what falls with it, from the release's sorted N-Triples.

        These are the nodes that describe a statement or a link that goes (RDF reification, OWL annotation), and the
        evidence that proves nothing but such statements; otherwise they would still say what was taken away. An inference
        falls with any of its premises, of which its reasoning speaks.
        """
        fallen: set[str] = set()
        renamed: dict[str, str] = {}
        needed: dict[str, bool] = {}
        premises = defaultdict[str, list[str]](list)
        for subject, group in nt.grouped(nt.read(triples)):
            for triple in _described(group):
                after = self.line(*triple)
                if after is None:
                    fallen.add(subject[1:-1])
                elif after != triple and subject == str(_node(triple, base)):
                    renamed[subject] = str(_node(after, base))
        for subject, group in nt.grouped(nt.read(triples)) if fallen or self.iris else ():
            for predicate, value in group:
                if predicate in {_HAS_EVIDENCE, _BETWEEN}:
                    evidence, node = (value, subject) if predicate == _HAS_EVIDENCE else (subject, value)
                    needed[evidence] = needed.get(evidence, False) or node[1:-1] not in fallen
                elif predicate == _DERIVED_FROM:
                    premises[subject].append(value)
        inferences = {node: of for node, of in premises.items() if node in needed}
        fallen.update(evidence[1:-1] for evidence in _falling(needed, inferences, self.names_target))
        return replace(self, fallen=frozenset(fallen), renamed=renamed)

    def line(self, subject: str, predicate: str, value: str) -> Line | None:
        """Return a triple as it may stay, None where it has to go."""
        line = (subject, predicate, value)
        if line in self.statements or self.names_target(f"{subject} {predicate} {value}"):
            return None
        if self.fallen and not self.fallen.isdisjoint(map(whole, line)):
            return None
        if value[0] == '"' and self.words:
            text, language, datatype = nt.literal(value)
            before = nt.unescaped(text)
            if (after := self.words.without(before)) != before:
                if datatype:
                    return None  # a date or a number with a mark in it is none
                value = str(pyoxigraph.Literal(after, language=language or None))
        return self.renamed.get(subject, subject), predicate, self.renamed.get(value, value)

    def lines(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield the N-Triples lines that may stay, as they may; those with other words are no longer in order."""
        for line in lines:
            if after := self.line(*nt.parts(line)):
                yield f"{' '.join(after)} .\n"

    def names_target(self, text: str) -> bool:
        """Tell whether one of the IRIs stands in a text."""
        return self._pattern is not None and self._pattern.search(text) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        # What goes on with a letter, digit, hyphen or % is another IRI.
        return re.compile(f"(?:{'|'.join(map(re.escape, self.iris))})(?![\\w%-])") if self.iris else None


def iri_of(text: str, prefixes: Mapping[str, str]) -> str | None:
    """Return the IRI that a text is, absolute (also in angle brackets) or with a prefix; None where it is none."""
    text = text.strip()
    prefix, colon, name = text.partition(":")
    if colon and prefix in prefixes and re.fullmatch(r"[^\s<>\"]+", name):
        return expand(text, prefixes)
    absolute = text.removeprefix("<").removesuffix(">")
    return absolute if _IRI.fullmatch(absolute) else None


def whole(term: str) -> str:
    """Return the IRI of the resource of a register that a term belongs to, the term without brackets for any other.

    >>> whole("<https://example.org/id/evidence/a/quote>")
    'https://example.org/id/evidence/a'
    """
    found = _WHOLE.match(term)
    return found[1] if found else term[1:-1]


def _falling(needed: dict[str, bool], inferences: Mapping[str, list[str]], goes: Callable[[str], bool]) -> set[str]:
    """Return the evidence that falls: what nothing needs that stays, and inferences of which a premise goes.

    `needed` says of evidence whether it proves a statement that stays; a premise is needed, too, where its inference stays.
    """
    staying = {node for node, premises in inferences.items() if needed[node] and not any(map(goes, premises))}
    for node, premises in inferences.items():
        for premise in premises:
            needed[premise] = needed.get(premise, False) or node in staying
    return {node for node, still in needed.items() if not still} | (inferences.keys() - staying)


def _described(group: nt.Group) -> Iterator[Line]:
    """Yield the triples that a node describes."""
    for parts in (REIFIED, _ANNOTATED):
        yield from described(group, parts)


def _node(line: Line, base: str) -> pyoxigraph.NamedNode:
    return statement_iri(nt.triple_of(f"{' '.join(line)} ."), base)


def _statements(text: str, prefixes: Mapping[str, str], base: str) -> list[Line]:
    document = f"{turtle.declarations(prefixes)}{text.strip().removesuffix('.').rstrip()} ."
    try:
        found = [quad.triple for quad in pyoxigraph.parse(document, RdfFormat.TURTLE, base_iri=base)]
    except SyntaxError:
        found = []
    if not found:
        message = both(
            '"{target}" is neither an IRI, absolute or with a prefix of the register, nor a statement in Turtle '
            "(<s> <p> <o>)",
            target=text,
        )
        raise failure(message, None)
    return [(str(triple.subject), str(triple.predicate), str(triple.object)) for triple in found]
