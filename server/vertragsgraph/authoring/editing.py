"""Values written into a Turtle file in place: what stands elsewhere in it, layout and comments included, stays as it is."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from pyoxigraph import NamedNode

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.syntax.tokens import words
from vertragsgraph.sources import SourceError, read_turtle

_OPENS: Final = {b"[": 1, b"(": 1, b"{|": 1, b"]": -1, b")": -1, b"|}": -1}


@dataclass(frozen=True)
class Edit:
    """Values (Turtle) for properties of a resource whose description begins on a line.

    Each group of them stands together: what is there is replaced; what is missing is put behind the property `after`, else at the
    end, on the same line where `beside`.
    """

    line: int
    node: NamedNode
    values: Mapping[NamedNode, str]
    after: NamedNode | None = None
    beside: bool = False


class FileEditor:
    """Edits one file. `prefixes` (name to namespace) hold in it."""

    def __init__(self, path: Path, base: str, prefixes: Mapping[str, str]) -> None:
        """Read the file; raises `OSError`."""
        self._path, self._base, self._prefixes = path.resolve(), base, prefixes
        self._before = self._path.read_bytes()

    def write(self, edits: Sequence[Edit]) -> bool:
        """Make edits, all or none, and tell whether the file was written.

        It isn't where it would not be read afterwards, or has changed meanwhile. Raises `OSError`.
        """
        content = self._before
        for edit in edits:
            content = self._edited(content, edit)
        if content == self._before:
            return False
        beside = self._path.with_name(f".{self._path.name}.part")
        try:
            beside.write_bytes(content)
            shutil.copymode(self._path, beside)
            for _ in read_turtle(beside, self._base, self._prefixes):
                pass
            if self._path.read_bytes() != self._before:
                return False
            beside.replace(self._path)
        except SourceError:
            return False
        finally:
            beside.unlink(missing_ok=True)
        return True

    def _edited(self, content: bytes, edit: Edit) -> bytes:
        """Return the content with an edit made; the lines of other resources stay the same where it is made bottom up."""
        found = self._block(content, edit)
        if not found:
            return content
        spans, end = found
        new = {property: value for property, value in edit.values.items() if property not in spans}
        changes = [(*spans[property], value) for property, value in edit.values.items() if property in spans]
        if new:
            line_end = "\r\n" if b"\r\n" in content else "\n"
            text = " ; ".join(f"{self._name(property)} {value}" for property, value in new.items())
            together = [spans[property][1] for property in (edit.after, *edit.values) if property in spans]
            at = max(together, default=end)
            changes.append((at, at, f" ; {text}" if edit.beside else f" ;{line_end}    {text}"))
        for start, stop, value in sorted(changes, reverse=True):
            content = content[:start] + value.encode() + content[stop:]
        return content

    def _block(self, content: bytes, edit: Edit) -> tuple[dict[NamedNode, tuple[int, int]], int] | None:
        """Return where the values of each property of a resource stand, and where the last value ends."""
        start = 0
        for _ in range(edit.line - 1):
            start = content.find(b"\n", start) + 1
        spans: dict[NamedNode, tuple[int, int]] = {}
        depth, property, begun = 0, None, False
        first = last = end = 0
        for word, at, stop in words(content, start):
            if not begun:
                begun = self._iri(word) == edit.node
                continue
            if depth == 0 and word in {b";", b"."}:
                if property:
                    spans.setdefault(property, (first, last))
                    end = last
                property = None
                if word == b".":
                    return (spans, end) if spans else None
            elif property is None:
                property, first = self._iri(word), 0
            else:
                first = first or at
            depth += _OPENS.get(word, 0)
            last = stop
        return None

    def _iri(self, word: bytes) -> NamedNode | None:
        text = word.decode(errors="replace")
        if text == "a":
            return terms.TYPE
        if text.startswith("<"):
            return NamedNode(urljoin(self._base, text[1:-1]))
        prefix, colon, name = text.partition(":")
        return NamedNode(self._prefixes[prefix] + name) if colon and prefix in self._prefixes else None

    def _name(self, property: NamedNode) -> str:
        for name, space in self._prefixes.items():
            if property.value.startswith(space) and property.value.removeprefix(space).isalnum():
                return f"{name}:{property.value.removeprefix(space)}"
        return str(property)
