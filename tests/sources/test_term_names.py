from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from vertragsgraph.register import load_register, shipped_folder
from vertragsgraph.sources.term_names import compact

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (NamedNode("https://w3id.org/vertragsgraph/hessen/id/contract/iaf"), "contract:iaf"),
        (NamedNode("https://w3id.org/vertragsgraph/hessen/id/evidence/x/quote"), "evidence:x/quote"),
        (NamedNode("https://w3id.org/vertragsgraph/hessen/id/contract"), "<id/contract>"),
        (NamedNode("https://w3id.org/vertragsgraph/hessen/dumps/"), "<dumps/>"),
        (NamedNode("https://w3id.org/vertragsgraph/ontology#partner"), "vg:partner"),
        (NamedNode("https://example.org/"), "<https://example.org/>"),
        (Literal("a\nb"), '"a b"'),
        (Literal("a", language="de"), '"a"@de'),
        (Literal("2018", datatype=NamedNode(XSD + "gYear")), '"2018"^^xsd:gYear'),
        (Literal("x" * 100), f'"{"x" * 79}…"'),
        (BlankNode("b"), "_:b"),
    ],
)
def test_terms_as_files_write_them(node, text: str) -> None:
    assert compact(node, load_register(shipped_folder())) == text
