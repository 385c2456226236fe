"""What falls with what is taken away: evidence that proves nothing any more, inferences that lose a premise."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from vertragsgraph.rdf.namespaces import WELL_KNOWN
from vertragsgraph.register.names import statement_iri
from vertragsgraph.release.redaction.redact import Redaction

BASE = "https://example.org/r/"
CONTRACT, DATE = NamedNode(f"{BASE}id/contract/a"), NamedNode("https://w3id.org/vertragsgraph/ontology#date")
NAMES = {"year": Literal("2018"), "day": Literal("2019-06-03")}
"""The statements of which one is inferred and the other said by a passage that is a premise, too."""


def evidence(name: str) -> str:
    return f"{BASE}id/evidence/{name}"


def statement(name: str) -> str:
    return f"<{CONTRACT.value}> <{DATE.value}> {NAMES[name]}"


@pytest.fixture
def triples(tmp_path: Path) -> Path:
    """An inference with two premises: one that is nothing else, one that proves another statement."""
    text = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in WELL_KNOWN.items())
    for value, proof in ((NAMES["year"], "year"), (NAMES["day"], "june")):
        node = statement_iri(Triple(CONTRACT, DATE, value), BASE)
        text += f"<{CONTRACT.value}> vg:date {value} .\n"
        text += f"{node} rdf:subject <{CONTRACT.value}> ; rdf:predicate vg:date ; rdf:object {value} ; "
        text += f"vg:evidence <{evidence(proof)}> .\n"
    text += f"<{evidence('year')}> prov:wasDerivedFrom <{evidence('june')}> , <{evidence('last-year')}> .\n"
    text += f"<{BASE}id/other/x> prov:wasDerivedFrom <{evidence('june')}> .\n"
    path = tmp_path / "triples.nt"
    quads = pyoxigraph.parse(text, RdfFormat.TURTLE)
    path.write_text("".join(sorted(f"{quad.triple} .\n" for quad in quads)), "utf-8")
    return path


@pytest.mark.parametrize(
    ("target", "fallen"),
    [
        (statement("year"), {"year", "last-year"}),
        (statement("day"), set()),  # its passage is still a premise
        (evidence("june"), {"year", "last-year"}),
        (evidence("last-year"), {"year"}),
        (f"{BASE}id/contract/a", {"year", "june", "last-year"}),
        (f"{BASE}id/contract/b", set()),
    ],
)
def test_an_inference_stands_and_falls_with_its_premises(triples: Path, target: str, fallen: set[str]) -> None:
    redaction = Redaction.of([target], [], WELL_KNOWN, BASE).complete(triples, BASE)
    found = {iri.removeprefix(evidence("")) for iri in redaction.fallen if iri.startswith(evidence(""))}
    assert found - {target.removeprefix(evidence(""))} == fallen
