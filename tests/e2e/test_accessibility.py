"""axe-core finds nothing on any kind of page, in both languages, light and dark, on wide and narrow screens."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from vertragsgraph.web.assets import asset

from .conftest import PAGES

pytestmark = pytest.mark.slow

pytest.importorskip("axe_playwright_python", reason="axe-core isn't installed")
AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"]
WIDTHS = (1280, 320)


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("lang", ["de", "en"])
def test_axe_finds_nothing(kind: str, lang: str, open_page: Callable[..., Any]) -> None:
    page = open_page(PAGES[kind], lang=lang)
    assert page.locator("html").get_attribute("lang") == lang
    examine(page)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_axe_finds_nothing_where_a_resource_was_withdrawn(
    lang: str, open_page: Callable[..., Any], server_of_withdrawn: Any
) -> None:
    page = open_page(f"{server_of_withdrawn.url}id/organisation/hessischer-jugendring", lang=lang)
    assert page.locator("html").get_attribute("lang") == lang
    examine(page)


def examine(page: Any) -> None:
    """Let axe look at a page as it is, light and dark, wide and narrow; nothing may stick out to the side."""
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert complaints(page) == [], f"{scheme}, {width} px"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{scheme}, {width} px"


ROWS = "SELECT ?s ?l (1 AS ?n) { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?s"
QUERIES = {
    "rows": ROWS,
    "an answer": "ASK {}",
    "no rows": "SELECT ?s { ?s <x:y> ?s }",
    "a graph": "CONSTRUCT WHERE { ?s a ?c }",
    "a mistake": "SELECT *\nWHERE { ?s ?p }",
}
built = pytest.mark.skipif(not asset("query.js"), reason="the front end isn't built (make frontend)")


@built
@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("kind", QUERIES)
def test_axe_finds_nothing_in_results(kind: str, lang: str, open_page: Callable[..., Any]) -> None:
    page = open_page(f"/sparql#query={quote(QUERIES[kind])}", lang=lang)
    with page.expect_response("**/sparql"):
        page.locator("#ask button").first.click()
    page.locator("#result :is(.downloads, .problem)").first.wait_for()
    examine(page)
    for view in page.locator("#result .views button").all()[1:]:
        view.click()
        examine(page)
    if kind == "rows":
        page.locator("#result .views button").first.click()
        page.locator("#result th button").first.click()
        page.locator("#filter").fill("klose")
        examine(page)


@built
def test_axe_finds_nothing_in_completions(open_page: Callable[..., Any]) -> None:
    for width in WIDTHS:
        page = open_page("/sparql#query=SELECT", width=width)
        page.evaluate(AXE)
        page.locator(".CodeMirror textarea").focus()
        page.keyboard.press("Control+End")
        page.keyboard.type(" * { ?s a vg:")
        page.keyboard.press("Control+Space")
        page.get_by_role("listbox").wait_for()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert complaints(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("lang", ["de", "en"])
def test_axe_finds_nothing_in_hits_while_typing(lang: str, open_page: Callable[..., Any]) -> None:
    page = open_page("/search", lang=lang)
    page.get_by_role("searchbox").press_sequentially("Integr")
    page.locator(".hits li").first.wait_for()
    examine(page)


@pytest.mark.parametrize("kind", ["contract", "contract, funding not stated", "person", "organisation", "contracts"])
def test_axe_finds_nothing_in_opened_folds(kind: str, open_page: Callable[..., Any]) -> None:
    page = open_page(PAGES[kind], width=320)
    folds = page.locator("main details")
    assert folds.count() > 0
    for fold in folds.all():
        fold.locator(":scope > summary").press("Enter")
    assert page.locator("main details:not([open])").count() == 0
    examine(page)


@built
def test_axe_finds_nothing_in_an_expanded_graph(open_page: Callable[..., Any]) -> None:
    page = open_page("/explore?iri=https%3A%2F%2Fw3id.org%2Fvertragsgraph%2Fhessen%2Fid%2Fperson%2Fkai-klose")
    before = page.locator("g.node").count()
    page.locator("g.node.contract").first.focus()
    page.keyboard.press("Enter")
    page.locator("g.node").nth(before).wait_for()
    examine(page)


# What passes would be told at length: working it out and handing it over takes three times as long as the examination.
RUN_AXE = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], selectors: false})
    .then(found => found.violations.flatMap(
        violation => violation.nodes.map(node => `${violation.id}: ${violation.help}: ${node.html.slice(0, 160)}`)))"""


def complaints(page: Any) -> list[str]:
    found: list[str] = page.evaluate(RUN_AXE, RULES)
    return found


def test_axe_would_find_something(open_page: Callable[..., Any]) -> None:
    page = open_page("/imprint")
    page.evaluate(AXE)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"x\"><button></button>')")
    assert {line.split(":")[0] for line in complaints(page)} >= {"image-alt", "button-name"}
