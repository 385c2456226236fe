"""Errors: problem documents for machines, pages for people (RFC 9457)."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vertragsgraph.http.accept import best_format
from vertragsgraph.http.problem import MEDIA_TYPE, BrokenOffError, Problem, unexpected
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.rdf.media_types import Format
from vertragsgraph.sparql.api.access_log import AccessLog
from vertragsgraph.sparql.api.exchange import new_id
from vertragsgraph.texts import ENGLISH, Language, both, marked, translate
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.templating import HTML, page
from vertragsgraph.web.site.site import site_of

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


def install(app: FastAPI, log: AccessLog) -> None:
    """Let an application answer problems and HTTP errors in the form the client asks for, and what nobody expected, too."""
    app.add_exception_handler(Problem, respond)
    app.add_exception_handler(HTTPException, respond)
    app.add_exception_handler(RequestValidationError, respond)
    app.add_middleware(Unexpected, log=log)


class Unexpected:
    """The last net (ASGI): whatever an application raises is answered by 500 and logged as one line, under one id.

    Raises `BrokenOffError` where a response has begun already, and nothing else.
    """

    def __init__(self, app: ASGIApp, log: AccessLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, note)
        except BrokenOffError:  # it is in the log already
            raise
        except Exception as error:
            if scope["type"] != "http":
                raise
            request_id = new_id()
            self._log.write_failure(request_id, scope["method"], scope["path"], error)
            if begun:
                raise BrokenOffError(str(error)) from error
            problem = unexpected()
            problem.extensions["query_id"] = request_id
            try:
                response = await respond(Request(scope), problem)
            except Exception:  # the page can't be made either
                response = _document(problem)
            response.headers["Query-Id"] = request_id
            await response(scope, receive, send)


async def respond(request: Request, error: Exception) -> Response:
    """Return the response to an error: a page for who wants HTML most, else a problem document."""
    problem = error if isinstance(error, Problem) else _problem(error)
    if best_format(request.headers.get("accept"), _OFFERS) == HTML:
        language = language_of(request)
        response = page(
            request,
            "error.html",
            site_of(request),
            status=problem.status,
            code=problem.status,
            title=translate(_TITLES.get(problem.status, _OTHERWISE), language),
            detail=Label(problem.detail_in(language), problem.language_for(language)),
        )
        response.headers.update(problem.headers)
        return response
    return _document(problem, language_of(request, ENGLISH))


def _document(problem: Problem, language: Language = ENGLISH) -> Response:
    headers = {
        "Content-Language": problem.language_for(language),
        "Vary": "Accept, Accept-Language",
        **problem.headers,
    }
    return Response(problem.body(language), problem.status, headers, MEDIA_TYPE)


def not_found() -> Problem:
    """Return the problem of an address at which there is nothing."""
    return Problem(404, both("nothing is served at this address; the start page links to everything there is"))


def _problem(error: Exception) -> Problem:
    if isinstance(error, RequestValidationError):
        wrong = ", ".join(sorted({str(each["loc"][-1])[:100] for each in error.errors()}))
        return Problem(400, both("these parameters can't have the values given: {names}", names=wrong))
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404:
        return not_found()
    if error.status_code == 405:
        return Problem(405, both("nothing can be sent to this address; ask for it with GET"), headers=error.headers)
    return Problem(error.status_code, str(error.detail), headers=error.headers)
