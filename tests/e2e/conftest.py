"""A real browser on a real server: Debian's Chromium through Playwright."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright isn't installed")

# The same browser without windows opens a page in a quarter of the processor time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

EXPECTED = re.compile(r"status of (400|404|410) ")  # pages that show errors

# One address for each kind of page.
PAGES = {
    "landing": "/",
    "contract": "/doc/contract/drk-hessen",
    "contract, funding not stated": "/doc/contract/iaf",
    "contract, funded": "/doc/contract/bildungsstaette-anne-frank",
    "organisation": "/doc/organisation/drk-hessen",
    "person": "/doc/person/kai-klose",
    "office": "/doc/office/staatssekretaer-integration-antidiskriminierung",
    "topic": "/doc/topic/menschen-mit-migrationshintergrund",
    "source": "/doc/source/s2",
    "evidence": "/doc/evidence/drk-partner-s2",
    "statement": "/doc/statement/214e33c49df0db0a",
    "aim": "/doc/aim/austausch",
    "triples": "/doc/contract/iaf?view=triples",
    "changes": "/doc/contract/iaf.changes",
    "contracts": "/contracts",
    "contracts of a year": "/contracts?year=2018",
    "organisations": "/organisations",
    "people": "/people",
    "grants": "/grants",
    "grant": "/doc/grant/landesfachstelle-hessen",
    "topics": "/topics",
    "search": "/search?q=%C3%96ffnung",
    "search without hits": "/search?q=xqzw",
    "quality": "/quality",
    "ontology": "/ontology",
    "shapes": "/shapes",
    "imprint": "/imprint",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "dumps": "/dumps/",
    "releases": "/releases/",
    "dataset": "/catalog",
    "query": "/sparql",
    "cited result": "/cite?query=ASK%20%7B%7D",
    "graph": "/explore",
    "nothing there": "/doc/contract/none",
}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The browser; where there is none, the test is skipped."""
    if CHROMIUM is None:
        pytest.skip("Chromium isn't installed")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def new_page(browser: Any, server: Any) -> Callable[..., Any]:
    """Makes an empty page, in a context of its own."""

    def make(*, lang: str = "de", width: int = 1280, scheme: str = "light", script: bool = True) -> Any:
        context = browser.new_context(
            base_url=server.url.rstrip("/"),
            locale=lang,
            color_scheme=scheme,
            java_script_enabled=script,
            viewport={"width": width, "height": 800},
            reduced_motion="reduce",
        )
        return context.new_page()

    return make


@contextmanager
def listening(page: Any, complaints: list[str]) -> Iterator[Any]:
    """Note what a page complains of meanwhile."""

    def failed(error: object) -> None:
        complaints.append(f"{page.url}: {error}")

    def said(message: Any) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            complaints.append(f"{page.url}: {message.text}")

    page.on("pageerror", failed)
    page.on("console", said)
    yield page
    page.remove_listener("pageerror", failed)
    page.remove_listener("console", said)


@pytest.fixture
def open_page(new_page: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Opens a page of the server: `open_page("/contracts", lang="de", width=320)`; complaints of the page fail the test."""
    complaints: list[str] = []
    with ExitStack() as stack:

        def open_one(path: str, **how: Any) -> Any:
            page = new_page(**how)
            stack.callback(page.context.close)
            stack.enter_context(listening(page, complaints))
            page.goto(path, wait_until="load")
            return page

        yield open_one
    assert complaints == []


@pytest.fixture(scope="session")
def kept_page(new_page: Callable[..., Any]) -> Callable[[str], Any]:
    """One page for each language that stays open: to open another takes twice the time of going somewhere in it."""
    return cache(lambda lang: new_page(lang=lang))


@pytest.fixture
def go_to(kept_page: Callable[[str], Any]) -> Iterator[Callable[..., Any]]:
    """Goes to a page of the server in one that stays open, for tests that leave nothing behind; as `open_page` else."""
    complaints: list[str] = []
    with ExitStack() as stack:

        def go(path: str, *, lang: str = "de", width: int = 1280) -> Any:
            page = stack.enter_context(listening(kept_page(lang), complaints))
            page.goto("about:blank")  # else another fragment of the same address would load nothing
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="light")
            page.goto(path, wait_until="load")
            return page

        yield go
    assert complaints == []
