"""Wikidata, or another register that speaks the same protocols: candidates by name, and what it says of its items."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from vertragsgraph.links.http_client import ForeignError, PoliteClient
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import SKOS, WD, WDT, prologue
from vertragsgraph.texts import ENGLISH

BATCH: Final = 20
DETAILS: Final = 40
LIMIT: Final = 8
_LABEL: Final = terms.LABEL.value
_ALTERNATIVE: Final = f"{SKOS}altLabel"
_DESCRIPTION: Final = "http://schema.org/description"  # Wikidata's namespace of Schema.org begins so
_SAME: Final = terms.SAME[0].value
IDENTIFIERS: Final = {"P227": "gnd", "P1566": "geonames", "P5437": "eurovoc", "P3911": "stw"}
HUMAN, ORGANISATION, PLACE, POSITION = "Q5", "Q43229", "Q27096213", "Q4164871"
_TOPS: Final = (HUMAN, ORGANISATION, PLACE, POSITION)
_STATED: Final = ("P31", "P39", "P131", "P17", "P361", "P585", "P710", "P921", "P1454", *IDENTIFIERS)
_DETAILS_QUERY: Final = """
SELECT ?item ?property ?value WHERE {{
  VALUES ?item {{ {items} }}
  VALUES ?property {{ {properties} }}
  ?item ?property ?value .
  FILTER(!isLiteral(?value) || LANG(?value) IN ({languages}))
}}"""
_CLASSES_QUERY: Final = (
    prologue("wdt")
    + """
SELECT DISTINCT ?class ?top WHERE {{
  VALUES ?class {{ {classes} }}
  VALUES ?top {{ {tops} }}
  ?class wdt:P279* ?top .
}}"""
)


@dataclass
class Item:
    """An item elsewhere: IRI, names and descriptions by language, broad classes, identifiers and statements.

    `redirect` is the IRI of the item it was merged into, `known` tells whether anything at all is said of it, `language` is
    that of the register that asks.
    """

    iri: str
    names: dict[str, list[str]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    classes: set[str] = field(default_factory=set)
    broad: set[str] = field(default_factory=set)
    identifiers: dict[str, str] = field(default_factory=dict)
    statements: dict[str, set[str]] = field(default_factory=dict)
    redirect: str = ""
    known: bool = False
    language: str = ""

    def label(self, language: str = "") -> str:
        """Return the label in a language (by default its own), else in any, else the end of the IRI."""
        names = self.names.get(language or self.language) or next((found for found in self.names.values() if found), [])
        return names[0] if names else self.iri.rsplit("/", 1)[-1]

    def description(self, language: str) -> str:
        """Return the description in a language, else in any."""
        return self.descriptions.get(language) or next(iter(self.descriptions.values()), "")


@dataclass
class Foreign:
    """A register elsewhere: the addresses of its reconciliation service (0.2) and of its SPARQL endpoint.

    `languages` are those of the register that asks: in them, in English and in none it is told names and descriptions.
    """

    client: PoliteClient
    reconciliation: str
    sparql: str
    languages: Sequence[str]

    def candidates(self, names: Sequence[str]) -> dict[str, list[str]]:
        """Return the IRIs of the items that each name may mean, the likeliest first; raises `ForeignError`."""
        space = self._space
        found: dict[str, list[str]] = {}
        for batch in _batches(list(dict.fromkeys(names)), BATCH):
            queries = {f"q{place}": {"query": name, "limit": LIMIT} for place, name in enumerate(batch)}
            answer = self.client.post(
                self.reconciliation, {"queries": json.dumps(queries, ensure_ascii=False)}, queries
            )
            for place, name in enumerate(batch):
                found[name] = [space + item["id"] for item in _results(answer, f"q{place}", self.reconciliation)]
        return found

    def items(self, iris: Iterable[str]) -> dict[str, Item]:
        """Return what is said of items, also of those it says nothing of; raises `ForeignError`."""
        found = {iri: Item(iri, language=self.languages[0]) for iri in iris}
        languages = ", ".join(f'"{tag}"' for tag in dict.fromkeys(("", *self.languages, ENGLISH, "mul")))
        properties = [_LABEL, _ALTERNATIVE, _DESCRIPTION, _SAME, *(WDT + name for name in _STATED)]
        for batch in _batches(list(found), DETAILS):
            query = _DETAILS_QUERY.format(items=_iris(batch), properties=_iris(properties), languages=languages)
            for row in self.client.select(self.sparql, query):
                _note(found[row["item"]["value"]], row["property"]["value"], row["value"])
        self._classify(found.values())
        return found

    def _classify(self, items: Iterable[Item]) -> None:
        broader: dict[str, set[str]] = {}
        classes = sorted({name for item in items for name in item.classes})
        for batch in _batches(classes, DETAILS):
            query = _CLASSES_QUERY.format(
                classes=_iris(WD + name for name in batch), tops=_iris(WD + name for name in _TOPS)
            )
            for row in self.client.select(self.sparql, query):
                above = broader.setdefault(row["class"]["value"].removeprefix(WD), set())
                above.add(row["top"]["value"].removeprefix(WD))
        for item in items:
            item.broad = {top for name in item.classes for top in broader.get(name, ())}

    @cached_property
    def _space(self) -> str:
        """What the identifiers of its items begin with."""
        manifest = self.client.get(self.reconciliation, ("identifierSpace",))
        space = manifest.get("identifierSpace") if isinstance(manifest, dict) else None
        if not isinstance(space, str):
            raise ForeignError(self.reconciliation, "no manifest of a reconciliation service")
        return space


def _note(item: Item, name: str, value: dict[str, str]) -> None:
    text, language = value["value"], value.get("xml:lang", "")
    item.known = True
    if name == _LABEL:
        item.names.setdefault(language, []).insert(0, text)
    elif name == _ALTERNATIVE:
        item.names.setdefault(language, []).append(text)
    elif name == _DESCRIPTION:
        item.descriptions[language] = text
    elif name == _SAME:
        item.redirect = text
    else:
        number = name.removeprefix(WDT)
        item.statements.setdefault(number, set()).add(text)
        if number == "P31":
            item.classes.add(text.removeprefix(WD))
        elif number in IDENTIFIERS:
            item.identifiers[IDENTIFIERS[number]] = text


def _results(answer: Any, name: str, url: str) -> list[dict[str, Any]]:
    try:
        return [item for item in answer[name]["result"] if isinstance(item["id"], str)]
    except (KeyError, TypeError) as error:
        raise ForeignError(url, "no result of a reconciliation service") from error


def _batches(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _iris(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)
