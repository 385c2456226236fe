"""The source files of a register: which there are, and to which graph each belongs."""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.register import Register
from vertragsgraph.register.files import read_text
from vertragsgraph.sources.syntax import unreadable
from vertragsgraph.sources.turtle import SourceError
from vertragsgraph.texts import Language, both

ROLE_OF: Final = {
    "contracts": "contracts",
    "programme": "contracts",
    "utterances": "contracts",
    "events": "contracts",
    "organisations": "agents",
    "changes": "agents",
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
RULE: Final = "sources"
QUERY_RULE: Final = "query"
NOTES: Final = (".md", ".txt")
SOURCES: Final = (TURTLE, ".tsv", QUERY, ".nt", ".n3", ".nq", ".trig", ".jsonld", ".rdf", ".owl", ".shacl")
"""How the names of files end in which somebody may think that something stands that is read."""


_LITTER: Final = ("~", ".bak", ".orig", ".swp", ".swo", ".tmp", ".rej", "thumbs.db", "desktop.ini", "icon\r")
"""How the names of files end that editors and file managers leave; hidden ones beside."""
_HIDDEN: Final = (".", "__", "~$", "#")


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
    paths, findings = _files_below(register.data, register, without=(QUERIES,))
    files: list[SourceFile] = []
    for path in paths:
        is_note = path.name.lower().endswith(NOTES) and not _looks_like_source(path.name)
        if not is_note:
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
    paths, findings = _files_below(folder, register)
    read = [path for path in paths if path.name.endswith(suffix)]
    for path in paths:
        if not path.name.endswith(suffix) and _looks_like_source(path.name):
            findings.append(Finding(_other_suffix(suffix), Place(path), rule=RULE))
    if findings:
        raise SourceError(findings)
    return read


def read_queries(register: Register) -> dict[Path, str]:
    """Return the texts of the example queries (`data/queries/*.rq`) by their files, in the order of the names.

    Raises `SourceError` as `documents` does, and with a finding for each file that can't be read, isn't UTF-8, or has a
    name that no IRI can hold.
    """
    folder = register.data / QUERIES
    queries: dict[Path, str] = {}
    findings: list[Finding] = []
    for path in documents(register, folder, QUERY):
        if path.parent != register.shown(folder):
            continue
        if not re.fullmatch(r"[\w.-]+", path.name, re.ASCII):
            message = both(
                "the name of an example query consists of letters a–z, digits, hyphens, underscores and dots"
            )
            findings.append(Finding(message, Place(path), rule=QUERY_RULE))
            continue
        try:
            queries[path] = read_text(path, QUERY_RULE)
        except FindingsError as error:
            findings += error.findings
    if findings:
        raise SourceError(findings)
    return queries


def _files_below(folder: Path, register: Register, without: Container[str] = ()) -> tuple[list[Path], list[Finding]]:
    """Return the files below a folder, sorted by path, and what is wrong with what else stands there.

    Links are followed as long as they stay inside of the register's folder and lead to what is not read already, so no
    circle of them is. Left out are what is hidden, what editors and file managers leave, and the names in `without`
    directly below the folder.
    """
    shown = register.shown(folder)
    inside = os.path.realpath(register.folder if folder.is_relative_to(register.folder) else folder)
    files: list[Path] = []
    findings: list[Finding] = []
    read: dict[tuple[int, int], Path] = {}
    pending: list[Path] = [shown]
    links: list[Path] = []
    while pending or links:
        path = pending.pop() if pending else links.pop()
        try:
            status = path.stat()
            identity = status.st_dev, status.st_ino
            if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(inside):
                message = both("this link leads out of the register's folder; put the file itself here")
            elif identity in read:
                message = both("this link leads to {place}, which is read already; take it away", place=read[identity])
            elif stat.S_ISDIR(status.st_mode):
                read[identity] = path
                for item in sorted(path.iterdir(), reverse=True):  # the last is looked at first
                    if not is_left_out(item.name) and not (path == shown and item.name in without):
                        (links if item.is_symlink() else pending).append(item)
                continue
            elif stat.S_ISREG(status.st_mode):
                read[identity] = path
                files.append(path)
                continue
            else:
                message = both("this is no regular file; take it away")
        except OSError as error:
            findings.append(unreadable(error, path))
        else:
            findings.append(Finding(message, Place(path), rule=RULE))
    return sorted(files), findings


def is_left_out(name: str) -> bool:
    """Tell whether a file or folder is never read, whatever is in it: it is hidden, or editors and file managers leave it."""
    return name.startswith(_HIDDEN) or name.lower().endswith(_LITTER)


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
