"""A PDF: the text of its pages, and what it says of itself."""

from __future__ import annotations

import logging
import re
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader

from vertragsgraph.documents.document import PAGE_END, Document, Said, UnreadableError
from vertragsgraph.texts import both

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # whether it can be read is told by what comes of it
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_SHOWN: Final = 20  # numbers of pages that a message names


def read_pdf(content: bytes) -> Document:
    """Return the document that a PDF is; raises `UnreadableError` for one that is damaged, locked, or has no text.

    When it was made is no date of publication, and what made it no publisher; so neither is taken for that.
    """
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError(both("this PDF is locked with a password; save a copy of it without one"))
        pages = [_tidy(page.extract_text()) for page in reader.pages]
        said = _said(reader)
    except UnreadableError:
        raise
    except (
        Exception
    ) as error:  # what is damaged ends pypdf in whatever its bytes lead to: recursion, arithmetic, encodings
        reason = str(error) or type(error).__name__
        raise UnreadableError(
            both("this PDF can't be read: {reason}; open it, and save it anew, or save its text", reason=reason)
        ) from error
    empty = [str(number) for number, page in enumerate(pages, 1) if not any(map(str.isalnum, page))]
    if len(empty) == len(pages):
        raise UnreadableError(
            both(
                "this PDF has pictures of pages and no text; let OCR put one behind them (ocrmypdf), or quote from it by hand, "
                "with vg:pdfPage, vg:seenBy and vg:seenOn (docs/evidence.md)"
            )
        )
    remarks = [both("no text is on these pages of the PDF: {pages}", pages=", ".join(empty[:_SHOWN]))] if empty else []
    return Document(f"\n{PAGE_END}\n".join(pages) + "\n", said, tuple(remarks))


def _tidy(text: str) -> str:
    """Return the text of a page without blanks at the ends of its lines, and with nothing that ends a page."""
    lines = (_CONTROLS.sub("", line).rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(lines).strip("\n").encode("utf-8", "replace").decode()  # half of a pair of surrogates is no text


def _said(reader: PdfReader) -> Said:
    told, more = reader.metadata, reader.xmp_metadata
    language = str(reader.root_object.get("/Lang", ""))
    return Said(
        title=_text(told.title if told else ""),
        author=_text(told.author if told else ""),
        publisher=_text(more.dc_publisher if more else ""),
        language=language if _LANGUAGE.fullmatch(language) else "",
        rights=_text(more.dc_rights if more else ""),
    )


def _text(value: Any) -> str:
    """Return a value of the metadata as a text in one line; the first of several languages, all of several names."""
    if isinstance(value, dict):
        value = value.get("x-default") or next(iter(value.values()), "")
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return " ".join(_CONTROLS.sub(" ", str(value or "")).split())
