"""Which language a page is shown in."""

from __future__ import annotations

from starlette.requests import Request

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
    for item in header.split(","):
        tag, _, parameter = item.strip().partition(";")
        weight = _weight(parameter)
        for language in LANGUAGES:
            if tag.lower().split("-")[0] == language and weight > best[0]:
                best = (weight, language)
    return best[1]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
