"""The graph and the query page: where the front end is built, in a real browser and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vertragsgraph.web.assets import asset

pytestmark = pytest.mark.slow
built = pytest.mark.skipif(not asset("query.js"), reason="the front end isn't built (make frontend)")
KLOSE = "/explore?iri=https%3A%2F%2Fw3id.org%2Fvertragsgraph%2Fhessen%2Fid%2Fperson%2Fkai-klose"


@built
def test_a_node_is_expanded_by_keyboard(open_page: Callable[..., Any]) -> None:
    page = open_page(KLOSE)
    nodes = page.locator("g.node")
    before = nodes.count()
    page.locator("g.node[tabindex='0']").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.matches('g.node')")
    page.locator("g.node.contract").first.focus()
    page.keyboard.press("Enter")
    nodes.nth(before).wait_for()
    assert page.evaluate("document.activeElement.matches('g.node.contract')")
    assert "dazugekommen" in page.locator(".around").inner_text()


@built
def test_kinds_are_told_apart_by_shape_and_can_be_hidden(open_page: Callable[..., Any]) -> None:
    page = open_page("/explore")
    shapes = page.evaluate(
        "[...new Set([...document.querySelectorAll('g.node')].map(n => n.classList[1] + n.children[1].outerHTML))].length"
    )
    assert shapes == 5
    page.get_by_label("Thema", exact=True).uncheck()
    assert page.locator("g.node.topic").count() == 0
    assert page.locator("g.node.contract").count() == 4


@built
@pytest.mark.parametrize(("button", "begin"), [("Als SVG speichern", b"<svg"), ("Als PNG speichern", b"\x89PNG")])
def test_the_drawing_is_saved(open_page: Callable[..., Any], button: str, begin: bytes) -> None:
    page = open_page(KLOSE)
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    assert Path(download.value.path()).read_bytes().startswith(begin)


@pytest.mark.parametrize("script", [True, False])
def test_the_graph_is_a_table_as_well(open_page: Callable[..., Any], *, script: bool) -> None:
    page = open_page(KLOSE, script=script)
    rows = page.locator("tbody tr")
    assert rows.filter(has_text="DRK-Landesverband").count() == 2
    assert rows.filter(has_text="Vertragsschluss").count() == 2


@built
def test_an_example_gives_its_table(open_page: Callable[..., Any]) -> None:
    page = open_page("/sparql")
    page.locator(".examples summary", has_text="mit wem, worüber").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#result tbody tr").first.wait_for()
    table = page.locator("#result table")
    assert table.locator("tbody tr").count() == 5
    assert "Hessischer Jugendring" in table.inner_text()
    assert page.locator("#result figure.chart").count() == 1


@built
def test_the_tab_key_leaves_the_editor(open_page: Callable[..., Any]) -> None:
    page = open_page("/sparql")
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.CodeMirror') !== null")


@built
def test_a_shared_link_brings_the_query_back(open_page: Callable[..., Any]) -> None:
    page = open_page("/sparql#query=ASK%20%7B%7D")
    page.get_by_role("button", name="Abfrage ausführen").first.click()
    page.locator("#result .big").wait_for()
    assert page.locator("#result").inner_text() == "Ja"


@built
def test_a_problem_is_told_with_its_place(browser: Any, server: Any) -> None:
    context = browser.new_context(base_url=server.url.rstrip("/"), locale="de")
    page = context.new_page()
    page.goto("/sparql#query=SELECT%20*%20WHERE%20%7B")
    page.get_by_role("button", name="Abfrage ausführen").first.click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "400" in alert.inner_text()
    assert "Zeile 1" in alert.inner_text()
    context.close()


def test_queries_are_sent_without_scripts(open_page: Callable[..., Any]) -> None:
    page = open_page("/sparql", script=False)
    with page.expect_response("**/sparql?**") as answer:
        page.get_by_label("Ergebnis als").select_option("csv")
        page.get_by_role("button", name="Abfrage ausführen").click(no_wait_after=True)
    assert answer.value.status == 200
    assert answer.value.headers["content-type"].startswith("text/csv")
