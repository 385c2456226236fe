"""Recording a source: its entry in Turtle and its text, both or neither."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from vertragsgraph.authoring.dates import date_literal
from vertragsgraph.documents import Said
from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import DC, DCTERMS, FABIO, SCHEMA, VG
from vertragsgraph.rdf.syntax.turtle import Terms
from vertragsgraph.register import Register
from vertragsgraph.register.files import read_text
from vertragsgraph.register.names import prefixes_for, slug
from vertragsgraph.sources import read_turtle, source_files
from vertragsgraph.sources.texts import DescribedSource
from vertragsgraph.texts import Language, both, marked, translate

RULE: Final = "source"
LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
"""The form of a language tag (BCP 47)."""
_TITLE: Final = marked("The sources, and the SHA-256 of their texts.")
_NUMBERED: Final = re.compile(r"s([1-9]\d*)")
_PREFIX: Final = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class NewSource:
    """A source to be recorded: key, text, what it says of itself, address, and day on which the text was taken from there.

    `url` and `accessed` are "" where there are none.
    """

    key: str
    text: str
    said: Said
    url: str = ""
    accessed: str = ""

    @property
    def name(self) -> str:
        """The last part of its IRI, by which its text is called, too."""
        return slug(self.key)

    @property
    def sha256(self) -> str:
        """The SHA-256 of its text as it is kept: in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def triples(self, register: Register) -> Iterator[Triple]:
        """Yield its description, in the order in which it is written."""
        node = NamedNode(register.iri(f"id/source/{self.name}"))
        said = self.said
        yield Triple(node, terms.TYPE, NamedNode(VG + "SourceDocument"))
        label = f"{self.key}: {said.title or self.url or self.name}"
        yield from (Triple(node, terms.LABEL, Literal(label, language=tag)) for tag in register.languages)
        title = Literal(said.title, language=said.language) if said.language else Literal(said.title)
        for predicate, value in (
            (DCTERMS + "identifier", Literal(self.key)),
            (DCTERMS + "title", title),
            (DC + "creator", Literal(said.author)),
            (DC + "publisher", Literal(said.publisher)),
            (DCTERMS + "issued", date_literal(said.issued)),
            (SCHEMA + "inLanguage", Literal(said.language)),
            (SCHEMA + "url", NamedNode(self.url) if self.url else None),
            (DC + "rights", Literal(said.rights)),
            (FABIO + "hasAccessDate", date_literal(self.accessed)),
            (SCHEMA + "sha256", Literal(self.sha256)),
        ):
            if value and value.value:
                yield Triple(node, NamedNode(predicate), value)


def next_key(register: Register, folder: Path) -> str:
    """Return the first key S1, S2 … above all that sources have, had (their tombstones), or texts in a folder are called by."""
    start = register.iri("id/source/")
    names = [
        triple.subject.value.removeprefix(start)
        for file in source_files(register)
        if file.role in {"sources", "tombstones"}
        for triple, _ in read_turtle(file.path, register.base, file.prefixes)
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(start)
    ]
    names += [path.name.partition(".")[0].lower() for path in folder.iterdir()] if folder.is_dir() else []
    return f"S{max((int(found[1]) for name in names if (found := _NUMBERED.fullmatch(name))), default=0) + 1}"


def with_text(described: Sequence[DescribedSource], source: NewSource) -> DescribedSource | None:
    """Return the source that has the same text, if there is one."""
    return next((each for each in described if source.sha256 in each.sha256), None)


def with_address(described: Sequence[DescribedSource], source: NewSource) -> DescribedSource | None:
    """Return the source that has the same address, if there is one."""
    return next((each for each in described if source.url in each.urls), None) if source.url else None


def file_of(register: Register, source: NewSource) -> Path:
    """Return the file to which a source is added: data/sources.ttl, or where the register has a folder of them, one of its own."""
    folder = register.data / "sources"
    single = folder.with_suffix(".ttl")
    return folder / f"{source.name}.ttl" if folder.is_dir() and not single.is_file() else single


def in_turtle(register: Register, source: NewSource) -> str:
    """Return the entry of a source with the prefixes that its file and data/prefixes.ttl don't declare yet.

    Raises `FindingsError` for a file that isn't UTF-8.
    """
    path = file_of(register, source)
    declared = {**_declared(register, register.data / "prefixes.ttl"), **_declared(register, path)}
    known = {**prefixes_for(register.base, ["source"]), "dc": DC}
    used = Terms({**{name: space for name, space in known.items() if declared.get(name, space) == space}, **declared})
    parts = []
    for predicate, objects in _by_predicate(source.triples(register)):
        values = " , ".join(used.object(str(each)) for each in objects)
        parts.append(f"{'a' if predicate == terms.TYPE else used.iri(str(predicate))} {values}")
    subject = used.iri(str(NamedNode(register.iri(f"id/source/{source.name}"))))
    missing = [name for name in used.used if name not in declared]
    width = max(map(len, missing), default=0) + 1
    lines = [f"@prefix {f'{name}:':{width}} <{known[name].removeprefix(register.base)}> ." for name in sorted(missing)]
    return "\n".join([*lines, *([""] if lines else []), f"{subject} " + " ;\n    ".join(parts) + " .\n"])


def record(register: Register, source: NewSource, folder: Path) -> tuple[Path, Path]:
    """Write a source's text into a folder and its entry into the register, both or neither, and return the two files.

    Nothing is overwritten. Raises `FindingsError` where the file of sources isn't Turtle, has changed meanwhile, or has a source
    of this name, or there is such a text already; and `OSError`.
    """
    path, text_file = file_of(register, source), folder / f"{source.name}.txt"
    before = path.read_bytes() if path.is_file() else b""
    told = read_text(path, RULE) if before else f"# {translate(_TITLE, register.spoken[0])}\n"
    after = f"{told.rstrip()}\n\n{in_turtle(register, source)}"
    _must_say(register, source, path, after)
    folder.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside, text_beside = path.with_name(f".{path.name}.part"), folder / f".{text_file.name}.part"
    try:
        text_beside.write_text(source.text, "utf-8", newline="")
        beside.write_text(after, "utf-8", newline="")
        if text_file.exists():
            raise _refusal(both("this is here already; nothing was written"), text_file)
        if (path.read_bytes() if path.is_file() else b"") != before:
            raise _refusal(both("this has changed meanwhile; nothing was written, try again"), path)
        text_beside.replace(text_file)
        try:
            beside.replace(path)
        except OSError:
            text_file.unlink()
            raise
    finally:
        text_beside.unlink(missing_ok=True)
        beside.unlink(missing_ok=True)
    return path, text_file


def _must_say(register: Register, source: NewSource, path: Path, text: str) -> None:
    """Raise `FindingsError` unless a file with this text says of the source what is to be recorded, and nothing else."""
    prefixes = register.data / "prefixes.ttl"
    whole = (read_text(prefixes, RULE) if prefixes.is_file() else "") + "\n" + text
    node = NamedNode(register.iri(f"id/source/{source.name}"))
    try:
        found = {
            quad.triple
            for quad in parse(whole.encode(), format=RdfFormat.TURTLE, base_iri=register.base)
            if quad.subject == node
        }
    except SyntaxError as error:
        raise _refusal(both("a mistake in this file is in the way; see: vertragsgraph check"), path) from error
    if found != set(source.triples(register)):
        raise _refusal(both("this file has a source of this name already; choose another: --key"), path)


def _refusal(message: Mapping[Language, str], path: Path) -> FindingsError:
    return FindingsError([Finding(message, Place(path), rule=RULE)])


def _declared(register: Register, path: Path) -> Mapping[str, str]:
    """Return the prefixes that a file declares; they are found by their lines, whatever else in it can't be read yet."""
    text = read_text(path, RULE) if path.is_file() else ""
    return {name: space if ":" in space else register.iri(space) for name, space in _PREFIX.findall(text)}


def _by_predicate(triples: Iterator[Triple]) -> list[tuple[NamedNode, list[Literal | NamedNode]]]:
    found: dict[NamedNode, list[Literal | NamedNode]] = {}
    for _, predicate, value in triples:
        found.setdefault(predicate, []).append(value)
    return list(found.items())
