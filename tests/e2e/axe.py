"""axe-core looks at a page: with all rules, in light and dark, on a wide and a narrow screen."""

from __future__ import annotations

import importlib.resources
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("axe_playwright_python", reason="axe-core isn't installed")
AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
EXAMINE = Path(__file__).with_name("examine.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"]
WIDTHS = (1280, 320)


def complaints(page: Any, *, colours_only: bool = False, sampled: bool = False) -> list[str]:
    """Return what axe complains of in a page as it is now.

    A scheme changes nothing but colours (`tests/web/rendering/test_style.py`), so in a second one the rules about colours
    are enough. `sampled`: the contrast is worked out for some of the elements that look the same, not for each; where only
    colours are looked at, and these have been in this page, for none.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    told = {"tags": RULES, "coloursOnly": colours_only, "sampled": sampled}
    found: list[str] = page.evaluate(EXAMINE, told)
    return found


def examine(page: Any, *, sampled: bool = False) -> None:
    """Look at a page as it is, light and dark, wide and narrow; nothing may stick out to the side.

    The contrast of each element is worked out once, that of some elsewhere; `sampled`: of some only.
    """
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            first = (width, scheme) == (WIDTHS[0], "light")
            found = complaints(page, colours_only=scheme == "dark", sampled=sampled or not first)
            assert found == [], f"{scheme}, {width} px: {found}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} px"
