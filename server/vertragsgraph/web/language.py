"""Which language a page is shown in."""

from __future__ import annotations

from starlette.requests import Request

from vertragsgraph.sparql.quality import members
from vertragsgraph.texts import LANGUAGES, Language


def language_of(request: Request) -> Language:
    """Return the language asked for by `?lang=`, else by Accept-Language (RFC 9110, section 12.5.4), else German."""
    asked = request.query_params.get("lang")
    for language in LANGUAGES:
        if asked == language:
            return language
    return from_accept_language(request.headers.get("accept-language", ""))


def from_accept_language(header: str) -> Language:
    """Return the language of the interface that suits an Accept-Language header best.

    >>> from_accept_language("fr, en;q=0.8, de;q=0.3")
    'en'
    >>> from_accept_language("")
    'de'
    """
    best: tuple[float, Language] = (0.0, "de")
    for name, quality in members(header):
        for language in LANGUAGES:
            if name.partition("-")[0] == language and quality > best[0]:
                best = (quality, language)
    return best[1]
