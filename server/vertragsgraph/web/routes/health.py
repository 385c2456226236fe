"""`/health/…`: whether the process lives, and whether it can answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from vertragsgraph.http.clients import shortened
from vertragsgraph.http.fields import joined
from vertragsgraph.http.problem import Problem
from vertragsgraph.texts import both
from vertragsgraph.web.site.site import site_of

router = APIRouter(prefix="/health")

_SOMEBODY: Final = "192.0.2.1"  # an address for documentation (RFC 5737)


@router.api_route("/live", methods=["GET", "HEAD"])
async def live() -> JSONResponse:
    """Answer as long as the process answers at all."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@router.api_route("/ready", methods=["GET", "HEAD"])
async def ready(request: Request) -> JSONResponse:
    """Answer 200 when a real query is answered, else 503 with the reason.

    Where most pages fail, that is told with 200: they may fail because too much is asked for, and other servers would get it all.
    """
    site = site_of(request)
    try:
        await site.ask("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")
    except Problem as problem:
        cause = problem.__cause__ if isinstance(problem.__cause__, Problem) else problem
        detail = both("queries aren't answered: {reason}", reason=cause.detail)
        raise Problem(503, detail, headers={"Retry-After": "5"}) from problem
    ended = [name for name, task in request.app.state.tasks.items() if task.done()]
    if ended:
        detail = both("{tasks} ended; start the server anew", tasks=", ".join(ended))
        raise Problem(503, detail, headers={"Retry-After": "5"})
    # Where on the machine the files lie is told to those only who read the log.
    damage = [text.replace(f"{site.releases}/", "") for text in request.app.state.damage]
    if damage:
        told = {"status": "damaged", "damage": damage}
    else:
        told = {"status": "failing" if request.app.state.visits.are_failing else "ok"}
    return JSONResponse({**told, "release": site.release.id}, headers={"Cache-Control": "no-store"})


def client(client_of: Callable[[str, Mapping[bytes, bytes]], str]) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Return the route that tells who asks whom the server takes them for; nobody learns more than of themselves.

    `client_of` returns a client, given the address of the connection's other end and the request's headers.
    """

    async def show(request: Request) -> JSONResponse:
        """Tell the network of the client as it counts for the limits, and what became of what proxies say of it."""
        peer = request.client.host if request.client else ""
        headers = joined(request.scope["headers"])
        seen = {
            "client": shortened(client_of(peer, headers)),
            "forwarded": b"x-forwarded-for" in headers or b"forwarded" in headers,
            "trusted": client_of(peer, {b"x-forwarded-for": _SOMEBODY.encode()}) == _SOMEBODY,
        }
        return JSONResponse(seen, headers={"Cache-Control": "no-store"})

    return show
