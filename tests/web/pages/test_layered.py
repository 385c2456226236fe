"""Drawings in layers, of whatever graph."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.web.pages.layered import layered

SIZES = st.lists(st.tuples(st.integers(1, 200), st.integers(1, 100)), max_size=12)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    sizes = draw(SIZES)
    nodes = st.integers(0, max(len(sizes) - 1, 0))
    links = draw(st.lists(st.tuples(nodes, nodes), max_size=20)) if sizes else []
    return [(float(width), float(height)) for width, height in sizes], [(a, b) for a, b in links if a != b]


@given(graphs())
def test_nothing_overlaps_and_every_line_leads_from_its_node_to_its_node(
    graph: tuple[list[tuple[float, float]], list[tuple[int, int]]],
) -> None:
    sizes, links = graph
    found = layered(sizes, links)
    assert found == layered(sizes, links)
    boxes = [(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for (x, y), (w, h) in zip(found.places, sizes, strict=True)]
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert -0.01 <= left <= right <= found.width + 0.01
        assert -0.01 <= top <= bottom <= found.height + 0.01
        for a, b, c, d in boxes[:number]:
            assert right <= a or c <= left or bottom <= b or d <= top
    for line, (start, end) in zip(found.lines, links, strict=True):
        numbers = [float(number) for number in re.findall(r"-?[0-9.]+", line)]
        for (x, y), node in ((numbers[:2], start), (numbers[-2:], end)):
            left, top, right, bottom = boxes[node]
            assert left - 0.1 <= x <= right + 0.1
            assert min(abs(y - top), abs(y - bottom)) < 0.1


def test_what_leads_to_another_stands_above_it_and_lines_do_not_cross_where_they_need_not() -> None:
    found = layered([(10, 10)] * 4, [(0, 3), (1, 2), (3, 2)])
    rows = [y for _, y in found.places]
    assert rows[0] < rows[3] < rows[2]
    assert rows[1] < rows[2]
    crossed = layered([(10, 10)] * 4, [(0, 3), (1, 2)])
    across = [x for x, _ in crossed.places]
    assert (across[0] < across[1]) == (across[3] < across[2])
