"""What is given as the words of a source, held against the passages that are quoted for it.

The ontology marks the properties whose values are words of a source, and says how much of it they are (`vg:verbatim`): any
expression, a phrase that is whole where it stands in quotation marks, or whole sentences. What is left out is marked with […].
How a sentence goes on after the passage is known from the text itself only (`is_part`, for `check --sources`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.finding import Finding
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import first, more_of
from vertragsgraph.graph import Graphs
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import VG
from vertragsgraph.rdf.sorted_files import lines_of, sorting
from vertragsgraph.rdf.syntax.ntriples import literal_of
from vertragsgraph.register import Register
from vertragsgraph.sources.term_names import compact
from vertragsgraph.texts import Language, both

RULE: Final = "wording"

Message: TypeAlias = dict[Language, str]

LEFT_OUT: Final = "[…]"
VERBATIM: Final = NamedNode(VG + "verbatim")
PHRASE, SENTENCES = "phrase", "sentences"
QUOTE: Final = b"/quote>"
"""How the IRI of the selector of an entry goes on from that of the entry."""

_PREDICATE, _OBJECT, _EVIDENCE = (str(term).encode() for term in (terms.PREDICATE, terms.OBJECT, terms.HAS_EVIDENCE))
_QUOTED: Final = QUOTE + f" {terms.EXACT} ".encode()
_OPENING: Final = frozenset("„“»«\"'‚‘›‹(:–—")
_CLOSING: Final = frozenset("“”«»\"'‘’‹›)")
_ENDS: Final = frozenset(".!?…")
_PAIRS: Final = {"„": '“”"', "“": "”", "«": "»", '"': '"'}
"""Quotation marks, each with those that may end what it begins; “ ends in German what it begins in English."""


class _Supported(NamedTuple):
    """A wording, the property that has it, and an entry of evidence that quotes a passage for it."""

    predicate: NamedNode
    wording: Literal
    entry: NamedNode
    passage: Literal


def verbatim(graphs: Graphs) -> dict[NamedNode, str]:
    """Return the properties whose values are words of a source, each with what they are: "expression", "phrase" or "sentences"."""
    return {term: value.value for term, predicate, value in graphs.ontology if predicate == VERBATIM}


def check_wordings(register: Register, graphs: Graphs, places: Places) -> list[Finding]:
    """Return a finding for each passage that doesn't have the words it is quoted for, or of which they are only a part."""
    kinds = verbatim(graphs)
    told = ((found, _message(found, kinds[found.predicate], register)) for found in _supported(register, graphs, kinds))
    wrong, more = first((found, message) for found, message in told if message)
    triples = [Triple(found.entry, terms.EXACT, found.passage) for found, _ in wrong]
    places.look_up(triples=triples)
    findings = [
        Finding(message, places.of_triple(triple), rule=RULE, focus=str(found.entry))
        for (found, message), triple in zip(wrong, triples, strict=True)
    ]
    return [*findings, *([more_of(RULE, more)] if more else [])]


def sentences(register: Register, graphs: Graphs) -> dict[NamedNode, list[str]]:
    """Return the whole sentences for which entries of evidence quote a passage, by entry."""
    kinds = {term: kind for term, kind in verbatim(graphs).items() if kind == SENTENCES}
    said: defaultdict[NamedNode, list[str]] = defaultdict(list)
    for found in _supported(register, graphs, kinds):
        said[found.entry].append(found.wording.value)
    return said


def _message(found: _Supported, kind: str, register: Register) -> Message | None:
    """Return what is wrong with the words that a passage is quoted for."""
    wording = found.wording.value
    only_a_part = is_only_a_part(wording, found.passage.value, kind)
    if only_a_part is not None:
        return part_message(wording) if only_a_part else None
    return both(
        "the passage doesn't have the words that it supports as {property}: “{wording}”; give the words of the source, as they "
        "stand there, or quote the passage that has them",
        property=compact(found.predicate, register),
        wording=wording,
    )


def part_message(wording: str) -> Message:
    """Return what to say of words that are only a part of what the source says."""
    return both(
        "“{wording}” is only a part of what stands there; give all of it, or mark what is left out with […]",
        wording=wording,
    )


def is_only_a_part(wording: str, passage: str, kind: str, before: str = "", after: str = "") -> bool | None:
    """Tell whether words are a part of what a passage has, wherever it has them; None where it doesn't have them.

    `kind` is how much of a source they are said to be, `before` and `after` is the text around the passage, where it is known.
    """
    found = [
        is_part(before + passage[:start], wording, passage[end:] + after, kind)
        for start, end in spans(wording, passage)
    ]
    return all(found) if found else None


def spans(wording: str, passage: str) -> Iterator[tuple[int, int]]:
    """Yield from where to where a passage has the words, in their order and with nothing between them but what is left out.

    Only white space may differ.

    >>> list(spans("im […] Jahr", "Im letzten: im nun letzten  Jahr")), list(spans("im Jahr", "im letzten Jahr"))
    ([(12, 32)], [])
    """
    start = -1
    while place := _next_span(wording, passage, start + 1):
        start = place[0]
        yield place


def _next_span(wording: str, passage: str, begin: int) -> tuple[int, int] | None:
    start, end = -1, begin
    for part in filter(None, map(str.strip, wording.split(LEFT_OUT))):
        place = passage.find(part, end)
        last = place + len(part)
        if place < 0:  # a pattern takes long to make, and is needed only where white space differs
            found = re.compile(r"\s+".join(map(re.escape, part.split()))).search(passage, end)
            if found is None:
                return None
            place, last = found.span()
        start, end = place if start < 0 else start, last
    return (start, end) if start >= 0 else None


def is_part(before: str, wording: str, after: str, kind: str) -> bool:
    """Tell whether words are a part of a whole of which nothing says so; `before` and `after` stand around them in the source.

    >>> is_part("Er sagt: „", "Wir helfen", "“, betont er", SENTENCES), is_part("", "Wir helfen", " gern.", SENTENCES)
    (False, True)
    >>> is_part("weil ", "[…] wir helfen […]", " gern.", SENTENCES), is_part("weil ", "wir helfen.", "", SENTENCES)
    (False, True)
    >>> is_part("das Thema „", "Rollen", " von Vätern“", PHRASE), is_part("das Ziel, ", "Rollen", " zu ändern", PHRASE)
    (True, False)
    """
    before, wording, after = before.rstrip(), wording.strip(), after.lstrip()
    if kind == SENTENCES:
        begins = not wording[:1].islower() and (not before or before[-1] in _OPENING | _CLOSING | _ENDS)
        ends = wording[-1:] in _ENDS | _CLOSING or not after or after[0] in _CLOSING
    elif kind == PHRASE and _in_quotation_marks(before, after):
        begins, ends = before[-1] in _PAIRS, after[0] in "".join(_PAIRS.values())
    else:
        return False
    return not ((begins or wording.startswith(LEFT_OUT)) and (ends or wording.endswith(LEFT_OUT)))


def _in_quotation_marks(before: str, after: str) -> bool:
    """Tell whether what stands between is in quotation marks."""
    marks = _PAIRS.keys() | set("".join(_PAIRS.values()))
    last = next((character for character in reversed(before) if character in marks), "")
    following = next((character for character in after if character in marks), "")
    if not following or following not in _PAIRS.get(last, ""):
        return False
    return last != '"' or before.count('"') % 2 == 1


def _supported(register: Register, graphs: Graphs, kinds: Mapping[NamedNode, str]) -> Iterator[_Supported]:
    """Yield each wording with each passage that is quoted for it, in flat memory: what is sorted is read side by side."""
    if not kinds:
        return
    with TemporaryDirectory(dir=graphs.folder) as folder:
        pairs = Path(folder, "pairs")
        with sorting(pairs) as out:
            for entry, predicate, wording in _statements(register, graphs, {str(term).encode() for term in kinds}):
                out.write(b"%b %b %b\n" % (entry[:-1] + QUOTE, predicate, wording))
        quotes = (
            (line[: line.index(b" ")], line[line.index(_QUOTED) + len(_QUOTED) : -3])
            for line in lines_of(*graphs.paths(["evidence"]))
            if _QUOTED in line
        )
        node, exact = next(quotes, (b"", b""))
        for line in lines_of(pairs):
            quote, predicate, wording = line[:-1].split(b" ", 2)
            while node and node < quote:
                node, exact = next(quotes, (b"", b""))
            if node == quote:
                yield _Supported(
                    NamedNode(predicate[1:-1].decode()),
                    literal_of(wording),
                    NamedNode(quote[1 : -len(QUOTE)].decode()),
                    literal_of(exact),
                )


def _statements(register: Register, graphs: Graphs, wanted: set[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield entry, predicate and wording for each statement node that stands for words of a source.

    The file is sorted: of each node rdf:object comes first, then rdf:predicate, and vg:evidence last.
    """
    start = f"<{register.iri('id/statement/')}".encode()
    current = wording = property_ = b""
    for line in lines_of(*graphs.paths(["evidence"])):
        if not line.startswith(start):
            continue
        node, predicate, value = line[:-3].split(b" ", 2)
        if node != current:
            current, wording, property_ = node, b"", b""
        if predicate == _OBJECT:
            wording = value
        elif predicate == _PREDICATE and value in wanted and wording.startswith(b'"'):
            property_ = value
        elif predicate == _EVIDENCE and property_:
            yield value, property_, wording
