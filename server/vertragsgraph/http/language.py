"""In which language a client is told something, by `Accept-Language` (RFC 9110, section 12.5.4)."""

from __future__ import annotations

from collections.abc import Sequence

from vertragsgraph.http.quality import members
from vertragsgraph.texts import Language, looked_up


def from_accept_language(header: str, spoken: Sequence[Language]) -> Language:
    """Return which of some languages suits an Accept-Language header best, by look-up (RFC 4647, section 3.4); else the first.

    >>> from_accept_language("fr, en-US;q=0.8, de;q=0.3", (Language("de"), Language("en")))
    'en'
    >>> from_accept_language("", (Language("de"), Language("en")))
    'de'
    """
    best: tuple[float, Language] = (0.0, spoken[0])
    for name, quality in members(header):
        if (language := Language(looked_up(name, spoken))) and quality > best[0]:
            best = (quality, language)
    return best[1]
