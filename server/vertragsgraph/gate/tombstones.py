"""What stays of a resource that is withdrawn, in Turtle: that it is, since when, why, what it was and what takes its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import AS, DCTERMS, SKOS, XSD
from vertragsgraph.rdf.syntax import ntriples, turtle
from vertragsgraph.register import Register
from vertragsgraph.register.names import kind_of, prefixes_for

FOLDER: Final = "tombstones"
_DELETED, _FORMER = NamedNode(AS + "deleted"), NamedNode(AS + "formerType")
_REPLACED, _REASON = NamedNode(DCTERMS + "isReplacedBy"), NamedNode(SKOS + "changeNote")
_DATE_TIME: Final = NamedNode(XSD + "dateTime")


@dataclass(frozen=True)
class Tombstone:
    """A resource that is withdrawn: its IRI, why (by language), what it was (IRIs), its names, and the IRI of what replaces it."""

    iri: str
    reasons: Mapping[str, str]
    types: Sequence[str] = ()
    names: Sequence[Literal] = ()
    replaced_by: str = ""
    deleted: datetime = field(default_factory=lambda: datetime.now(UTC))

    def triples(self) -> Iterator[Triple]:
        """Yield what the tombstone says."""
        node = NamedNode(self.iri)
        yield Triple(node, terms.TYPE, terms.TOMBSTONE)
        yield Triple(node, _DELETED, Literal(f"{self.deleted.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", datatype=_DATE_TIME))
        yield from (Triple(node, terms.LABEL, name) for name in self.names)
        yield from (Triple(node, _FORMER, NamedNode(kind)) for kind in self.types)
        yield from (Triple(node, _REASON, Literal(text, language=tag)) for tag, text in self.reasons.items())
        if self.replaced_by:
            yield Triple(node, _REPLACED, NamedNode(self.replaced_by))


def in_turtle(
    tombstones: Iterable[Tombstone], register: Register, declared: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return tombstones as a source file has them, with the prefixes that they use and that aren't declared so yet."""
    lines = [line for each in tombstones for line in ntriples.from_triples(each.triples())]
    iris = {term[1:-1] for line in lines for term in ntriples.parts(line) if term.startswith("<")}
    prefixes = prefixes_for(register.base, {kind for iri in iris if (kind := kind_of(iri, register.base))})
    written = turtle.Terms(prefixes)
    body = "".join(turtle.blocks(lines, written))
    missing = {name: prefixes[name] for name in sorted(written.used) if declared.get(name) != prefixes[name]}
    return turtle.declarations({name: space.removeprefix(register.base) for name, space in missing.items()}) + body


def in_one_line(text: str) -> str:
    """Return Turtle in one line, as messages have it; literals hold no line feeds, since Turtle as we write it escapes them."""
    return re.sub(r"\s*\n\s*", " ", text).strip()


def file_of(register: Register) -> Path:
    """Return the file to which tombstones are added: `data/tombstones.ttl` where the register has it, else that of the month."""
    folder = register.data / FOLDER
    single = folder.with_suffix(".ttl")
    return single if single.is_file() else folder / f"{datetime.now(UTC):%Y-%m}.ttl"
