"""References from a page to others: relative, and with the language that was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import Request

from vertragsgraph.web.rendering.language import asked_for


def root_of(request: Request) -> str:
    """Return the relative reference from a page to the start page, `""` where the page is beside it.

    Pages link by relative references only, so that they work behind any prefix a proxy may put before them.
    """
    path: str = request.scope["path"]
    return "../" * (path.removeprefix(request.scope.get("root_path", "")).count("/") - 1)


def address_of(request: Request, url: str) -> str:
    """Return the absolute address of a page, where `url` is that of the start page; it has no query."""
    path: str = request.scope["path"]
    return url + quote(path.removeprefix(request.scope.get("root_path", "")).removeprefix("/"))


@dataclass(frozen=True)
class Way:
    """Leads from a page to others; the language that was chosen by `?lang=` goes along, so that it stays."""

    root: str
    chosen: str

    def __call__(self, path: str = "", **parameters: str) -> str:
        """Return the relative reference to a path of the site, with parameters.

        >>> Way("../../", "en")("search", q="Öffnung")
        '../../search?q=%C3%96ffnung&lang=en'
        >>> Way("", "")(), Way("", "")("javascript:alert(1)"), Way("", "")("//example.org/")
        ('./', './javascript:alert(1)', './//example.org/')
        """
        kept = {name: value for name, value in parameters.items() if value}
        if self.chosen:
            kept["lang"] = self.chosen
        query = f"?{urlencode(kept)}" if kept else ""
        # Without a dot before it, it would be taken for an address of another scheme or host (RFC 3986, section 4.2).
        dot = "./" if not self.root and (not path or path[0] == "/" or ":" in path.partition("/")[0]) else ""
        return self.root + dot + path + query


def way_of(request: Request) -> Way:
    """Return the way from a page to others."""
    return Way(root_of(request), asked_for(request))
