"""The diagram of the vocabulary and the small graphs of pages, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vertragsgraph.web.rendering.assets import asset

from .axe import examine

pytestmark = pytest.mark.slow
built = pytest.mark.skipif(not asset("explore.js"), reason="the front end isn't built (make frontend)")
KLOSE = "/doc/person/kai-klose"


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_box_of_the_diagram_leads_to_its_term(open_page: Callable[..., Any], width: int, *, script: bool) -> None:
    page = open_page("/ontology", width=width, script=script)
    diagram = page.get_by_role("region", name="Diagramm der Klassen")
    assert diagram.locator("path.line").count() > 20
    diagram.get_by_role("link", name="Förderstatus", exact=True).click()
    assert page.url.endswith("/ontology#FundingStatus")
    term = page.locator("#FundingStatus")
    assert "Förderstatus" in term.inner_text()
    assert 0 <= term.bounding_box()["y"] < 800


def test_the_diagram_is_read_at_its_size(open_page: Callable[..., Any]) -> None:
    page = open_page("/ontology")
    heights = page.locator(".classes text:not(.name) tspan").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect().height)"
    )
    assert min(heights) > 14
    inside = page.locator(".classes .box").evaluate_all(
        """boxes => boxes.every(box => {
            const frame = box.querySelector(":scope > rect").getBoundingClientRect();
            return [...box.querySelectorAll("text")].every(text => {
                const { left, right } = text.getBoundingClientRect();
                return frame.left <= left && right <= frame.right;
            });
        })"""
    )
    assert inside


def test_the_small_graph_is_walked_without_scripts(open_page: Callable[..., Any]) -> None:
    page = open_page(KLOSE, script=False)
    page.locator(".star").get_by_role("link", name="Hessischer Minister für Soziales und Integration").click()
    assert page.url.endswith("/doc/office/minister-soziales-integration")
    page.locator(".star").get_by_role("link", name="Kai Klose").click()
    assert page.url.endswith(KLOSE)
    page.get_by_role("link", name="Den Graphen von hier aus erkunden").click()
    assert "/explore?iri=" in page.url
    assert "Kai Klose" in page.locator("h1").inner_text()


@built
def test_the_small_graph_is_opened_and_expanded_by_keyboard(open_page: Callable[..., Any]) -> None:
    page = open_page(KLOSE)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    assert page.evaluate("performance.getEntriesByType('resource').every(file => !file.name.includes('explore.js'))")
    summary = page.locator(".interactive summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.locator("g.node").first.wait_for()
    assert any("explore.js" in url for url in loaded)
    assert not page.locator(".star").is_visible()
    before = page.locator("g.node").count()
    page.locator("g.node.contract").first.focus()
    page.keyboard.press("Enter")
    page.locator("g.node").nth(before).wait_for()
    assert "dazugekommen" in page.locator(".around").inner_text()
    summary.focus()
    page.keyboard.press("Enter")
    page.locator(".star").wait_for(state="visible")


@built
@pytest.mark.parametrize("lang", ["de", "en"])
def test_axe_finds_nothing_in_the_opened_graph(open_page: Callable[..., Any], lang: str) -> None:
    page = open_page(KLOSE, lang=lang)
    page.locator(".interactive summary").click()
    page.locator("g.node").first.wait_for()
    examine(page, sampled=lang == "en")


@built
def test_too_many_nodes_are_told_and_not_drawn(open_page: Callable[..., Any]) -> None:
    page = open_page(KLOSE)
    page.evaluate(
        """async () => {
            const { dataset } = document.querySelector(".interactive");
            const { start } = await import(new URL(dataset.module, document.baseURI));
            const place = document.querySelector("#graph");
            const nodes = [...Array(200).keys()].map(number => ({
                iri: `n${number}`, kind: "topic", label: `Topic ${number}`, href: "#",
            }));
            const lines = nodes.slice(1).map(({ iri }) => ({ source: "n0", target: iri, label: "broader" }));
            start(place, { centre: "n0", nodes, lines });
        }"""
    )
    assert page.locator("g.node").count() == 60
    assert page.locator("g.node", has_text="Topic 0").count() == 1
    assert "140 weitere sind nicht gezeichnet" in page.locator(".around").text_content()


@built
def test_labels_of_the_whole_graph_do_not_cover_each_other(open_page: Callable[..., Any]) -> None:
    page = open_page("/explore")
    covered = page.locator("g.node text").evaluate_all(
        """texts => {
            const places = texts.map(text => text.getBoundingClientRect());
            return places.flatMap((one, index) => places.slice(0, index).filter(two =>
                Math.min(one.right, two.right) - Math.max(one.left, two.left) > 2
                && Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top) > 2)).length;
        }"""
    )
    assert covered == 0
