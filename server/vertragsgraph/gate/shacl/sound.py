"""Whether shapes can be relied on: that they look at something, and mean the same to every engine.

Of regular expressions (`sh:pattern`) SHACL (section 4.4.3) means XPath's, the engines have Python's and Rust's: what they
don't understand alike is refused, since the verdict would hang on which of them validates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.gate.shacl.paths import FIRST
from vertragsgraph.gate.shacl.shapes import Shapes
from vertragsgraph.rdf.namespaces import RDFS, SH
from vertragsgraph.rdf.terms import TYPE, Node
from vertragsgraph.register import Register
from vertragsgraph.sources.term_names import compact
from vertragsgraph.texts import Language, both


def _sh(*names: str) -> frozenset[NamedNode]:
    return frozenset(NamedNode(SH + name) for name in names)


CLASS: Final = NamedNode(RDFS + "Class")
(PROPERTY, PATH, PATTERN, FLAGS) = (NamedNode(SH + name) for name in ("property", "path", "pattern", "flags"))
NODE_SHAPE, PROPERTY_SHAPE = NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape")
TARGETS: Final = _sh("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
ADVANCED: Final = _sh("target", "rule", "expression", "js", "ask", "parameter", "validator", "nodeValidator")
"""Properties of SHACL's advanced features, components in SPARQL and JavaScript: engines pass over them, or not."""


_PART: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?.|[*+?}]\+|\{\d+(?:,\d*)?\}|.", re.DOTALL)
"""A part of a regular expression: an escape, a character class, the beginning of a special group, a quantifier …"""
_ESCAPES: Final = frozenset("nrt\\|.?*+(){}$-[]^sSdDwW/")
_END: Final = r"\Z"


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


def unlike(pattern: str, flags: str = "") -> str:
    """Return the part of a regular expression that not all engines understand alike; nothing where there is none."""
    if odd := set(flags) - {"i"}:
        return min(odd)
    if part := next((part for part in _PART.findall(pattern) if not _is_alike(part)), ""):
        return part
    try:
        re.compile(pattern)
    except re.error:
        return pattern
    return ""


def _is_alike(part: str) -> bool:
    if part.startswith("["):
        inner = part[1:-1]
        return len(part) > 1 and not re.search(r"(?<!\\)\[|&&|--|~~", inner) and _known_escapes(inner)
    if part.startswith("\\"):
        return _known_escapes(part)
    return part == "(?:" or (part[0] == "{" and part[-1] == "}") or (len(part) == 1 and part != "{")


def _known_escapes(text: str) -> bool:
    return all(escape[1] in _ESCAPES for escape in re.findall(r"\\.", text, re.DOTALL))


def for_python(pattern: str) -> str:
    r"""Return a regular expression for Python, whose `$` also matches before a line feed at the end.

    >>> for_python("^[$]{3}$")
    '^[$]{3}\\Z'
    """
    return "".join(_END if part == "$" else part for part in _PART.findall(pattern))
