"""Regular expressions of shapes (`sh:pattern`): those that all engines understand alike.

SHACL (section 4.4.3) means XPath's, the engines have Python's and Rust's.
"""

from __future__ import annotations

import re
from typing import Final

_PART: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?.|[*+?}]\+|\{\d+(?:,\d*)?\}|.", re.DOTALL)
"""A part of a regular expression: an escape, a character class, the beginning of a special group, a quantifier …"""
_ESCAPES: Final = frozenset("nrt\\|.?*+(){}$-[]^sSdDwW/")
_END: Final = r"\Z"


def unlike(pattern: str, flags: str = "") -> str:
    """Return the part of a regular expression that not all engines understand alike; nothing where there is none."""
    if odd := set(flags) - {"i"}:
        return min(odd)
    if part := next((part for part in _PART.findall(pattern) if not _is_alike(part)), ""):
        return part
    try:
        re.compile(pattern)
    except re.error:
        return pattern
    return ""


def _is_alike(part: str) -> bool:
    if part.startswith("["):
        inner = part[1:-1]
        return len(part) > 1 and not re.search(r"(?<!\\)\[|&&|--|~~", inner) and _known_escapes(inner)
    if part.startswith("\\"):
        return _known_escapes(part)
    return part == "(?:" or (part[0] == "{" and part[-1] == "}") or (len(part) == 1 and part != "{")


def _known_escapes(text: str) -> bool:
    return all(escape[1] in _ESCAPES for escape in re.findall(r"\\.", text, re.DOTALL))


def for_python(pattern: str) -> str:
    r"""Return a regular expression for Python, whose `$` also matches before a line feed at the end.

    >>> for_python("^[$]{3}$")
    '^[$]{3}\\Z'
    """
    return "".join(_END if part == "$" else part for part in _PART.findall(pattern))
