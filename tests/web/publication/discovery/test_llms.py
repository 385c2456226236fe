"""`/llms.txt` (llmstxt.org): a title, a summary, sections with links that lead somewhere, in the language of the reader."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest


@pytest.mark.parametrize(
    ("language", "title"), [("de", "Hessische Integrationsverträge"), ("en", "Hessian integration contracts")]
)
def test_it_says_what_there_is_and_where(server: Any, language: str, title: str) -> None:
    response = httpx.get(server.url + "llms.txt", headers={"Accept-Language": language}, timeout=60)
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert response.headers["content-language"] == language
    lines = response.text.splitlines()
    assert lines[0] == f"# {title}"
    assert lines[2].startswith("> ")
    links = re.findall(r"^- \[[^]]+\]\(([^)]+)\): \S", response.text, re.MULTILINE)
    assert len(links) > 20
    base = "https://w3id.org/vertragsgraph/hessen/"
    for link in links:
        assert link.startswith(base)
        if "wikidata" not in link:  # asks others
            there = httpx.get(server.url + link.removeprefix(base), timeout=60)
            assert there.status_code == 200 or (there.status_code, "sparql" in link) == (400, True), link
