"""What lies before the keeper: the register as it is now, the texts of its sources, and what the gate says of a draft."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.authoring.names import Names, read_names
from vertragsgraph.authoring.suggestions import Suggestion, suggestions
from vertragsgraph.editor.files import States, extended
from vertragsgraph.editor.forms import Forms
from vertragsgraph.editor.known import Known, Name
from vertragsgraph.finding import Finding, FindingsError
from vertragsgraph.gate import check
from vertragsgraph.graph import collect
from vertragsgraph.graph.collect import read_document
from vertragsgraph.graph.quotations import Quotation, read_quotations
from vertragsgraph.rdf.namespaces import SCHEMA, VG
from vertragsgraph.register import FILE_NAME, Register, load_register, shipped_folder
from vertragsgraph.register.kinds import FILE_NAME as KINDS
from vertragsgraph.sources.texts import DescribedSource, described_sources, files_below, read_texts

CONTRACT: Final = NamedNode(VG + "Contract")
_LANGUAGE: Final = NamedNode(SCHEMA + "inLanguage")
_PARTS: Final = (FILE_NAME, KINDS, "ontology", "shapes")


@dataclass(frozen=True)
class Source:
    """A source with its text, "" where that isn't at hand, and what is quoted from it."""

    described: DescribedSource
    name: Name
    text: str
    language: str
    quotations: Sequence[Quotation]
    names: Names
    languages: Sequence[str]

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """What the text may tell: names of the register, dates, amounts. They are looked for when they are first wanted."""
        return suggestions(self.text, self.names, self.languages)

    @property
    def slug(self) -> str:
        """The last part of its IRI."""
        return self.described.iri.value.rpartition("/")[2]


@dataclass(frozen=True)
class View:
    """A register in one state, whose name is `state`; `contents` are the texts of its files."""

    state: str
    register: Register
    forms: Forms
    known: Known
    sources: Mapping[str, Source]
    contents: Mapping[Path, str]


@dataclass
class Desk:
    """A register that is worked on, with the folders that have the texts of its sources."""

    register: Register
    folders: Sequence[Path]
    states: States = field(init=False)
    _view: View | None = None
    _reading: Lock = field(default_factory=Lock)
    _checking: Lock = field(default_factory=Lock)
    _latest: int = 0

    def __post_init__(self) -> None:
        self.states = States(self.register.data)

    def look(self) -> View:
        """Return the register as it is now. Raises `FindingsError` where it can't be read."""
        with self._reading:
            state, contents = self.states.read()
            if self._view is None or self._view.state != state:
                self._view = self._read(state, contents)
            return self._view

    def _read(self, state: str, contents: Mapping[Path, str]) -> View:
        with tempfile.TemporaryDirectory() as folder:
            graphs = collect(self.register, Path(folder))
            known, forms = Known(self.register, graphs), self._forms(graphs.shapes)
            names = read_names(graphs, self.register.base)
        described = described_sources(self.register)
        wanted = {sha256 for source in described for sha256 in source.sha256}
        texts = dict(read_texts((path for each in self.folders for path in files_below(each)), wanted))
        quotations = list(read_quotations(self.register))
        sources = [self._source(each, known, texts, quotations, names) for each in described]
        return View(state, self.register, forms, known, {source.slug: source for source in sources}, contents)

    def _forms(self, shapes: Sequence[Triple]) -> Forms:
        """Return the forms of the register; where its own shapes have none, those that come with the package."""
        forms = Forms(shapes, CONTRACT)
        return forms if forms.root else Forms(read_document(self.register, shipped_folder() / "shapes"), CONTRACT)

    def _source(
        self,
        described: DescribedSource,
        known: Known,
        texts: Mapping[str, str],
        quotations: Sequence[Quotation],
        names: Names,
    ) -> Source:
        text = next((texts[sha256] for sha256 in described.sha256 if sha256 in texts), "")
        language = next((v.value for v in known.values(described.iri, _LANGUAGE) if isinstance(v, Literal)), "")
        quoted = [each for each in quotations if each.source == described.iri]
        languages = tuple(dict.fromkeys(filter(None, (language, *self.register.languages))))
        return Source(described, known.name(described.iri.value), text, languages[0], quoted, names, languages)

    def findings(self, additions: Mapping[Path, str]) -> Sequence[Finding] | None:
        """Return what the gate says of the register with additions to its files; None where it is asked anew meanwhile."""
        self._latest = number = self._latest + 1
        with self._checking:
            if number != self._latest:
                return None
            with tempfile.TemporaryDirectory() as folder:
                return self._checked(Path(folder), additions)

    def _checked(self, folder: Path, additions: Mapping[Path, str]) -> Sequence[Finding]:
        """Return what the gate says of a copy of the register; its files are links to the same contents."""
        copy = folder / "register"
        copy.mkdir()
        for name in (*_PARTS, "data"):
            if (part := self.register.folder / name).is_dir():
                shutil.copytree(part, copy / name, copy_function=_link)
            elif part.exists():
                _link(part, copy / name)
        for path, text in additions.items():
            draft = copy / path.relative_to(self.register.folder)
            content = extended(path, text)
            draft.parent.mkdir(parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            draft.write_bytes(content)
        register = load_register(copy)
        try:
            return check(register, collect(register, folder / "graphs")).findings
        except FindingsError as error:
            return error.findings


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)
