"""A server of another register, for tests: it plays Wikidata, and fails when it is told to.

    python serve_foreign.py RELEASES PORT

`POST /_fail` with a list of failures in JSON makes the next answers fail, one each: `429`, `500`, `slow`, `truncated`, `page`.
`GET /_asked` tells how each path was asked, by whom, and at what times.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import anyio
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vertragsgraph.reconcile import open_service, router
from vertragsgraph.release import current_release
from vertragsgraph.search import FILE_NAME, SearchIndex
from vertragsgraph.settings import Settings
from vertragsgraph.web.server.app import create_app

SLOW_SECONDS = 3


class Failing:
    """Answers like the application, but for the failures that are waiting."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._failures: list[str] = []
        self._asked: list[dict[str, Any]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path == "/_fail":
            self._failures = json.loads(await Request(scope, receive).body())
            await Response("")(scope, receive, send)
            return
        if path == "/_asked":
            await JSONResponse(self._asked)(scope, receive, send)
            self._asked = []
            return
        agent = dict(scope["headers"]).get(b"user-agent", b"").decode()
        asked = {"path": path, "method": scope["method"], "query": scope["query_string"].decode(), "agent": agent}
        self._asked.append({**asked, "at": time.monotonic()})
        await self._answer(self._failures.pop(0) if self._failures else "", scope, receive, send)

    async def _answer(self, failure: str, scope: Scope, receive: Receive, send: Send) -> None:
        if failure == "429":
            await Response("slow down", 429, headers={"Retry-After": "1"})(scope, receive, send)
        elif failure == "500":
            await Response("broken", 500)(scope, receive, send)
        elif failure == "truncated":
            await Response('{"results": {"bindi', media_type="application/json")(scope, receive, send)
        elif failure == "page":
            await Response("<p>Back soon</p>", media_type="text/html")(scope, receive, send)
        elif failure == "redirect":
            await Response("", 308, headers={"Location": f"{scope['path']}?moved"})(scope, receive, send)
        else:
            if failure == "slow":
                await anyio.sleep(SLOW_SECONDS)

            async def passed_on(message: Message) -> None:
                await send(message)

            await self._app(scope, receive, passed_on)


def main() -> None:
    releases, port = Path(sys.argv[1]), int(sys.argv[2])
    release = current_release(releases)
    assert release
    application = create_app(release, Settings(workers=1))

    async def ask(query: str, /) -> bytes:
        return await application.pages.state.site.ask(query)  # type: ignore[no-any-return]

    service = open_service(release, ask, SearchIndex(release.folder / FILE_NAME))
    application.pages.include_router(router(lambda _: service, lambda _: "en"))
    uvicorn.run(Failing(application), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
