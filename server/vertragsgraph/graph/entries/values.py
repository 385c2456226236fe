"""What the properties of an entry of evidence take: each check says what is wrong with a value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import shorten
from vertragsgraph.rdf.terms import Node
from vertragsgraph.texts import Language, both

_COUNT: Final = re.compile("[0-9]{1,15}")
_PAGE: Final = re.compile("[1-9][0-9]{0,6}")

Message: TypeAlias = dict[Language, str]
Check: TypeAlias = Callable[[str, Node], Message | None]
"""Takes the name of a property and a value, and says what is wrong with the value."""


def name_of(term: NamedNode) -> str:
    """Return a property as files write it."""
    return shorten(term.value) or str(term)


def iri(name: str, value: Node) -> Message | None:
    """Ask for an IRI."""
    if isinstance(value, NamedNode):
        return None
    return both("{property} takes an IRI, not {value}", property=name, value=value)


def support_kind(name: str, value: Node) -> Message | None:
    """Ask for a kind of support."""
    if value in terms.SUPPORT_KINDS:
        return None
    known = ", ".join(name_of(kind) for kind in terms.SUPPORT_KINDS)
    return both("{property} is one of {known}, not {value}", property=name, known=known, value=value)


def integer(name: str, value: Node) -> Message | None:
    """Ask for a whole number from 0."""
    if isinstance(value, Literal) and value.datatype == terms.INTEGER and _COUNT.fullmatch(value.value):
        return None
    return both("{property} takes a whole number from 0, not {value}", property=name, value=value)


def page_number(name: str, value: Node) -> Message | None:
    """Ask for the number of a page from 1."""
    numbers = {terms.INTEGER, terms.POSITIVE_INTEGER}
    if isinstance(value, Literal) and value.datatype in numbers and _PAGE.fullmatch(value.value):
        return None
    return both(
        "{property} takes the number of a page as the PDF counts them, from 1, not {value}", property=name, value=value
    )


def day(name: str, value: Node) -> Message | None:
    """Ask for a day."""
    if isinstance(value, Literal) and value.datatype == terms.DATE:
        return None
    return both('{property} takes a day such as "2026-11-22"^^xsd:date, not {value}', property=name, value=value)


def plain(name: str, value: Node) -> Message | None:
    """Ask for a plain string."""
    if isinstance(value, Literal) and value.datatype == terms.STRING and value.value:
        return None
    return both("{property} takes a plain string without a language tag, not {value}", property=name, value=value)


def in_a_language(name: str, value: Node) -> Message | None:
    """Ask for a text with its language."""
    if isinstance(value, Literal) and value.language:
        return None
    return both("{property} takes a text with its language such as @de, not {value}", property=name, value=value)


def saying(name: str, value: Node) -> Message | None:
    """Ask for brackets in which a passage says something of a resource."""
    if isinstance(value, BlankNode):
        return None
    return both(
        "{property} takes in brackets what the passage says, [ rdf:subject … ; vg:partner … ], not {value}",
        property=name,
        value=value,
    )


def statement(name: str, value: Node) -> Message | None:
    """Ask for a statement in brackets."""
    if isinstance(value, BlankNode):
        return None
    return both(
        "{property} takes a statement in brackets, [ rdf:subject … ; rdf:predicate … ; rdf:object … ], not {value}",
        property=name,
        value=value,
    )
