"""An entry in Turtle, as a keeper would have written it (docs/evidence.md), and the files to which its parts belong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode

from vertragsgraph.authoring.passages import Span
from vertragsgraph.editor.entry import Entry
from vertragsgraph.editor.known import Known
from vertragsgraph.gate.checks.surroundings import surroundings
from vertragsgraph.rdf.curie import local_name
from vertragsgraph.rdf.namespaces import RDF, VG
from vertragsgraph.rdf.syntax.turtle import Terms, fit_a_line
from vertragsgraph.rdf.terms import CREATOR, DATE, EVIDENCE, EXACT, LABELS, TYPE, Node
from vertragsgraph.register import Register
from vertragsgraph.register.names import kind_of, prefixes_for
from vertragsgraph.sources.folder import ROLE_OF

KINDS_OF_SUPPORT: Final = ("states", "implies", "reports")
"""How a passage may support what it says: the properties of an entry (docs/evidence.md)."""
PREFIXES: Final = "prefixes.ttl"
_CONTRACTS: Final = "contracts"
_USUAL_FILES: Final = {
    "organisation": "organisations.ttl",
    "person": "people.ttl",
    "tenure": "people.ttl",
    "office": "offices.ttl",
    "topic": "topics/topics.ttl",
}
_DECLARED: Final = re.compile(r"^\s*(?:@prefix|prefix)\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Passage:
    """Words of a source: `text[span]`; `how` is one of `KINDS_OF_SUPPORT`."""

    source: NamedNode
    text: str
    span: Span
    how: str

    @property
    def exact(self) -> str:
        """The words."""
        return self.text[self.span[0] : self.span[1]]


class Writer:
    """Writes entries for a register as it is known now; `contents` are the texts of its files."""

    def __init__(self, register: Register, known: Known, contents: Mapping[Path, str]) -> None:
        self._register = register
        self._known = known
        self._contents = contents

    def additions(self, entry: Entry, passage: Passage) -> dict[Path, str]:
        """Return what an entry adds to the end of files, new ones among them; the one with the entry itself is the last."""
        if entry.contract is None:
            return {}
        own = self._file_of_contract(entry.contract)
        parts: dict[Path, list[NamedNode]] = {}
        for node, facts in entry.beside.items():
            if facts:
                parts.setdefault(self._file_for(node, entry, own), []).append(node)
        nodes = parts.pop(own, [])
        written = {path: self._addition(path, entry, described, None) for path, described in parts.items()}
        return {**written, own: self._addition(own, entry, nodes, passage)}

    def _file_of_contract(self, contract: NamedNode) -> Path:
        return (
            self._known.file_with(contract.value)
            or self._register.data / _CONTRACTS / f"{local_name(contract.value)}.ttl"
        )

    def _file_for(self, node: NamedNode, entry: Entry, own: Path) -> Path:
        """Return the file for what is said of a resource: where it stands, or where others of its class do."""
        form = entry.made.get(node)
        path = self._known.file_of(form.classes) if form else self._known.file_with(node.value)
        if path is None and form and form.kind in _USUAL_FILES:
            path = self._register.data / _USUAL_FILES[form.kind]
        return own if path is None or self._role(path) == _CONTRACTS else path

    def _role(self, path: Path) -> str:
        parts = path.relative_to(self._register.data).parts
        return ROLE_OF.get(parts[0].partition(".")[0], "")

    def _addition(self, path: Path, entry: Entry, nodes: Sequence[NamedNode], passage: Passage | None) -> str:
        """Return blocks about resources, and the entry of evidence, as they are added to the end of a file."""
        before = self._contents.get(path, "")
        declared = {**self._declared(self._contents.get(self._register.data / PREFIXES, "")), **self._declared(before)}
        kinds = {kind_of(iri, self._register.base) for iri in self._iris(entry, passage)} - {""}
        prefixes = {**prefixes_for(self._register.base, kinds), **declared}
        terms = Terms(prefixes)
        blocks = [self._block(node, entry, terms) for node in nodes]
        if passage and entry.said:
            blocks.append(self._evidence(entry, passage, terms))
        missing = sorted(
            terms.used - declared.keys(), key=lambda name: (not prefixes[name].startswith(self._register.base), name)
        )
        head = "" if before else f"# {self._title(entry)}\n\n"
        spaces = {name: prefixes[name].removeprefix(self._register.base) for name in missing}
        column = _COLUMN.search(before)
        width = max([len(name) + 1 for name in missing] + [len(column[1]) - 1 if column else 0])
        lines = "".join(f"@prefix {f'{name}:':{width}} <{space}> .\n" for name, space in spaces.items())
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        return gap + head + lines + ("\n" if lines else "") + "\n".join(blocks)

    def _declared(self, text: str) -> dict[str, str]:
        base = self._register.base
        return {name: space if "://" in space else urljoin(base, space) for name, space in _DECLARED.findall(text)}

    def _iris(self, entry: Entry, passage: Passage | None) -> Iterable[str]:
        for said in (entry.said, entry.beside):
            for node, facts in said.items():
                yield node.value
                yield from (value.value for _, value in facts if isinstance(value, NamedNode))
        if passage:
            yield from (passage.source.value, self._register.publisher.iri, self._register.iri("id/evidence/"))

    def _title(self, entry: Entry) -> str:
        facts = entry.beside.get(entry.contract, ()) if entry.contract else ()
        label = next((v.value for p, v in facts if p in LABELS and isinstance(v, Literal)), "")
        return " ".join(label.split())

    def _block(self, node: NamedNode, entry: Entry, terms: Terms) -> str:
        return f"{terms.iri(str(node))} {_properties(entry.beside[node], terms)} .\n"

    def _evidence(self, entry: Entry, passage: Passage, terms: Terms) -> str:
        start, end = passage.span
        around = surroundings(passage.text, start, end)
        beside = [
            f"{name} {Literal(words)}"
            for name, words in (("prefix", around.prefix), ("suffix", around.suffix))
            if words
        ]
        verb = terms.iri(f"<{VG}{passage.how}>")
        subject = terms.iri(f"<{RDF}subject>")
        oa, dcterms = (terms.iri(str(name)).partition(":")[0] for name in (EXACT, CREATOR))
        brackets = [
            _bracket(f"{subject} {terms.iri(str(node))}", _verbs(facts, terms))
            for node, facts in entry.said.items()
            if facts
        ]
        day = Literal(f"{datetime.now(UTC):%Y-%m-%d}", datatype=DATE)
        parts = [
            f"{terms.iri(f'<{self._name(entry, passage)}>')} a {terms.iri(str(EVIDENCE))}",
            f"{oa}:hasSource {terms.iri(str(passage.source))}",
            f"{oa}:exact {Literal(passage.exact)}",
            f"{oa}:start {start} ; {oa}:end {end}",
            *([" ; ".join(f"{oa}:{each}" for each in beside)] if beside else []),
            f"{verb} " + " ,\n        ".join(brackets),
            f"{dcterms}:creator {terms.iri(f'<{self._register.publisher.iri}>')} ; {dcterms}:date {terms.object(str(day))}",
        ]
        return " ;\n    ".join(parts) + " .\n"

    def _name(self, entry: Entry, passage: Passage) -> str:
        """Return the IRI of the entry: contract, first property that it says, source; with a number where it is taken."""
        told = [path for facts in entry.said.values() for path, value in facts if value != entry.contract]
        first = told[0] if told else next(path for facts in entry.said.values() for path, _ in facts)
        what = re.sub("[^a-z0-9]+", "-", re.sub("(?<=[a-z])(?=[A-Z])", "-", local_name(first.value)).lower())
        contract = local_name(entry.contract.value) if entry.contract else ""
        wanted = f"{self._register.iri('id/evidence/')}{contract}-{what}-{local_name(passage.source.value)}"
        number, iri = 1, wanted
        while iri in self._known:
            number += 1
            iri = f"{wanted}-{number}"
        return iri


_COLUMN: Final = re.compile(r"^@prefix (\S+: +)<", re.MULTILINE)
_FURTHER: Final = "\n        "


def _verbs(facts: Iterable[tuple[NamedNode, Node]], terms: Terms) -> dict[str, list[str]]:
    """Return what is said of a resource by properties, in the order of the form, as Turtle writes it."""
    objects: dict[str, list[str]] = {}
    for predicate, value in facts:
        verb = "a" if predicate == TYPE else terms.iri(str(predicate))
        objects.setdefault(verb, []).append(terms.object(str(value)))
    return objects


def _properties(facts: Iterable[tuple[NamedNode, Node]], terms: Terms) -> str:
    parts = [
        f"{verb} {(' , ' if fit_a_line(values) else f' ,{_FURTHER}').join(values)}"
        for verb, values in _verbs(facts, terms).items()
    ]
    return " ;\n    ".join(parts)


def _bracket(subject: str, verbs: Mapping[str, Sequence[str]]) -> str:
    parts = [subject, *(f"{verb} {' , '.join(values)}" for verb, values in verbs.items())]
    return f"[ {(' ; ' if fit_a_line(parts) else f' ;{_FURTHER}    ').join(parts)} ]"
