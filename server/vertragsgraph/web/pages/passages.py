"""Where a passage stands in its source: in words, as an address, and as a number that puts those of a source in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.rdf.namespaces import SCHEMA, VG
from vertragsgraph.text_fragment import is_web_address, passage_address
from vertragsgraph.texts import marked
from vertragsgraph.web.rendering.presenter import Presenter

_ON_PAPER: Final = {
    VG + "page": marked("page {number}"),
    VG + "pdfPage": marked("page {number} of the PDF"),
    VG + "folio": marked("folio {number}"),
    VG + "paragraph": marked("§ {number}"),
    VG + "row": marked("row {number}"),
}
"""Properties that say where something stands on paper, in a scan or in a table, and how that is said in words."""


def place(found: Neighbourhood, show: Presenter, evidence: str) -> str:
    """Return in words where a passage stands, and who has seen it there; `""` where nothing says so."""
    return ", ".join(_places(found, show, evidence))


def _places(found: Neighbourhood, show: Presenter, evidence: str) -> Iterator[str]:
    for predicate, pattern in _ON_PAPER.items():
        yield from (show.say(pattern, number=literal.value) for literal in found.literals(evidence, predicate))
    if position := found.position(evidence):
        yield show.say("characters {start} to {end}", start=position[0], end=position[1])
    agents = show.listed(show.label(agent).text for agent in found.iris(evidence, VG + "seenBy"))
    for day in found.literals(evidence, VG + "seenOn") if agents else ():
        yield show.say("seen by {agents} on {day}", agents=agents, day=show.lexical(day))


def number(found: Neighbourhood, evidence: str) -> int:
    """Return at which character of a text a passage begins or, on paper, the first number in its place."""
    if position := found.position(evidence):
        return position[0]
    told = " ".join(found.text(evidence, predicate) for predicate in _ON_PAPER)
    return int(first[0]) if (first := re.search(r"[0-9]{1,9}", told)) else 0


def address(found: Neighbourhood, evidence: str, source: str) -> str:
    """Return the address of a source that leads to what is quoted.

    That is a page of a PDF (RFC 8118, section 3), a row of a table in CSV (RFC 7111, section 2.1), or words that are in a text.
    """
    url, page, row = web_address(found, source), found.text(evidence, VG + "pdfPage"), found.text(evidence, VG + "row")
    if url and page and "#" not in url:
        url += f"#page={page}"
    elif url.endswith(".csv") and row:
        url += f"#row={row}"
    quotation = found.quotation(evidence) if found.position(evidence) else None
    return passage_address(url, quotation.value if quotation else "", *found.around(evidence))


def web_address(found: Neighbourhood, source: str) -> str:
    """Return where a source is published, `""` where that isn't known or isn't on the web."""
    address = found.one(source, SCHEMA + "url") or found.text(source, SCHEMA + "url")
    return address if is_web_address(address) else ""
