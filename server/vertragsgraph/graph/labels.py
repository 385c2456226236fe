"""Names that follow from those of other resources: of a conclusion from the contract, of a tenure from person and office."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import expand
from vertragsgraph.rdf.sorted_files import blocks
from vertragsgraph.rdf.syntax.ntriples import triple_of
from vertragsgraph.rdf.terms import Node
from vertragsgraph.register import Register
from vertragsgraph.texts import marked, text_in, translate


class Template(NamedTuple):
    """A text with the names of other resources in it, and the property that leads to each; `^` before it where it leads here."""

    text: str
    names: Mapping[str, str]


_CONTRACT: Final = {"contract": "vg:concerns"}
_TEMPLATES: Final = {
    "vg:Signing": Template(marked("Conclusion: {contract}"), _CONTRACT),
    "vg:Presentation": Template(marked("Presentation: {contract}"), _CONTRACT),
    "vg:Amendment": Template(marked("Amendment: {contract}"), _CONTRACT),
    "vg:Extension": Template(marked("Extension: {contract}"), _CONTRACT),
    "vg:Termination": Template(marked("End: {contract}"), _CONTRACT),
    "vg:Grant": Template(marked("Funding: {contract}"), {"contract": "^schema:funding"}),
    "vg:Tenure": Template(marked("{person} as {office}"), {"person": "org:member", "office": "vg:inOffice"}),
}
TEMPLATES: Final = {NamedNode(expand(name)): template for name, template in _TEMPLATES.items()}
"""By class; a name that is written down goes before what is made here."""
_TOLD: Final = (
    terms.LABEL.value,
    *{expand(way.lstrip("^")) for each in TEMPLATES.values() for way in each.names.values()},
)
_LINE: Final = re.compile(rf"^<[^>]*> <(?:{'|'.join(map(re.escape, _TOLD))})> .*$".encode(), re.MULTILINE)


class Unnamed:
    """The resources with a template that have no name in a language of the register; noted while they are read."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._lacking: dict[NamedNode, tuple[Template, set[str]]] = {}

    def note_type(self, subject: NamedNode, kind: Node) -> None:
        """Note what a resource is."""
        if isinstance(kind, NamedNode) and (template := TEMPLATES.get(kind)):
            self._lacking.setdefault(subject, (template, set(self._register.languages)))

    def note_name(self, subject: Node, name: Node) -> None:
        """Note what a resource is called."""
        if isinstance(subject, NamedNode) and subject in self._lacking and isinstance(name, Literal):
            languages = self._lacking[subject][1]
            languages -= {tag for tag in languages if f"{name.language}-".lower().startswith(f"{tag}-".lower())}
            if not languages:
                del self._lacking[subject]

    def names(self, files: Sequence[Path]) -> Iterator[Triple]:
        """Yield the names that follow from files of N-Triples with all that is asserted, where what they are made of has names."""
        leads: defaultdict[NamedNode, dict[str, NamedNode]] = defaultdict(dict)
        for subject, predicate, value in _told(files) if self._lacking else ():
            if predicate == terms.LABEL:
                self.note_name(subject, value)
            elif isinstance(subject, NamedNode) and isinstance(value, NamedNode):
                for node, other, way in ((subject, value, ""), (value, subject, "^")):
                    if node in self._lacking:
                        found = leads[node]
                        known = found.setdefault(f"{way}{predicate.value}", other)
                        found[f"{way}{predicate.value}"] = min(known, other, key=str)
        wanted = {other for found in leads.values() for other in found.values()}
        labels: defaultdict[Node, dict[str, str]] = defaultdict(dict)
        for subject, predicate, value in _told(files) if wanted else ():
            if predicate == terms.LABEL and subject in wanted and isinstance(value, Literal):
                labels[subject][value.language or ""] = value.value
        for node, (template, languages) in self._lacking.items():
            others = {name: labels.get(leads[node].get(_expanded(way), node)) for name, way in template.names.items()}
            for language in sorted(languages) if all(others.values()) else ():
                names = {name: text_in(known, language) for name, known in others.items() if known}
                text = translate(template.text, self._register.speaks(language), **names)
                yield Triple(node, terms.LABEL, Literal(text, language=language))


def _expanded(way: str) -> str:
    name = way.removeprefix("^")
    return way.removesuffix(name) + expand(name)


def _told(files: Sequence[Path]) -> Iterator[Triple]:
    """Yield the triples of files that say a name, or lead to what has one."""
    for path in files:
        for block in blocks(path):
            for line in _LINE.finditer(block):
                yield triple_of(line[0])
