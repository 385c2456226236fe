"""The diagram of the vocabulary: classes as boxes, properties as lines between them, both links to their terms.

Narrower classes stand in the box of the broader one, and what connects a class with its own kind stands below them: seventeen
boxes can be read where twenty-five couldn't. Names of lines take part in the layout as nodes, so that each has a place of its
own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import fsum
from textwrap import wrap
from typing import Final

from vertragsgraph.collation import sort_key
from vertragsgraph.graph.diagram import Model
from vertragsgraph.linked_data.terms import Label
from vertragsgraph.web.pages.layered import layered

ROW: Final = 24
"""Height of a name of one line: what can be clicked is at least so high (WCAG 2.2, 2.5.8)."""
LINE: Final = 17
"""From one line of a name to the next."""
_LONGEST: Final = 15  # letters in a line of a name, where it can be broken
_EDGE: Final = 4  # room for lines around the drawing
_PADDING: Final = 12
# Widths of letters in the size of the type, a little more than in Source Sans 3: a drawing is made before it is set.
_WIDTHS: Final = {**dict.fromkeys("mwMW", 0.85), **dict.fromkeys("fijlrt .,()", 0.29)}
_CAPITAL, _USUAL = 0.64, 0.52


@dataclass(frozen=True)
class Text:
    """A name in the drawing: what it names and the key of the term that it leads to (`""` for none).

    `kind` is "name" for that of a box, "own" for a property of its own kind, "link" for that of a line, "" for a narrower
    class; `lines` are what is written, (`x`, `y`) is the middle of it.
    """

    label: Label
    key: str
    kind: str = ""
    lines: tuple[str, ...] = ()
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = ROW


@dataclass(frozen=True)
class Box:
    """A class: its corner and size; its name, the narrower classes, and the properties that lead to its own kind."""

    x: float
    y: float
    width: float
    height: float
    texts: tuple[Text, ...]


@dataclass(frozen=True)
class Line:
    """A line: its path as SVG writes it; `arrow` where it ends at a class."""

    path: str
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
    links = defaultdict[tuple[str, str], dict[str, Text]](dict)
    for start, name, end in model.links:
        links[roots[start], roots[end]][name] = texts[name]
    columns = {}
    for root in sorted(set(roots.values())):
        narrower = [texts[each] for each in model.classes if roots[each] == root != each]
        own = links.pop((root, root), {}).values()
        columns[root] = [
            _written(texts[root], "name"),
            *(_written(text) for text in _sorted(narrower)),
            *(_written(text, "own", f"↻ {text.label.text}") for text in _sorted(own)),
        ]
    names = {link: [_wrapped(text) for text in _sorted(found.values())] for link, found in sorted(links.items())}
    return _arranged(columns, names)


def _root(each: str, model: Model) -> str:
    """Return the broadest class above one; of several the first."""
    seen = {each}
    while above := next((broad for narrow, broad in model.broader if narrow == each and broad not in seen), ""):
        each = above
        seen.add(each)
    return each


def _sorted(texts: Iterable[Text]) -> list[Text]:
    return sorted(texts, key=lambda text: sort_key(text.label.text))


def _wrapped(text: Text) -> Text:
    """Return the name of a line, in as many lines as it needs not to be wide."""
    return _written(text, "link", *wrap(text.label.text, _LONGEST, break_long_words=False, break_on_hyphens=False))


def _written(text: Text, kind: str = "", *lines: str) -> Text:
    """Return a name as it is written: in these lines, else in one."""
    written = lines or (text.label.text,)
    width = (16 if kind == "name" else 14) * max(map(_width, written)) + 2
    return replace(text, kind=kind, lines=written, width=round(width, 1), height=ROW + LINE * (len(written) - 1))


def _width(text: str) -> float:
    """Return about how wide a text is, in the size of its type."""
    return fsum(_WIDTHS.get(letter, _CAPITAL if letter.isupper() else _USUAL) for letter in text)


def _arranged(columns: Mapping[str, Sequence[Text]], links: Mapping[tuple[str, str], Sequence[Text]]) -> ClassDiagram:
    numbers = {root: number for number, root in enumerate(columns)}
    sizes: list[tuple[float, float]] = [
        (max(text.width for text in texts) + 2 * _PADDING, ROW * len(texts) + _PADDING) for texts in columns.values()
    ]
    steps = []
    for (start, end), names in links.items():
        steps += [(numbers[start], len(sizes)), (len(sizes), numbers[end])]
        sizes.append((max(name.width for name in names), sum(name.height for name in names)))
    layout = layered(sizes, steps)
    places = [(x + _EDGE, y + _EDGE) for x, y in layout.places]
    placed = [_placed(texts, *place) for texts, place in zip((*columns.values(), *links.values()), places, strict=True)]
    return ClassDiagram(
        width=round(layout.width) + 2 * _EDGE,
        height=round(layout.height) + 2 * _EDGE,
        boxes=tuple(
            Box(round(x - width / 2, 1), round(y - height / 2, 1), width, height, texts)
            for texts, (x, y), (width, height) in zip(placed[: len(columns)], places, sizes, strict=False)
        ),
        names=tuple(name for names in placed[len(columns) :] for name in names),
        lines=tuple(Line(path, arrow=index % 2 == 1) for index, path in enumerate(layout.lines)),
    )


def _placed(texts: Sequence[Text], x: float, y: float) -> tuple[Text, ...]:
    """Return texts below each other, their middle at a point."""
    ends = accumulate((text.height for text in texts), initial=y - sum(text.height for text in texts) / 2)
    return tuple(
        replace(text, x=round(x, 1), y=round(top + text.height / 2, 1)) for text, top in zip(texts, ends, strict=False)
    )
