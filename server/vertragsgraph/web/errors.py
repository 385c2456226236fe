"""Errors: problem documents for machines, pages for people (RFC 9457)."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from vertragsgraph.linked_data.terms import Label
from vertragsgraph.problem import MEDIA_TYPE, Problem
from vertragsgraph.sparql.negotiation import Format, best_format
from vertragsgraph.texts import both, marked, translate
from vertragsgraph.web.language import language_of
from vertragsgraph.web.site import site_of
from vertragsgraph.web.templating import HTML, page

_OFFERS: Final = (Format("json", MEDIA_TYPE), HTML)
_TITLES: Final = {
    400: marked("Something in the address can't be right"),
    404: marked("There is nothing at this address"),
    406: marked("None of the formats asked for is offered"),
    405: marked("This address can only be read"),
    429: marked("One moment, please"),
    503: marked("The server has too much to do"),
}
_OTHERWISE: Final = marked("The server can't answer this")


def install(app: FastAPI) -> None:
    """Let an application answer problems and HTTP errors in the form the client asks for."""
    app.add_exception_handler(Problem, _handle)
    app.add_exception_handler(HTTPException, _handle)


async def _handle(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, Problem) else _problem(error)
    if best_format(request.headers.get("accept"), _OFFERS) == HTML:
        language = language_of(request)
        response: Response = page(
            request,
            "error.html",
            site_of(request),
            status=problem.status,
            code=problem.status,
            title=translate(_TITLES.get(problem.status, _OTHERWISE), language),
            detail=Label(problem.detail_in(language), problem.language_for(language)),
        )
    else:
        response = Response(problem.body(), problem.status, media_type=MEDIA_TYPE, headers={"Vary": "Accept"})
    response.headers.update(problem.headers)
    return response


def _problem(error: Exception) -> Problem:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404:
        return Problem(404, both("nothing is served at this address; the start page links to everything there is"))
    if error.status_code == 405:
        return Problem(405, both("nothing can be sent to this address; ask for it with GET"), headers=error.headers)
    return Problem(error.status_code, str(error.detail), headers=error.headers)
