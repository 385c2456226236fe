"""The engines that validate: pyshacl, the reference, and shacl, which is a hundred times as fast.

That they find the same is tested; of literals they are given only what both can hold (`StandIns`).
"""

from __future__ import annotations

import importlib.util
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

import pyoxigraph
import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from vertragsgraph.gate.shacl.literals import StandIns
from vertragsgraph.gate.shacl.paths import index_of
from vertragsgraph.gate.shacl.results import Result, result_of, sh
from vertragsgraph.gate.shacl.shapes import Shapes
from vertragsgraph.gate.shacl.sound import for_python
from vertragsgraph.rdf.namespaces import SH
from vertragsgraph.rdf.rdflib_graph import rdflib_graph
from vertragsgraph.rdf.syntax.ntriples import literal_of
from vertragsgraph.rdf.terms import Node

PATTERN: Final = sh("pattern")
FAST_ABOVE: Final = 10_000
"""Triples above which the fast engine validates, where it is installed."""


@dataclass(frozen=True)
class DataGraph:
    """What is validated: files of N-Triples together, and which classes are parts of which (`rdfs:subClassOf`).

    `stand_ins` are the literals that engines are given in place of others.
    """

    files: Sequence[Path]
    subclasses: Sequence[Triple]
    size: int
    stand_ins: StandIns = field(default_factory=StandIns)

    def blocks(self) -> Iterator[bytes]:
        """Yield what engines are given of the files, in blocks of whole lines."""
        for file in self.files:
            yield from self.stand_ins.put_in(file)


Engine: TypeAlias = Callable[[Shapes, DataGraph], Iterator[Result]]
"""Takes shapes and data graph, and yields the results in any order, some more than once; raises `ShapesError`."""


class ShapesError(Exception):
    """An engine can't make sense of the shapes."""


def engine_for(data: DataGraph) -> Engine:
    """Return the engine that suits the size of the data."""
    return by_shacl if data.size > FAST_ABOVE and has_shacl() else by_pyshacl


def has_shacl() -> bool:
    """Tell whether the fast engine is installed: there isn't a wheel of it for every platform."""
    return importlib.util.find_spec("shacl") is not None


def check_shapes(shapes: Shapes) -> None:
    """Hold shapes against the shapes for shapes (SHACL, appendix C), and see that both engines read them.

    An engine may pass over what it doesn't know; then the verdict would hang on which of them validates. Raises
    `ShapesError`.
    """
    with _silent("pyshacl-validate"):
        try:
            pyshacl.validate(rdflib.Graph(), shacl_graph=rdflib_graph(shapes.triples), inplace=True, meta_shacl=True)
        except Exception as error:
            told = re.findall(r"(?:Focus Node|Value Node|Message): .*", str(error))
            raise ShapesError("; ".join(dict.fromkeys(told)) or str(error)) from error
    if has_shacl():
        for _ in by_shacl(shapes, DataGraph([], [], 0)):
            pass


def by_pyshacl(shapes: Shapes, data: DataGraph) -> Iterator[Result]:
    """Validate with pyshacl."""
    quads = (quad for block in data.blocks() for quad in pyoxigraph.parse(block, RdfFormat.N_TRIPLES))
    graph = rdflib_graph(chain(data.subclasses, (quad.triple for quad in quads)))
    try:
        with _silent("rdflib.term", "pyshacl-validate"):
            _, report, text = pyshacl.validate(
                graph, shacl_graph=rdflib_graph(_for_python(shapes.triples)), inplace=True
            )
    except Exception as error:  # of a wrong pattern, of a wrong SPARQL query …: each part of it raises its own
        raise ShapesError(str(error)) from error
    if isinstance(report, Exception):
        raise ShapesError(text)
    lines = report.serialize(format="nt", encoding="utf-8")
    index = index_of(quad.triple for quad in pyoxigraph.parse(lines, RdfFormat.N_TRIPLES))
    for about in list(index.values()):
        for node in about.get(sh("result"), ()):  # and none of those that are only details of others
            told = {predicate.value.removeprefix(SH): values for predicate, values in index[node].items()}
            said = [
                (text.language or "", text.value) for text in told.get("resultMessage", ()) if isinstance(text, Literal)
            ]
            names = ("focusNode", "sourceConstraintComponent", "sourceShape", "resultSeverity", "resultPath", "value")
            focus, component, shape, severity, path, value = (next(iter(told.get(name, ())), None) for name in names)
            if focus is not None:
                yield result_of(shapes, focus, component, shape, severity, path, value, said)


def by_shacl(shapes: Shapes, data: DataGraph) -> Iterator[Result]:
    """Validate with shacl."""
    import shacl  # noqa: PLC0415 - there is no wheel of it for every platform

    try:
        with TemporaryDirectory(dir=data.files[0].parent if data.files else None) as folder:
            union = Path(folder, "union.nt")
            with union.open("wb") as out:
                out.write(_ntriples(data.subclasses).encode())
                out.writelines(data.blocks())
            report = shacl.Shapes.from_text(_ntriples(shapes.triples), "ntriples").validate_file(str(union))
    except ValueError as error:
        raise ShapesError(str(error)) from error
    for result in report.results:
        texts = (
            f"<{result.component_iri}>",
            result.source_shape,
            f"<{result.severity_iri}>",
            result.path,
            result.value,
        )
        component, shape, severity, path, value = map(_term, texts)
        if (focus := _term(result.focus_node)) is not None:
            said = [("", message) for message in result.messages]
            yield result_of(shapes, focus, component, shape, severity, path, value, said)


def _term(text: str | None) -> Node | None:
    """Return the term that a text in N-Triples syntax stands for; nothing for another text, such as a path."""
    if text is None:
        return None
    if re.fullmatch("<[^<>]*>", text):
        return NamedNode(text[1:-1])
    if text.startswith("_:"):
        return BlankNode(text[2:])
    if not text.startswith('"'):
        return None
    return literal_of(text.encode())


def _for_python(triples: Iterable[Triple]) -> Iterator[Triple]:
    for triple in triples:
        if triple.predicate == PATTERN and isinstance(triple.object, Literal):
            yield Triple(triple.subject, triple.predicate, Literal(for_python(triple.object.value)))
        else:
            yield triple


def _ntriples(triples: Iterable[Triple]) -> str:
    return "".join(f"{triple} .\n" for triple in triples)


@contextmanager
def _silent(*names: str) -> Iterator[None]:
    """Keep loggers from printing what the findings will say."""
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled
