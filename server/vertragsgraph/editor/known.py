"""What a register has already: its resources by class, their names, and which of them somebody probably means."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from rapidfuzz import fuzz, process, utils

from vertragsgraph.collation import sort_key
from vertragsgraph.gate.checks.evidence import DEMANDS, IN_SCOPE
from vertragsgraph.graph import Graphs
from vertragsgraph.rdf.namespaces import RDFS, SCHEMA, SKOS
from vertragsgraph.rdf.terms import LABELS, TYPE, Node
from vertragsgraph.register import Register
from vertragsgraph.sources import SourceFile, read_turtle, source_files
from vertragsgraph.texts import Language, own_or_translated

LIKE: Final = 87
"""How like (0 to 100) a name must be to another to be shown as a likely double."""
NOWHERE: Final = NamedNode("urn:x-none:")
_SUBCLASS: Final = NamedNode(RDFS + "subClassOf")
_OTHER_NAMES: Final = tuple(
    NamedNode(name)
    for name in (SKOS + "altLabel", SKOS + "hiddenLabel", SCHEMA + "legalName", SCHEMA + "alternateName")
)


@dataclass(frozen=True)
class Name:
    """A resource and what it is called: `texts` by language, `others` beside."""

    iri: str
    texts: Mapping[str, str]
    others: tuple[str, ...] = ()

    def text(self, language: Language) -> str:
        """Return what it is called in a language, else in another, else its IRI."""
        return own_or_translated(self.texts, language) if self.texts else self.iri

    @property
    def all(self) -> set[str]:
        """All that it is called."""
        return {*self.texts.values(), *self.others}


class Known:
    """The resources of a register, as its graphs have them."""

    def __init__(self, register: Register, graphs: Graphs) -> None:
        self._facts: defaultdict[Node, list[tuple[NamedNode, Node]]] = defaultdict(list)
        self._subjects: defaultdict[tuple[NamedNode, Node], list[NamedNode]] = defaultdict(list)
        for path in graphs.paths(IN_SCOPE):
            for quad in parse(path=path, format=RdfFormat.N_TRIPLES):
                self._note(quad.triple)
        self._below: defaultdict[Node, set[Node]] = defaultdict(set)
        self.demanding = {t.subject for t in graphs.ontology if t.predicate == DEMANDS and t.object == Literal(True)}
        for triple in graphs.ontology:
            if triple.predicate == _SUBCLASS:
                self._below[triple.object].add(triple.subject)
            self._facts[triple.subject].append((triple.predicate, triple.object))
        self._described: dict[NamedNode, Path] = {}
        self._files: defaultdict[Node, Counter[Path]] = defaultdict(Counter)
        for file in source_files(register):
            if file.role in IN_SCOPE:
                self._read(file, register.base)
        self._taken = {subject.value for subject in self._facts if isinstance(subject, NamedNode)}
        for path in graphs.paths(("evidence", "tombstones")):
            for quad in parse(path=path, format=RdfFormat.N_TRIPLES):
                self._taken.add(quad.subject.value)

    def _read(self, file: SourceFile, base: str) -> None:
        for triple, _ in read_turtle(file.path, base, file.prefixes):
            if triple.predicate == TYPE and isinstance(triple.subject, NamedNode):
                self._described[triple.subject] = file.path
                self._files[triple.object][file.path] += 1

    def _note(self, triple: Triple) -> None:
        self._facts[triple.subject].append((triple.predicate, triple.object))
        if isinstance(triple.subject, NamedNode):
            self._subjects[triple.predicate, triple.object].append(triple.subject)

    def __contains__(self, iri: str) -> bool:
        """Tell whether an IRI is taken, be it by what was withdrawn."""
        return iri in self._taken

    def has(self, subject: NamedNode, predicate: NamedNode, value: Node) -> bool:
        """Tell whether something is said already."""
        return (predicate, value) in self._facts.get(subject, ())

    def values(self, subject: NamedNode, predicate: NamedNode) -> list[Node]:
        """Return what a property of a resource leads to."""
        return [value for each, value in self._facts.get(subject, ()) if each == predicate]

    def subjects(self, predicate: NamedNode, value: Node) -> list[NamedNode]:
        """Return what has a value under a property."""
        return self._subjects.get((predicate, value), [])

    def is_a(self, resource: Node, classes: Iterable[Node]) -> bool:
        """Tell whether a resource is of one of some classes, or of one below them."""
        return isinstance(resource, NamedNode) and not self._with_below(classes).isdisjoint(self.values(resource, TYPE))

    def name(self, iri: str) -> Name:
        """Return what a resource, a class or a value of the vocabulary is called."""
        facts = self._facts.get(node_of(iri), [])
        texts: dict[str, str] = {}
        for label in LABELS:
            for predicate, value in facts:
                if predicate == label and isinstance(value, Literal):
                    texts.setdefault(value.language or "", value.value)
        return Name(iri, texts, tuple(v.value for p, v in facts if p in _OTHER_NAMES and isinstance(v, Literal)))

    def of(self, classes: Iterable[Node]) -> list[Name]:
        """Return the resources of some classes and of those below them, in the order of their names."""
        iris = {node.value for each in self._with_below(classes) for node in self.subjects(TYPE, each)}
        names = [self.name(iri) for iri in iris]
        return sorted(names, key=lambda name: sort_key(next(iter(name.texts.values()), name.iri)))

    def meant(self, text: str, classes: Iterable[Node]) -> list[Name]:
        """Return the resources of some classes that are called so, whatever the capitals and blanks."""
        wanted = folded(text)
        return [name for name in self.of(classes) if wanted in map(folded, name.all)]

    def alike(self, text: str, classes: Iterable[Node], most: int = 5) -> list[Name]:
        """Return the resources of some classes with a name like a text, the likeliest first."""
        names = {name.iri: name for name in self.of(classes)}
        called = {(iri, each): each for iri, name in names.items() for each in name.all}
        found = process.extract(
            text, called, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=LIKE, limit=4 * most
        )
        return [names[iri] for iri in dict.fromkeys(iri for _, _, (iri, _) in found)][:most]

    def file_of(self, classes: Iterable[Node]) -> Path | None:
        """Return the file in which the most resources of some classes are described; None where there are none."""
        counts = sum((self._files[each] for each in self._with_below(classes) if each in self._files), Counter[Path]())
        return max(counts, key=lambda path: (counts[path], str(path)), default=None)

    def usual(self, classes: Sequence[Node]) -> int:
        """Return the number of the class of which the most resources are, the first of several."""
        counts = [self._files[each].total() if each in self._files else 0 for each in classes]
        return counts.index(max(counts))

    def file_with(self, iri: str) -> Path | None:
        """Return the file that says what a resource is."""
        return self._described.get(node_of(iri))

    def _with_below(self, classes: Iterable[Node]) -> set[Node]:
        found: set[Node] = set()
        waiting = list(classes)
        while waiting:
            if (each := waiting.pop()) not in found:
                found.add(each)
                waiting += self._below.get(each, ())
        return found


def node_of(iri: str) -> NamedNode:
    """Return the node that an IRI names; one that is nowhere for what is none, as anything may be sent."""
    try:
        return NamedNode(iri)
    except ValueError:
        return NOWHERE


def folded(text: str) -> str:
    """Return a name without what is a matter of capitals and blanks."""
    return " ".join(text.casefold().split())
