"""The pages that German law expects, filled from register.toml: imprint, privacy, accessibility."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.site.site import site_of

router = APIRouter()


@router.api_route("/imprint", methods=["GET", "HEAD"], response_class=Response)
async def imprint(request: Request) -> Response:
    """Return the imprint (section 5 of the German Digitale-Dienste-Gesetz)."""
    return page(request, "imprint.html", site_of(request))


@router.api_route("/privacy", methods=["GET", "HEAD"], response_class=Response)
async def privacy(request: Request) -> Response:
    """Return what is done with the data of visitors (GDPR, article 13)."""
    site = site_of(request)
    return page(request, "privacy.html", site, federation=site.federation)


@router.api_route("/accessibility", methods=["GET", "HEAD"], response_class=Response)
async def accessibility(request: Request) -> Response:
    """Return the accessibility statement (Directive (EU) 2016/2102, article 7), with a way to give feedback."""
    return page(request, "accessibility.html", site_of(request))
