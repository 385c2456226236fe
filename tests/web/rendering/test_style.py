"""The style sheet: what a scheme of colours changes."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_scheme_changes_nothing_but_colours() -> None:
    """So the tests of accessibility look at nothing else in a second one."""
    style = (ROOT / "server/vertragsgraph/web/static/style.css").read_text("utf-8")
    assert "light-dark(" in style
    files = [*(ROOT / "server/vertragsgraph/web").rglob("*.css"), *(ROOT / "server/vertragsgraph/web").rglob("*.html")]
    files += [*(ROOT / "server/frontend/src").rglob("*.*"), *(ROOT / "server/vertragsgraph/web/static").glob("*.js")]
    assert [path for path in files if "prefers-color-scheme" in path.read_text("utf-8")] == []
