"""The source files of a register: which there are, and to which graph each belongs."""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.register import Register
from vertragsgraph.register.files import read_text
from vertragsgraph.sources.syntax import unreadable
from vertragsgraph.sources.turtle import NO_PREFIXES, SourceError, prefixes_of
from vertragsgraph.texts import Language, both

TABLES: Final = "tables"
"""In place of a role: what the rows of a table say belongs to several graphs, each statement to that of its subject's kind."""

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
    "tables": TABLES,
}
"""First element of a path under data/ (a folder, or a file without its suffix) to the role of its graph."""

ROLE_OF_KIND: Final = {
    **dict.fromkeys(("organisation", "person", "office", "tenure", "place", "change"), "agents"),
    **dict.fromkeys(("topic", "form", "scheme"), "topics"),
    "source": "sources",
}
"""Kind of resource to the role of the graph that what a table says of it goes into; of all other kinds it is `contracts`."""

TURTLE: Final = ".ttl"
SSSOM: Final = ".sssom.tsv"
PREFIXES: Final = "prefixes.ttl"
TABLE_SUFFIXES: Final = (".csv", ".csv.gz", ".xlsx")
METADATA: Final = ".csv-metadata.json"
"""How the name of the file ends that describes a table, whatever the table's own name ends in."""
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
    """A file that the register is built from: Turtle; SSSOM/TSV where its role is `links`; a table where it is `TABLES`.

    `prefixes` (name to namespace) hold in it without being declared there.
    """

    path: Path
    role: str
    prefixes: Mapping[str, str] = field(default_factory=lambda: NO_PREFIXES, compare=False, repr=False)

    @property
    def may_prove(self) -> bool:
        """Whether entries of evidence may stand in it: beside what they prove, or by themselves."""
        return self.role not in {"links", "tombstones", TABLES}


def source_files(register: Register) -> list[SourceFile]:
    """Return the source files of a register, sorted by path.

    `data/NAME.ttl` and `data/NAME/**/*.ttl` belong to the graph that `ROLE_OF` gives for NAME; for links the files end
    in `.sssom.tsv`; of tables the table is returned, not the description beside it. `data/prefixes.ttl` declares prefixes that
    hold in all others. Hidden files, what editors and file
    managers leave, notes (.md, .txt) and `data/queries` are left out.
    Raises `SourceError`, with all findings, for a missing or empty folder, an unknown name, another kind of file, a link
    that leads out of the register or to what is read already.
    """
    folder = register.shown(register.data)
    if not folder.is_dir():
        message = both("there is no such folder; the data of a register stand in the folder data beside register.toml")
        raise SourceError([Finding(message, Place(folder), rule=RULE)])
    paths, findings = _files_below(register.data, register, without=(QUERIES,))
    files: list[SourceFile] = []
    prefixes: Mapping[str, str] = NO_PREFIXES
    try:
        prefixes = common_prefixes(register)
    except SourceError as error:
        findings += error.findings
    for path in paths:
        if path == folder / PREFIXES:
            continue
        is_note = path.name.lower().endswith(NOTES) and not _looks_like_source(path.name)
        if not is_note:
            if isinstance(item := _classified(path, folder, prefixes), SourceFile):
                files.append(item)
            elif item:
                findings.append(item)
    if not files and not findings:
        message = both("there is no data here; write Turtle files such as {example}", example="data/contracts.ttl")
        findings.append(Finding(message, Place(folder), rule=RULE))
    if findings:
        raise SourceError(findings)
    return files


def common_prefixes(register: Register) -> Mapping[str, str]:
    """Return the prefixes (name to namespace) that hold in all files of a register: those of `data/prefixes.ttl`, if it has it.

    Raises `SourceError` where it can't be read, or where more stands in it.
    """
    path = register.shown(register.data) / PREFIXES
    return prefixes_of(path, register.base, alone=True) if path.exists() else NO_PREFIXES


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


def _classified(path: Path, folder: Path, prefixes: Mapping[str, str]) -> SourceFile | Finding | None:
    """Return what a file is, or what is wrong with it; nothing for the description of a table that is there."""
    parts = path.relative_to(folder).parts
    name = parts[0] if len(parts) > 1 else parts[0].partition(".")[0]
    role = ROLE_OF.get(name)
    if role is None:
        return Finding(_unknown_name(name), Place(path), rule=RULE)
    if role == TABLES:
        return _table(path)
    suffix = SSSOM if role == "links" else TURTLE
    if not path.name.endswith(suffix):
        return Finding(_other_suffix(suffix), Place(path), rule=RULE)
    return SourceFile(path, role, prefixes)


def _table(path: Path) -> SourceFile | Finding | None:
    name = path.name.removesuffix(METADATA)
    beside = [path.with_name(name + suffix) for suffix in TABLE_SUFFIXES]
    if name != path.name:
        message = both("there is no table beside this description; put {name} here", name=f"{name}{TABLE_SUFFIXES[0]}")
        return None if any(table.is_file() for table in beside) else Finding(message, Place(path), rule=RULE)
    if table_name(path) == path.name:
        known = ", ".join((*TABLE_SUFFIXES, METADATA))
        return Finding(both("only files that end in {suffixes} are read here", suffixes=known), Place(path), rule=RULE)
    if not (described := path.with_name(table_name(path) + METADATA)).is_file():
        message = both("this table is described nowhere; write {name} beside it (docs/tables.md)", name=described.name)
        return Finding(message, Place(path), rule=RULE)
    return SourceFile(path, TABLES)


def table_name(path: Path) -> str:
    """Return the name of a table without what its kind of file ends in."""
    ending = max((suffix for suffix in TABLE_SUFFIXES if path.name.endswith(suffix)), key=len, default="")
    return path.name.removesuffix(ending)


def _other_suffix(suffix: str) -> dict[Language, str]:
    return both(
        "only files that end in {suffix} are read here; rename or convert this one, or move it elsewhere", suffix=suffix
    )


def _unknown_name(name: str) -> dict[Language, str]:
    known = ", ".join(ROLE_OF)
    if near := difflib.get_close_matches(name, ROLE_OF, n=1):
        return both('"{name}" is no known part of a register; did you mean "{near}"?', name=name, near=near[0])
    return both('"{name}" is no known part of a register; known are: {known}', name=name, known=known)
