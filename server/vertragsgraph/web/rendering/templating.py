"""Pages from templates: texts in the page's language, links relative to the page."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any, Final

from babel.dates import format_time
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from vertragsgraph.http.encoding import LEAST, choose, compress
from vertragsgraph.rdf.media_types import Format
from vertragsgraph.release.catalogue.schema_org import CONTEXT
from vertragsgraph.texts import Language, counted, language_name, locale_of, plural_forms, translate, untouched
from vertragsgraph.web.rendering import structured_data
from vertragsgraph.web.rendering.assets import versioned
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.presenter import lang_attribute
from vertragsgraph.web.rendering.urls import address_of, root_of, way_of
from vertragsgraph.web.site.shown import is_aside, is_published, preview_of
from vertragsgraph.web.site.site import Site

HTML: Final = Format("html", "text/html")
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


class Compressed(Response):
    """A page or document, compressed as the client asks for (RFC 9110, section 12.5.3)."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it (ASGI)."""
        if "Accept-Encoding" not in self.headers["Vary"]:
            self.headers.add_vary_header("Accept-Encoding")
        coding = choose(Headers(scope=scope).get("accept-encoding"))
        if coding and len(self.body) > LEAST:
            self.body = await compress(bytes(self.body), coding)
            self.headers["Content-Encoding"] = coding
            self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def page(request: Request, template: str, site: Site, *, status: int = 200, **values: Any) -> Compressed:
    """Return a page in the language that the request asks for.

    `structured` is what it says of itself to search engines (JSON-LD); by default it is any page of the register.
    """
    language = values.pop("language", None) or language_of(request)
    structured = values.pop("structured", None) or structured_data.web_page(request, site)
    text = rendered(
        template,
        language,
        plural_forms=lambda one, many: plural_forms(one, many, language),
        untouched=lambda text: untouched(text, language),
        languages=site.register.spoken,
        language_name=language_name,
        register=site.register,
        release=site.release,
        root=root_of(request),
        to=way_of(request),
        static=lambda name: root_of(request) + versioned(name),
        lists=_lists(site, language),
        here=request.scope["path"].removeprefix(request.scope.get("root_path", "")),
        lang_attribute=lambda label: lang_attribute(label, language),
        with_language=partial(_with_language, request.query_params),
        page_address=address_of(request, site.register.url),
        structured={"@context": CONTEXT, **structured},
        there=status < HTTPStatus.BAD_REQUEST,
        preview=(preview := preview_of(request)),
        aside=is_aside(request),
        is_published=is_published(request),
        time=lambda instant: format_time(instant.astimezone(), "medium", locale=locale_of(language)),
        **values,
    )
    headers = {
        "Content-Language": language,
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Vary": "Accept, Accept-Language",
    }
    if preview:
        headers["Cache-Control"] = "no-store"
    return Compressed(text, status, headers, HTML.content_type)


def rendered(template: str, language: Language, **values: Any) -> str:
    """Return what a template makes of values, with texts of the interface in a language."""
    return _environment.get_template(template).render(
        _=lambda text, **values: translate(text, language, **values),
        counted=partial(_counted, language),
        language=language,
        **values,
    )


def _lists(site: Site, language: Language) -> dict[str, str]:
    """Return the lists that the navigation leads to, by path."""
    listed = ((kind.iri, kind.list) for kind in site.kinds.listed.values())
    return {shown.path: site.title(shown.title, iri, language) for iri, shown in listed if shown and shown.navigation}


def _counted(language: Language, one: str, many: str, count: int) -> str:
    return counted(one, many, count, language, count=format_decimal(count, locale=locale_of(language)))


def _with_language(parameters: QueryParams, language: Language) -> str:
    kept = [(name, value) for name, value in parameters.multi_items() if name != "lang"]
    return str(QueryParams([*kept, ("lang", language)]))
