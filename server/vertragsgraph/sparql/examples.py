"""Example queries: files with a title in each language in their first comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vertragsgraph.sparql import scan

_TITLE: Final = re.compile(r"^# *title@(?P<language>[a-z]+): *(?P<title>.+?) *$", re.MULTILINE)
_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


@dataclass(frozen=True)
class Example:
    """An example query: the name of its file, its titles by language, its text and its form (`SELECT` …)."""

    name: str
    titles: Mapping[str, str]
    text: str

    @property
    def form(self) -> str:
        """The query form: `SELECT`, `ASK`, `CONSTRUCT` or `DESCRIBE`."""
        words = (token[0].upper() for token in scan.tokens(self.text) if token.lastgroup == "word")
        return next((word for word in words if word in _FORMS), "SELECT")

    @property
    def services(self) -> frozenset[str]:
        """The IRIs of the endpoints that the query asks by SERVICE; none where it asks the register only."""
        asked = (endpoint for _, endpoint in scan.services(self.text))
        return frozenset(endpoint[0][1:-1] for endpoint in asked if endpoint and endpoint.lastgroup == "iri")


def read_examples(folder: Path) -> list[Example]:
    """Return the examples in a folder (`*.rq`), in the order of their names; none where there is no such folder."""
    texts = {path.stem: path.read_text("utf-8-sig") for path in sorted(folder.glob("*.rq"))}
    return [Example(name, titles_of(text), text) for name, text in texts.items()]


def titles_of(text: str) -> dict[str, str]:
    """Return the titles in the comments of a query by language."""
    return {match["language"]: match["title"] for match in _TITLE.finditer(text)}
