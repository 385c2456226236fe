"""Example queries: files with a title in each language in their first comments, and how they are described for editors.

The description is SHACL's and SPEX's (SIB's sparql-examples), so that their tools find it: by SPARQL in the graph
`queries`, or in the service description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import SCHEMA, SH, SPEX, XSD

_TITLE: Final = re.compile(r"^# *title@(?P<language>[a-z]+): *(?P<title>.+?) *$", re.MULTILINE)
_NO_CODE: Final = re.compile(
    r"""(<[^<>"{}|^`\s]*>)|\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*""", re.DOTALL
)
"""Strings and comments; IRIs, in which a # is none, are the group."""
_PREFIX: Final = re.compile(r"\bPREFIX\s+([^\s:]*)\s*:\s*<([^>]*)>", re.IGNORECASE)
_FORM: Final = re.compile(r"(?<![?$:<])\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_SERVICE: Final = re.compile(r"(?<![?$:])\bSERVICE\s+(?:SILENT\s+)?<([^>]*)>", re.IGNORECASE)

Said: TypeAlias = "str | int | Literal"
"""An object: text is an IRI, a number a literal."""


@dataclass(frozen=True)
class Example:
    """An example query: the name of its file, its titles by language, its text."""

    name: str
    titles: Mapping[str, str]
    text: str

    @cached_property
    def _code(self) -> str:
        return _NO_CODE.sub(lambda found: found[1] or " ", self.text)

    @property
    def form(self) -> str:
        """The query form: `SELECT`, `ASK`, `CONSTRUCT` or `DESCRIBE`; `""` where there is none."""
        found = _FORM.search(_PREFIX.sub("", self._code))
        return found[1].upper() if found else ""

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the query declares."""
        return dict(_PREFIX.findall(self._code))

    @property
    def services(self) -> frozenset[str]:
        """The IRIs of the endpoints that the query asks by SERVICE; none where it asks the register only."""
        return frozenset(_SERVICE.findall(self._code))


def read_examples(folder: Path) -> list[Example]:
    """Return the examples in a folder (`*.rq`), in the order of their names; none where there is no such folder."""
    return examples({path.name: path.read_text("utf-8-sig") for path in folder.glob("*.rq")})


def examples(texts: Mapping[str, str]) -> list[Example]:
    """Return the examples among texts by their files' names, in that order."""
    return [Example(name.removesuffix(".rq"), titles_of(text), text) for name, text in sorted(texts.items())]


def titles_of(text: str) -> dict[str, str]:
    """Return the titles in the comments of a query by language."""
    return {match["language"]: match["title"] for match in _TITLE.finditer(text)}


def describe(service: str, found: Sequence[Example], prefixes: Mapping[str, str]) -> Iterator[Triple]:
    """Yield what editors want to know of the examples of a service (its IRI), and the prefixes they use beside these."""
    declarations = f"{service}#prefixes"
    declared = dict(prefixes)
    for example in found:
        declared |= example.prefixes
    for prefix, iri in sorted(declared.items()):
        declaration, namespace = f"{service}#prefix-{prefix}", Literal(iri, datatype=NamedNode(f"{XSD}anyURI"))
        yield from about(declarations, (f"{SH}declare", declaration))
        yield from about(declaration, (f"{SH}prefix", Literal(prefix)), (f"{SH}namespace", namespace))
    for example in filter(lambda example: example.form, found):
        form = example.form
        executable = SPEX if form == "DESCRIBE" else SH  # which SHACL has no terms for
        yield from about(
            f"{service}#example-{example.name}",
            (terms.TYPE.value, f"{SH}SPARQLExecutable"),
            (terms.TYPE.value, f"{executable}SPARQL{form.capitalize()}Executable"),
            (executable + form.lower(), Literal(example.text)),
            (f"{SH}prefixes", declarations),
            (f"{SCHEMA}target", service),
            *((f"{SPEX}federatesWith", iri) for iri in sorted(example.services)),
            *((terms.COMMENT.value, Literal(title, language=tag)) for tag, title in example.titles.items()),
        )


def about(subject: str, *properties: tuple[str, Said]) -> Iterator[Triple]:
    """Yield triples about a subject."""
    for predicate, value in properties:
        term = NamedNode(value) if isinstance(value, str) else Literal(value) if isinstance(value, int) else value
        yield Triple(NamedNode(subject), NamedNode(predicate), term)
