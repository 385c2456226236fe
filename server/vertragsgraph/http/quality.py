"""Quality values (RFC 9110, section 12.4.2): how much a client wants what it names in Accept, Accept-Encoding, Accept-Language.

Lenient, because Java, curl and people write `*; q=.2`, `q=0.9999` or `q=1.00000`: what is out of form loses its weight
at most, never its place in the list.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_MOST_CHARACTERS: Final = 1_024
_MOST_MEMBERS: Final = 40
_REMEMBERED: Final = 256
_MEMBER: Final = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+(?:"|$))+')
_PARAMETER: Final = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*+(?:"|$))+')
_WEIGHT: Final = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)


class Member(NamedTuple):
    """What a client names, in lower case without its parameters, and how much it wants it: from 0 (not at all) to 1."""

    name: str
    quality: float


def members(header: str | None) -> tuple[Member, ...]:
    """Return the members of a header in their order; of a long one the first, as nobody means more.

    >>> members("text/turtle;q=0.5, TEXT/html ; charset=utf-8;q=.2;ext=1,*")
    (Member(name='text/turtle', quality=0.5), Member(name='text/html', quality=0.2), Member(name='*', quality=1.0))
    """
    return _members(bounded(header)) if header else ()


def bounded(header: str) -> str:
    """Return as much of a header as is read: whoever remembers headers by their text remembers no more than that."""
    return header if len(header) <= _MOST_CHARACTERS else header[:_MOST_CHARACTERS].rpartition(",")[0]


@lru_cache(maxsize=_REMEMBERED)
def _members(header: str) -> tuple[Member, ...]:
    found = []
    for text in _MEMBER.findall(header)[:_MOST_MEMBERS]:
        name, *parameters = [part.strip() for part in _PARAMETER.findall(text)] or [""]
        if name:
            found.append(Member(name.lower(), _quality(parameters)))
    return tuple(found)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = (part.strip() for part in parameter.partition("="))
        if name.lower() == "q":
            return min(float(value), 1.0) if _WEIGHT.fullmatch(value) else 1.0
    return 1.0
