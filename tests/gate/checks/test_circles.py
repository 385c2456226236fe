from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Triple

from vertragsgraph.finding import Finding, Place
from vertragsgraph.gate.checks.circles import Step, check_circles, circles
from vertragsgraph.gate.places import Places


def told(copy) -> list[Finding]:
    register = copy.register
    return check_circles(register, copy.collect(), Places(register))


def hierarchy(pairs: list[tuple[int, int]]) -> dict[str, dict[str, Step]]:
    steps: dict[str, dict[str, Step]] = {}
    for below, above in pairs:
        triple = Triple(NamedNode(f"urn:{below}"), NamedNode("urn:p"), NamedNode(f"urn:{above}"))
        steps.setdefault(str(below), {})[str(above)] = Step(str(below), str(above), triple)
    return steps


def test_the_shipped_register_has_none(copy) -> None:
    assert told(copy) == []


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        ({"topic:sport": "skos:broader <id/topic/sport>"}, "topic:sport → topic:sport is a circle of skos:broader"),
        (
            {"topic:sport": "skos:broader <id/topic/vielfalt>", "topic:vielfalt": "skos:broader <id/topic/sport>"},
            "topic:sport → topic:vielfalt → topic:sport is a circle of skos:broader",
        ),
        (
            {"topic:sport": "skos:broader <id/topic/vielfalt> ; skos:narrower <id/topic/vielfalt>"},
            "topic:sport → topic:vielfalt → topic:sport is a circle of skos:",
        ),
        (
            {"organisation:hmsi": "org:subOrganizationOf <id/organisation/hmsi>"},
            "organisation:hmsi → organisation:hmsi is a circle of org:subOrganizationOf",
        ),
    ],
)
def test_a_circle_is_one_finding(copy, faults: dict[str, str], message: str) -> None:
    for subject, add in faults.items():
        copy.change(subject, add=add)
    (finding,) = told(copy)
    assert finding.message["en"].startswith(message)
    assert finding.place in [
        Place(copy.file(subject), copy.line(copy.file(subject), add)) for subject, add in faults.items()
    ]


@pytest.mark.parametrize(
    ("pairs", "lengths"),
    [
        ([(1, 2), (2, 3), (1, 3)], []),
        ([(1, 2), (2, 3), (3, 1), (0, 1)], [3]),
        ([(1, 1), (2, 3), (3, 2), (3, 4)], [1, 2]),
        ([(1, 2), (2, 1), (2, 3), (3, 2)], [2, 2]),
    ],
)
def test_circles(pairs: list[tuple[int, int]], lengths: list[int]) -> None:
    found = list(circles(hierarchy(pairs)))
    assert sorted(map(len, found)) == lengths
    for circle in found:
        assert [step.above for step in circle] == [step.below for step in [*circle[1:], circle[0]]]


def test_each_thing_is_gone_through_once() -> None:
    class Counting(dict[str, dict[str, Step]]):
        looked_up = 0

        def __getitem__(self, thing: str) -> dict[str, Step]:
            self.looked_up += 1
            return super().__getitem__(thing)

    count = 5_000
    steps = Counting(hierarchy([(n, n + 1) for n in range(count)] + [(n, n + 2) for n in range(count)] + [(count, 0)]))
    (circle,) = circles(steps)
    assert len(circle) > count / 2
    assert steps.looked_up == len(steps)
