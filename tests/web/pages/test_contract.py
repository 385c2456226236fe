"""The rows of a contract's page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.rdf.namespaces import XSD
from vertragsgraph.web.pages.edition import Edition
from vertragsgraph.web.pages.sections.grants import amounts, sentence
from vertragsgraph.web.rendering.presenter import Presenter

GRANT = "https://example.org/id/grant/a"
SCHEMA = "https://schema.org/"


def edition(*said: tuple[str, Literal]) -> Edition:
    """Return what there is to say of a grant, by properties of schema.org."""
    site = SimpleNamespace(label=lambda *_: SimpleNamespace(text="amount", language="en"))
    triples = [Triple(NamedNode(GRANT), NamedNode(SCHEMA + name), value) for name, value in said]
    return Edition(Neighbourhood(triples), Presenter(cast(Any, site), Labels(), "en", cast(Any, str)))


def test_whatever_stands_in_a_grant_is_shown_as_it_is() -> None:
    braces = edition(("amount", Literal("1{x}")), ("currency", Literal("{0}")), ("startDate", Literal("{}{")))
    assert "".join(piece.label.text for piece in sentence(braces, GRANT)) == "1{x} {0}, from {}{, end not stated"
    assert sentence(edition(), GRANT) == ()


def test_each_of_several_amounts_is_shown() -> None:
    several = [Literal(text, datatype=NamedNode(XSD + "decimal")) for text in ("40000", "9000.50")]
    grant = edition(*(("amount", amount) for amount in several), ("currency", Literal("CHF")))
    rows = amounts(grant, GRANT)
    assert sentence(grant, GRANT) == ()
    shown = [value.label.text.replace("\N{NO-BREAK SPACE}", " ") for row in rows for value in row.values]
    assert sorted(shown) == ["40,000 Swiss francs", "9,000.50 Swiss francs"]
