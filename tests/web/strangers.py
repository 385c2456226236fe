"""Words of another language than that of a page: those that the software has in its other languages, and not in this one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from pyoxigraph import Literal, RdfFormat, parse

from vertragsgraph.register import shipped_folder
from vertragsgraph.texts import Language, catalogue

WORD = re.compile(r"[^\W\d_]{3,}")
# Addresses, names of files, and checksums, which may spell a word.
ADDRESS = re.compile(
    r"\S*[:/@_=?&{}<>$]\S*|[\w-]+\.(?:toml|json|ttl|nt|nq|trig|jsonld|rdf|csv|gz|txt|bib|cff|rq|sqlite)\b"
    r"|\b(?=[a-f]*\d)[0-9a-f]{7,}\b"
)
# Names, and what is called the same in each language, or has no other name there.
NAMES = (
    "bibtex cff csl csvw dbpedia dcat eurovoc geonames gnd html http json memento openrefine rdf shacl sparql stw svg trig "
    "triples turtle vertragsgraph void wikidata xml"
)
UNSPOKEN = {"script", "style", "code", "pre", "textarea", "svg"}
SPOKEN = {"title", "aria-label", "alt", "placeholder", "data-texts", "data-name"}


def foreign_words(language: Language) -> set[str]:
    """Return the words that the software has in English, German and French, and that aren't words of `language`, too."""
    texts = {tag: _words(_texts(Language(tag))) for tag in ("de", "en", "fr")}
    return (
        set().union(*(words for tag, words in texts.items() if tag != language)) - texts[language] - set(NAMES.split())
    )


def _texts(language: Language) -> Iterator[str]:
    """Yield what the software has in a language: messages, ontology and shapes, the table of kinds."""
    root, spoken_here = shipped_folder(), language != "en"
    for message in catalogue(language if spoken_here else Language("de")):
        value: Any = message.string if spoken_here else message.id
        yield from (value,) if isinstance(value, str) else value
    for path in (*(root / "ontology").glob("*.ttl"), *(root / "shapes").glob("*.ttl")):
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            if isinstance(quad.object, Literal) and quad.object.language == language:
                yield quad.object.value
    yield from _in_table(tomllib.loads((root / "ontology/kinds.toml").read_text("utf-8")), language)


def _in_table(value: object, language: Language) -> Iterator[str]:
    for key, member in (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    ):
        if key == language and isinstance(member, str):
            yield member
        yield from _in_table(member, language)


def _words(texts: Iterator[str]) -> set[str]:
    return {word.lower() for text in texts for word in WORD.findall(ADDRESS.sub(" ", text))}


class Spoken(HTMLParser):
    """Takes down what a page says to people: text, and attributes that are read out or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note attributes."""
        values = dict(attrs)
        self.said += [value for name, value in values.items() if name in SPOKEN and value]
        if values.get("name") == "description":
            self.said.append(values.get("content") or "")
        if tag in UNSPOKEN:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave what isn't spoken."""
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        """Note text."""
        if not self._within:
            self.said.append(data)


def spoken(page: str) -> str:
    reader = Spoken()
    reader.feed(page)
    return "\n".join(reader.said)


def strangers(text: str, foreign: set[str]) -> set[str]:
    return {word for word in WORD.findall(ADDRESS.sub(" ", text)) if word.lower() in foreign}
