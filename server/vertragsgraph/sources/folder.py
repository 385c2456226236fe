"""The source files of a register: which there are, and to which graph each belongs."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, Place
from vertragsgraph.register import Register
from vertragsgraph.sources.syntax import unreadable
from vertragsgraph.sources.turtle import SourceError
from vertragsgraph.texts import Language, both

RULE: Final = "sources"

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
NOT_DATA: Final = frozenset({"queries"})
BACKUPS: Final = ("~", ".bak", ".orig", ".swp", ".swo", ".tmp", ".rej")
NOTES: Final = (".md", ".txt")


@dataclass(frozen=True, order=True)
class SourceFile:
    """A file that the register is built from: Turtle, or SSSOM/TSV where its role is `links`."""

    path: Path
    role: str


def source_files(register: Register) -> list[SourceFile]:
    """Return the source files of a register, sorted by path.

    `data/NAME.ttl` and `data/NAME/**/*.ttl` belong to the graph that `ROLE_OF` gives for NAME; for links the files end
    in `.sssom.tsv`. Hidden files, backups of editors, notes (.md, .txt) and `data/queries` are left out.
    Raises `SourceError`, with all findings, for a missing or empty folder, an unknown name, another kind of file.
    """
    folder = register.shown(register.data)
    if not folder.is_dir():
        message = both("there is no such folder; the data of a register stand in the folder data beside register.toml")
        raise SourceError([Finding(message, Place(folder), rule=RULE)])
    files: list[SourceFile] = []
    findings: list[Finding] = []
    for path in sorted(_files_below(folder)):
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


def _files_below(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise SourceError([unreadable(error, Path(error.filename))])

    for place, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        here = Path(place)
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        if here == folder:
            folders[:] = [name for name in folders if name not in NOT_DATA]
        for name in names:
            if not name.startswith((".", "#")) and not name.endswith((*BACKUPS, *NOTES)):
                yield here / name


def _classified(path: Path, folder: Path) -> SourceFile | Finding:
    parts = path.relative_to(folder).parts
    name = parts[0] if len(parts) > 1 else parts[0].partition(".")[0]
    role = ROLE_OF.get(name)
    if role is None:
        return Finding(_unknown_name(name), Place(path), rule=RULE)
    suffix = SSSOM if role == "links" else TURTLE
    if not path.name.endswith(suffix):
        message = both(
            "only files that end in {suffix} are read here; rename or convert this one, or move it out of data",
            suffix=suffix,
        )
        return Finding(message, Place(path), rule=RULE)
    return SourceFile(path, role)


def _unknown_name(name: str) -> dict[Language, str]:
    known = ", ".join(ROLE_OF)
    if near := difflib.get_close_matches(name, ROLE_OF, n=1):
        return both('"{name}" is no known part of a register; did you mean "{near}"?', name=name, near=near[0])
    return both('"{name}" is no known part of a register; known are: {known}', name=name, known=known)
