"""Validation results (SHACL, section 3.6): brought to one form whatever the engine, written as a report that is always the same."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from vertragsgraph.finding import Severity
from vertragsgraph.gate.shacl.paths import PropertyPath, path_triples, shown
from vertragsgraph.gate.shacl.shapes import Shapes
from vertragsgraph.rdf.namespaces import SH, WELL_KNOWN
from vertragsgraph.rdf.terms import TYPE, Node
from vertragsgraph.texts import LANGUAGES, Language

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


def result_of(
    shapes: Shapes,
    focus: Node,
    component: Node | None,
    shape: Node | None,
    severity: Node | None,
    path: Node | None,
    value: Node | None,
    said: Sequence[tuple[str, str]],
) -> Result:
    """Return the result that an engine tells (SHACL, section 3.6.2), brought to one form.

    The path of a property shape goes before the `path` of the result, which may be given in the engine's own way.
    `said` are the messages, each with its language, which may be empty.
    """
    source = shape if isinstance(shape, NamedNode) else sh("Shape")
    return Result(
        focus=focus,
        component=_iri(component).rpartition("#")[2].removesuffix("ConstraintComponent"),
        shape=shapes.rule(source),
        severity=SEVERITIES.get(_iri(severity), Severity.VIOLATION),
        path=shapes.path(source) or (path if isinstance(path, NamedNode) else None),
        value=value,
        messages=tuple(
            (language, text)
            for language in LANGUAGES
            if (text := _in_language(language, said, shapes.messages(source, language)))
        ),
    )


def _iri(node: Node | None) -> str:
    return node.value if isinstance(node, NamedNode) else ""


def _in_language(language: Language, said: Sequence[tuple[str, str]], written: Sequence[str]) -> str:
    """Return what a result says in a language, if anything.

    Engines that put values into a message may lose its language; then that text is meant which can have been made from
    a message of the shape in this language.
    """
    for text_language, text in said:
        made_from = text_language == "" and any(_pattern(message).fullmatch(text) for message in written)
        if text_language == language or made_from:
            return text
    return ""


@lru_cache
def _pattern(message: str) -> re.Pattern[str]:
    """Return what texts made from a message with `{?variable}` or `{$variable}` in it look like (SHACL, section 5.3.2)."""
    parts = re.split(r"\{[?$]\w+\}", message)
    return re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)


Kind: TypeAlias = tuple[str, Severity]
"""The IRI of a shape, and the severity of its results."""


def first_of_each(results: Iterable[Result], most: int) -> tuple[list[Result], dict[Kind, int]]:
    """Return the results sorted, each once, of each kind no more than the first `most`, and how many more there are.

    Memory hardly grows with the number of those that are left out.
    """
    kept: defaultdict[Kind, list[Result]] = defaultdict(list)
    seen: set[int] = set()
    more: dict[Kind, int] = defaultdict(int)
    for result in results:
        fingerprint = hash(result.order)
        if fingerprint not in seen:
            seen.add(fingerprint)
            kind = result.shape.value, result.severity
            kept[kind].append(result)
            if len(kept[kind]) >= 2 * most:
                more[kind] += _cut(kept[kind], most)
    for kind, own in kept.items():
        more[kind] += _cut(own, most)
    first = sorted(chain.from_iterable(kept.values()), key=lambda result: result.order)
    return first, {kind: count for kind, count in more.items() if count}


def _cut(results: list[Result], most: int) -> int:
    """Leave the first `most` results, and return how many others there were."""
    results.sort(key=lambda result: result.order)
    others = max(0, len(results) - most)
    del results[most:]
    return others


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
