"""The diagram of the vocabulary: classes as boxes, properties as lines between them, both links to their terms.

Narrower classes stand in the box of the broader one, and what connects a class with its own kind stands below them: seventeen
boxes can be read where twenty-five couldn't. The layout is computed by graphlay (layers, orthogonal lines, no overlaps, the
same drawing for the same input); names of lines take part in it as nodes, so that each has a place of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any, Final

import graphlay

from vertragsgraph.collation import sort_key
from vertragsgraph.graph.diagram import Model
from vertragsgraph.linked_data.terms import Label

ROW: Final = 24
"""Height of a name of one line: what can be clicked is at least so high (WCAG 2.2, 2.5.8)."""
LINE: Final = 17
"""From one line of a name to the next."""
_LONGEST: Final = 15  # letters in a line of a name, where it can be broken
_EDGE: Final = 4  # room for lines around the drawing
_PADDING: Final = 12
_SIZE: Final = 14
_LARGE: Final = 16
# Widths of letters in the size of the type, a little more than in Source Sans 3: a drawing is made before it is set.
_WIDE, _NARROW, _CAPITAL, _USUAL = 0.85, 0.29, 0.64, 0.52
_OPTIONS: Final = {
    "direction": "topbottom",
    "effort": "thorough",
    "spacing": {"layer_gap": 20, "node_gap": 16, "dummy_gap": 14, "port_gap": 12, "stub": 8},
}


@dataclass(frozen=True)
class Text:
    """A name in the drawing: its lines, the middle of it, its size, and the key of the term that it leads to (`""` for none)."""

    label: Label
    key: str
    lines: tuple[str, ...] = ()
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = ROW


@dataclass(frozen=True)
class Box:
    """A class: its corner and size, its name, the narrower classes, and the properties that lead to its own kind."""

    x: float
    y: float
    width: float
    height: float
    name: Text
    narrower: tuple[Text, ...]
    own: tuple[Text, ...]


@dataclass(frozen=True)
class Line:
    """A line: its points as SVG writes them; `arrow` where it ends at a class."""

    points: str
    arrow: bool


@dataclass(frozen=True)
class ClassDiagram:
    """The drawing in pixels."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    names: tuple[Text, ...]
    lines: tuple[Line, ...]


def class_diagram(model: Model, texts: Mapping[str, Text]) -> ClassDiagram | None:
    """Return the diagram of a model, None where it has no classes; `texts` are the names of its terms by IRI."""
    if not model.classes:
        return None
    roots = {each: _root(each, model) for each in model.classes}
    links = defaultdict[tuple[str, str], list[Text]](list)
    for start, name, end in model.links:
        known = links[roots[start], roots[end]]
        if texts[name] not in known:
            known.append(texts[name])
    boxes = {
        root: _box(
            texts[root],
            [texts[each] for each in model.classes if roots[each] == root != each],
            links.pop((root, root), []),
        )
        for root in sorted(set(roots.values()))
    }
    return _arranged(boxes, links)


def _root(each: str, model: Model) -> str:
    """Return the broadest class above one; of several the first."""
    seen = {each}
    while above := next((broad for narrow, broad in model.broader if narrow == each and broad not in seen), ""):
        each = above
        seen.add(each)
    return each


def _box(name: Text, narrower: Sequence[Text], own: Sequence[Text]) -> Box:
    """Return a box that is not in its place yet."""
    title = _line(name, _LARGE)
    below = [_line(text) for text in _sorted(narrower)]
    loops = [replace(text, lines=(f"↻ {text.label.text}",)) for text in _sorted(own)]
    loops = [replace(text, width=_width(text.lines[0], _SIZE)) for text in loops]
    texts = (title, *below, *loops)
    width = max(text.width for text in texts) + 2 * _PADDING
    return Box(0, 0, width, ROW * len(texts) + _PADDING, title, tuple(below), tuple(loops))


def _line(text: Text, size: int = _SIZE) -> Text:
    """Return a name in one line."""
    return replace(text, lines=(text.label.text,), width=_width(text.label.text, size))


def _wrapped(text: Text) -> Text:
    """Return a name in as many lines as it needs not to be wide."""
    lines = tuple(wrap(text.label.text, _LONGEST, break_long_words=False, break_on_hyphens=False)) or ("",)
    height = ROW + LINE * (len(lines) - 1)
    return replace(text, lines=lines, width=max(_width(line, _SIZE) for line in lines), height=height)


def _width(text: str, size: int) -> float:
    """Return about how wide a text is."""
    widths = (
        _WIDE if letter in "mwMW" else _NARROW if letter in "fijlrt .,()" else _CAPITAL if letter.isupper() else _USUAL
        for letter in text
    )
    return size * sum(widths) + 2


def _sorted(texts: Sequence[Text]) -> tuple[Text, ...]:
    return tuple(sorted(texts, key=lambda text: sort_key(text.label.text)))


def _arranged(boxes: Mapping[str, Box], links: Mapping[tuple[str, str], Sequence[Text]]) -> ClassDiagram:
    graph = graphlay.Graph()
    for root, box in boxes.items():
        graph.node(root, width=box.width, height=box.height)
    named = {link: [_wrapped(name) for name in _sorted(names)] for link, names in sorted(links.items())}
    for (start, end), names in named.items():
        width, height = max(name.width for name in names), sum(name.height for name in names)
        middle = graph.node((start, end), width=width, height=height)
        graph.edge(start, middle, weight=3)
        graph.edge(middle, end, weight=3)
    layout = graphlay.layout(graph, options=_OPTIONS)
    low, high = layout.bounds["min"], layout.bounds["max"]
    left, top = low["x"] - _EDGE, low["y"] - _EDGE
    places = {node: (x - left, y - top) for node, (x, y) in layout.positions().items()}
    return ClassDiagram(
        width=round(high["x"] - left + _EDGE),
        height=round(high["y"] - top + _EDGE),
        boxes=tuple(_placed(box, *places[root]) for root, box in boxes.items()),
        names=tuple(text for link, names in named.items() for text in _column(names, *places[link])),
        lines=tuple(
            Line(_points(edge["points"], left, top), arrow=index % 2 == 1) for index, edge in enumerate(layout.edges)
        ),
    )


def _placed(box: Box, x: float, y: float) -> Box:
    texts = _column((box.name, *box.narrower, *box.own), x, y)
    end = 1 + len(box.narrower)
    corner = {"x": round(x - box.width / 2, 1), "y": round(y - box.height / 2, 1)}
    return replace(box, **corner, name=texts[0], narrower=texts[1:end], own=texts[end:])


def _column(texts: Sequence[Text], x: float, y: float) -> tuple[Text, ...]:
    """Return texts below each other, their middle at a point."""
    top = y - sum(text.height for text in texts) / 2
    placed = []
    for text in texts:
        placed.append(replace(text, x=round(x, 1), y=round(top + text.height / 2, 1), width=round(text.width, 1)))
        top += text.height
    return tuple(placed)


def _points(points: Sequence[Mapping[str, Any]], left: float, top: float) -> str:
    return " ".join(f"{point['x'] - left:.1f},{point['y'] - top:.1f}" for point in points)
