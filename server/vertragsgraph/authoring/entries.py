"""Entries of evidence in Turtle, as keepers write them (docs/evidence.md); what only they can tell stands there as `…`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.authoring.passages import Span
from vertragsgraph.gate.checks.surroundings import surroundings
from vertragsgraph.rdf.curie import local_name
from vertragsgraph.rdf.namespaces import WELL_KNOWN
from vertragsgraph.rdf.syntax.turtle import Terms, fit_a_line
from vertragsgraph.register import Register
from vertragsgraph.register.names import KIND, kind_of, prefixes_for

OPEN: Final = "…"
"""What is to be filled in. No file that has it elsewhere than in a text can be read, so none is published."""
_ALWAYS: Final = ("evidence", "source", "vg", "rdf", "oa", "dcterms", "xsd")


class Entries:
    """Writes entries for a register.

    `about` are the IRIs that will stand in them, `taken` those of entries that there are already, `prefixes` those that the
    register has beside the well-known ones and those of its kinds of resources, `declared` those that hold in all of its files.
    """

    def __init__(
        self,
        register: Register,
        about: Iterable[str],
        taken: Collection[str],
        prefixes: Mapping[str, str] = MappingProxyType({}),
        declared: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._register = register
        self._declared = declared
        self._taken = set(taken)
        kinds = {kind_of(iri, register.base) for iri in (*about, register.publisher.iri)} | set(_ALWAYS[:2])
        self._prefixes = {
            **prefixes,
            **prefixes_for(register.base, (kind for kind in kinds if re.fullmatch(KIND, kind))),
        }
        self._terms = Terms(self._prefixes)
        self._terms.used.update(_ALWAYS)

    def prologue(self) -> str:
        """Return the declarations of the prefixes that the entries written so far use, the register's kinds first.

        Those that hold in all files of the register aren't among them.
        """
        used = [name for name in self._prefixes if name in self._terms.used]
        used = [name for name in used if self._declared.get(name) != self._prefixes[name]]
        used.sort(key=lambda name: (0, name) if name not in WELL_KNOWN else (1, ""))
        width = max(map(len, used), default=0) + 1
        spaces = {name: self._prefixes[name].removeprefix(self._register.base) for name in used}
        return "".join(f"@prefix {f'{name}:':{width}} <{space}> .\n" for name, space in spaces.items())

    def quoting(self, source: NamedNode, text: str, place: Span) -> str:
        """Return an entry that quotes a passage of a source's text, with its position and what stands around it."""
        start, end = place
        around = surroundings(text, start, end)
        beside = " ; ".join(
            f"{name} {Literal(words)}"
            for name, words in (("oa:prefix", around.prefix), ("oa:suffix", around.suffix))
            if words
        )
        quoted = [f"oa:exact {Literal(text[start:end])} ; oa:start {start} ; oa:end {end}", *filter(None, [beside])]
        name = f"{local_name(source.value)}-{start}-{end}"
        return self._entry(name, self._terms.iri(str(source)), [*quoted, f"vg:{OPEN} [ rdf:subject {OPEN} ; {OPEN} ]"])

    def supporting(self, statements: Sequence[Triple]) -> str:
        """Return an entry for statements about one subject; from which source, and in what way it supports them, is open."""
        subject = str(statements[0].subject)
        said: dict[str, list[str]] = {}
        for triple in statements:
            said.setdefault(self._terms.iri(str(triple.predicate)), []).append(self._terms.object(str(triple.object)))
        parts = [f"rdf:subject {self._terms.iri(subject)}"]
        parts += [f"{property} {' , '.join(values)}" for property, values in said.items()]
        between = " ; " if fit_a_line(parts) else " ;\n        "
        path = subject.removeprefix(f"<{self._register.base}id/")
        return self._entry(path, f"source:{OPEN}", [f"vg:{OPEN} [ {between.join(parts)} ]"])

    def _entry(self, name: str, source: str, parts: Iterable[str]) -> str:
        creator = self._terms.iri(f"<{self._register.publisher.iri}>")
        lines = [
            f"{self._named(name)} a vg:Evidence ; oa:hasSource {source}",
            *parts,
            f'dcterms:creator {creator} ; dcterms:date "{datetime.now(UTC):%Y-%m-%d}"^^xsd:date',
        ]
        return " ;\n    ".join(lines) + " .\n"

    def _named(self, wanted: str) -> str:
        """Return the name of a new entry: the one that is wanted, with a number where it is taken."""
        slug = re.sub("[^a-z0-9]+", "-", wanted.lower()).strip("-")
        number, name = 1, slug
        while (iri := self._register.iri(f"id/evidence/{name}")) in self._taken:
            number += 1
            name = f"{slug}-{number}"
        self._taken.add(iri)
        return f"evidence:{name}"
