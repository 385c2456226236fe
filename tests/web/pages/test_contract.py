"""The rows of a contract's page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.rdf.namespaces import XSD
from vertragsgraph.web.pages.edition import Edition
from vertragsgraph.web.pages.sentences.grants import amounts
from vertragsgraph.web.rendering.presenter import Presenter

GRANT = "https://example.org/id/grant/a"
SCHEMA = "https://schema.org/"


def test_each_of_several_amounts_is_shown() -> None:
    grant, decimal = NamedNode(GRANT), NamedNode(XSD + "decimal")
    several = [Literal(text, datatype=decimal) for text in ("40000", "9000.50")]
    found = Neighbourhood(
        [
            *(Triple(grant, NamedNode(SCHEMA + "amount"), amount) for amount in several),
            Triple(grant, NamedNode(SCHEMA + "currency"), Literal("CHF")),
        ]
    )
    site = SimpleNamespace(label=lambda *_: SimpleNamespace(text="amount", language="en"))
    show = Presenter(cast(Any, site), Labels(), "en", cast(Any, str))
    rows = amounts(Edition(found, show), GRANT)
    shown = [value.label.text.replace("\N{NO-BREAK SPACE}", " ") for row in rows for value in row.values]
    assert sorted(shown) == ["40,000 Swiss francs", "9,000.50 Swiss francs"]
