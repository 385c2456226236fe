"""Whether shapes can be relied on: that they look at something, and mean the same to every engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.gate.paths import FIRST, RDF, SH
from vertragsgraph.gate.patterns import unlike
from vertragsgraph.gate.shapes import Shapes
from vertragsgraph.gate.words import compact
from vertragsgraph.register import Register
from vertragsgraph.sources.locate import Node
from vertragsgraph.sources.syntax import WELL_KNOWN
from vertragsgraph.texts import Language, both


def _sh(*names: str) -> frozenset[NamedNode]:
    return frozenset(NamedNode(SH + name) for name in names)


TYPE: Final = NamedNode(RDF + "type")
CLASS: Final = NamedNode(WELL_KNOWN["rdfs"] + "Class")
(PROPERTY, PATH, PATTERN, FLAGS) = (NamedNode(SH + name) for name in ("property", "path", "pattern", "flags"))
NODE_SHAPE, PROPERTY_SHAPE = NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape")
TARGETS: Final = _sh("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
ADVANCED: Final = _sh("target", "rule", "expression", "js", "ask", "parameter", "validator", "nodeValidator")
"""Properties of SHACL's advanced features, components in SPARQL and JavaScript: engines pass over them, or not."""


def unsound_in(shapes: Shapes, register: Register) -> Iterator[dict[Language, str]]:
    """Yield what is wrong with shapes that no engine complains of, or not every one."""
    if not any(_has_target(shapes, node) for node in shapes.index):
        message = both(
            "no shape here has a target, so nothing would be checked; leave the folder out, and the shipped shapes serve"
        )
        yield message
        return
    referred_to = {
        triple.object for triple in shapes.triples if triple.predicate.value.startswith(SH) or triple.predicate == FIRST
    }
    inner = {triple.object for triple in shapes.triples if triple.predicate == PROPERTY}
    for node, about in shapes.index.items():
        name = compact(shapes.rule(node) if isinstance(node, NamedNode) else node, register)
        types = about.get(TYPE, ())
        if (PROPERTY_SHAPE in types or node in inner) and len(about.get(PATH, ())) != 1:
            yield both("a property shape of {shape} has no sh:path, or several", shape=name)
        for advanced in sorted(about.keys() & ADVANCED, key=str):
            message = both(
                "{property} of {shape} is neither of SHACL Core nor a sh:select, and not every engine heeds it; "
                "write it as sh:sparql with a sh:select",
                property=compact(advanced, register),
                shape=name,
            )
            yield message
        if part := _unlike(about.get(PATTERN, ()), about.get(FLAGS, ())):
            message = both(
                "the sh:pattern of {shape} has {part}, which not every engine understands, or not alike; do without it",
                shape=name,
                part=part,
            )
            yield message
        is_shape = NODE_SHAPE in types or PROPERTY_SHAPE in types
        if is_shape and node not in referred_to and not _has_target(shapes, node):
            yield both("{shape} has no target, and no other shape names it: it checks nothing", shape=name)


def _has_target(shapes: Shapes, node: Node) -> bool:
    """Tell whether a shape looks at anything by itself (SHACL, section 2.1.3); a class that is a shape does, too."""
    about = shapes.index[node]
    return bool(about.keys() & TARGETS) or (CLASS in about.get(TYPE, ()) and NODE_SHAPE in about.get(TYPE, ()))


def _unlike(patterns: Iterable[Node], flags: Iterable[Node]) -> str:
    """Return the part of a pattern, or the flag, that engines don't understand alike."""
    letters = "".join(flag.value for flag in flags if isinstance(flag, Literal))
    parts = (unlike(pattern.value, letters) for pattern in patterns if isinstance(pattern, Literal))
    return next(filter(None, parts), "")
