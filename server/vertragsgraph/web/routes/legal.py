"""The pages that the law expects, filled from register.toml: imprint, privacy, accessibility; and their usual addresses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from vertragsgraph.rdf.literals.dates import date_text
from vertragsgraph.register.addresses import USUAL
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.site.site import site_of

router = APIRouter()


@router.api_route("/imprint", methods=["GET", "HEAD"], response_class=Response)
async def imprint(request: Request) -> Response:
    """Return who runs the register (Directive 2000/31/EC, article 5; in Germany section 5 DDG, section 18 MStV)."""
    return _legal_page(request, "imprint.html")


@router.api_route("/privacy", methods=["GET", "HEAD"], response_class=Response)
async def privacy(request: Request) -> Response:
    """Return what is done with the data of visitors (GDPR, article 13)."""
    return _legal_page(request, "privacy.html", federation=site_of(request).federation)


@router.api_route("/accessibility", methods=["GET", "HEAD"], response_class=Response)
async def accessibility(request: Request) -> Response:
    """Return the accessibility statement (Directive (EU) 2016/2102, article 7), with a way to give feedback."""
    return _legal_page(request, "accessibility.html")


def _legal_page(request: Request, template: str, **values: Any) -> Response:
    site = site_of(request)
    legal, day = site.register.legal, partial(date_text, language=language_of(request))
    return page(request, template, site, legal=legal, profile=legal.profile, day=day, **values)


def _leading_to(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def lead(request: Request) -> Response:
        query = request.url.query
        return RedirectResponse(f"{name}?{query}" if query else name, 308)

    return lead


for _name, _addresses in USUAL.items():
    for _address in sorted(_addresses):
        router.add_api_route(f"/{_address}", _leading_to(_name), methods=["GET", "HEAD"], include_in_schema=False)
