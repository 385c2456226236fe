"""What a page of HTML says: its links, its words, and in which languages they are marked."""

from __future__ import annotations

from html.parser import HTMLParser

UNSPOKEN = {"script", "style", "code", "pre", "textarea", "svg"}
NOTE = "details"
"""In notes stands what proves a statement."""


class Page(HTMLParser):
    """A page: `links` are addresses with the words that lead there, `languages` those in which something is marked."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.languages: set[str] = set()
        self._said: list[str] = []
        self._told: list[str] = []
        self._within: list[str] = []
        self.feed(text)

    @property
    def words(self) -> str:
        """All that is said, with single blanks."""
        return " ".join("".join(self._said).split())

    @property
    def told(self) -> str:
        """The same without the notes."""
        return " ".join("".join(self._told).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links and languages."""
        values = dict(attrs)
        if "lang" in values:
            self.languages.add(values["lang"] or "")
        if tag == "a":
            self.links.append((values.get("href") or "", ""))
        if tag in {"a", NOTE, *UNSPOKEN}:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave a link, a note, or what isn't spoken."""
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        """Note words."""
        if not UNSPOKEN.isdisjoint(self._within):
            return
        self._said.append(data)
        if NOTE not in self._within:
            self._told.append(data)
        if "a" in self._within:
            address, words = self.links[-1]
            self.links[-1] = (address, words + data)
