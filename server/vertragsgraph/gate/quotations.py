"""Quotations compared with the texts that they are taken from (Web Annotation Data Model, sections 4.2.4 and 4.2.5).

The texts are no part of a register. They are known by their SHA-256, whatever their files are called.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.gate.evidence import check_evidence
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import in_order
from vertragsgraph.gate.words import compact
from vertragsgraph.graph import Graphs, terms
from vertragsgraph.graph.complaints import Complaints
from vertragsgraph.graph.entries import read_entries
from vertragsgraph.register import Register
from vertragsgraph.sources import Locator, SourceFile, source_files
from vertragsgraph.sources.syntax import WELL_KNOWN
from vertragsgraph.texts import Language, both

RULE: Final = "quotation"

Message: TypeAlias = dict[Language, str]

SHA256: Final = NamedNode(WELL_KNOWN["schema"] + "sha256")
SHOWN: Final = 60  # characters of a text that a message shows


@dataclass(frozen=True)
class Quotations:
    """How far the evidence goes, and whether the quotations are true to the texts.

    `statements` demand evidence, `with_evidence` of them have it. Of the entries that support them `quotations` quote
    with a position, and `matched` of these are what the text has at that position.
    """

    statements: int
    with_evidence: int
    quotations: int
    matched: int
    findings: tuple[Finding, ...]


def quotations(register: Register, graphs: Graphs, folder: Path) -> Quotations:
    """Compare every quotation of a register with the texts in a folder: `text[start:end] == exact`, in code points.

    Sources without a SHA-256, of which no text is at hand, are cited without a quotation, and nothing is looked for.
    Raises `FindingsError` where there is no such folder.
    """
    if not folder.is_dir():
        message = both("there is no such folder; name the one with the texts of the sources")
        raise FindingsError([Finding(message, Place(folder), rule=RULE)])
    comparison = _Comparison(register, graphs, folder)
    for file in source_files(register):
        if file.role == "evidence":
            comparison.read(file)
    coverage = check_evidence(register, graphs, Places(register))
    return Quotations(
        coverage.statements,
        coverage.with_evidence,
        comparison.quotations,
        comparison.matched,
        in_order([*coverage.findings, *comparison.findings]),
    )


class _Comparison:
    """The texts, and what came of comparing quotations with them."""

    def __init__(self, register: Register, graphs: Graphs, folder: Path) -> None:
        self._register = register
        self._folder = folder
        self._hashes = dict(_hashes(graphs))
        self._texts = dict(_texts(folder, set(self._hashes.values())))
        self._missing: set[NamedNode] = set()
        self.quotations = 0
        self.matched = 0
        self.findings: list[Finding] = []

    def read(self, file: SourceFile) -> None:
        """Compare the quotations of a file; malformed entries are complained about where the graphs are made."""
        for entry in read_entries(file.path, self._register.base, Complaints()):
            source = entry.one(terms.HAS_SOURCE)
            exact, start, end = (entry.one(part) for part in (terms.EXACT, terms.START, terms.END))
            if (
                isinstance(source, NamedNode)
                and isinstance(exact, Literal)
                and isinstance(start, Literal)
                and isinstance(end, Literal)
            ):
                self.quotations += 1
                if message := self._complaint(source, exact.value, int(start.value), int(end.value)):
                    place = Place(file.path, entry.values[terms.EXACT][0][1])
                    self.findings.append(Finding(message, place, rule=RULE, focus=str(entry.node)))

    def _complaint(self, source: NamedNode, exact: str, start: int, end: int) -> Message | None:
        sha256 = self._hashes.get(source)
        if sha256 is None:
            return both(
                "{source} has no schema:sha256: add the SHA-256 of the text that is quoted, or cite it without oa:exact",
                source=compact(source, self._register),
            )
        text = self._texts.get(sha256)
        if text is None:
            self._miss(source, sha256)
            return None
        if text[start:end] == exact:
            self.matched += 1
            return None
        return _mismatch(text, exact, start, end)

    def _miss(self, source: NamedNode, sha256: str) -> None:
        """Complain, once for each source, that its text is not there."""
        if source in self._missing:
            return
        self._missing.add(source)
        message = both(
            "no file in {folder} has the SHA-256 of the text of {source}: add that text, or read the source anew",
            folder=self._folder,
            source=compact(source, self._register),
        )
        place = Locator(self._register).triple(source, SHA256, Literal(sha256))
        self.findings.append(Finding(message, place, rule=RULE, focus=str(source)))


def _hashes(graphs: Graphs) -> Iterator[tuple[NamedNode, str]]:
    """Yield the sources whose texts are known, with the SHA-256 of these."""
    if "sources" in graphs.roles:
        for quad in parse(path=graphs.path("sources"), format=RdfFormat.N_TRIPLES):
            if quad.predicate == SHA256:
                yield quad.subject, quad.object.value


def _texts(folder: Path, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the texts in a folder that are wanted, each with its SHA-256."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            if sha256 in wanted:
                yield sha256, content.decode("utf-8", errors="replace")


def _mismatch(text: str, exact: str, start: int, end: int) -> Message:
    """Say what stands at the position instead, and where the quotation really stands, the nearest first."""
    found = [match.start() for match in re.finditer(re.escape(exact), text)]
    if found:
        nearest = min(found, key=lambda position: abs(position - start))
        return both(
            "the quotation stands elsewhere in the text: write oa:start {start} and oa:end {end}",
            start=nearest,
            end=nearest + len(exact),
        )
    there = text[start:end]
    return both(
        "the text does not have this quotation; from {start} to {end} it has: {there}",
        start=start,
        end=end,
        there=there if len(there) <= SHOWN else there[: SHOWN - 1] + "…",
    )
