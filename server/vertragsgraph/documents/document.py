"""A document: its text, and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from vertragsgraph.texts import ENGLISH, Language

PAGE_END: Final = "\f"
"""What stands, in a line of its own, between two pages of a PDF."""
_DAY: Final = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?(?=$|[T ])")


class UnreadableError(Exception):
    """A document can't be had, or has no text; `message` says why, and what to do."""

    def __init__(self, message: Mapping[Language, str]) -> None:
        super().__init__(message[ENGLISH])
        self.message = dict(message)


@dataclass(frozen=True)
class Said:
    """What a document says of itself, each "" where it doesn't: `issued` as a day, month or year, `language` by BCP 47."""

    title: str = ""
    author: str = ""
    publisher: str = ""
    issued: str = ""
    language: str = ""
    rights: str = ""


@dataclass(frozen=True)
class Document:
    """The text of a document, with `PAGE_END` between the pages of a PDF, and what it says of itself.

    `remarks` are what a keeper should know of the text, such as pages without one.
    """

    text: str
    said: Said = field(default_factory=Said)
    remarks: tuple[Mapping[Language, str], ...] = ()


def page_at(text: str, position: int) -> int:
    r"""Return the page of a PDF on which a position of its text lies, from 1; 0 where the text has no pages.

    >>> page_at("eins\n\f\nzwei", 0), page_at("eins\n\f\nzwei", 8), page_at("eins", 0)
    (1, 2, 0)
    """
    return text.count(PAGE_END, 0, position) + 1 if PAGE_END in text else 0


def day_in(text: str) -> str:
    """Return the day, month or year with which a date begins, "" where it is in another form.

    >>> day_in("2026-11-02T10:00:00+01:00"), day_in("2026-11"), day_in("2. November 2026"), day_in("20261102")
    ('2026-11-02', '2026-11', '', '')
    """
    found = _DAY.match(text.strip())
    return found[0] if found else ""
