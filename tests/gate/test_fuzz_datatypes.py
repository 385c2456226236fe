"""Both engines find the same of any literal, good or bad: nothing that is wrong with it as such, and all that shapes say."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from vertragsgraph.gate.datatypes import DATATYPES, XSD, fault
from vertragsgraph.gate.shacl.engines import DataGraph, Engine, by_pyshacl, by_shacl
from vertragsgraph.gate.shacl.results import Result
from vertragsgraph.gate.shacl.shapes import Shapes

pytest.importorskip("shacl", reason="there is no wheel of shacl for this platform")

NAMES = sorted(DATATYPES)
NUMBERS = ("decimal", "integer", "double")
SHAPES = (
    f"@prefix : <urn:> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <{XSD}> .\n"
    + "".join(
        f":{name} a sh:NodeShape ; sh:targetSubjectsOf :p-{name} ; sh:property :typed-{name} . "
        f":typed-{name} a sh:PropertyShape ; sh:path :p-{name} ; sh:datatype xsd:{name} ; sh:minCount 1 .\n"
        for name in NAMES
    )
    + "".join(
        f":positive-{name} a sh:NodeShape ; sh:targetSubjectsOf :p-{name} ; sh:property :above-{name} . "
        f":above-{name} a sh:PropertyShape ; sh:path :p-{name} ; sh:minExclusive 0 .\n"
        for name in NUMBERS
    )
)
ODD = ["", " ", "\n", "٥", "Z", "+14:01", "_", "e9", ".", "-", "00", "T", "INF", "NaN", "W23", "24:00:00", "9" * 30]


@st.composite
def literals(draw: st.DrawFn) -> Literal:
    """Texts of a datatype's form, of another's form, such texts with something put into them, and any text."""
    name = draw(st.sampled_from(NAMES))
    form = DATATYPES[draw(st.sampled_from([name, name, *NAMES]))].form
    text = draw(st.one_of(st.from_regex(form, fullmatch=True), st.text(max_size=12)))
    if draw(st.booleans()):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(ODD)) + text[place + draw(st.integers(0, 2)) :]
    return Literal(text.encode("utf-8", "ignore").decode(), datatype=NamedNode(XSD + name))


def judged(engine: Engine, triples: list[Triple], folder: Path) -> list[Result]:
    path = folder / "data.nt"
    path.write_bytes(pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    data = DataGraph([path], [], len(triples))
    shapes = Shapes([quad.triple for quad in pyoxigraph.parse(SHAPES, RdfFormat.TURTLE)])
    return sorted(data.stand_ins.told(engine(shapes, data)), key=lambda result: result.order)


@pytest.mark.fuzz
@given(st.lists(literals(), min_size=20, max_size=40))
def test_both_engines_judge_literals_alike(given_literals: list[Literal]) -> None:
    triples = [
        Triple(NamedNode(f"urn:{number}"), NamedNode(f"urn:p-{literal.datatype.value.removeprefix(XSD)}"), literal)
        for number, literal in enumerate(given_literals)
    ]
    with TemporaryDirectory() as folder:
        slow, fast = (judged(engine, triples, Path(folder)) for engine in (by_pyshacl, by_shacl))
    assert slow == fast
    assert {result.component for result in slow} <= {"MinExclusive"}
    assert not any(isinstance(result.value, Literal) and fault(result.value) for result in slow)
