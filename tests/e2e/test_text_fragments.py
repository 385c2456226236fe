"""Each quotation's link, followed by Chromium itself in the text of its source: what it highlights is the quotation."""

from __future__ import annotations

import hashlib
import html
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from vertragsgraph.graph.quotations import read_quotations
from vertragsgraph.register import Register, load_register
from vertragsgraph.text_fragment import passage_address

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "../shared/sources"
STYLE = """
body { width: 560px; margin: 8px; font: 8px/1.3 serif }
p, li { margin: 4px 0 }
::target-text { color: black; background: yellow }
.expected::target-text, .expected ::target-text { color: inherit; background: transparent }
::highlight(expected) { color: black; background: yellow }
"""
HIGHLIGHT = """([start, end]) => {
  document.documentElement.className = "expected"
  CSS.highlights.clear()
  if (start === end) return
  const range = document.createRange()
  for (const block of document.querySelectorAll("[data-start]")) {
    const from = Number(block.dataset.start), to = from + Array.from(block.textContent).length
    const units = (position) => Array.from(block.textContent).slice(0, position - from).join("").length
    if (from <= start && start < to) range.setStart(block.firstChild, units(start))
    if (from < end && end <= to) range.setEnd(block.firstChild, units(end))
  }
  CSS.highlights.set("expected", new Highlight(range))
}"""


def page(text: str) -> str:
    """Return a text as a page: each line a block, items of lists as such; `data-start` is where it begins in the text."""
    blocks, start = [], 0
    for line in text.splitlines(keepends=True):
        words = line.strip()
        bullet = words.startswith("•")
        words = words.removeprefix("•").strip()
        if words:
            at = start + line.index(words)
            blocks.append(
                f'<{"li" if bullet else "p"} data-start="{at}">{html.escape(words)}</{"li" if bullet else "p"}>'
            )
        start += len(line)
    return f'<!doctype html><html lang="de"><meta charset="utf-8"><title>Text</title><style>{STYLE}</style>{"".join(blocks)}'


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    if not SOURCES.is_dir():
        pytest.skip("the texts of the sources are not at hand (they are not part of the register)")
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path.read_text("utf-8") for path in SOURCES.iterdir()}


@pytest.fixture(scope="module")
def site(texts: dict[str, str]) -> Iterator[str]:
    """The texts as pages, each under its SHA-256."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = texts.get(urlsplit(self.path).path.strip("/"))
            content = page(text).encode() if text else b""
            self.send_response(200 if text else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register(ROOT)


class Tab:
    """A tab of the browser in which a whole text is seen at once, in small print: pictures of it are taken quickly."""

    def __init__(self, context: Any) -> None:
        self._page = context.new_page()
        self._session = context.new_cdp_session(self._page)
        self._visits = 0
        self._expected: dict[tuple[str, int, int], str] = {}

    def highlights(self, address: str, start: int, end: int) -> bool:
        """Follow an address; return whether what is highlighted then is `text[start:end]`, to the pixel."""
        self._visits += 1
        url, _, directive = address.partition("#")
        self._page.goto(f"{url}?{self._visits}#{directive}")  # not by its fragment alone, which stays in the document
        found = self._picture()
        if (url, start, end) not in self._expected:
            assert self._page.evaluate("document.documentElement.scrollHeight <= innerHeight")
            plain = self._picture_of(0, 0)
            self._expected[url, start, end] = self._picture_of(start, end)
            assert self._expected[url, start, end] != plain
        return found == self._expected[url, start, end]

    def _picture_of(self, start: int, end: int) -> str:
        self._page.evaluate(HIGHLIGHT, [start, end])
        return self._picture()

    def _picture(self) -> str:
        self._page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return str(self._session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})["data"])


@pytest.fixture(scope="module")
def tab(browser: Any) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 600, "height": 600})
    yield Tab(context)
    context.close()


def test_the_link_of_each_quotation_highlights_it(
    texts: dict[str, str], site: str, tab: Tab, register: Register
) -> None:
    by_hash = {text: sha256 for sha256, text in texts.items()}
    count, wrong = 0, []
    for quotation in read_quotations(register):
        (sha256,) = (by_hash[text] for text in by_hash if text[quotation.start : quotation.end] == quotation.exact)
        address = passage_address(site + sha256, quotation.exact, quotation.prefix, quotation.suffix)
        count += 1
        if not tab.highlights(address, quotation.start, quotation.end):
            wrong.append((quotation.entry, address))
    assert wrong == []
    assert count > 70


def test_a_link_to_other_words_highlights_something_else_or_nothing(texts: dict[str, str], site: str, tab: Tab) -> None:
    (sha256, text) = next((sha256, text) for sha256, text in texts.items() if "am 3. Juni 2019" in text)
    start = text.index("am 3. Juni 2019")
    end = start + len("am 3. Juni 2019")
    assert tab.highlights(passage_address(site + sha256, "am 3. Juni 2019"), start, end)
    for words in ("am 4. Juni 2019", "3. Juni 2019", "am 3. Juni 2019 zwei"):
        assert not tab.highlights(passage_address(site + sha256, words), start, end), words
    assert not tab.highlights(passage_address(site + sha256, "am 3. Juni 2019", suffix=" drei"), start, end)


def test_what_stands_twice_is_told_apart_by_what_is_around(texts: dict[str, str], site: str, tab: Tab) -> None:
    (sha256, text) = next((sha256, text) for sha256, text in texts.items() if "am 3. Juni 2019" in text)
    words = "Zusammengehörigkeit aller in Hessen lebenden Menschen"
    second = text.index(words, text.index(words) + 1)
    bare, told = passage_address(site + sha256, words), passage_address(site + sha256, words, suffix=" stärkt.")
    assert not tab.highlights(bare, second, second + len(words))
    assert tab.highlights(told, second, second + len(words))


def test_a_range_over_several_blocks_is_found(texts: dict[str, str], site: str, tab: Tab) -> None:
    (sha256, text) = next((sha256, text) for sha256, text in texts.items() if "  • " in text)
    start = text.index("Insgesamt wurden vier")
    end = text.index("zum Thema „Identität") + len("zum Thema")
    address = passage_address(site + sha256, text[start:end], suffix=" „Identität und")
    assert "," in address.partition("text=")[2]
    assert tab.highlights(address, start, end)
