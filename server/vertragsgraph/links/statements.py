"""What the register can tell Wikidata: statements with their evidence, at the precision known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from vertragsgraph.links.foreign import ENTITY, Item
from vertragsgraph.links.local import CONCEPTS, KINDS, Local, Term
from vertragsgraph.register import ONTOLOGY_IRI
from vertragsgraph.release.search import Resource
from vertragsgraph.release.search.writing import ALTERNATIVE, LABEL

VG: Final = f"{ONTOLOGY_IRI}#"
HUMAN, CONTRACT, LEGAL_FORM = "Q5", "Q93288", "P1454"
_PRECISION: Final = {4: ("-00-00", 9), 7: ("-00", 10), 10: ("", 11)}
_PREFIXES: Final = f"""
PREFIX vg: <{VG}> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX org: <http://www.w3.org/ns/org#> PREFIX schema: <https://schema.org/> PREFIX dcterms: <http://purl.org/dc/terms/>
"""
# Each row: what is said (?value), and of which statement of ours (?s ?p ?o) its evidence is.
_OWN: Final = "?subject {p} ?value . BIND(?subject AS ?s) BIND({p} AS ?p) BIND(?value AS ?o)"
_RULES: Final = (
    (
        "contract",
        "P31",
        "?s vg:concerns ?subject ; a vg:Signing . "
        "BIND(vg:concerns AS ?p) BIND(?subject AS ?o) BIND(vg:Contract AS ?value)",
    ),
    ("contract", "P710", _OWN.format(p="vg:contractingParty")),
    ("contract", "P710", _OWN.format(p="vg:partner")),
    ("contract", "P921", _OWN.format(p="vg:topic")),
    (
        "contract",
        "P585",
        "?s vg:concerns ?subject ; a vg:Signing ; vg:date ?value . BIND(vg:date AS ?p) BIND(?value AS ?o)",
    ),
    ("organisation", LEGAL_FORM, _OWN.format(p="org:classification")),
    ("organisation", "P361", _OWN.format(p="org:subOrganizationOf")),
    ("person", "P31", "?s org:member ?subject . BIND(org:member AS ?p) BIND(?subject AS ?o) BIND(vg:Person AS ?value)"),
    (
        "person",
        "P39",
        "?s org:member ?subject ; vg:inOffice ?value . BIND(vg:inOffice AS ?p) BIND(?value AS ?o)",
    ),
)
_QUALIFIERS: Final = (
    ("P580", "https://schema.org/startDate"),
    ("P582", "https://schema.org/endDate"),
    ("P585", f"{VG}heldOn"),
)
_CLASSES: Final = {f"{VG}Contract": CONTRACT, f"{VG}Person": HUMAN}
_EVIDENCE_QUERY: Final = """
SELECT DISTINCT ?evidence ?url ?title ?date WHERE {{
  ?statement rdf:subject {s} ; rdf:predicate {p} ; rdf:object {o} ; vg:evidence ?evidence .
  ?evidence oa:hasSource ?source . ?source schema:url ?url .
  OPTIONAL {{ ?source dcterms:title ?title }} OPTIONAL {{ ?evidence dcterms:date ?date }}
}} ORDER BY ?evidence"""


@dataclass(frozen=True)
class Reference:
    """Where something is said: reference URL (P854), title (P1476) with its language, day of reading (P813)."""

    url: str
    title: str = ""
    language: str = ""
    day: str = ""


@dataclass(frozen=True)
class Statement:
    """A statement for Wikidata; `value` is an item's number or a time with precision as QuickStatements writes it."""

    property: str
    value: str
    qualifiers: tuple[tuple[str, str], ...]
    references: tuple[Reference, ...]


@dataclass
class Entry:
    """A resource and what can be told of it; `item` is its number on Wikidata or "" where it has none yet."""

    resource: Resource
    item: str
    labels: dict[str, str]
    aliases: dict[str, list[str]]
    statements: list[Statement] = field(default_factory=list)


def time(text: str) -> str:
    """Return a date at its precision as QuickStatements writes it.

    >>> time("2018"), time("2018-10"), time("2019-06-03")
    ('+2018-00-00T00:00:00Z/9', '+2018-10-00T00:00:00Z/10', '+2019-06-03T00:00:00Z/11')
    """
    rest, precision = _PRECISION[len(text)]
    return f"+{text}{rest}T00:00:00Z/{precision}"


def missing(entries: Sequence[Entry], items: Mapping[str, Item]) -> list[Entry]:
    """Return entries with only the statements that their items (by IRI) don't have yet; those with none left are dropped."""
    left = []
    for entry in entries:
        known = items[ENTITY + entry.item].statements if entry.item else {}
        statements = [told for told in entry.statements if not _is_known(told, known.get(told.property, set()))]
        if statements:
            left.append(replace(entry, statements=statements))
    return left


def _is_known(statement: Statement, values: set[str]) -> bool:
    if statement.value.startswith("Q"):
        return ENTITY + statement.value in values
    day = statement.value.removeprefix("+").partition("T")[0].split("-00")[0]
    return any(value.removeprefix("+").startswith(day) for value in values)


class Teller:
    """Finds what a release can tell; counts what can't be told, for want of evidence or of an item for the value."""

    def __init__(self, local: Local) -> None:
        self._local = local
        self.without_evidence = 0
        self.without_item = 0

    def entries(self, kinds: Sequence[str] = KINDS) -> list[Entry]:
        """Return the resources of some kinds about which something with evidence can be told."""
        found = []
        for resource in self._local.resources(tuple(kind for kind in KINDS if kind in kinds)):
            if resource.kind in CONCEPTS:
                continue
            entry = self._entry(resource)
            entry.statements.extend(self._statements(resource))
            if entry.statements:
                found.append(entry)
        return found

    def _entry(self, resource: Resource) -> Entry:
        labels: dict[str, str] = {}
        aliases: dict[str, list[str]] = {}
        for name in self._local.index.names(resource.number):
            if name.role == LABEL and name.language:
                labels.setdefault(name.language, name.text)
            elif name.role == ALTERNATIVE and name.language:
                aliases.setdefault(name.language, []).append(name.text)
        return Entry(resource, self._items.get(resource.path, ""), labels, aliases)

    def _statements(self, resource: Resource) -> Iterator[Statement]:
        subject = f"<{self._local.release.base}{resource.path}>"
        seen: set[tuple[str, str]] = set()
        for kind, name, pattern in _RULES:
            if kind != resource.kind:
                continue
            query = f"{_PREFIXES} SELECT DISTINCT ?s ?p ?o ?value WHERE {{ {pattern} }} ORDER BY ?value ?s"
            for row in self._local.rows(query.replace("?subject", subject)):
                value = self._value(row["value"])
                if not value:
                    self.without_item += 1
                    continue
                references = self._references(row["s"], row["p"], row["o"]) if "s" in row else ()
                if not references:
                    self.without_evidence += 1
                elif (name, value) not in seen:
                    seen.add((name, value))
                    qualifiers = self._qualifiers(row["s"]) if name == "P39" else ()
                    yield Statement(name, value, qualifiers, references)

    def _qualifiers(self, tenure: Term) -> tuple[tuple[str, str], ...]:
        """Return the points in time of a tenure that have evidence of their own."""
        found = []
        for name, iri in _QUALIFIERS:
            for row in self._local.rows(f"SELECT ?value WHERE {{ <{tenure.text}> <{iri}> ?value }}"):
                value = self._value(row["value"])
                if value and self._references(tenure, Term(iri, iri=True), row["value"]):
                    found.append((name, value))
        return tuple(found)

    def _references(self, subject: Term, predicate: Term, value: Term) -> tuple[Reference, ...]:
        query = _PREFIXES + _EVIDENCE_QUERY.format(s=_term(subject), p=_term(predicate), o=_term(value))
        found: dict[str, Reference] = {}
        for row in self._local.rows(query):
            title, day = row.get("title", Term("")), row.get("date", Term("")).text
            found.setdefault(row["url"].text, Reference(row["url"].text, title.text, title.language, day))
        return tuple(found.values())

    def _value(self, value: Term) -> str:
        if value.iri:
            if value.text in _CLASSES:
                return _CLASSES[value.text]
            return self._items.get(value.text.removeprefix(self._local.release.base), "")
        return time(value.text) if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value.text) else ""

    @cached_property
    def _items(self) -> dict[str, str]:
        """Return the numbers of the items that resources are the same as, by path."""
        linked = self._local.linked.items()
        return {path: iris["wikidata"].rsplit("/", 1)[-1] for path, iris in linked if "wikidata" in iris}


def _term(term: Term) -> str:
    """Return a term as SPARQL writes it; texts come from the release, where they are escaped as JSON would."""
    if term.iri:
        return f"<{term.text}>"
    text = '"' + term.text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'
    if term.language:
        return f"{text}@{term.language}"
    return f"{text}^^<http://www.w3.org/2001/XMLSchema#{term.datatype}>" if term.datatype else text
