from __future__ import annotations

import pytest

from tests.pdf import locked, pdf_of
from vertragsgraph.documents import Said, UnreadableError
from vertragsgraph.documents.document import PAGE_END, page_at
from vertragsgraph.documents.pdf import read_pdf

TWO = pdf_of("Verträge (zwei)\nknapp 40.000 €", "„Zweite“ Seite", Title="Verträge", Author="Presse", language="de-DE")


def test_the_text_has_the_lines_and_pages_of_the_pdf() -> None:
    document = read_pdf(TWO)
    assert document.text == f"Verträge (zwei)\nknapp 40.000 €\n{PAGE_END}\n„Zweite“ Seite\n"
    assert [page_at(document.text, document.text.index(words)) for words in ("Verträge", "40.000", "Zweite")] == [
        1,
        1,
        2,
    ]
    assert document.remarks == ()


def test_what_it_says_of_itself_and_nothing_else() -> None:
    assert read_pdf(TWO).said == Said("Verträge", "Presse", "", "", "de-DE", "")
    made = pdf_of("Text", Producer="Word", CreationDate="D:20260504120000Z")
    assert read_pdf(made).said == Said()


def test_one_that_may_not_be_changed_is_read() -> None:
    assert read_pdf(locked(TWO, "")).text == read_pdf(TWO).text


def test_one_with_a_password_is_not_read() -> None:
    with pytest.raises(UnreadableError, match="locked with a password; save a copy of it without one"):
        read_pdf(locked(TWO, "geheim"))


def test_pages_without_text_are_told() -> None:
    (remark,) = read_pdf(pdf_of("", "Text", "")).remarks
    assert remark["en"] == "no text is on these pages of the PDF: 1, 3"
    assert read_pdf(pdf_of("", "Text")).text == f"\n{PAGE_END}\nText\n"


@pytest.mark.parametrize("pages", [("",), ("", "- —"), ()])
def test_one_with_pictures_of_pages_says_what_to_do(pages: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableError, match="pictures of pages and no text; let OCR put one behind them"):
        read_pdf(pdf_of(*pages))


@pytest.mark.parametrize("length", range(0, len(TWO), 97))
def test_one_that_is_cut_off_is_read_or_refused_with_a_sentence(length: int) -> None:
    try:
        assert "Vertr" in read_pdf(TWO[:length]).text
    except UnreadableError as error:
        assert "; " in str(error)


@pytest.mark.parametrize("place", range(9, len(TWO), 61))
def test_one_with_a_wrong_byte_is_read_or_refused_with_a_sentence(place: int) -> None:
    try:
        read_pdf(TWO[:place] + b"\x00" + TWO[place + 1 :])
    except UnreadableError as error:
        assert "; " in str(error)
