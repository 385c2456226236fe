from __future__ import annotations

import pytest

from vertragsgraph.documents.html import decoded, text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Ein <b>Ver</b>trag<p>zwei", "Ein Vertrag\nzwei"),
        ("<div>iaf e.V.<br>stellt</div>", "iaf e.V.\nstellt"),
        ("<ul>\n <li>eins\n <li>zwei\n</ul>", "eins\nzwei"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ("&bdquo;Ziel&ldquo; &amp; mehr&#8230;", "„Ziel“ & mehr…"),
        ("<script>if (a < b) { '</p>' }</script><style>p {}</style>Text<!-- nein -->", "Text"),
        ("<svg><title>nein</title><path/></svg>Text", "Text"),
        ("<head><title>nein</title><body>Text", "Text"),
        ("<iframe>nein<b>auch</iframe>ja", "ja"),
        ("a\t \n  b&nbsp;c", "a b\xa0c"),
        ("kein HTML", "kein HTML"),
        ("", ""),
    ],
)
def test_the_text_of_a_page(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("Verträge".encode(), None),
        ("\ufeffVerträge".encode(), None),
        ("Verträge".encode("latin-1"), "ISO-8859-1"),
        (b'<meta charset="windows-1252">' + "Verträge „“".encode("cp1252"), None),
        (
            b'<META http-equiv=content-type content="text/html; charset=iso-8859-1">' + "Verträge „“".encode("cp1252"),
            None,
        ),
        ("Verträge".encode("utf-16"), "utf-16"),
        ("Verträge".encode(), "no-such-charset"),
    ],
)
def test_the_character_set_is_the_one_that_was_sent_or_declared(content: bytes, charset: str | None) -> None:
    assert "Verträge" in decoded(content, charset)
    assert "\ufeff" not in decoded(content, charset)


def test_what_is_no_text_in_its_character_set_is_no_error() -> None:
    assert decoded(b"\xff\xfe\xfa", "utf-8") == "���"
