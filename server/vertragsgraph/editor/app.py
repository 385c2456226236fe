"""The editor's application: the sources, a source with the form, and what the gate says of what is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from vertragsgraph.authoring.passages import Span, nearest, passages
from vertragsgraph.editor import files
from vertragsgraph.editor.desk import Desk, Source, View
from vertragsgraph.editor.entry import read_entry
from vertragsgraph.editor.guard import MOST
from vertragsgraph.editor.pages import ROOT, Sheet, render
from vertragsgraph.editor.sentences import paragraphs
from vertragsgraph.editor.suggested import taken
from vertragsgraph.editor.writing import KINDS_OF_SUPPORT, Passage, Writer
from vertragsgraph.finding import Finding, FindingsError, Severity
from vertragsgraph.http.language import from_accept_language
from vertragsgraph.texts import LANGUAGES, Language, both
from vertragsgraph.web.rendering.assets import Static

PART: Final = "x-part"
"""The header field by which the script asks for the form alone."""
_SHOWN: Final = (Severity.VIOLATION, Severity.WARNING)
_MOST_FINDINGS: Final = 30
_MOST_FIELDS: Final = 2000


@dataclass(frozen=True)
class Editor:
    """The pages below one address for one register."""

    desk: Desk
    token: str
    language: Language | None = None

    def app(self) -> Starlette:
        """Return the application."""
        pages = [
            Route("/", self.start),
            Route("/{language}/", self.index),
            Route("/{language}/source/{slug}", self.source, methods=["GET", "POST"]),
            Route("/{language}/source/{slug}/gate", self.gate, methods=["POST"]),
            Mount("/static", Static()),
        ]
        return Starlette(
            routes=[Mount(f"/{self.token}", routes=pages)], exception_handlers={FindingsError: self._unreadable}
        )

    async def start(self, request: Request) -> Response:
        """Lead to the page in the language of the command or of the browser."""
        accepted = from_accept_language(request.headers.get("accept-language", ""), LANGUAGES)
        return RedirectResponse(f"/{self.token}/{self.language or accepted}/", 303)

    async def index(self, request: Request) -> Response:
        """Show the sources whose texts are at hand."""
        view = await to_thread.run_sync(self.desk.look)
        return self._page(request, "index.html", view=view)

    async def source(self, request: Request) -> Response:
        """Show a source and the form, look at what is filled in, or write it."""
        view = await to_thread.run_sync(self.desk.look)
        source = self._source(request, view)
        if request.method == "GET":
            data = {ROOT: request.query_params.get("contract", ""), "how": KINDS_OF_SUPPORT[0]}
            sheet = Sheet(view, source, self._language(request), data)
            return self._page(request, "source.html", sheet=sheet, written=request.query_params.get("written", ""))
        sheet, passage = self._read(view, source, self._language(request), await self._data(request))
        if sheet.data.get("do") != "write" or passage is None or not sheet.entry.is_ready:
            alone = PART in request.headers or not sheet.entry.is_ready
            findings = None if alone else await self._findings(sheet, passage)
            refused = sheet.data.get("do") == "write"
            return self._form(request, sheet, 422 if refused else 200, passage=passage, findings=findings)
        return await to_thread.run_sync(self._write, request, sheet, passage)

    async def gate(self, request: Request) -> Response:
        """Tell what the gate says of the register with what is filled in."""
        view = await to_thread.run_sync(self.desk.look)
        sheet, passage = self._read(
            view, self._source(request, view), self._language(request), await self._data(request)
        )
        findings = await self._findings(sheet, passage)
        if findings is None:
            return Response(status_code=204)
        return self._page(request, "findings.html", sheet=sheet, findings=findings)

    def _write(self, request: Request, sheet: Sheet, passage: Passage) -> Response:
        additions = Writer(sheet.view.register, sheet.view.known, sheet.view.contents).additions(sheet.entry, passage)
        try:
            files.extend(self.desk.register.data, self.desk.states, sheet.data.get("state", ""), additions)
        except files.ConflictError as error:
            changed = [str(path.relative_to(self.desk.register.folder)) for path in error.paths]
            return self._form(request, sheet, 409, passage=passage, changed=changed)
        except OSError as error:
            return self._form(request, sheet, 507, passage=passage, refused=error.strerror or str(error))
        contract = sheet.entry.contract.value if sheet.entry.contract else ""
        written = [str(path.relative_to(self.desk.register.folder)) for path in additions]
        query = urlencode({"contract": contract, "written": " ".join(written)})
        return RedirectResponse(f"{request.url.path}?{query}", 303)

    def _read(
        self, view: View, source: Source, language: Language, data: dict[str, str]
    ) -> tuple[Sheet, Passage | None]:
        """Return the form with what it says, and the passage that says it, None where the source doesn't have it."""
        span = _span(source.text, data)
        taken(data)
        if take := data.pop("take", ""):
            data[take] = source.text[slice(*span)] if span else ""
        entry = read_entry(data, view.register, view.forms, view.known, source.language)
        how = data.setdefault("how", KINDS_OF_SUPPORT[0])
        if span is None:
            entry.faults["words"] = _no_passage(source.text, data.get("words", ""))
            return Sheet(view, source, language, data, entry), None
        data["words"] = source.text[slice(*span)]
        if how not in KINDS_OF_SUPPORT:
            how = KINDS_OF_SUPPORT[0]
        return Sheet(view, source, language, data, entry, span), Passage(source.described.iri, source.text, span, how)

    async def _findings(self, sheet: Sheet, passage: Passage | None) -> list[Finding] | None:
        additions = {}
        if passage and sheet.entry.is_ready:
            additions = Writer(sheet.view.register, sheet.view.known, sheet.view.contents).additions(
                sheet.entry, passage
            )
        found = await to_thread.run_sync(self.desk.findings, additions)
        return None if found is None else [finding for finding in found if finding.severity in _SHOWN][:_MOST_FINDINGS]

    def _form(self, request: Request, sheet: Sheet, status: int, **values: Any) -> Response:
        template = "form.html" if PART in request.headers else "source.html"
        passage = values["passage"]
        additions: Mapping[Any, str] = {}
        if passage and sheet.entry.is_ready:
            additions = Writer(sheet.view.register, sheet.view.known, sheet.view.contents).additions(
                sheet.entry, passage
            )
        folder = self.desk.register.folder
        preview = [(str(path.relative_to(folder)), text.strip()) for path, text in additions.items()]
        return self._page(request, template, status, sheet=sheet, preview=preview, **values)

    def _page(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        language = self._language(request)
        known: dict[str, Any] = {
            "written": "",
            "changed": [],
            "refused": "",
            "preview": [],
            "findings": None,
            "passage": None,
        }
        here = request.url.path.removeprefix(f"/{self.token}/{language}/")
        text = render(
            template,
            language,
            f"/{self.token}/",
            languages=LANGUAGES,
            here=here,
            register=self.desk.register,
            **{**known, **values},
        )
        return HTMLResponse(text, status, {"Content-Language": language})

    def _language(self, request: Request) -> Language:
        asked = request.path_params.get("language", "")
        return Language(asked) if asked in LANGUAGES else self.language or LANGUAGES[0]

    def _source(self, request: Request, view: View) -> Source:
        source = view.sources.get(request.path_params["slug"])
        if source is None or not source.text:
            raise HTTPException(404)
        return source

    async def _data(self, request: Request) -> dict[str, str]:
        """Return what is filled in, by the names of the fields. Raises `HTTPException` for what no form has sent."""
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST:
                raise HTTPException(413)
        try:
            pairs = parse_qsl(
                body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=_MOST_FIELDS
            )
        except ValueError as error:
            raise HTTPException(400) from error
        return {name: value for name, value in pairs if "\0" not in value}

    async def _unreadable(self, request: Request, error: Exception) -> Response:
        """Tell what is wrong with files that can't be read (an exception handler)."""
        findings = error.findings if isinstance(error, FindingsError) else ()
        return self._page(request, "unreadable.html", 409, found=findings)


def _span(text: str, data: Mapping[str, str]) -> Span | None:
    """Return the passage that is meant: the words nearest to where they were marked, else the sentence that was chosen."""
    at = int(data["at"]) if data.get("at", "").isdecimal() else 0
    if words := data.get("words", "").strip():
        if text.startswith(words, at):
            return at, at + len(words)
        return min(passages(text, words), key=lambda place: abs(place[0] - at), default=None)
    spans = {str(start): (start, end) for line in paragraphs(text) for start, end in line}
    return spans.get(data.get("sentence", ""))


def _no_passage(text: str, words: str) -> dict[Language, str]:
    if not words.strip():
        return both("mark a passage in the text, or choose a sentence of it")
    if place := nearest(text, words):
        return both("the text doesn't have these words; nearest to them: {there}", there=text[slice(*place)])
    return both("the text doesn't have these words, nor anything like them")
