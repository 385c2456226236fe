"""One table of namespaces, and one way from an IRI to a prefixed name and back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.rdf.curie import expand, shorten
from vertragsgraph.rdf.namespaces import WELL_KNOWN

PACKAGE = Path(__file__).parents[2] / "server/vertragsgraph"
# Examples in docstrings and texts for people show IRIs as people write them.
EXAMPLES = re.compile(r">>> .*|^ +'http.*|Problem\(.*", re.MULTILINE)
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "rdf/namespaces.py"]


def test_a_namespace_is_written_down_once() -> None:
    copies = {
        f"{path.relative_to(PACKAGE)}: {namespace}"
        for path in FILES
        for namespace in WELL_KNOWN.values()
        if namespace in EXAMPLES.sub("", path.read_text("utf-8"))
    }
    assert copies == set()


@given(st.sampled_from(sorted(WELL_KNOWN)), st.text(min_size=1))
def test_what_was_shortened_is_expanded_to_the_same(prefix: str, name: str) -> None:
    assert shorten(WELL_KNOWN[prefix] + name) == f"{prefix}:{name}"
    assert expand(f"{prefix}:{name}") == WELL_KNOWN[prefix] + name


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://example.org/a/b/c", "ab:c"),  # the longest namespace
        ("https://example.org/a/c", "a:c"),
        ("https://example.org/a/b/", "a:b/"),
        ("https://example.org/a/", None),  # a namespace is nothing in it
        ("https://example.org/", None),
    ],
)
def test_the_longest_namespace_is_taken(iri: str, short: str | None) -> None:
    assert shorten(iri, {"a": "https://example.org/a/", "ab": "https://example.org/a/b/"}) == short
