"""Headers with quality values, made up: each is read, in bounded time, and in the same way by all who ask."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.http.accept import best_format, quality
from vertragsgraph.http.encoding import CODINGS, choose
from vertragsgraph.http.language import from_accept_language
from vertragsgraph.http.quality import members
from vertragsgraph.rdf.media_types import GRAPHS, SOLUTIONS
from vertragsgraph.texts import spoken

pytestmark = pytest.mark.fuzz

PIECES = st.sampled_from(
    [
        *'*/,;="\\ \t',
        "q",
        "Q",
        "0",
        "1",
        ".",
        "0.5",
        ".2",
        "text",
        "turtle",
        "html",
        "gzip",
        "en",
        "application/ld+json",
    ]
)
HEADERS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=60).map("".join))
BLANKS = st.sampled_from(["", " ", "\t", "  "])


@given(HEADERS)
def test_any_header_is_taken(header: str) -> None:
    assert all(0 <= found.quality <= 1 and found.name == found.name.strip().lower() for found in members(header))
    assert best_format(header, SOLUTIONS) in {None, *SOLUTIONS}
    assert choose(header) in {None, *CODINGS}
    assert from_accept_language(header, spoken(["de", "en"])) in {"de", "en"}


@given(
    st.dictionaries(
        st.sampled_from([*(offer.media_type for offer in GRAPHS), "text/html", "image/png"]), st.integers(0, 999)
    ),
    BLANKS,
    BLANKS,
)
def test_weights_are_what_was_written(weights: dict[str, int], before: str, after: str) -> None:
    header = ",".join(f"{before}{name}{after};{after}q{before}={after}.{weight:03}" for name, weight in weights.items())
    assert dict(members(header)) == {name: weight / 1000 for name, weight in weights.items()}
    if weights:
        assert all(quality(header, name) == weight / 1000 for name, weight in weights.items())


@given(st.text(alphabet='"\\,;=q0.*/a ', min_size=1, max_size=8))
def test_time_is_bounded_whatever_is_repeated(unit: str) -> None:
    began = time.process_time()
    members(unit * (70_000 // len(unit)))
    assert time.process_time() - began < 0.05
