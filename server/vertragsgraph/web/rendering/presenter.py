"""Terms as pages show them: labelled, linked, formatted for a language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.collation import SortKey, sort_key
from vertragsgraph.linked_data.names import TYPE
from vertragsgraph.linked_data.terms import Label, Labels
from vertragsgraph.rdf.literals.dates import date_text
from vertragsgraph.rdf.literals.forms import DECIMAL, literal_text, number_text
from vertragsgraph.rdf.term_labels import WORDS
from vertragsgraph.text_fragment import is_web_address
from vertragsgraph.texts import Language, distance, language_name, locale_of, translate
from vertragsgraph.web.rendering.urls import Way
from vertragsgraph.web.site.site import Site

_PLACES: Final = 0xF0000  # the first private sign of Unicode's plane 15: enough for whatever a sentence names


@dataclass(frozen=True)
class Value:
    """One value: its text, where it leads (if anywhere), the language it is in where that isn't the page's, a small note."""

    label: Label
    href: str = ""
    note: str = ""
    literal: bool = False
    iri: str = ""


@dataclass(frozen=True)
class Group:
    """The values of one predicate."""

    iri: str
    name: str
    href: str
    values: tuple[Value, ...]


class Presenter:
    """Turns terms into what a page in one language shows.

    `to` gives the reference from the page to a path of the site.
    """

    def __init__(self, site: Site, labels: Labels, language: Language, to: Way) -> None:
        self.site, self.labels, self.language, self.to = site, labels, language, to

    def say(self, text: str, /, **values: object) -> str:
        """Return a text of the interface in the page's language."""
        return translate(text, self.language, **values)

    def label(self, iri: str) -> Label:
        """Return the label of a resource or term: the release's or vocabulary's, else our own words, else the short name."""
        label = self.site.label(iri, self.labels, self.language)
        return Label(self.say(WORDS[iri]), "") if not label.language and iri in WORDS else label

    def href(self, iri: str) -> str:
        """Return where a link to a resource leads: to our document where it is one of ours, else to the IRI itself."""
        base = self.site.release.base
        if iri.startswith(base + "id/"):
            return self.to("doc/" + iri.removeprefix(base + "id/"))
        if iri.startswith(base):
            return self.to(iri.removeprefix(base))
        if self.site.vocabulary.get(iri, self.language) and "#" in iri:
            return self.to("ontology") + "#" + iri.rpartition("#")[2]
        return iri if iri.startswith(("http://", "https://")) else ""

    def groups(self, triples: Iterable[Triple], of: Callable[[Triple], object] | None = None) -> list[Group]:
        """Return triples grouped by predicate, in the order of the predicates' names; `of` picks the term shown."""
        found: dict[str, list[Value]] = {}
        for triple in triples:
            term = of(triple) if of else triple.object
            found.setdefault(triple.predicate.value, []).append(self.value(term))
        named = [
            Group(iri, self.label(iri).text, self.href(iri), tuple(self.ordered(values)))
            for iri, values in found.items()
        ]
        return sorted(named, key=lambda group: (group.iri != TYPE, sort_key(group.name)))

    def value(self, term: object) -> Value:
        """Return a term as a page shows it."""
        if isinstance(term, NamedNode):
            label = self.label(term.value)
            return Value(label, self.href(term.value), self.foreign(label), iri=term.value)
        if isinstance(term, Literal):
            label = Label(self.lexical(term), term.language or "")
            address = term.value if is_web_address(term.value) and " " not in term.value else ""
            return Value(label, address, self.foreign(label), literal=True)
        return Value(Label(str(term), ""))

    def day(self, day: datetime.date) -> str:
        """Return a day in the form of the page's language."""
        return date_text(day.isoformat(), self.language)

    def named(self, iri: str) -> Value:
        """Return a resource as a page shows it."""
        return self.value(NamedNode(iri))

    def foreign(self, label: Label) -> str:
        """Return the mark of a text that is not in the page's language: its language's code, else `""`."""
        return label.language if distance(label.language, self.language) > 1 else ""

    def lexical(self, literal: Literal) -> str:
        """Return a literal's text; dates, durations, numbers, yes and no in the form of the language, all else as it is written."""
        return literal_text(literal.value, literal.datatype.value, self.language)

    def number(self, value: int) -> str:
        """Return a number in the form of the language."""
        return format_decimal(value, locale=locale_of(self.language))

    def percent(self, share: float) -> str:
        """Return a share (0 to 1) in per cent."""
        return format_percent(share, locale=locale_of(self.language))

    def money(self, amount: str, currency: str) -> str:
        """Return an amount (xsd:decimal) with its currency (ISO 4217) by name; whole ones without decimals, none rounded."""
        if not DECIMAL.fullmatch(amount) or not currency:
            return f"{number_text(amount, self.language)} {currency}".strip()
        with localcontext(prec=len(amount) + 2):
            return format_currency(
                Decimal(amount),
                currency,
                format="#,##0.00" if amount.partition(".")[2].strip("0") else "#,##0",
                format_type="name",
                locale=locale_of(self.language),
                currency_digits=False,
                decimal_quantization=False,
            )

    def language_name(self, code: str) -> str:
        """Return what a language (BCP 47) is called; the code itself where it is none that is known."""
        return language_name(code, self.language)

    def listed(self, texts: Iterable[str]) -> str:
        """Return texts as a list within a sentence: `a, b und c`."""
        return format_list(list(texts), locale=locale_of(self.language))

    def sentence(self, word: Callable[..., str], **parts: str | Sequence[Value]) -> tuple[Value, ...]:
        """Return a sentence in pieces, with values (several as a list) among its parts; `word` makes the text of them.

        Values are kept by signs that no text has until the text is whole: then they stand wherever the language puts them.
        """
        values: dict[str, Value] = {}

        def kept(part: str | Sequence[Value]) -> str:
            if isinstance(part, str):
                return part
            signs = [chr(_PLACES + len(values) + number) for number in range(len(part))]
            values.update(zip(signs, part, strict=True))
            return self.listed(signs)

        text = word(**{name: kept(part) for name, part in parts.items()})
        pieces = filter(None, re.split(f"([{chr(_PLACES)}-{chr(_PLACES + len(values))}])", text))
        return tuple(values.get(piece) or Value(Label(piece, "")) for piece in pieces)

    def in_language(self, values: Iterable[Value]) -> list[Value]:
        """Return those of some texts that are in the page's language or in none; all of them where there are none."""
        ordered = self.ordered(values)
        return [value for value in ordered if not value.note] or ordered

    def ordered(self, values: Iterable[Value]) -> list[Value]:
        """Return values in the order of their texts, those in the page's language (or in none) first."""

        def key(value: Value) -> tuple[int, SortKey]:
            language = value.label.language
            return distance(language, self.language) if language else 0, sort_key(value.label.text)

        return sorted(values, key=key)


def lang_attribute(label: Label, language: Language) -> Markup:
    """Return ` lang="…"` where a text is in another language than the page."""
    if not label.language or label.language == language:
        return Markup()
    return Markup(' lang="{}"').format(label.language)
