"""Which language a page is shown in."""

from __future__ import annotations

from starlette.requests import Request

from vertragsgraph.http.language import from_accept_language
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
