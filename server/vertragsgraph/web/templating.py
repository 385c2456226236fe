"""Pages from templates: texts in the page's language, links relative to the page."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from vertragsgraph.linked_data.terms import Label
from vertragsgraph.sparql.compression import LEAST, choose, compress
from vertragsgraph.sparql.negotiation import Format
from vertragsgraph.texts import LANGUAGES, Language, counted, plural_forms, translate
from vertragsgraph.web.assets import versioned
from vertragsgraph.web.language import language_of
from vertragsgraph.web.site import Site
from vertragsgraph.web.values import LOCALES, lang_attribute
from vertragsgraph.web.ways import root_of, way_of

HTML: Final = Format("html", "text/html")
LANGUAGE_NAMES: Final = {"de": "Deutsch", "en": "English"}
# Everything comes from here; neither scripts nor styles stand in the pages themselves.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_environment: Final = Environment(
    loader=PackageLoader("vertragsgraph.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Page(HTMLResponse):
    """A page, compressed as the client asks for (RFC 9110, section 12.5.3)."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the page (ASGI)."""
        if "Accept-Encoding" not in self.headers["Vary"]:
            self.headers.add_vary_header("Accept-Encoding")
        coding = choose(Headers(scope=scope).get("accept-encoding"))
        if coding and len(self.body) > LEAST:
            self.body = await compress(bytes(self.body), coding)
            self.headers["Content-Encoding"] = coding
            self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def page(request: Request, template: str, site: Site, *, status: int = 200, **values: Any) -> Page:
    """Return a page in the language that the request asks for."""
    language = values.pop("language", None) or language_of(request)
    text = _environment.get_template(template).render(
        _=partial(_translate, language),
        counted=partial(_counted, language),
        plural_forms=partial(_plural_forms, language),
        language=language,
        languages=LANGUAGES,
        language_names=LANGUAGE_NAMES,
        register=site.register,
        release=site.release,
        root=root_of(request),
        to=way_of(request),
        static=partial(_static, root_of(request)),
        here=request.scope["path"].removeprefix(request.scope.get("root_path", "")),
        lang_attribute=partial(_lang_attribute, language),
        with_language=partial(_with_language, request.query_params),
        **values,
    )
    headers = {
        "Content-Language": language,
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Vary": "Accept, Accept-Language",
    }
    return Page(text, status, headers)


def _lang_attribute(language: Language, label: Label) -> Markup:
    return lang_attribute(label, language)


def _static(root: str, name: str) -> str:
    return root + versioned(name)


def _translate(language: Language, text: str, **values: object) -> str:
    return translate(text, language, **values)


def _counted(language: Language, one: str, many: str, count: int) -> str:
    return counted(one, many, count, language, count=format_decimal(count, locale=LOCALES[language]))


def _plural_forms(language: Language, one: str, many: str) -> dict[str, str]:
    return plural_forms(one, many, language)


def _with_language(parameters: QueryParams, language: Language) -> str:
    kept = [(name, value) for name, value in parameters.multi_items() if name != "lang"]
    return str(QueryParams([*kept, ("lang", language)]))
