"""The precondition `If-None-Match` (RFC 9110, section 13.1.2), read in the same way wherever a request is answered."""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = re.compile(r'"[^"]*"')


def names_tag(if_none_match: str | None, tag: str) -> bool:
    """Tell whether the header names an entity tag; compared weakly, so that a `W/` that a proxy dropped is not missed.

    >>> names_tag('"a", W/"b"', '"b"'), names_tag('"b"', 'W/"b"'), names_tag("b", '"b"')
    (True, True, False)
    """
    return if_none_match is not None and tag.removeprefix("W/") in _TAG.findall(if_none_match)


def names_any(if_none_match: str | None) -> bool:
    """Tell whether the header stands for any representation (`*`), so that all depends on whether there is one."""
    return if_none_match is not None and if_none_match.strip() == "*"
