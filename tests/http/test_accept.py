from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.http.accept import best, best_format, quality
from vertragsgraph.rdf.media_types import GRAPHS, SOLUTIONS, by_name

media_types = st.sampled_from(
    ["text/turtle", "text/*", "*/*", "application/json", "application/*", "image/png", "a", "", "text/csv"]
)
parameters = st.sampled_from(["", ";q=0", ";q=0.5", ";q=1", "; q = 0.3", ";q=2", ";q=x", ";charset=utf-8;q=0.7"])
headers = st.lists(st.tuples(media_types, parameters).map("".join), max_size=6).map(", ".join)


@given(headers)
def test_the_chosen_format_is_wanted_no_less_than_any_other(accept: str) -> None:
    chosen = best_format(accept, GRAPHS)
    qualities = [quality(accept, offer.media_type) for offer in GRAPHS]
    assert (chosen is None) == (max(qualities) == 0)
    if chosen is not None:
        assert GRAPHS.index(chosen) == qualities.index(max(qualities))


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/turtle"),
        ("*/*", "text/turtle"),
        ("application/rdf+xml, text/turtle;q=0.9", "application/rdf+xml"),
        ("text/*;q=0.5, application/ld+json;q=0.4", "text/turtle"),
        ("text/turtle;q=0, */*;q=0.1", "application/n-triples"),
        ("application/sparql-results+json", None),
        ("text/html", None),
        ("application/json", "application/json"),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/turtle"),
        ("*", "text/turtle"),
        ("*/*;q=.5", "text/turtle"),
        ("application/ld+json;q=0.9999, */*;q=0.1", "application/ld+json"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded, x";q=1.00000', "application/ld+json"),
        ("application/n-triples;q=1;level=1", "application/n-triples"),
    ],
)
def test_formats_of_graphs(accept: str | None, media_type: str | None) -> None:
    chosen = best_format(accept, GRAPHS)
    assert (chosen and chosen.media_type) == media_type


def test_text_types_say_that_they_are_utf_8() -> None:
    assert {f.content_type for f in SOLUTIONS if f.name == "csv"} == {"text/csv; charset=utf-8"}
    assert GRAPHS[0].content_type == "text/turtle; charset=utf-8"
    assert SOLUTIONS[0].content_type == "application/sparql-results+json"


def test_media_types_as_strings() -> None:
    assert best("text/html;q=0.9, text/turtle", ("text/html", "text/turtle")) == "text/turtle"
    assert best("image/png", ("text/html",)) is None


@pytest.mark.parametrize(
    ("name", "solutions", "graph"),
    [
        ("json", "json", "jsonld"), ("xml", "xml", "rdf"), ("csv", "csv", None), ("turtle", None, "ttl"),
        ("application/rdf+xml", None, "rdf"), ("application/rdf xml", None, "rdf"), ("n-triples", None, "nt"), ("pdf", None, None),
    ],
)  # fmt: skip
def test_short_names(name: str, solutions: str | None, graph: str | None) -> None:
    found = [chosen and chosen.name for chosen in (by_name(name, SOLUTIONS), by_name(name, GRAPHS))]
    assert found == [solutions, graph]
