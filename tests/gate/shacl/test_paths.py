from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode

from vertragsgraph.gate.shacl.paths import KINDS, NIL, PathExpression, index_of, path_triples, read_path, shown, steps

P, Q = NamedNode("urn:p"), NamedNode("urn:q")
PATHS = st.recursive(
    st.sampled_from([P, Q]),
    lambda inner: st.one_of(
        st.builds(
            lambda kind, part: PathExpression(kind, (part,)),
            st.sampled_from([k for k in KINDS if k != "alternativePath"]),
            inner,
        ),
        st.builds(
            lambda kind, parts: PathExpression(kind, tuple(parts)),
            st.sampled_from(["sequence", "alternativePath"]),
            st.lists(inner, min_size=2, max_size=3),
        ),
    ),
    max_leaves=6,
)


@given(path=PATHS)
def test_what_is_written_is_read(path) -> None:
    numbers = itertools.count()
    node, triples = path_triples(path, lambda: BlankNode(f"n{next(numbers)}"))
    assert read_path(node, index_of(triples)) == path


def test_paths_as_sparql_writes_them() -> None:
    back = PathExpression("inversePath", (P,))
    either = PathExpression("alternativePath", (back, Q))
    assert (
        shown(PathExpression("sequence", (PathExpression("zeroOrMorePath", (either,)), Q)), lambda iri: iri.value[4:])
        == "(^p|q)*/q"
    )
    assert list(steps(PathExpression("inversePath", (PathExpression("sequence", (P, Q)),)))) == [(P, True)]
    assert list(steps(either)) == [(P, True), (Q, False)]


def test_what_is_no_path() -> None:
    assert read_path(BlankNode("x"), {}) is None
    assert read_path(NIL, {}) == NIL
