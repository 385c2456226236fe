"""Validation results (SHACL, section 3.6): read from a report of any engine, written as a report that is always the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from vertragsgraph.finding import Severity
from vertragsgraph.gate.paths import RDF, SH, Index, PropertyPath, index_of, path_triples, read_path, shown
from vertragsgraph.gate.shapes import Shapes
from vertragsgraph.sources.locate import Node
from vertragsgraph.sources.syntax import WELL_KNOWN
from vertragsgraph.texts import LANGUAGES, Language

TYPE: Final = NamedNode(RDF + "type")
SEVERITIES: Final = {
    SH + "Violation": Severity.VIOLATION,
    SH + "Warning": Severity.WARNING,
    SH + "Info": Severity.INFO,
}


def sh(name: str) -> NamedNode:
    """Return a term of SHACL."""
    return NamedNode(SH + name)


@dataclass(frozen=True)
class Result:
    """A validation result.

    `component` is the local name of the constraint component (`MinCount`, `Class` …); `shape` the shape that has the
    constraint; `messages` its texts by language, which may be none.
    """

    focus: Node
    component: str
    shape: NamedNode
    severity: Severity
    path: PropertyPath | None = None
    value: Node | None = None
    messages: tuple[tuple[Language, str], ...] = ()

    @property
    def order(self) -> tuple[str, ...]:
        """What results are sorted by; two with the same are the same."""
        path = shown(self.path, str) if self.path else ""
        return str(self.focus), path, str(self.value or ""), self.shape.value, self.component

    def message(self, language: Language) -> str | None:
        """Return the text in a language, if the shape has one."""
        return dict(self.messages).get(language)


def read_results(report: Iterable[Triple], shapes: Shapes) -> list[Result]:
    """Return the results of a report sorted, each once; `shapes` are those it was made with, for what it refers to."""
    reported = index_of(report)
    index = {**shapes.index, **reported}
    found: dict[tuple[str, ...], Result] = {}
    for about in reported.values():
        for node in about.get(sh("result"), ()):  # and none of those that are only details of others
            if result := _result(node, index, shapes):
                found[result.order] = result
    return [found[order] for order in sorted(found)]


def _result(node: Node, index: Index, shapes: Shapes) -> Result | None:
    def one(name: str) -> Node | None:
        return next(iter(index[node].get(sh(name), ())), None)

    focus, shape, path = one("focusNode"), one("sourceShape"), one("resultPath")
    if focus is None:
        return None
    said = [text for text in index[node].get(sh("resultMessage"), ()) if isinstance(text, Literal)]
    written = _texts(one("sourceConstraint"), index) or _texts(shape, index)
    return Result(
        focus=focus,
        component=_local(one("sourceConstraintComponent")).removesuffix("ConstraintComponent"),
        shape=shapes.rule(shape) if isinstance(shape, NamedNode) else sh("Shape"),
        severity=SEVERITIES.get(_iri(one("resultSeverity")), Severity.VIOLATION),
        path=read_path(path, index) if path else None,
        value=one("value"),
        messages=tuple((language, text) for language in LANGUAGES if (text := _in_language(language, said, written))),
    )


def _texts(node: Node | None, index: Index) -> list[Literal]:
    about = index.get(node, {}) if node else {}
    return [text for text in about.get(sh("message"), ()) if isinstance(text, Literal)]


def _in_language(language: Language, said: Sequence[Literal], written: Sequence[Literal]) -> str | None:
    """Return what a result says in a language.

    An engine that puts values into a message may lose its language; then it is the one of the shape's message that the
    text can have come from.
    """
    for text in said:
        if text.language == language:
            return text.value
    for template in written:
        if template.language == language:
            pattern = re.sub(
                r"\\\{[?$]\w+\\\}", "(.*)", re.escape(template.value).replace(r"\?", "?").replace(r"\$", "$")
            )
            return next((text.value for text in said if re.fullmatch(pattern, text.value, re.DOTALL)), template.value)
    return None


def _iri(node: Node | None) -> str:
    return node.value if isinstance(node, NamedNode) else ""


def _local(node: Node | None) -> str:
    return _iri(node).rpartition("#")[2]


def write_report(results: Iterable[Result]) -> str:
    """Return a sh:ValidationReport in Turtle (SHACL, section 3.6.1): the same results give the same bytes."""
    prefixes = {prefix: WELL_KNOWN[prefix] for prefix in ("sh", "rdf", "xsd", "vg")}
    return (serialize(_report(list(results)), format=RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()


def _report(results: Sequence[Result]) -> Iterator[Triple]:
    report = BlankNode("report")
    nodes = [BlankNode(f"result{number}") for number in range(1, len(results) + 1)]
    yield Triple(report, TYPE, sh("ValidationReport"))
    yield Triple(report, sh("conforms"), Literal(not results))
    for node in nodes:
        yield Triple(report, sh("result"), node)
    numbers = itertools.count(1)
    for node, result in zip(nodes, results, strict=True):
        yield from _result_triples(node, result, lambda: BlankNode(f"path{next(numbers)}"))


def _result_triples(node: BlankNode, result: Result, fresh: Callable[[], BlankNode]) -> Iterator[Triple]:
    yield Triple(node, TYPE, sh("ValidationResult"))
    yield Triple(node, sh("resultSeverity"), sh(result.severity.value.capitalize()))
    yield Triple(node, sh("sourceConstraintComponent"), sh(f"{result.component}ConstraintComponent"))
    yield Triple(node, sh("sourceShape"), result.shape)
    yield Triple(node, sh("focusNode"), result.focus)
    if result.value is not None:
        yield Triple(node, sh("value"), result.value)
    for language, text in result.messages:
        yield Triple(node, sh("resultMessage"), Literal(text, language=language))
    if result.path is not None:
        path, triples = path_triples(result.path, fresh)
        yield Triple(node, sh("resultPath"), path)
        yield from triples
