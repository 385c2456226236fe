"""What changed, as HTML: within pages, in feeds, and as a document that stands by itself."""

from __future__ import annotations

from collections.abc import Callable

from vertragsgraph.changes import Telling
from vertragsgraph.texts import Language
from vertragsgraph.web.rendering.templating import rendered


def fragment(told: Telling, language: Language, href: Callable[[str], str]) -> str:
    """Return what changed as a piece of HTML; `href` gives the address to which the name of a resource leads, or ""."""
    return rendered("changes_fragment.html", language, told=told, href=href)


def document(told: Telling, title: str, language: Language) -> str:
    """Return what changed as an HTML document without links, since what is new may not be published yet."""
    return rendered("changes_document.html", language, told=told, title=title, href=lambda _: "")
