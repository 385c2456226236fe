"""A page in HTML: its text as a reader sees it, a line for each block, and what it says of itself."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from vertragsgraph.documents.document import Said, day_in

_UNSEEN: Final = frozenset(
    {"head", "script", "style", "template", "svg", "math", "iframe", "object", "audio", "video", "noscript", "-comment"}
)
_BLOCKS: Final = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset figcaption
        figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search
        section summary table tbody td tfoot th thead tr ul""",
    )
)
"""Elements that the HTML Standard renders as blocks (section 15.3), or that end a line."""
_TEXT: Final = "-text"
_BLANKS: Final = re.compile("[ \t\n\r\f]+")
_META: Final = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DECLARED_WITHIN: Final = 1024

# The names under which pages say it, the best first: Dublin Core, Open Graph, plain HTML.
_NAMES: Final = {
    "title": ("dcterms.title", "dc.title", "og:title"),
    "author": ("dcterms.creator", "dc.creator", "author", "article:author"),
    "publisher": ("dcterms.publisher", "dc.publisher", "publisher"),
    "issued": ("dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date", "article:published_time"),
    "language": ("dcterms.language", "dc.language"),
    "rights": ("dcterms.rights", "dc.rights", "copyright"),
}
_IN_JSON: Final = {"title": "headline", "author": "author", "publisher": "publisher", "issued": "datePublished"}
_ADDRESS: Final = re.compile(r"https?://\S+")


def text_of(html: str, *, main: bool = False) -> str:
    r"""Return the text of a page in HTML, as far as it can be told without styles and scripts.

    With `main` only that of the part which the page itself calls its main one, where it does so.

    >>> text_of("<title>no</title><p>Ein <b>Vertrag</b>&nbsp;mit<ul><li>Verein\n e.V.")
    'Ein Vertrag\xa0mit\nVerein e.V.'
    >>> text_of("<nav>Start</nav><main>Vertrag</main>", main=True)
    'Vertrag'
    """
    root = LexborHTMLParser(html).root
    if root is None:
        return ""
    mains = root.css("main, [role=main]") if main else []
    parts = "".join(_parts(mains[0] if mains else root))
    return "\n".join(filter(None, (line.strip(" ") for line in parts.split("\n"))))


def _parts(root: LexborNode) -> Iterator[str]:
    """Yield the texts of an element in their order; a line end stands where a block begins or ends."""
    open_nodes: list[LexborNode | str] = [root]
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, str):
            yield node
        elif node.tag == _TEXT:
            yield _BLANKS.sub(" ", node.text(deep=False))
        elif node.tag not in _UNSEEN:
            end = "\n" if node.tag in _BLOCKS else ""
            yield end
            open_nodes.append(end)
            open_nodes.extend(reversed(list(node.iter(include_text=True))))


def said_in(html: str) -> Said:
    """Return what a page says of itself in its head: by `meta`, JSON-LD (schema.org), `title` and `lang`; nothing is guessed."""
    root = LexborHTMLParser(html).root
    if root is None:
        return Said()
    metas: dict[str, str] = {}
    for meta in root.css("meta[content]"):
        name = meta.attributes.get("name") or meta.attributes.get("property") or ""
        metas.setdefault(name.lower(), _line(meta.attributes.get("content") or ""))
    article = next(_articles(root), {})
    said = {what: next(filter(None, (metas.get(name) for name in names)), "") for what, names in _NAMES.items()}
    for what, key in _IN_JSON.items():
        said[what] = said[what] or _name(article.get(key))
    title, language, licence = (
        root.css_first("head > title"),
        root.attributes.get("lang"),
        root.css_first("[rel=license]"),
    )
    said["title"] = said["title"] or (_line(title.text()) if title else "")
    said["language"] = _line(language or "") or said["language"]
    said["rights"] = said["rights"] or ((licence.attributes.get("href") or "") if licence else "")
    said["issued"] = day_in(said["issued"])
    return Said(**{what: "" if what != "rights" and _ADDRESS.fullmatch(text) else text for what, text in said.items()})


def _articles(root: LexborNode) -> Iterator[Mapping[str, Any]]:
    """Yield what JSON-LD in a page says of texts that have been published."""
    for script in root.css("script[type='application/ld+json']"):
        try:
            found = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        graph = found.get("@graph", [found]) if isinstance(found, dict) else found
        for each in graph if isinstance(graph, list) else ():
            if isinstance(each, dict) and ("datePublished" in each or "headline" in each):
                yield each


def _name(value: object) -> str:
    """Return the text that a value of JSON-LD is, or the name of what it describes; "" where there are several."""
    if isinstance(value, list) and len(value) == 1:
        return _name(value[0])
    if isinstance(value, dict):
        return _name(value.get("name"))
    return _line(value) if isinstance(value, str) else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def decoded(content: bytes, charset: str | None = None) -> str:
    """Return a page's bytes as text: by the character set that it was sent with, that it declares itself, else UTF-8."""
    declared = _META.search(content[:_DECLARED_WITHIN])
    for name in (charset, declared[1].decode("ascii") if declared else None):
        try:
            codec = codecs.lookup(name).name if name else ""
            if codec:  # what calls itself ISO 8859-1 is Windows-1252 (Encoding Standard, section 4.2)
                return content.decode("cp1252" if codec == "iso8859-1" else codec, errors="replace")
        except (LookupError, UnicodeError):  # no such one, or none of texts
            continue
    return content.decode("utf-8-sig", errors="replace")
