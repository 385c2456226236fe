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

from vertragsgraph.gate.literals import StandIns
from vertragsgraph.gate.paths import SH, index_of
from vertragsgraph.gate.patterns import for_python
from vertragsgraph.gate.results import Result, result_of, sh
from vertragsgraph.gate.shapes import Shapes
from vertragsgraph.sources.locate import Node
from vertragsgraph.sources.syntax import WELL_KNOWN

PATTERN: Final = sh("pattern")
STRING: Final = WELL_KNOWN["xsd"] + "string"
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
    fast = data.size > FAST_ABOVE and importlib.util.find_spec("shacl") is not None
    return by_shacl if fast else by_pyshacl


def check_shapes(shapes: Shapes) -> None:
    """Hold shapes against the shapes for shapes (SHACL, appendix C), and see that both engines read them.

    An engine may pass over what it doesn't know; then the verdict would hang on which of them validates. Raises
    `ShapesError`.
    """
    with _silent("pyshacl-validate"):
        try:
            pyshacl.validate(rdflib.Graph(), shacl_graph=_rdflib(shapes.triples), inplace=True, meta_shacl=True)
        except Exception as error:
            told = re.findall(r"(?:Focus Node|Value Node|Message): .*", str(error))
            raise ShapesError("; ".join(dict.fromkeys(told)) or str(error)) from error
    if importlib.util.find_spec("shacl") is not None:
        for _ in by_shacl(shapes, DataGraph([], [], 0)):
            pass


def by_pyshacl(shapes: Shapes, data: DataGraph) -> Iterator[Result]:
    """Validate with pyshacl."""
    graph = _rdflib(chain(data.subclasses, *(_triples(block) for block in data.blocks())))
    try:
        with _silent("rdflib.term", "pyshacl-validate"):
            _, report, text = pyshacl.validate(graph, shacl_graph=_rdflib(_for_python(shapes.triples)), inplace=True)
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
    node: Literal = next(pyoxigraph.parse(f"<urn:s> <urn:p> {text} .", RdfFormat.N_TRIPLES)).object
    return node


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


def _triples(lines: bytes) -> Iterator[Triple]:
    return (quad.triple for quad in pyoxigraph.parse(lines, RdfFormat.N_TRIPLES))


def _rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    """Return triples as a graph of rdflib; several times as fast as letting it parse them."""
    graph = rdflib.Graph()
    iris: dict[str, rdflib.URIRef] = {}

    def iri(node: NamedNode) -> rdflib.URIRef:
        return iris.get(node.value) or iris.setdefault(node.value, rdflib.URIRef(node.value))

    def term(node: Node) -> rdflib.term.Node:
        if isinstance(node, NamedNode):
            return iri(node)
        if isinstance(node, Literal):
            datatype = None if node.language or node.datatype.value == STRING else iri(node.datatype)
            return rdflib.Literal(node.value, lang=node.language, datatype=datatype, normalize=False)
        return rdflib.BNode(node.value if isinstance(node, BlankNode) else str(node))

    graph.addN((term(subject), term(predicate), term(target), graph) for subject, predicate, target in triples)
    return graph
