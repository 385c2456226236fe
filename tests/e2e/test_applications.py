"""The graph: where the front end is built, in a real browser and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vertragsgraph.web.rendering.assets import asset

pytestmark = pytest.mark.slow
built = pytest.mark.skipif(not asset("explore.js"), reason="the front end isn't built (make frontend)")
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
