"""Which language a page is shown in."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from vertragsgraph.http.quality import members
from vertragsgraph.texts import Language, looked_up
from vertragsgraph.web.site.site import site_of


def language_of(request: Request, otherwise: str = "") -> Language:
    """Return the language asked for by `?lang=`, else by Accept-Language (RFC 9110, section 12.5.4).

    Who asks for none gets `otherwise` where the register speaks it, else the register's first.
    """
    spoken = site_of(request).register.spoken
    return asked_for(request) or from_accept_language(request.headers.get("accept-language", otherwise), spoken)


def asked_for(request: Request) -> Language:
    """Return the language asked for by `?lang=`, "" for none that the site speaks."""
    return Language(looked_up(request.query_params.get("lang", ""), site_of(request).register.spoken))


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
