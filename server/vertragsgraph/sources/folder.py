"""The source files of a register: which there are, and to which graph each belongs."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, Place
from vertragsgraph.register import Register
from vertragsgraph.sources.files import RULE, files_below
from vertragsgraph.sources.turtle import SourceError
from vertragsgraph.texts import Language, both

ROLE_OF: Final = {
    "contracts": "contracts",
    "programme": "contracts",
    "utterances": "contracts",
    "events": "contracts",
    "organisations": "agents",
    "people": "agents",
    "offices": "agents",
    "places": "agents",
    "topics": "topics",
    "sources": "sources",
    "evidence": "evidence",
    "links": "links",
    "tombstones": "tombstones",
}
"""First element of a path under data/ (a folder, or a file without its suffix) to the role of its graph."""

TURTLE: Final = ".ttl"
SSSOM: Final = ".sssom.tsv"
QUERIES: Final = "queries"
QUERY: Final = ".rq"
NOTES: Final = (".md", ".txt")
SOURCES: Final = (TURTLE, ".tsv", QUERY, ".nt", ".n3", ".nq", ".trig", ".jsonld", ".rdf", ".owl", ".shacl")
"""How the names of files end in which somebody may think that something stands that is read."""


@dataclass(frozen=True, order=True)
class SourceFile:
    """A file that the register is built from: Turtle, or SSSOM/TSV where its role is `links`."""

    path: Path
    role: str


def source_files(register: Register) -> list[SourceFile]:
    """Return the source files of a register, sorted by path.

    `data/NAME.ttl` and `data/NAME/**/*.ttl` belong to the graph that `ROLE_OF` gives for NAME; for links the files end
    in `.sssom.tsv`. Hidden files, what editors and file managers leave, notes (.md, .txt) and `data/queries` are left out.
    Raises `SourceError`, with all findings, for a missing or empty folder, an unknown name, another kind of file, a link
    that leads out of the register or to what is read already.
    """
    folder = register.shown(register.data)
    if not folder.is_dir():
        message = both("there is no such folder; the data of a register stand in the folder data beside register.toml")
        raise SourceError([Finding(message, Place(folder), rule=RULE)])
    paths, findings = files_below(register.data, register, without=(QUERIES,))
    files: list[SourceFile] = []
    for path in paths:
        if not _is_note(path.name):
            if isinstance(item := _classified(path, folder), SourceFile):
                files.append(item)
            else:
                findings.append(item)
    if not files and not findings:
        message = both("there is no data here; write Turtle files such as {example}", example="data/contracts.ttl")
        findings.append(Finding(message, Place(folder), rule=RULE))
    if findings:
        raise SourceError(findings)
    return files


def documents(register: Register, folder: Path, suffix: str = TURTLE) -> list[Path]:
    """Return the files below a folder whose names end in a suffix, sorted by path; none where there is no folder.

    Raises `SourceError` for files that look as if they were to be read and are not, for links that lead out of the
    register, and for what is no file.
    """
    if not folder.is_dir():
        return []
    paths, findings = files_below(folder, register)
    read = [path for path in paths if path.name.endswith(suffix)]
    for path in paths:
        if not path.name.endswith(suffix) and _looks_like_source(path.name):
            findings.append(Finding(_other_suffix(suffix), Place(path), rule=RULE))
    if findings:
        raise SourceError(findings)
    return read


def query_files(register: Register) -> list[Path]:
    """Return the files of the example queries (`data/queries/*.rq`), sorted by name. Raises `SourceError` as `documents`."""
    folder = register.data / QUERIES
    here = register.shown(folder)
    return [path for path in documents(register, folder, QUERY) if path.parent == here]


def _is_note(name: str) -> bool:
    return name.lower().endswith(NOTES) and not _looks_like_source(name)


def _looks_like_source(name: str) -> bool:
    """Tell whether a name ends as those of sources do, be it in capitals or with what a system has put behind (`.ttl.txt`)."""
    name = name.lower()
    return name.endswith(SOURCES) or (name.endswith(NOTES) and Path(name).stem.endswith(SOURCES))


def _classified(path: Path, folder: Path) -> SourceFile | Finding:
    parts = path.relative_to(folder).parts
    name = parts[0] if len(parts) > 1 else parts[0].partition(".")[0]
    role = ROLE_OF.get(name)
    if role is None:
        return Finding(_unknown_name(name), Place(path), rule=RULE)
    suffix = SSSOM if role == "links" else TURTLE
    if not path.name.endswith(suffix):
        return Finding(_other_suffix(suffix), Place(path), rule=RULE)
    return SourceFile(path, role)


def _other_suffix(suffix: str) -> dict[Language, str]:
    return both(
        "only files that end in {suffix} are read here; rename or convert this one, or move it elsewhere", suffix=suffix
    )


def _unknown_name(name: str) -> dict[Language, str]:
    known = ", ".join(ROLE_OF)
    if near := difflib.get_close_matches(name, ROLE_OF, n=1):
        return both('"{name}" is no known part of a register; did you mean "{near}"?', name=name, near=near[0])
    return both('"{name}" is no known part of a register; known are: {known}', name=name, known=known)
