"""What a page of HTML says: its links, its words, and in which languages they are marked."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSPOKEN = {"script", "style", "code", "pre", "textarea", "svg"}


@dataclass
class Page(HTMLParser):
    """A page; `said` is the text in order, `links` are addresses with the words by which they go."""

    text: str
    links: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self._within: list[str] = []
        self.feed(self.text)

    @property
    def words(self) -> str:
        """All that is said, with single blanks."""
        return " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links and languages."""
        values = dict(attrs)
        if "lang" in values:
            self.languages.add(values["lang"] or "")
        if tag == "a":
            self.links.append((values.get("href") or "", ""))
            self._within.append(tag)
        elif tag in UNSPOKEN:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave a link, or what isn't spoken."""
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        """Note words."""
        if UNSPOKEN.isdisjoint(self._within):
            self.said.append(data)
            if "a" in self._within:
                address, words = self.links[-1]
                self.links[-1] = (address, words + data)
