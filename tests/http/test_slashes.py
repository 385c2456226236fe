"""Addresses with a slash too many or too few."""

from __future__ import annotations

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route, Router

from vertragsgraph.http.slashes import SlashRedirect

from .http11.wire import in_loop


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/a/", "../a"),
        ("/b", "./b/"),
        ("/b?q=1", "./b/?q=1"),
        ("/direct/", "../direct"),
        ("/%C3%A4/", "../%C3%A4"),
        ("/c", None),
        ("//", None),
    ],
)
@in_loop
async def test_who_is_wrong_by_a_slash_is_led_on(path: str, location: str | None) -> None:
    routes = [Route(known, PlainTextResponse("here")) for known in ("/a", "/b/", "/ä")]
    router = Router(routes, redirect_slashes=False)
    router.default = SlashRedirect(router, {"/direct"})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(router), base_url="http://x") as client:
        response = await client.get(path)
    assert response.status_code == (404 if location is None else 307)
    assert response.headers.get("location") == location
