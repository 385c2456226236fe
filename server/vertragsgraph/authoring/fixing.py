"""What need not be written by hand into sources: positions and surroundings of quotations, who judged and when, checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.authoring.editing import Edit, FileEditor
from vertragsgraph.authoring.passages import Span, nearest
from vertragsgraph.finding import Complaints, Finding, Place
from vertragsgraph.gate.checks.surroundings import surroundings
from vertragsgraph.graph.entries import Entry, read_entries
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.syntax.turtle import Terms
from vertragsgraph.register import Register
from vertragsgraph.sources import SourceFile, prefixes_of, read_statements, source_files
from vertragsgraph.sources.texts import SHA256, DescribedSource, described_sources, files_below, read_texts
from vertragsgraph.texts import Language, both

RULE: Final = "quotation"


def fix(register: Register, folders: Iterable[Path]) -> tuple[list[Path], list[Finding]]:
    """Write into the sources what follows from the texts in some folders, and return the files that changed, and what stays open.

    Of quotations that is where they stand and what stands around them, where that is missing or not so (any more); of entries and
    disagreements their author (the register's publisher) and date (today), where they are missing; of sources the checksum of
    the text `KEY.txt`, where they have none. Raises `SourceError` for sources that can't be read, and `OSError`.
    """
    fixer = _Fixer(register, [path for folder in folders for path in files_below(folder)])
    changed = []
    for file in source_files(register):
        edits = sorted(fixer.edits(file), key=lambda edit: edit.line, reverse=True)
        if edits:
            prefixes = prefixes_of(file.path, register.base, file.prefixes)
            if FileEditor(file.path, register.base, prefixes).write(edits):
                changed.append(file.path)
    return changed, fixer.findings


class _Fixer:
    def __init__(self, register: Register, files: list[Path]) -> None:
        self._register = register
        self.findings: list[Finding] = []
        sources = described_sources(register)
        by_name = {path.name.casefold(): path for path in files}
        self._found: dict[NamedNode, str] = {}
        for source in sources:
            if not source.sha256 and source.key and (path := by_name.get(f"{source.key}.txt".casefold())):
                self._found[source.iri] = hashlib.sha256(path.read_bytes()).hexdigest()
        wanted = {sha256 for source in sources for sha256 in self._hashes(source)}
        texts = dict(read_texts(files, wanted))
        self._texts = {
            source.iri: [texts[each] for each in self._hashes(source) if each in texts] for source in sources
        }

    def _hashes(self, source: DescribedSource) -> list[str]:
        return source.sha256 or list(filter(None, [self._found.get(source.iri)]))

    def edits(self, file: SourceFile) -> Iterator[Edit]:
        """Yield what is to be written into a file."""
        prefixes: Mapping[str, str] | None = None
        for entry in read_entries(file, self._register.base, Complaints(), whole=False):
            if isinstance(entry, Entry) and entry.one(terms.TYPE) in {terms.EVIDENCE, terms.DISAGREEMENT}:
                prefixes = prefixes or prefixes_of(file.path, self._register.base, file.prefixes)
                yield from self._position(file, entry)
                yield from self._judged(entry, Terms(prefixes))
        if file.role == "sources" and self._found:
            for (subject, predicate, _), _, line in read_statements(file.path, self._register.base, file.prefixes):
                if predicate == terms.TYPE and isinstance(subject, NamedNode) and subject in self._found:
                    yield Edit(line, subject, {SHA256: str(Literal(self._found.pop(subject)))})

    def _judged(self, entry: Entry, written: Terms) -> Iterator[Edit]:
        creator = written.iri(f"<{self._register.publisher.iri}>")
        day = f'"{datetime.now(UTC):%Y-%m-%d}"^^{written.iri(str(terms.DATE))}'
        values = {terms.CREATOR: creator, terms.DAY: day}
        missing = {property: value for property, value in values.items() if property not in entry.values}
        if missing:
            yield Edit(entry.line, entry.node, missing, beside=len(missing) == 1)

    def _position(self, file: SourceFile, entry: Entry) -> Iterator[Edit]:
        """Yield where a quotation stands and what stands around it, as far as that isn't said, or not so."""
        exact, source = entry.one(terms.EXACT), entry.one(terms.HAS_SOURCE)
        texts = self._texts.get(source, []) if isinstance(source, NamedNode) else []
        if not isinstance(exact, Literal) or not exact.value or not texts:
            return
        found = [(text, place) for text in texts for place in _places(text, exact.value)]
        fitting = [each for each in found if _fits(entry, *each)] or found
        place = Place(file.path, entry.values[terms.EXACT][0][1])
        if len(fitting) != 1:
            self._open(entry, place, texts[0], exact.value, [span for _, span in fitting])
            return
        text, (start, end) = fitting[0]
        position = {terms.START: str(start), terms.END: str(end)}
        if any(_text(entry, property) != value for property, value in position.items()):
            yield Edit(entry.line, entry.node, position, after=terms.EXACT, beside=True)
        around = surroundings(text, start, end)
        beside = {}
        for property, words, there in (
            (terms.PREFIX, around.prefix, text[:start].endswith),
            (terms.SUFFIX, around.suffix, text[end:].startswith),
        ):
            said = _text(entry, property)
            if words and not (said and there(said)):
                beside[property] = str(Literal(words))
        if beside:
            known = [part for part in (terms.PREFIX, terms.SUFFIX) if part in entry.values]
            yield Edit(entry.line, entry.node, beside, after=next(iter(known), terms.END), beside=bool(known))

    def _open(self, entry: Entry, place: Place, text: str, exact: str, spans: list[Span]) -> None:
        """Complain where nobody can tell which passage is meant; where positions are said, the comparison does that."""
        if terms.START in entry.values:
            return
        message: dict[Language, str]
        if spans:
            message = both(
                "the text has these words several times: from {places}; say which are meant, by oa:start and oa:end, or by "
                "oa:prefix",
                places=", ".join(f"{start} – {end}" for start, end in spans),
            )
        elif near := nearest(text, exact):
            message = both(
                "the text doesn't have these words; nearest to them, from {start} to {end}: {there}",
                start=near[0],
                end=near[1],
                there=text[slice(*near)],
            )
        else:
            message = both("the text doesn't have these words, nor anything like them")
        self.findings.append(Finding(message, place, rule=RULE, focus=str(entry.node)))


def _places(text: str, words: str) -> Iterator[Span]:
    at = text.find(words)
    while at >= 0:
        yield at, at + len(words)
        at = text.find(words, at + 1)


def _fits(entry: Entry, text: str, place: Span) -> bool:
    """Tell whether a passage is the one that is meant: by its position, else by what is said to stand around it."""
    start, end = place
    if _text(entry, terms.START) == str(start):
        return True
    prefix, suffix = _text(entry, terms.PREFIX), _text(entry, terms.SUFFIX)
    return bool(prefix or suffix) and text[:start].endswith(prefix) and text[end:].startswith(suffix)


def _text(entry: Entry, property: NamedNode) -> str:
    value = entry.one(property)
    return value.value if isinstance(value, Literal) else ""
