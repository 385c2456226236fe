"""Mistakes that make a hundred others: a misspelt namespace, a misspelt kind of resources, another base.

Each is one finding, and what follows from it is not looked at before it is mended.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.finding import Finding, Place
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import MOST
from vertragsgraph.rdf.curie import namespace_of
from vertragsgraph.rdf.namespaces import VG, WELL_KNOWN
from vertragsgraph.rdf.syntax.ntriples import triple_of
from vertragsgraph.register import Register
from vertragsgraph.sources.term_names import compact, like
from vertragsgraph.texts import LANGUAGES, Language, both

RULE: Final = "namespaces"
REMEMBERED: Final = 10_000
SAMPLES: Final = 20
OWN_CLASS: Final = f"<{VG}".encode()
CLOSE: Final = 0.78
"""How like two names are of which one is taken for a misspelling of the other (0 to 1)."""


@dataclass
class _Misspelt:
    """A namespace, the one that was meant, and the statements that use it: the first, and how many."""

    namespace: str
    meant: str
    first: bytes
    count: int = 0


class Namespaces:
    """Notes the namespaces of properties and classes, and what is described outside of the register's base."""

    def __init__(self, register: Register, terms: Iterable[str]) -> None:
        self._register = register
        self._base = f"<{register.base}".encode()
        self._known = {*WELL_KNOWN.values(), *map(namespace_of, terms)}
        self._meant = lru_cache(REMEMBERED)(self._find_meant)
        self._misspelt: dict[str, _Misspelt] = {}
        self._foreign: list[NamedNode] = []
        self._below = f"<{register.iri('id/')}".encode()
        self._quoted: defaultdict[bytes, set[bytes]] = defaultdict(set)

    def note(self, term: bytes, line: bytes) -> None:
        """Note a property or class and the line of N-Triples in which it stands."""
        if meant := self._meant(term):
            namespace = namespace_of(term[1:-1].decode())
            self._misspelt.setdefault(namespace, _Misspelt(namespace, meant, line)).count += 1

    def note_type(self, subject: bytes, line: bytes, target: bytes) -> None:
        """Note what a resource is."""
        self.note(target, line)
        if target.startswith(OWN_CLASS) and not subject.startswith(self._base) and len(self._foreign) < MOST:
            self._foreign.append(NamedNode(subject[1:-1].decode()))

    def note_quoted(self, term: bytes) -> None:
        """Note a resource of which evidence speaks."""
        if term.startswith(self._below):
            names = self._quoted[term[: term.rindex(b"/")]]
            if len(names) < SAMPLES:
                names.add(term)

    @property
    def quoted(self) -> list[NamedNode]:
        """Some of the resources of each kind of which evidence speaks."""
        return [NamedNode(name[1:-1].decode()) for names in self._quoted.values() for name in names]

    def _find_meant(self, term: bytes) -> str:
        namespace = namespace_of(term[1:-1].decode())
        if namespace in self._known:
            return ""
        return next((known for known in sorted(self._known) if _is_misspelling(namespace, known)), "")

    def findings(self, places: Places) -> Iterator[Finding]:
        """Yield a finding for each namespace that is misspelt, and for each file that has another base."""
        misspelt = [(item, triple_of(item.first)) for item in self._misspelt.values()]
        places.look_up(triples=[triple for _, triple in misspelt], nodes=self._foreign)
        for item, triple in misspelt:
            message = both(
                "unknown namespace {namespace}; did you mean {near}?", namespace=item.namespace, near=item.meant
            )
            place = places.of_triple(triple)
            yield Finding(_with_count(message, item.count), place, rule=RULE, focus=str(triple.subject))
        by_file: defaultdict[object, list[tuple[Place | None, NamedNode]]] = defaultdict(list)
        for node in self._foreign:
            place = places.of_node(node)
            by_file[place.file if place else None].append((place, node))
        for nodes in by_file.values():
            place, node = min(nodes, key=lambda found: found[0] or Place(self._register.folder))
            message = both(
                "{resource} lies outside of the register's base {base}; write relative IRIs such as {example}",
                resource=str(node),
                base=self._register.base,
                example="<id/contract/…>",
            )
            yield Finding(_with_count(message, len(nodes)), place, rule=RULE, focus=str(node))


def _is_misspelling(namespace: str, known: str) -> bool:
    """Tell whether two namespaces differ in one step only, and there by little.

    >>> _is_misspelling("http://schema.org/", "https://schema.org/"), _is_misspelling("http://a.org/oa#", "http://a.org/org#")
    (True, False)
    """
    mine, its = (re.split("[/#]", iri.casefold()) for iri in (namespace, known))
    if len(mine) != len(its):
        return False
    differing = [(one, other) for one, other in zip(mine, its, strict=True) if one != other]
    return len(differing) < 2 and all(like(one, [other], CLOSE) for one, other in differing)


def misspelt_kinds(
    lost: Iterable[NamedNode],
    quoted: Iterable[NamedNode],
    described: Callable[[], Iterable[str]],
    terms: Iterable[str],
    places: Places,
    register: Register,
) -> Iterator[Finding]:
    """Yield a finding for each kind that is like another, and has resources that are named as those of the other.

    `lost` are resources that nothing describes, `quoted` some that evidence speaks of, `described` gives the IRIs of all
    that something describes. Right is the kind that has the name of a class (one of `terms`), else that of which there is
    more.
    """
    sizes = Counter(namespace_of(iri) for iri in described())
    classes = {register.iri(f"id/{term.rpartition('#')[2].lower()}/") for term in terms}
    by_name: defaultdict[str, list[NamedNode]] = defaultdict(list)
    for node in {*lost, *(node for node in quoted if not sizes[namespace_of(node.value)])}:
        by_name[node.value.removeprefix(namespace_of(node.value))].append(node)
    pairs: defaultdict[tuple[str, str], list[NamedNode]] = defaultdict(list)
    for iri in described():
        for node in by_name.get(iri.removeprefix(namespace_of(iri)), ()):
            if like(_name(namespace_of(iri), register), [_name(namespace_of(node.value), register)], CLOSE):
                kinds = [namespace_of(iri), namespace_of(node.value)]
                wrong, meant = sorted(kinds, key=lambda kind: (kind in classes, sizes[kind]))
                pairs[wrong, meant].append(NamedNode(wrong + iri.removeprefix(namespace_of(iri))))
    places.look_up(nodes=[nodes[0] for nodes in pairs.values()])
    for (wrong, meant), nodes in pairs.items():
        message = both(
            "{resource}: there is no kind {kind}; did you mean {near}?",
            resource=compact(nodes[0], register),
            kind=_name(wrong, register),
            near=_name(meant, register),
        )
        yield Finding(_with_count(message, len(nodes)), places.of_node(nodes[0]), rule=RULE, focus=str(nodes[0]))


def _name(kind: str, register: Register) -> str:
    return kind.removeprefix(register.iri("id/")).rstrip("/")


def _with_count(message: dict[Language, str], count: int) -> dict[Language, str]:
    """Return a message with how many more there are."""
    if count < 2:
        return message
    more = both("(and {count} more)", count=count - 1)
    return {language: f"{message[language]} {more[language]}" for language in LANGUAGES}
