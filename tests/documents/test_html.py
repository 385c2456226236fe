from __future__ import annotations

import pytest

from vertragsgraph.documents import Said
from vertragsgraph.documents.html import decoded, said_in, text_of


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


@pytest.mark.parametrize("charset", ["hex", "rot13", "idna", "undefined"])
def test_a_codec_that_is_none_of_texts_is_no_character_set(charset: str) -> None:
    assert decoded("Verträge".encode(), charset) == "Verträge"


def test_markup_is_read_as_browsers_do() -> None:
    assert text_of("<p>a<div>b</p>c</div><b>d<p>e</b>f") == "a\nb\nc\nd\nef"
    assert text_of("<textarea><p>x</textarea>y<table>z<tr><td>a</table>") == "<p>xyz\na"
    assert text_of("<p>" * 20_000 + "tief") == "tief"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<nav>Start</nav><main>Vertrag</main><footer>©</footer>", "Vertrag"),
        ("<nav>Start</nav><div role=main>Vertrag</div>", "Vertrag"),
        ("<nav>Start</nav><article>Vertrag</article>", "Start\nVertrag"),
    ],
)
def test_what_a_page_calls_its_main_part(html: str, text: str) -> None:
    assert text_of(html, main=True) == text


SAID = Said("Vertrag", "Ada", "Stadt Moor", "2026-11-02", "de", "CC BY 4.0")


@pytest.mark.parametrize(
    "head",
    [
        """<meta name="DC.title" content="Vertrag"><meta name="DC.creator" content="Ada"><meta name=DC.publisher
           content="Stadt Moor"><meta name="DCTERMS.issued" content="2026-11-02"><meta name="DC.rights" content="CC BY 4.0">""",
        """<title>Vertrag | Moor</title><meta property="og:title" content="Vertrag"><meta name="author" content="Ada">
           <meta name=publisher content="Stadt  Moor"><meta property="article:published_time" content="2026-11-02T10:00:00Z">
           <meta name=copyright content="CC BY 4.0">""",
        """<title> Vertrag
           </title><script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"author": [{"name": "Ada"}],
           "publisher": {"name": "Stadt Moor"}, "datePublished": "2026-11-02"}]}</script><link rel=license href="CC BY 4.0">""",
    ],
)
def test_what_a_page_says_of_itself(head: str) -> None:
    assert said_in(f"<html lang=de><head>{head}</head><body>Text") == SAID


@pytest.mark.parametrize(
    "head",
    [
        "<meta name=DC.date content='2. November 2026'><time datetime=2026-11-02>",
        "<meta property='article:author' content='https://example.org/ada'>",
        "<script type='application/ld+json'>{no json</script><script type='application/ld+json'>[1, null]</script>",
        '<script type="application/ld+json">{"headline": 5, "author": [{"name": "A"}, {"name": "B"}]}</script>',
        "<h1>Kein Titel</h1><address>Niemand</address>© Niemand",
        "",
    ],
)
def test_what_a_page_does_not_say_is_not_guessed(head: str) -> None:
    assert said_in(f"<body>{head}") == Said()
