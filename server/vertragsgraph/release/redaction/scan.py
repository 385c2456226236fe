"""Proof by looking: whether a name still stands in any file of a release, whatever its format."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import IO, Final

import pyoxigraph

from vertragsgraph.finding import Finding
from vertragsgraph.release import disk
from vertragsgraph.release.errors import finding
from vertragsgraph.release.redaction.mentions import Hit, Kept, Names
from vertragsgraph.search.analysis import words
from vertragsgraph.texts import both

BLOCK: Final = 1 << 20


def scan(folder: Path, names: Names, kept: Kept, work: Path) -> list[Finding]:
    """Return a finding for each file of a release in which one of the names stands where it may not.

    Read are the bytes of all files, what is compressed unpacked, the quads of the store and the texts of the search index
    also as their engines read them. `work` is a folder for a passing file.
    """
    store, quads = folder / "store", work / "quads.nq"
    pyoxigraph.Store.read_only(str(store)).dump(quads, pyoxigraph.RdfFormat.N_QUADS)
    loose = names.loosely()
    stay = {_plain(hit.name) for text in _file(quads) for hit in loose.hits(text)}
    found = {}
    for path in disk.files(folder):
        if path.suffix == ".gz" and _is_packed(path, path.with_suffix("")):
            continue  # the file that it was made of is searched
        if path.suffix == ".sqlite":
            hit = _first(_file(path), loose, stay=stay) or _first(_tables(path), names, stay=stay)
        elif path.parent == store:
            hit = _first(_file(path), loose, stay=stay)
        else:
            hit = _first(_file(path), names, kept)
        if hit:
            found[path] = hit
    if hit := _first(_file(quads), names, kept):
        found[store] = hit
    quads.unlink()
    return [
        finding(both('"{name}" would still stand in {file}; nothing was done', name=hit.name, file=path.name), path)
        for path, hit in found.items()
    ]


def holds(path: Path, names: Names) -> bool:
    """Tell whether one of the names stands in a file."""
    return _first(_file(path), names) is not None


def _first(
    texts: Iterable[str], names: Names, kept: Kept = frozenset(), stay: Collection[str] = frozenset()
) -> Hit | None:
    """Return the first place where a name stands and may not: neither there (`kept`) nor anywhere, so or so spelt (`stay`)."""
    hits = (hit for text in texts for hit in names.hits(text, kept))
    return next((hit for hit in hits if not any(word in _plain(hit.name) for word in stay)), None)


def _plain(name: str) -> str:
    """Return a name as the search index has its words; in binary files what stands beside it clings to it."""
    return " ".join(words(name))


def _is_packed(packed: Path, plain: Path) -> bool:
    if not plain.is_file():
        return False
    with gzip.open(packed, "rb") as left, plain.open("rb") as right:
        while block := left.read(BLOCK):
            if right.read(len(block)) != block:
                return False
        return not right.read(1)


def _file(path: Path) -> Iterator[str]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        yield from _blocks(file)


def _blocks(file: IO[bytes] | gzip.GzipFile) -> Iterator[str]:
    last = ""
    while block := file.read(BLOCK):
        # It ends where a line does, so that no character and no escape is cut. The last line is read again with the
        # next block, since texts in CSV and XML go on from line to line.
        text = (block + file.readline()).decode("utf-8", "replace")
        yield last + text
        last = text[text.rstrip("\n").rfind("\n") + 1 :]


def _tables(path: Path) -> Iterator[str]:
    """Yield the texts of all tables of an SQLite file, as a reader gets them."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - the names are those of the file
                yield from (value for value in row if isinstance(value, str))
    finally:
        connection.close()
