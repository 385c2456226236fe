"""What the register can tell Wikidata: statements with their evidence, at the precision known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, NamedTuple

from vertragsgraph.links.register_entities import Local, Term
from vertragsgraph.links.wikidata_entities import Item
from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.namespaces import WD, prologue
from vertragsgraph.rdf.paths import PropertyPath
from vertragsgraph.register.kinds import Told
from vertragsgraph.search import Resource
from vertragsgraph.search.writing import ALTERNATIVE, LABEL

_PRECISION: Final = {4: ("-00-00", 9), 7: ("-00", 10), 10: ("", 11)}
_EARLIEST, _LATEST = "P1319", "P1326"
_CIRCUMSTANCES: Final = {
    "": (),
    "~": (("P1480", "Q5727902"),),
    "?": (("P1480", "Q18122778"),),
}
"""The circumstances of what is said (P1480): circa, presumably. The form in CSV has place for one."""
UNKNOWN: Final = "somevalue"
"""What QuickStatements writes for a value that there is and that isn't known."""
_PREFIXES: Final = prologue("vg", "rdf", "oa", "org", "prov", "schema", "dcterms")
_EVIDENCE_QUERY: Final = """
SELECT DISTINCT ?evidence ?url ?title ?date WHERE {{
  ?statement rdf:subject {s} ; rdf:predicate {p} ; rdf:object {o} ; vg:evidence ?evidence .
  ?evidence prov:wasDerivedFrom? ?passage . ?passage oa:hasSource ?source . ?source schema:url ?url .
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


class Value(NamedTuple):
    """A value as QuickStatements writes it, with the qualifiers that belong to it."""

    text: str
    qualifiers: tuple[tuple[str, str], ...] = ()


def time(text: str) -> str:
    """Return a date at its precision as QuickStatements writes it.

    >>> time("2018"), time("2018-10"), time("2019-06-03"), time("201X")
    ('+2018-00-00T00:00:00Z/9', '+2018-10-00T00:00:00Z/10', '+2019-06-03T00:00:00Z/11', '+2010-00-00T00:00:00Z/8')
    """
    rest, precision = _PRECISION[len(text)]
    if text.endswith("X"):
        return f"+{text[:3]}0{rest}T00:00:00Z/8"
    return f"+{text}{rest}T00:00:00Z/{precision}"


def rough_time(text: str) -> Value | None:
    """Return what can be told of a date (of XML Schema or EDTF); None for what Wikidata has no words for.

    One in an interval is an unknown value with the earliest and the latest date. A century is none of Wikidata's, which
    begin a year later.

    >>> rough_time("2015~"), rough_time("2014/2016-03").text, rough_time("20XX")
    (Value(text='+2015-00-00T00:00:00Z/9', qualifiers=(('P1480', 'Q5727902'),)), 'somevalue', None)
    """
    found = edtf.read(text)
    if found is None:
        return None
    start, end = found.start, found.end
    if start and start is end:
        told, qualifiers = _at_precision(start), _CIRCUMSTANCES.get(start.qualifier)
        return Value(told, qualifiers) if told and qualifiers is not None else None
    ends = {_EARLIEST: start, _LATEST: end}
    told_ends = tuple((name, _at_precision(each)) for name, each in ends.items() if each and not each.qualifier)
    whole = len(told_ends) == sum(each is not None for each in ends.values()) and all(text for _, text in told_ends)
    return Value(UNKNOWN, told_ends) if whole else None


def _at_precision(date: edtf.End) -> str:
    """Return a date as QuickStatements writes it; "" for a century."""
    known = date.text.partition("-XX")[0]
    return "" if known.endswith("XX") else time(known)


def missing(entries: Sequence[Entry], items: Mapping[str, Item]) -> list[Entry]:
    """Return entries with only the statements that their items (by IRI) don't have yet; those with none left are dropped."""
    left = []
    for entry in entries:
        known = items[WD + entry.item].statements if entry.item else {}
        statements = [told for told in entry.statements if not _is_known(told, known.get(told.property, set()))]
        if statements:
            left.append(replace(entry, statements=statements))
    return left


def _is_known(statement: Statement, values: set[str]) -> bool:
    if statement.value.startswith("Q"):
        return WD + statement.value in values
    if statement.value == UNKNOWN:
        return bool(values)
    day = statement.value.removeprefix("+").partition("T")[0].split("-00")[0]
    if statement.value.endswith("/8"):
        day = day[:3]
    return any(value.removeprefix("+").startswith(day) for value in values)


class Teller:
    """Finds what a release can tell; counts what can't be told, for want of evidence, an item for the value, or a qualifier.

    A qualifier that is needed is one without which Wikidata would say more than the register: an office without an end is
    held today.
    """

    def __init__(self, local: Local) -> None:
        self._local = local
        self.without_evidence = 0
        self.without_item = 0
        self.without_qualifier = 0

    def entries(self, kinds: Sequence[str] = ()) -> list[Entry]:
        """Return the resources of some kinds, by default of all, about which something with evidence can be told."""
        found = []
        for resource in self._local.resources([kind for kind in self._local.kinds if not kinds or kind in kinds]):
            told = self._local.release.kinds[resource.kind].wikidata
            entry = self._entry(resource)
            entry.statements.extend(self._statements(resource, told))
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

    def _statements(self, resource: Resource, told: Sequence[Told]) -> Iterator[Statement]:
        subject = f"<{self._local.release.base}{resource.path}>"
        seen: set[tuple[str, str]] = set()
        for each in told:
            for start, end in self._ends(subject, each):
                known = Value(each.item) if each.item else self._value(end)
                if not known:
                    self.without_item += 1
                    continue
                last = each.path.steps[-1]
                proved = (end, start) if last.inverse else (start, end)
                references = self._references(proved[0], Term(last.property, iri=True), proved[1])
                if not references:
                    self.without_evidence += 1
                elif (each.property, known.text) not in seen:
                    qualifiers = known.qualifiers + self._qualifiers(start, each.qualifiers)
                    if not {name for name, _ in qualifiers}.issuperset(each.needs):
                        self.without_qualifier += 1
                        continue
                    seen.add((each.property, known.text))
                    yield Statement(each.property, known.text, qualifiers, references)

    def _ends(self, subject: str, told: Told) -> list[tuple[Term, Term]]:
        """Return both ends of the last step of a path, by the statements of which the evidence is."""
        *steps, last = told.path.steps
        start = "?start" if steps else subject
        before = PropertyPath((tuple(steps),)).pattern(subject, start) if steps else ""
        query = f"SELECT DISTINCT ?start ?end WHERE {{ {before} {last.pattern(start, '?end')} }} ORDER BY ?end ?start"
        return [(row.get("start", Term(subject[1:-1], iri=True)), row["end"]) for row in self._local.rows(query)]

    def _qualifiers(self, node: Term, properties: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Return what is said of a node by some properties (Wikidata's to IRI) and has evidence of its own."""
        found = []
        for name, iri in properties.items():
            for row in self._local.rows(f"SELECT ?value WHERE {{ <{node.text}> <{iri}> ?value }}"):
                value = self._value(row["value"])
                # A qualifier can't be qualified in its turn.
                plain = value if value and not value.qualifiers else None
                if plain and self._references(node, Term(iri, iri=True), row["value"]):
                    found.append((name, plain.text))
        return tuple(found)

    def _references(self, subject: Term, predicate: Term, value: Term) -> tuple[Reference, ...]:
        query = _PREFIXES + _EVIDENCE_QUERY.format(s=_term(subject), p=_term(predicate), o=_term(value))
        found: dict[str, Reference] = {}
        for row in self._local.rows(query):
            title, day = row.get("title", Term("")), row.get("date", Term("")).text
            found.setdefault(row["url"].text, Reference(row["url"].text, title.text, title.language, day))
        return tuple(found.values())

    def _value(self, value: Term) -> Value | None:
        if value.iri:
            item = self._items.get(value.text.removeprefix(self._local.release.base), "")
            return Value(item) if item else None
        return rough_time(value.text)

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
    return f"{text}^^<{term.datatype}>" if term.datatype else text
