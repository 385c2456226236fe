"""Addresses with a slash too many or too few at the end."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.routing import Match, Router
from starlette.types import Receive, Scope, Send

STATUS: Final = 307  # keeps the method, so that a form that is posted arrives


class SlashRedirect:
    """Answers what no route matches: by a redirect where the address with or without a slash at the end is known, else 404.

    The reference is relative: neither host, scheme nor a prefix that a proxy takes off are known here. `paths` are those
    that are answered before the router is asked.
    """

    def __init__(self, router: Router, paths: Collection[str]) -> None:
        self._router = router
        self._paths = frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        if scope["type"] == "http" and (reference := self._reference(scope)):
            query = scope["query_string"].decode("latin-1")
            url = f"{reference}?{query}" if query else reference
            await RedirectResponse(url, STATUS)(scope, receive, send)
        else:
            await self._router.not_found(scope, receive, send)

    def _reference(self, scope: Scope) -> str:
        path: str = scope["path"]
        bare = path.removesuffix("/")
        name = quote(bare.rpartition("/")[2])
        other, reference = (bare, f"../{name}") if bare != path else (f"{path}/", f"./{name}/")
        return reference if name and self._is_known({**scope, "path": other}) else ""

    def _is_known(self, scope: Scope) -> bool:
        return scope["path"] in self._paths or any(
            route.matches(scope)[0] is not Match.NONE for route in self._router.routes
        )
