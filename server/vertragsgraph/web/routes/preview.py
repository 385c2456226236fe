"""`/preview`: what pages of a preview say above everything else, for the script that keeps it and them up to date."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.site.site import site_of

router = APIRouter()


@router.get("/preview", response_class=Response, include_in_schema=False)
async def notice(request: Request) -> Response:
    """Return the notice of the preview as it is now: of which sources, and what is wrong with them."""
    return page(request, "preview.html", site_of(request))
