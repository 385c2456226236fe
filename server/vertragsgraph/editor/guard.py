"""Who may see the editor: only a browser on this machine that was given its address, and no page of another site through it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vertragsgraph.web.rendering.templating import CONTENT_SECURITY_POLICY

MOST: Final = 1024 * 1024
"""Bytes that a filled-in form may have."""
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # the address is the key; with no-referrer, forms would have no origin to be looked at
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """Lets requests through to an application that are sent to this machine, below the token, and by no other site.

    The Host is looked at because a name of another site may lead to this machine (DNS rebinding); Origin and Sec-Fetch-Site
    because a form of another site can be sent here (Fetch Metadata Request Headers).
    """

    def __init__(self, app: ASGIApp, token: str, port: int, names: Iterable[str] = LOOPBACK) -> None:
        self._app = app
        self._start = f"/{token}/"
        self._hosts = {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it (ASGI)."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        if refusal := self._refusal(scope, headers):
            await refusal(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    own[name] = value
            await send(message)

        await self._app(scope, receive, guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            return PlainTextResponse("This page answers on this machine only.", 403)
        start = scope["path"].encode("utf-8", "replace")[: len(self._start)]
        if not secrets.compare_digest(start, self._start.encode()):
            return PlainTextResponse("Open the address that `vertragsgraph edit` has printed.", 404)
        foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if scope["method"] not in ("GET", "HEAD") and (foreign or origin not in (None, f"http://{host}")):
            return PlainTextResponse("A page of another site has sent this.", 403)
        if int(headers.get("content-length", "0") or 0) > MOST:
            return PlainTextResponse("This is more than a form has.", 413)
        return None
