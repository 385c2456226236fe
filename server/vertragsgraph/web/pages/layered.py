"""Drawings in layers (Sugiyama, Tagawa and Toda, 1981): nodes in rows, all lines from a row to those below it.

Written by hand, since no library does it everywhere: `docs/decisions/home-made.md`.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import accumulate, pairwise
from statistics import fmean
from typing import Final, TypeAlias

Links: TypeAlias = Sequence[tuple[int, int]]
Near: TypeAlias = Mapping[int, Sequence[int]]

_SIDE: Final = 16  # between nodes of a row
_BEND: Final = 36  # between rows: lines bend there, and nowhere else
_PORT: Final = 14  # between lines that leave a node, where it is wide enough
_ROUNDS: Final = 24


@dataclass(frozen=True)
class Layout:
    """A drawing: its size, the middle of each node, and for each link its line as SVG writes paths."""

    width: float
    height: float
    places: tuple[tuple[float, float], ...]
    lines: tuple[str, ...]


def layered(sizes: Sequence[tuple[float, float]], links: Links) -> Layout:
    """Return the drawing of nodes by their width and height, and of links between two of them (by number); none overlap.

    The same input gives the same drawing. A line ends at the second node of its link, also where it leads upwards.
    """
    down = [link if keeps else link[::-1] for link, keeps in zip(links, _kept(len(sizes), links), strict=True)]
    rows_of = _rows(len(sizes), down)
    # A line that passes a row has a place of its own in it: a node without width.
    widths, chains = [width for width, _ in sizes], []
    for start, end in down:
        passed = range(rows_of[start] + 1, rows_of[end])
        chains.append((start, *range(len(widths), len(widths) + len(passed)), end))
        rows_of.extend(passed)
        widths.extend(0 for _ in passed)
    steps = [step for chain in chains for step in pairwise(chain)]
    above, below = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for upper, lower in steps:
        above[lower].append(upper)
        below[upper].append(lower)
    rows = _ordered(rows_of, steps, above, below)
    across = _across(rows, widths, above, below)
    heights = [max(sizes[node][1] for node in row if node < len(sizes)) for row in rows]
    tops = [0.0, *accumulate(height + _BEND for height in heights)]
    places = tuple((across[node], tops[row] + heights[row] / 2) for node, row in enumerate(rows_of[: len(sizes)]))
    leaving = _ports(widths, across, [chain[:2] for chain in chains])
    coming = _ports(widths, across, [chain[:-3:-1] for chain in chains])
    lines = []
    for number, (chain, link) in enumerate(zip(chains, links, strict=True)):
        columns = [leaving[number], *(across[node] for node in chain[1:-1]), coming[number]]
        points = [
            (column, y)
            for column, row in zip(columns, map(rows_of.__getitem__, chain), strict=True)
            for y in (tops[row], tops[row] + heights[row])
        ]
        start, end = (places[node][1] + side * sizes[node][1] / 2 for node, side in ((chain[0], 1), (chain[-1], -1)))
        points = [(columns[0], start), *points[1:-1], (columns[-1], end)]
        lines.append(_path(points if link[0] == chain[0] else points[::-1]))
    width = max((x + widths[node] / 2 for node, x in across.items()), default=0.0)
    return Layout(width, max(tops[-1] - _BEND, 0.0), places, tuple(lines))


def _kept(count: int, links: Links) -> list[bool]:
    """Return of each link whether it may lead downwards; where links lead in a circle, the last of them doesn't."""
    kept: list[bool] = []
    order: dict[int, list[int]] = {node: [] for node in range(count)}
    for start, end in links:
        order[end].append(start)
        try:
            TopologicalSorter(order).prepare()
            kept.append(True)
        except CycleError:
            order[end].pop()
            order[start].append(end)
            kept.append(False)
    return kept


def _rows(count: int, links: Links) -> list[int]:
    """Return the row of each node: below all that lead to it, but no farther from what it leads to than it has to be."""
    before, after = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for start, end in links:
        before[end].append(start)
        after[start].append(end)
    order = list(TopologicalSorter({node: before[node] for node in range(count)}).static_order())
    rows = [0] * count
    for node in order:
        rows[node] = max((rows[each] + 1 for each in before[node]), default=0)
    for node in reversed(order):
        if len(after[node]) > len(before[node]):
            rows[node] = min(rows[each] for each in after[node]) - 1
    return rows


def _ordered(rows_of: Sequence[int], steps: Links, above: Near, below: Near) -> list[list[int]]:
    """Return the nodes of each row, in an order in which few lines cross: each near what it is connected with."""
    rows = [[node for node, row in enumerate(rows_of) if row == each] for each in range(max(rows_of, default=-1) + 1)]
    best, fewest = rows, _crossings(rows, rows_of, steps)
    for turn in range(_ROUNDS):
        rows = [list(row) for row in rows]
        near, along = (above, rows) if turn % 2 == 0 else (below, rows[::-1])
        place = {node: float(index) for row in rows for index, node in enumerate(row)}
        for row in along:
            row.sort(key=lambda node: fmean([place[each] for each in near.get(node, ())] or [place[node]]))
            place.update((node, float(index)) for index, node in enumerate(row))
        if (count := _crossings(rows, rows_of, steps)) < fewest:
            best, fewest = rows, count
    return best


def _crossings(rows: Sequence[Sequence[int]], rows_of: Sequence[int], steps: Links) -> int:
    place = {node: index for row in rows for index, node in enumerate(row)}
    passed: dict[int, list[int]] = defaultdict(list)  # where the lines so far end, row by row
    count = 0
    for upper, lower in sorted(steps, key=lambda step: (place[step[0]], place[step[1]])):
        ends = passed[rows_of[upper]]
        count += len(ends) - bisect(ends, place[lower])
        insort(ends, place[lower])
    return count


def _across(rows: Sequence[Sequence[int]], widths: Sequence[float], above: Near, below: Near) -> dict[int, float]:
    """Return where the middle of each node is: as straight below and above its neighbours as the others of its row let it."""
    found: dict[int, float] = {}
    near = {node: [*above.get(node, ()), *below.get(node, ())] for row in rows for node in row}
    for turn in range(_ROUNDS):
        for row in rows if turn % 2 == 0 else rows[::-1]:
            gaps = ((widths[one] + widths[two]) / 2 + _SIDE for one, two in pairwise(row))
            least = list(accumulate(gaps, initial=0.0))
            wanted = [
                fmean([found[each] for each in near[node] if each in found] or [found.get(node, x)])
                for node, x in zip(row, least, strict=True)
            ]
            spare = _rising(want - x for want, x in zip(wanted, least, strict=True))
            found.update((node, x + more) for node, x, more in zip(row, least, spare, strict=True))
    left = min((found[node] - widths[node] / 2 for node in found), default=0.0)
    return {node: x - left for node, x in found.items()}


def _rising(values: Iterable[float]) -> list[float]:
    """Return the numbers nearest to these that never fall (isotonic regression, by pooling those that do)."""
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, count = value, 1
        while pools and pools[-1][0] > mean:
            other, size = pools.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        pools.append((mean, count))
    return [mean for mean, count in pools for _ in range(count)]


def _ports(widths: Sequence[float], across: Mapping[int, float], ends: Sequence[Sequence[int]]) -> list[float]:
    """Return where lines leave their nodes: side by side in the order of where they lead; `ends` are node and next node."""
    leading = defaultdict[int, list[tuple[float, int]]](list)
    for number, (node, other) in enumerate(ends):
        leading[node].append((across[other], number))
    found = [0.0] * len(ends)
    for node, lines in leading.items():
        step = min(_PORT, widths[node] / (len(lines) + 1))
        for index, (_, number) in enumerate(sorted(lines)):
            found[number] = across[node] + step * (index - (len(lines) - 1) / 2)
    return found


def _path(points: Iterable[tuple[float, float]]) -> str:
    """Return a line that bends between the rows and leads straight through them (two points of it are always upright)."""
    written = list(dict.fromkeys((round(x, 1), round(y, 1)) for x, y in points))  # a node may be as high as its row
    parts = ["M{} {}".format(*written[0])]
    for (x, y), (to_x, to_y) in pairwise(written):
        middle = round((y + to_y) / 2, 1)
        parts.append(f"C{x} {middle} {to_x} {middle} {to_x} {to_y}")
    return "".join(parts)
