"""Quality values as clients write them."""

from __future__ import annotations

import pytest

from vertragsgraph.http import quality
from vertragsgraph.http.quality import members


@pytest.mark.parametrize(
    ("header", "read"),
    [
        (None, []),
        (" , ,;q=1", [("q=1", 1.0)]),
        ("a;q=.2, b;q=0.9999, c;q=1.00000, d;q=2", [("a", 0.2), ("b", 0.9999), ("c", 1.0), ("d", 1.0)]),
        ("a ; Q = 0 ; x=1", [("a", 0.0)]),
        ("a;q=nan, b;q=-1, c;q=, d;q=1e-3", [("a", 1.0), ("b", 1.0), ("c", 1.0), ("d", 1.0)]),
        ('A/B;p="x,y;q=0";q=0.5,c', [("a/b", 0.5), ("c", 1.0)]),
        ('a;p="open, b;q=0.1', [("a", 1.0)]),
    ],
)
def test_what_is_out_of_form_loses_its_weight_at_most(header: str | None, read: list[tuple[str, float]]) -> None:
    assert list(members(header)) == read


def test_of_a_long_header_only_the_beginning_is_read_and_remembered() -> None:
    for number in range(600):
        assert len(members(f"text/x{number}, " + "a/b;q=0.1, " * 10_000)) <= 40
    remembered = quality._members.cache_info()
    assert remembered.currsize <= 256
    assert len(quality.bounded("a/b, " * 10_000)) <= 1_024
    assert members("text/turtle, " + "x" * 70_000)[0] == ("text/turtle", 1.0)
