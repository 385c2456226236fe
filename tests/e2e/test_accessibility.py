"""axe-core finds nothing on any kind of page, in both languages, light and dark, on wide and narrow screens."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable
from typing import Any

import pytest

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
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert complaints(page) == [], f"{scheme}, {width} px"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{scheme}, {width} px"


def complaints(page: Any) -> list[str]:
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def test_axe_would_find_something(open_page: Callable[..., Any]) -> None:
    page = open_page("/imprint")
    page.evaluate(AXE)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"x\"><button></button>')")
    assert {line.split(":")[0] for line in complaints(page)} >= {"image-alt", "button-name"}
