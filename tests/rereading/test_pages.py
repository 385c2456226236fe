from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vertragsgraph.documents import UnreadableError
from vertragsgraph.rereading.pages import LARGEST, Fetcher, Folder, Page
from vertragsgraph.rereading.quotations import Source

Web = Any
SourceAt = Callable[[str], Source]
AGENT = "vertragsgraph/test (https://example.org/; register@example.org)"


@pytest.fixture
def source_at() -> SourceAt:
    """Makes a source with an address."""
    return lambda url: Source("x:id/source/s1", "s1", "S1", url, ())


def test_a_page_is_fetched_as_text_by_one_who_says_who_asks(web: Web, source_at: SourceAt) -> None:
    url = web.put("/a", "<title>nein</title><p>Verträge</p>")
    assert Fetcher(AGENT, 0)(source_at(url)) == Page(url, "Verträge")
    assert web.asked == [("/a", AGENT)]


def test_a_page_that_has_moved_is_read_where_it_is_now(web: Web, source_at: SourceAt) -> None:
    there = web.put("/there", "da", "text/plain; charset=utf-8")
    assert Fetcher(AGENT, 0)(source_at(web.put("/here", there, status=301))) == Page(there, "da")


def test_a_fragment_is_no_part_of_what_is_asked_for(web: Web, source_at: SourceAt) -> None:
    url = web.put("/a", "da")
    assert Fetcher(AGENT, 0)(source_at(f"{url}#:~:text=da")).text == "da"
    assert web.asked[-1][0] == "/a"


def test_the_character_set_of_the_answer_counts(web: Web, source_at: SourceAt) -> None:
    url = web.put("/a", "Verträge".encode("latin-1"), "text/html; charset=iso-8859-1")
    assert Fetcher(AGENT, 0)(source_at(url)).text == "Verträge"
    assert Fetcher(AGENT, 0)(source_at(web.put("/b", "Verträge", "text/html"))).text == "Verträge"


@pytest.mark.parametrize(
    ("status", "kind", "content", "said"),
    [
        (404, "text/html", b"", "HTTP 404; look whether the page has moved"),
        (503, "text/html", b"", "HTTP 503"),
        (200, "application/zip", b"PK", "application/zip is none of the forms"),
        (200, "text/html", b" " * (LARGEST + 1), "> 8 MiB"),
        (301, "text/html", b"/a", "redirects"),
    ],
)
def test_what_can_not_be_read_says_why(
    web: Web, source_at: SourceAt, status: int, kind: str, content: bytes, said: str
) -> None:
    with pytest.raises(UnreadableError, match=said):
        Fetcher(AGENT, 0)(source_at(web.put("/a", content, kind, status)))


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:1/", "http://[::1"])
def test_where_nothing_answers_or_there_is_no_address(source_at: SourceAt, url: str) -> None:
    with pytest.raises(UnreadableError, match="no address" if not url else "can't be read"):
        Fetcher(AGENT, 0)(source_at(url))


def test_pages_are_asked_for_one_after_the_other_with_a_pause(web: Web, source_at: SourceAt) -> None:
    waited: list[float] = []
    fetch = Fetcher(AGENT, 1000, sleep=waited.append)
    for path in ("/a", "/b"):
        fetch(source_at(web.put(path, "da")))
    (wait,) = waited
    assert 900 < wait <= 1000


@pytest.mark.parametrize(
    ("name", "content"), [("s1.html", "<p>da"), ("S1.HTM", "<p>da</p>"), ("s1.txt", "da"), ("s1.xhtml", "<p>da</p>")]
)
def test_a_page_from_a_folder(tmp_path: Path, source_at: SourceAt, name: str, content: str) -> None:
    (tmp_path / "s10.html").write_text("<p>nein")
    (tmp_path / "s1.docx").write_text("nein")
    (tmp_path / name).write_text(content)
    assert Folder(tmp_path)(source_at("")) == Page(str(tmp_path / name), "da")


def test_a_page_that_is_not_in_the_folder(tmp_path: Path, source_at: SourceAt) -> None:
    with pytest.raises(UnreadableError, match=r"there is no s1\.html or s1\.txt in"):
        Folder(tmp_path)(source_at(""))
