"""Quotations, and what stands around them, compared with the texts they are taken from (Web Annotation, 4.2.4 and 4.2.5)."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeAlias

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from vertragsgraph.documents.document import page_at
from vertragsgraph.finding import Finding, FindingsError, Place, Severity
from vertragsgraph.gate.checks import spelling, wordings
from vertragsgraph.gate.checks.evidence import check_evidence
from vertragsgraph.gate.checks.surroundings import surroundings
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import Coverage, first, first_of_kinds, in_order, more_of
from vertragsgraph.graph import Graphs
from vertragsgraph.graph.quotations import Quotation, read_quotations
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import shorten
from vertragsgraph.rdf.namespaces import OA, VG
from vertragsgraph.rdf.sorted_files import lines_of
from vertragsgraph.rdf.syntax.ntriples import literal_of
from vertragsgraph.register import Register
from vertragsgraph.sources.term_names import compact
from vertragsgraph.sources.texts import SHA256, files_below, read_texts
from vertragsgraph.texts import Language, both, marked

RULE: Final = "quotation"

Message: TypeAlias = dict[Language, str]

HELD_BY: Final = NamedNode(VG + "heldBy")
_PARTS: Final = ("start", "end", "exact")
_SELECTOR: Final = re.compile(rf"<(?P<entry>[^>]+)/(?:quote|position)> <{OA}(?P<part>{'|'.join(_PARTS)})> ".encode())


@dataclass(frozen=True)
class Quotations:
    """How far the evidence goes, and whether the quotations are true to the texts.

    Of the entries of evidence `quotations` quote with a position, `from_paper` without one; `at_hand` of the `sources` quoted
    have their text at hand, `missing` are the others as files write them, `compared` of the quotations are from texts at hand,
    and `matched` are what the text has at that position.
    """

    coverage: Coverage
    sources: int
    at_hand: int
    missing: tuple[str, ...]
    quotations: int
    from_paper: int
    compared: int
    matched: int
    findings: tuple[Finding, ...]


def quotations(register: Register, graphs: Graphs, folder: Path) -> Quotations:
    """Compare every quotation of a register with the texts in a folder: `text[start:end] == exact`, in code points.

    A text that isn't there is told and no fault: not everybody may have all of them (`vg:heldBy`). Quotations from scans and
    paper are counted, as there is no text to compare them with. Raises `FindingsError` where there is no such folder, or none
    of the texts in it.
    """
    if not folder.is_dir():
        message = both("there is no such folder; name the one with the texts of the sources")
        raise FindingsError([Finding(message, Place(folder), rule=RULE)])
    comparison = _Comparison(register, graphs, folder)
    for quotation in read_quotations(register):
        comparison.compare(quotation)
    if comparison.quoted and not comparison.compared:
        text = marked("this folder has no files; name the one with the texts that are quoted (those of {sources})")
        if comparison.files:
            text = marked(
                "of {files} files in this folder none is a text that is quoted (those of {sources}); name the folder with the texts"
            )
        message = both(
            text,
            files=comparison.files,
            sources=", ".join(comparison.names(comparison.quoted)),
        )
        raise FindingsError([Finding(message, Place(folder), rule=RULE)])
    findings, more = first_of_kinds((finding.severity, finding) for finding in comparison.findings)
    findings += [more_of(RULE, count, severity) for severity, count in more.items()]
    coverage, unproved = check_evidence(register, graphs, Places(register))
    return Quotations(
        coverage,
        len(comparison.quoted),
        len(comparison.quoted - comparison.missing),
        tuple(comparison.names(comparison.missing)),
        comparison.quotations,
        comparison.from_paper,
        comparison.compared,
        comparison.matched,
        in_order([*unproved, *findings]),
    )


class _Comparison:
    """The texts, and what came of comparing quotations with them."""

    def __init__(self, register: Register, graphs: Graphs, folder: Path) -> None:
        self._register = register
        self._folder = folder
        self._hashes: defaultdict[NamedNode, list[str]] = defaultdict(list)
        for source, sha256 in _hashes(graphs):
            self._hashes[source].append(sha256)
        files = files_below(folder)
        self.files = len(files)
        self._texts = dict(read_texts(files, set(chain.from_iterable(self._hashes.values()))))
        self._holders = _holders(graphs)
        self._sentences = wordings.sentences(register, graphs)
        self.quoted: set[NamedNode] = set()
        self.missing: set[NamedNode] = set()
        self.quotations = 0
        self.from_paper = 0
        self.compared = 0
        self.matched = 0
        self.findings: list[Finding] = []

    def compare(self, quotation: Quotation) -> None:
        """Compare a quotation with its text, where that is at hand."""
        if not quotation.positioned:
            self.from_paper += 1
            return
        self.quotations += 1
        found = self._complaint(quotation)
        said = [found] if found else []
        if not found or found[1] is not Severity.VIOLATION:
            said += ((message, Severity.VIOLATION) for message in self._cut(quotation))
        entry = str(NamedNode(quotation.entry))
        self.findings += (Finding(message, quotation.place, severity, RULE, entry) for message, severity in said)

    def names(self, sources: Iterable[NamedNode]) -> list[str]:
        """Return sources as files write them, sorted."""
        return sorted(compact(source, self._register) for source in sources)

    def _cut(self, quotation: Quotation) -> list[Message]:
        """Complain about sentences with which the text goes on, before or after the passage."""
        if not (text := self._text(quotation.source)):
            return []
        around = text[: quotation.start], text[quotation.end :]
        return [
            wordings.part_message(said)
            for said in self._sentences.get(NamedNode(quotation.entry), ())
            if wordings.is_only_a_part(said, quotation.exact, wordings.SENTENCES, *around)
        ]

    def _text(self, source: NamedNode) -> str:
        """Return the text of a source; nothing where it isn't at hand."""
        return next((self._texts[sha256] for sha256 in self._hashes[source] if sha256 in self._texts), "")

    def _complaint(self, quotation: Quotation) -> tuple[Message, Severity] | None:
        source = quotation.source
        if source not in self._hashes:
            return both(
                "{source} has no schema:sha256: add the SHA-256 of the text that is quoted or, of a scan or paper, say where the "
                "words stand (vg:page …) in place of oa:start and oa:end",
                source=compact(source, self._register),
            ), Severity.VIOLATION
        self.quoted.add(source)
        if not (text := self._text(source)):
            self._miss(source, self._hashes[source][0])
            return None
        self.compared += 1
        if text[quotation.start : quotation.end] != quotation.exact:
            return spelling.mismatch(text, quotation.exact, quotation.start, quotation.end), Severity.VIOLATION
        self.matched += 1
        return _other_page(text, quotation) or _around(text, quotation)

    def _miss(self, source: NamedNode, sha256: str) -> None:
        """Tell, once for each source, that its text is not there, and who has it, where that is known."""
        if source in self.missing:
            return
        self.missing.add(source)
        message = both(
            "no file in {folder} has the SHA-256 of the text of {source}, so the quotations from it are not compared; add that "
            "text if you may have it, or read the source anew",
            folder=self._folder,
            source=compact(source, self._register),
        )
        if holders := self._holders.get(source):
            message = both(
                "the text of {source} is not in {folder}, so the quotations from it are not compared; it is held by {holders}",
                folder=self._folder,
                source=compact(source, self._register),
                holders=", ".join(self.names(holders)),
            )
        place = Places(self._register).of_triple(Triple(source, SHA256, Literal(sha256)))
        self.findings.append(Finding(message, place, Severity.INFO, RULE, str(source)))


def _hashes(graphs: Graphs) -> Iterator[tuple[NamedNode, str]]:
    """Yield the sources whose texts are known, with the SHA-256 of these."""
    return ((source, value.value) for source, value in _said(graphs, SHA256))


def _holders(graphs: Graphs) -> Mapping[NamedNode, list[NamedNode]]:
    """Return who holds the texts of sources, where that is said."""
    holders: defaultdict[NamedNode, list[NamedNode]] = defaultdict(list)
    for source, agent in _said(graphs, HELD_BY):
        holders[source].append(agent)
    return holders


def _said(graphs: Graphs, predicate: NamedNode) -> Iterator[tuple[NamedNode, Any]]:
    for path in graphs.paths(["sources"]):
        for quad in parse(path=path, format=RdfFormat.N_TRIPLES):
            if quad.predicate == predicate:
                yield quad.subject, quad.object


def _other_page(text: str, quotation: Quotation) -> tuple[Message, Severity] | None:
    """Say on which page of its PDF a quotation stands, if that isn't the one that is named."""
    page = page_at(text, quotation.start)
    if not page or quotation.pdf_page in {0, page}:
        return None
    return both(
        "in the text, this stands on page {page} of the PDF: write vg:pdfPage {page}", page=page
    ), Severity.VIOLATION


def _around(text: str, quotation: Quotation) -> tuple[Message, Severity] | None:
    """Say what is to be written as prefix and suffix where those of a quotation are untrue, or where it has none."""
    start, end, told = quotation.start, quotation.end, bool(quotation.prefix or quotation.suffix)
    true = text.endswith(quotation.prefix, 0, start) and text.startswith(quotation.suffix, end)
    if told and true:
        return None
    should = surroundings(text, start, end)
    parts = ((terms.PREFIX, should.prefix), (terms.SUFFIX, should.suffix))
    written = " ; ".join(f"{shorten(part.value)} {Literal(words)}" for part, words in parts if words)
    if told and not written:
        message = both("the text has nothing in this line beside the quotation: leave out oa:prefix and oa:suffix")
        return message, Severity.VIOLATION
    if told:
        message = both("the text has other words around the quotation: write {written}", written=written)
        return message, Severity.VIOLATION
    message = both(
        "so that a link leads to this passage and no other, write what stands around it: {written}", written=written
    )
    return (message, Severity.INFO) if written else None


def check_lengths(register: Register, graphs: Graphs, places: Places) -> list[Finding]:
    """Return a finding for each quotation that is longer or shorter than its position says."""
    wrong, more = first(_of_other_length(graphs))
    ends = [Triple(node, terms.END, Literal(str(end), datatype=terms.INTEGER)) for node, _, end, _ in wrong]
    places.look_up(triples=ends)
    findings = [
        Finding(_length_message(exact, end - start), places.of_triple(triple), rule=RULE, focus=str(node))
        for (node, start, end, exact), triple in zip(wrong, ends, strict=True)
    ]
    return [*findings, *([more_of(RULE, more)] if more else [])]


def _length_message(exact: str, length: int) -> Message:
    if len(unicodedata.normalize("NFC", exact)) == length:
        return spelling.difference(unicodedata.normalize("NFC", exact), exact)
    return both(
        "oa:exact has {count} characters, but from oa:start to oa:end there are {length}; with the text in a folder DIR, "
        "check --sources DIR tells the right numbers",
        count=len(exact),
        length=length,
    )


def _of_other_length(graphs: Graphs) -> Iterator[tuple[NamedNode, int, int, str]]:
    """Yield entry, start, end and words of quotations whose length isn't that of their position.

    In the sorted graph, position and quotation of an entry stand side by side.
    """
    parts: dict[bytes, bytes] = {}
    entry = b""
    for line in lines_of(*graphs.paths(["evidence"])):
        if found := _SELECTOR.match(line):
            if found["entry"] != entry:
                parts, entry = {}, found["entry"]
            parts[found["part"]] = line[found.end() : -3]
            if len(parts) == len(_PARTS):
                start, end = (int(parts[part].split(b'"')[1]) for part in (b"start", b"end"))
                exact = literal_of(parts[b"exact"]).value
                if end - start != len(exact):
                    yield NamedNode(entry.decode()), start, end, exact
