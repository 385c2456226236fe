"""Terms as pages show them: labelled, linked, formatted for a language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.collation import SortKey, sort_key
from vertragsgraph.linked_data.names import TYPE
from vertragsgraph.linked_data.terms import Label, Labels
from vertragsgraph.rdf.namespaces import XSD
from vertragsgraph.rdf.term_labels import WORDS
from vertragsgraph.texts import Language, distance, language_name, locale_of, translate
from vertragsgraph.web.rendering.urls import Way
from vertragsgraph.web.site.site import Site

_NUMBERS: Final = {
    XSD + name for name in ("decimal", "integer", "nonNegativeInteger", "positiveInteger", "int", "long")
}
# ISO 8601 with the precision that the three datatypes of XML Schema allow; time zones are not used for contracts.
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")

_DURATION: Final = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
_DECIMAL: Final = re.compile(r"[+-]?([0-9]+)(?:\.[0-9]+)?")


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
            return Value(label, note=self.foreign(label), literal=True)
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
        """Return a literal's text; dates and numbers in the form of the language, everything else as it is written."""
        datatype = literal.datatype.value
        if datatype in {XSD + "date", XSD + "gYearMonth", XSD + "gYear"}:
            return date_text(literal.value, self.language)
        if datatype in _NUMBERS:
            return number_text(literal.value, self.language)
        if datatype == XSD + "duration":
            return self.duration(literal.value)
        return literal.value

    def duration(self, value: str) -> str:
        """Return a duration of years, months and days (xsd:duration) in words; any other as it is written."""
        found = _DURATION.fullmatch(value)
        units = zip(found.groups(), ("year", "month", "day"), strict=True) if found else ()
        locale = locale_of(self.language)
        told = [format_unit(int(count), f"duration-{unit}", locale=locale) for count, unit in units if count]
        return self.listed(told) or value

    def number(self, value: int) -> str:
        """Return a number in the form of the language."""
        return format_decimal(value, locale=locale_of(self.language))

    def percent(self, share: float) -> str:
        """Return a share (0 to 1) in per cent."""
        return format_percent(share, locale=locale_of(self.language))

    def money(self, amount: str, currency: str) -> str:
        """Return an amount (xsd:decimal) with its currency (ISO 4217); whole amounts without decimals, none rounded."""
        if not _DECIMAL.fullmatch(amount):
            return f"{amount} {currency}"
        digits = "#,##0.00" if amount.partition(".")[2].strip("0") else "#,##0"
        behind = locale_of(self.language).currency_formats["standard"].pattern.endswith("¤")
        form = f"{digits} ¤¤" if behind else f"¤¤ {digits}"
        with localcontext(prec=len(amount) + 2):
            return format_currency(
                Decimal(amount),
                currency,
                format=form,
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

    def ordered(self, values: Iterable[Value]) -> list[Value]:
        """Return values in the order of their texts, those in the page's language (or in none) first."""

        def key(value: Value) -> tuple[int, SortKey]:
            language = value.label.language
            return distance(language, self.language) if language else 0, sort_key(value.label.text)

        return sorted(values, key=key)


def date_text(value: str, language: Language) -> str:
    """Return a day, month or year (XML Schema) in the form of a language; what is none of these as it is written.

    >>> date_text("2019-06-03", "de"), date_text("2018-10", "de"), date_text("2018", "en")
    ('3. Juni 2019', 'Oktober 2018', '2018')
    """
    found = _DATE.fullmatch(value)
    if not found:
        return value
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        date = datetime.date(year, month or 1, day or 1)
    except ValueError:
        return value
    if day:
        return format_date(date, "long", locale=locale_of(language))
    return format_date(date, "MMMM y", locale=locale_of(language)) if month else str(year)


def number_text(value: str, language: Language) -> str:
    """Return a number (xsd:decimal or a kind of it) in the form of a language, with all its digits.

    Thousands are set apart from five digits on, so that what may be a year is not.

    >>> number_text("3.14159", "de"), number_text("2018", "de"), number_text("40000", "de"), number_text("INF", "de")
    ('3,14159', '2018', '40.000', 'INF')
    """
    found = _DECIMAL.fullmatch(value)
    if not found:
        return value
    with localcontext(prec=len(value) + 3):  # Babel computes with three decimals, whether there are any or not
        return format_decimal(
            Decimal(value), locale=locale_of(language), decimal_quantization=False, group_separator=len(found[1]) > 4
        )


def lang_attribute(label: Label, language: Language) -> Markup:
    """Return ` lang="…"` where a text is in another language than the page."""
    if not label.language or label.language == language:
        return Markup()
    return Markup(' lang="{}"').format(label.language)
