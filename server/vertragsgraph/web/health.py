"""`/health/…`: whether the process lives, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from vertragsgraph.problem import Problem
from vertragsgraph.texts import both
from vertragsgraph.web.site import site_of

router = APIRouter(prefix="/health")


@router.api_route("/live", methods=["GET", "HEAD"])
async def live() -> JSONResponse:
    """Answer as long as the process answers at all."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@router.api_route("/ready", methods=["GET", "HEAD"])
async def ready(request: Request) -> JSONResponse:
    """Answer 200 when a real query is answered, else 503 with the reason."""
    site = site_of(request)
    try:
        await site.ask("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")
    except Problem as problem:
        cause = problem.__cause__ if isinstance(problem.__cause__, Problem) else problem
        detail = both("queries aren't answered: {reason}", reason=cause.detail)
        raise Problem(503, detail, headers={"Retry-After": "5"}) from problem
    damage = request.app.state.damage
    told = {"status": "damaged", "damage": damage} if damage else {"status": "ok"}
    return JSONResponse({**told, "release": site.release.id}, headers={"Cache-Control": "no-store"})
