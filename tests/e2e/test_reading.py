"""What people come for, in a real browser: with the mouse, by keyboard alone, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import PAGES

pytestmark = pytest.mark.slow

FIRST_LOAD = 150_000
WITH_APPLICATION = 600_000


def test_from_the_start_page_to_the_reason_in_three_clicks(open_page: Callable[..., Any]) -> None:
    page = open_page("/")
    page.get_by_role("link", name="Integrationsvertrag mit dem DRK-Landesverband Hessen").click()
    funding = page.get_by_role("region", name="Förderung durch die öffentliche Seite")
    assert "ohne Förderung" in funding.inner_text()
    assert funding.get_by_text("nicht mit einer Landesförderung verbunden ist").is_visible()
    funding.get_by_role("link", name="Beleg").click()
    assert "nicht mit einer Landesförderung verbunden ist" in page.locator("main").inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_the_same_by_keyboard_alone(open_page: Callable[..., Any], *, script: bool) -> None:
    page = open_page("/", script=script)
    tab_to(page, "Integrationsvertrag mit dem DRK-Landesverband Hessen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/contract/drk-hessen")
    tab_to(page, "ohne Förderung durch die öffentliche Seite", most=30)
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/contract/drk-hessen#funding")
    funding = page.get_by_role("region", name="Förderung durch die öffentliche Seite")
    assert "ohne Förderung" in funding.inner_text()
    assert funding.get_by_text("nicht mit einer Landesförderung verbunden ist").is_visible()
    address = funding.get_by_role("link", name="Beleg").first.get_attribute("href")
    tab_to(page, "Beleg", within=funding, most=5)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{address.removeprefix('../../')}")
    assert "nicht mit einer Landesförderung verbunden ist" in page.locator("main").inner_text()


def test_evidence_is_folded_on_a_phone_and_opens_by_keyboard(open_page: Callable[..., Any]) -> None:
    page = open_page("/doc/contract/drk-hessen", width=320)
    funding = page.get_by_role("region", name="Förderung durch die öffentliche Seite")
    quotation = funding.get_by_text("nicht mit einer Landesförderung verbunden ist")
    assert not quotation.is_visible()
    funding.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert quotation.is_visible()


def test_the_language_changes_and_stays(open_page: Callable[..., Any]) -> None:
    page = open_page("/contracts?year=2018")
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "year=2018" in page.url
    page.get_by_role("link", name="Integration contract with the Hessian Youth Council").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url.endswith("/doc/contract/hessischer-jugendring?lang=en")


@pytest.mark.parametrize("script", [True, False])
def test_the_language_is_switched_by_keyboard(open_page: Callable[..., Any], *, script: bool) -> None:
    page = open_page("/contracts?year=2018", script=script)
    tab_to(page, "EN (English)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contracts?year=2018&lang=en")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "2 contracts" in page.get_by_role("status").inner_text()
    tab_to(page, "Integration contract with the Hessian Youth Council")
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/contract/hessischer-jugendring?lang=en")
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("script", [True, False])
def test_search_by_keyboard(open_page: Callable[..., Any], *, script: bool) -> None:
    page = open_page("/", script=script)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "search":
            break
    page.keyboard.type("Klose")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=Klose")
    tab_to(page, "Kai Klose")
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/person/kai-klose")


@pytest.mark.parametrize("script", [True, False])
def test_contracts_of_2018_by_keyboard_alone(open_page: Callable[..., Any], *, script: bool) -> None:
    page = open_page("/", script=script)
    tab_to(page, "Verträge")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contracts")
    tab_to(page, "2018 2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contracts?year=2018")
    assert page.locator(".lines > li").count() == 2
    assert "2 Verträge" in page.get_by_role("status").inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_filters_are_folded_on_a_phone(open_page: Callable[..., Any], *, script: bool) -> None:
    page = open_page("/contracts", width=320, script=script)
    year = page.get_by_role("link", name="2018 2")
    assert not year.is_visible()
    page.locator(".facets > summary").focus()
    page.keyboard.press("Enter")
    year.press("Enter")
    page.wait_for_url("**/contracts?year=2018")
    page.get_by_role("link", name="Aufheben: Jahr: 2018").press("Enter")
    page.wait_for_url("**/contracts")
    assert page.locator(".lines > li").count() == 4


@pytest.mark.parametrize("typed", ["Öffnung", "oeffnung", "Offnung", "öfnung"])
def test_search_without_scripts_forgives_spelling_and_marks_hits(open_page: Callable[..., Any], typed: str) -> None:
    page = open_page("/", script=False)
    page.get_by_role("searchbox").fill(typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator(".hits a", has_text="Interkulturelle Öffnung").count() > 0
    assert page.locator("mark", has_text="Öffnung").count() > 0


def test_hits_appear_while_typing(open_page: Callable[..., Any]) -> None:
    page = open_page("/search")
    page.get_by_role("searchbox").press_sequentially("Klos")
    page.locator(".hits a", has_text="Kai Klose").first.wait_for()
    assert page.get_by_role("searchbox").evaluate("field => field === document.activeElement")


def test_the_same_is_read_without_scripts(open_page: Callable[..., Any]) -> None:
    for address in ("/doc/contract/iaf", "/topics", "/quality", "/ontology"):
        texts = [open_page(address, script=script).locator("main").inner_text() for script in (True, False)]
        assert texts[0] == texts[1]


@pytest.mark.parametrize("kind", PAGES)
def test_pages_are_light(open_page: Callable[..., Any], kind: str) -> None:
    page = open_page("about:blank")
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(PAGES[kind], wait_until="networkidle")
    assert 0 < sum(sizes) <= (WITH_APPLICATION if kind in {"graph", "query"} else FIRST_LOAD)


def tab_to(page: Any, name: str, within: Any = None, most: int = 80) -> None:
    """Press Tab until the element with this text has the focus, and sees it."""
    region = within.element_handle() if within else page.query_selector("body")
    focused = """region => {
      const element = document.activeElement;
      return region.contains(element) ? element.innerText.replace(/\\s+/g, " ").trim() : null;
    }"""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(focused, region) == name:
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    pytest.fail(f"{name} can't be reached with the Tab key")
