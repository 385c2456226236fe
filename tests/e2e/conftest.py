"""A real browser on a real server: Debian's Chromium through Playwright."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright isn't installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
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
    "contracts": "/contracts",
    "contracts of a year": "/contracts?year=2018",
    "organisations": "/organisations",
    "people": "/people",
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
    "query": "/sparql",
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


@pytest.fixture
def open_page(browser: Any, server: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page of the server: `open_page("/contracts", lang="de", width=320)`; complaints of the page fail the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_one(path: str, *, lang: str = "de", width: int = 1280, scheme: str = "light", script: bool = True) -> Any:
        context = browser.new_context(
            base_url=server.url.rstrip("/"),
            locale=lang,
            color_scheme=scheme,
            java_script_enabled=script,
            viewport={"width": width, "height": 800},
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{path}: {error}"))
        page.on(
            "console",
            lambda said: said.type == "error" and not EXPECTED.search(said.text) and complaints.append(said.text),
        )
        page.goto(path, wait_until="load")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
