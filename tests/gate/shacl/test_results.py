from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from vertragsgraph.finding import Severity
from vertragsgraph.gate.shacl.paths import PathExpression
from vertragsgraph.gate.shacl.results import Result, first_of_each, write_report

RESULTS = st.builds(
    Result,
    focus=st.integers(0, 20).map(lambda n: NamedNode(f"urn:focus{n}")),
    component=st.sampled_from(["MinCount", "Class"]),
    shape=st.sampled_from([NamedNode("urn:one"), NamedNode("urn:other")]),
    severity=st.sampled_from(list(Severity)),
)


@given(results=st.lists(RESULTS), most=st.integers(1, 5))
def test_the_first_of_each_kind_are_kept_and_the_others_counted(results: list[Result], most: int) -> None:
    unique = {result.order: result for result in reversed(results)}
    kept, more = first_of_each(results, most)
    for kind in {(result.shape.value, result.severity) for result in unique.values()}:
        own = sorted(result.order for result in unique.values() if (result.shape.value, result.severity) == kind)
        assert [result.order for result in kept if (result.shape.value, result.severity) == kind] == own[:most]
        assert more.get(kind, 0) == len(own[most:])
    assert [result.order for result in kept] == sorted(result.order for result in kept)


def test_a_report_without_results_conforms() -> None:
    (text,) = [
        str(quad.object) for quad in parse(write_report([]), RdfFormat.TURTLE) if "conforms" in str(quad.predicate)
    ]
    assert text.startswith('"true"')


def test_paths_and_values_stand_in_the_report() -> None:
    path = PathExpression("alternativePath", (NamedNode("urn:p"), NamedNode("urn:q")))
    result = Result(
        NamedNode("urn:x"), "Class", NamedNode("urn:s"), Severity.WARNING, path, Literal("ä"), (("de", "Nein."),)
    )
    report = write_report([result])
    assert report == write_report([result])
    objects = {str(quad.object) for quad in parse(report, RdfFormat.TURTLE)}
    assert {'"ä"', '"Nein."@de', "<urn:p>", "<urn:q>", "<http://www.w3.org/ns/shacl#Warning>"} <= objects
