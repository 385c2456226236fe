"""What somebody asserts about a resource and no other part of its page tells: whatever the shapes admit is shown."""

from __future__ import annotations

from collections import defaultdict

from vertragsgraph.collation import sort_key
from vertragsgraph.linked_data.names import TYPE
from vertragsgraph.linked_data.neighbourhood import Term
from vertragsgraph.linked_data.terms import LABEL_PROPERTIES
from vertragsgraph.web.pages.edition import Edition, Section


def further(edition: Edition, iri: str, title: str) -> Section:
    """Return the section with the statements about a resource that its page hasn't told yet, by the names of properties.

    What it is stands at the top of each page, and so does its name; what follows from other statements is told by those.
    """
    show, untold = edition.show, defaultdict[str, list[Term]](list)
    name = show.label(iri).text
    for _, predicate, value in edition.found.asserted:
        called_so = predicate.value in LABEL_PROPERTIES and getattr(value, "value", "") == name
        if predicate.value != TYPE and not called_so and (iri, predicate.value, value) not in edition.told:
            untold[predicate.value].append(value)
    names = sorted(untold, key=lambda predicate: (sort_key(show.label(predicate).text), predicate))
    return Section("statements", title, [row for each in names for row in edition.rows(iri, each, some=untold[each])])
