"""Statements as pages show them: grouped by predicate, labelled, linked, formatted for a language."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from babel.dates import format_date
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.linked_data.terms import Label, Labels
from vertragsgraph.texts import Language
from vertragsgraph.web.site import Site

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True)
class Value:
    """One value: its text, where it leads (if anywhere), and a small note such as its language."""

    label: Label
    href: str = ""
    note: str = ""
    literal: bool = False


@dataclass(frozen=True)
class Group:
    """The values of one predicate."""

    iri: str
    name: str
    href: str
    values: tuple[Value, ...]


class Presenter:
    """Turns terms into what a page in one language shows; `root` leads from the page to the start page."""

    def __init__(self, site: Site, labels: Labels, language: Language, root: str) -> None:
        self.site, self.labels, self.language, self.root = site, labels, language, root

    def label(self, iri: str) -> Label:
        """Return the label of a resource or term."""
        return self.site.label(iri, self.labels, self.language)

    def href(self, iri: str) -> str:
        """Return where a link to a resource leads: to our document where it is one of ours, else to the IRI itself."""
        base = self.site.release.base
        if iri.startswith(base + "id/"):
            return f"{self.root}doc/{iri.removeprefix(base + 'id/')}"
        if iri.startswith(base):
            return self.root + iri.removeprefix(base) or "./"
        return iri if iri.startswith(("http://", "https://")) else ""

    def groups(self, triples: Iterable[Triple], of: Callable[[Triple], object] | None = None) -> list[Group]:
        """Return triples grouped by predicate, in the order of the predicates' names; `of` picks the term shown."""
        found: dict[str, list[Value]] = {}
        for triple in triples:
            term = of(triple) if of else triple.object
            found.setdefault(triple.predicate.value, []).append(self.value(term))
        named = [
            Group(iri, self.label(iri).text, self.href(iri), tuple(self._ordered(values)))
            for iri, values in found.items()
        ]
        return sorted(named, key=lambda group: (group.iri != RDF_TYPE, group.name.casefold()))

    def value(self, term: object) -> Value:
        """Return a term as a page shows it."""
        if isinstance(term, NamedNode):
            return Value(self.label(term.value), self.href(term.value))
        if isinstance(term, Literal):
            note = (term.language or "") if term.language != self.language else ""
            return Value(Label(self.lexical(term), term.language or ""), note=note, literal=True)
        return Value(Label(str(term), ""))

    def lexical(self, literal: Literal) -> str:
        """Return a literal's text; a day in the form of the language, everything else as it is written."""
        if literal.datatype.value == XSD + "date":
            try:
                return format_date(datetime.date.fromisoformat(literal.value), "long", locale=self.language)
            except ValueError:
                return literal.value
        return literal.value

    def lang_attribute(self, label: Label) -> Markup:
        """Return ` lang="…"` where a text is in another language than the page."""
        if not label.language or label.language == self.language:
            return Markup()
        return Markup(' lang="{}"').format(label.language)

    def _ordered(self, values: list[Value]) -> list[Value]:
        return sorted(values, key=lambda value: (value.label.language != self.language, value.label.text.casefold()))
