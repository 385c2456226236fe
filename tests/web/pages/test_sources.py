"""What the page of a source says of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.terms import Label, Labels
from vertragsgraph.rdf.namespaces import DC, DCTERMS, FABIO, SCHEMA, XSD
from vertragsgraph.web.pages.edition import Edition
from vertragsgraph.web.pages.sources import source
from vertragsgraph.web.rendering.presenter import Presenter

BASE = "https://example.org/"
SOURCE = BASE + "id/source/a"
ARCHIVE = "https://web.archive.org/web/2026/https://example.com/"


def test_who_and_when_and_where_it_is_found_again() -> None:
    values = {
        DC + "creator": Literal("Somebody"),
        DCTERMS + "issued": Literal("2019-06", datatype=NamedNode(XSD + "gYearMonth")),
        DCTERMS + "relation": NamedNode(BASE + "id/source/b"),
        FABIO + "hasAccessDate": Literal("2026-11-22", datatype=NamedNode(XSD + "date")),
        SCHEMA + "archivedAt": NamedNode(ARCHIVE),
        SCHEMA + "url": NamedNode("https://example.com/"),
    }
    found = Neighbourhood([Triple(NamedNode(SOURCE), NamedNode(name), value) for name, value in values.items()])
    site = SimpleNamespace(
        label=lambda iri, *_: Label(iri, ""),
        release=SimpleNamespace(base=BASE),
        vocabulary=SimpleNamespace(get=lambda *_: None),
    )
    content = source(Edition(found, Presenter(cast(Any, site), Labels(), "en", cast(Any, str))), SOURCE)
    rows = {row.name: row for section in content.sections for row in section.rows}
    assert {name: row.unknown or row.values[0].label.text for name, row in rows.items()} == {
        "By": "Somebody",
        "Published by": "not known",
        "Published": "June 2019",
        "Rights": "not known",
        "Belongs with": BASE + "id/source/b",
        "Address": "https://example.com/",
        "Accessed": "22 November 2026",
        "Archived copy": ARCHIVE,
        "SHA-256 of the text that the quotations are from": "not known",
    }
    assert rows["Archived copy"].values[0].href == ARCHIVE
