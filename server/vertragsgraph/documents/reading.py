"""From bytes to a document, whatever its form: HTML, PDF, plain text."""

from __future__ import annotations

from typing import Final

from vertragsgraph.documents.document import Document, UnreadableError
from vertragsgraph.documents.html import decoded, said_in, text_of
from vertragsgraph.texts import both

HTML, PDF, PLAIN = "text/html", "application/pdf", "text/plain"
_FORMS: Final = {HTML: HTML, "application/xhtml+xml": HTML, PDF: PDF, PLAIN: PLAIN, "text/markdown": PLAIN}
KINDS: Final = {".html": HTML, ".htm": HTML, ".xhtml": HTML, ".pdf": PDF, ".txt": PLAIN, ".md": PLAIN, "": PLAIN}
"""The media types of files, by how their names end."""
ACCEPTED: Final = "text/html, application/xhtml+xml, application/pdf;q=0.9, text/plain;q=0.9"
_PDF: Final = b"%PDF-"


def read(content: bytes, kind: str, charset: str | None = None, *, main: bool = False) -> Document:
    """Return the document in some bytes of a media type; with `main` of a page in HTML only what it calls its main part, in lines.

    Raises `UnreadableError` for other types, and for documents whose text can't be had.
    """
    form = PDF if content.startswith(_PDF) else _FORMS.get(kind, "")
    if form == PDF:
        from vertragsgraph.documents.pdf import read_pdf  # noqa: PLC0415 - pypdf is imported for PDFs only, it takes a while

        return read_pdf(content)
    if not form:
        message = both(
            "{kind} is none of the forms of which the text is read: HTML, PDF and plain text; save it as one of these",
            kind=kind,
        )
        raise UnreadableError(message)
    text = decoded(content, charset)
    if form == PLAIN:
        return Document(text)
    return Document(text_of(text, main=main) + ("\n" if main else ""), said_in(text))
