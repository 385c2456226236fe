"""The text of a page in HTML as a reader sees it: a line for each block, nothing of scripts and styles."""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser
from typing import Final

_UNSEEN: Final = frozenset(
    {"script", "style", "template", "title", "svg", "math", "iframe", "object", "audio", "video"}
)
_BLOCKS: Final = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset figcaption
        figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol optgroup option p pre search
        section summary table tbody td tfoot th thead tr ul""",
    )
)
"""Elements that the HTML Standard renders as blocks (section 15.3), or that end a line."""
_BLANKS: Final = re.compile("[ \t\n\r\f]+")
_META: Final = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DECLARED_WITHIN: Final = 1024


def text_of(html: str) -> str:
    r"""Return the text of a page in HTML, as far as it can be told without styles and scripts.

    >>> text_of("<title>no</title><p>Ein <b>Vertrag</b>&nbsp;mit<ul><li>Verein\n e.V.")
    'Ein Vertrag\xa0mit\nVerein e.V.'
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (line.strip(" ") for line in "".join(reader.parts).split("\n"))
    return "\n".join(filter(None, lines))


class _Reader(HTMLParser):
    """Gathers the text of a page; a line end stands where a block begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if tag in _UNSEEN:
            self._unseen.append(tag)
        self._end_line(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over an element that is closed where it begins."""
        self._end_line(tag)

    def handle_endtag(self, tag: str) -> None:
        """End an element, and those within that nobody has closed."""
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        self._end_line(tag)

    def handle_data(self, data: str) -> None:
        """Take in a text."""
        if not self._unseen:
            self.parts.append(_BLANKS.sub(" ", data))

    def _end_line(self, tag: str) -> None:
        if tag in _BLOCKS and not self._unseen:
            self.parts.append("\n")


def decoded(content: bytes, charset: str | None = None) -> str:
    """Return a page's bytes as text: by the character set that it was sent with, that it declares itself, else UTF-8."""
    declared = _META.search(content[:_DECLARED_WITHIN])
    for name in (charset, declared[1].decode("ascii") if declared else None):
        try:
            codec = codecs.lookup(name).name if name else ""
        except LookupError:
            continue
        if codec:  # what calls itself ISO 8859-1 is Windows-1252 (Encoding Standard, section 4.2)
            return content.decode("cp1252" if codec == "iso8859-1" else codec, errors="replace")
    return content.decode("utf-8-sig", errors="replace")
