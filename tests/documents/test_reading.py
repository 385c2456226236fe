from __future__ import annotations

import pytest

from tests.pdf import pdf_of
from vertragsgraph.documents import UnreadableError
from vertragsgraph.documents.reading import read

PAGE = b"<title>T</title><nav>Start</nav><main><p>Vertrag<p>zwei</main>"


def test_of_a_page_its_main_part_or_all_of_it() -> None:
    assert read(PAGE, "text/html").text == "Start\nVertrag\nzwei"
    assert read(PAGE, "text/html", main=True).text == "Vertrag\nzwei\n"
    assert read(b"<nav>Start</nav><p>ja", "application/xhtml+xml", main=True).text == "Start\nja\n"


def test_plain_text_stays_as_it_is() -> None:
    text = " a\r\n\tb \n\n"
    assert read(text.encode(), "text/plain", main=True).text == text
    assert read("Verträge".encode("cp1252"), "text/plain", "windows-1252").text == "Verträge"


def test_a_pdf_is_known_by_its_beginning() -> None:
    for kind in ("application/pdf", "application/octet-stream", "text/html"):
        assert read(pdf_of("Vertrag"), kind).text == "Vertrag\n"


@pytest.mark.parametrize("kind", ["application/zip", ".docx", "image/png", ""])
def test_other_forms_are_refused(kind: str) -> None:
    with pytest.raises(UnreadableError, match="HTML, PDF and plain text; save it as one of these"):
        read(b"PK", kind)
