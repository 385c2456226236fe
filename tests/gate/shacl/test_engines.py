"""The engines find the same with whatever shapes are let pass; those about which they differ are refused."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from vertragsgraph.gate.shacl.engines import DataGraph, by_pyshacl, by_shacl, check_shapes
from vertragsgraph.gate.shacl.shapes import Shapes
from vertragsgraph.gate.shacl.sound import unsound_in
from vertragsgraph.graph.collect import read_document
from vertragsgraph.graph.languages import for_each_language, translated
from vertragsgraph.register import load_register, shipped_folder
from vertragsgraph.texts import LANGUAGES, spoken

pytest.importorskip("shacl", reason="there is no wheel of shacl for this platform")

PREFIXES = """@prefix : <urn:> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
DATA = """
:a a :C ; :p "EUR" , "EUR\\n" , "eur" , "ÄB" , "5" , "Straße"@de , "x"@en-GB , "y"@de-AT ; :q 5 , 7 ;
    :r "2019-06-03"^^xsd:date ; :s "2019"^^xsd:gYear ; :t :b ; :u "2019-06-03"^^xsd:date , "2020-01-01"^^xsd:date .
:b a :D ; :p "aa" ; :q -3 , 2.5 ; :t :c ; :r "2020-01-01"^^xsd:date ; :u "2019-01-01"^^xsd:date ;
    :l "a"@de , "b"@de , "c"@DE .
:c a :C ; :q "INF"^^xsd:double ; :t :a , :c ; :m "PT1H"^^xsd:duration ;
    :d "2019-06-03T12:00:00"^^xsd:dateTime , "2019-06-03T12:00:00Z"^^xsd:dateTime .
"""
CONSTRAINTS = [
    "sh:path :p ; sh:pattern '^[A-Z]{3}$'",
    "sh:path :p ; sh:pattern '^\\\\\\\\w+$'",
    "sh:path :p ; sh:pattern '^eur$' ; sh:flags 'i'",
    "sh:path :q ; sh:pattern '^[0-9]'",
    "sh:path :p ; sh:maxLength 3",
    "sh:path :t ; sh:minLength 6",
    "sh:path :p ; sh:languageIn ( 'de' )",
    "sh:path :p ; sh:languageIn ( 'en-GB' 'DE' )",
    "sh:path :l ; sh:uniqueLang true",
    "sh:path :l ; sh:uniqueLang '1'^^xsd:boolean",
    "sh:path :q ; sh:minInclusive 2.5",
    "sh:path :r ; sh:minInclusive '2019-12-31'^^xsd:date",
    "sh:path :r ; sh:minInclusive '2019-12-31T00:00:00'^^xsd:dateTime",
    "sh:path :s ; sh:minInclusive '2020'^^xsd:gYear",
    "sh:path :m ; sh:minInclusive 'PT2H'^^xsd:duration",
    "sh:path :p ; sh:minInclusive 'M'",
    "sh:path :d ; sh:minInclusive '2019-06-03T12:00:00'^^xsd:dateTime",
    "sh:path :r ; sh:lessThan :u",
    "sh:path :r ; sh:lessThanOrEquals :u",
    "sh:path :r ; sh:equals :u",
    "sh:path :r ; sh:disjoint :u",
    "sh:path :q ; sh:in ( 5 -3 )",
    "sh:path :q ; sh:in ( 5.0 2.50 )",
    "sh:path :q ; sh:hasValue 5.0",
    "sh:path :p ; sh:nodeKind sh:IRIOrLiteral",
    "sh:path :t ; sh:xone ( [ sh:class :C ] [ sh:class :D ] )",
    "sh:path :t ; sh:not [ sh:class :C ]",
    "sh:path :t ; sh:qualifiedValueShape [ sh:class :C ] ; sh:qualifiedMinCount 2",
    "sh:path :p ; sh:maxCount 0 ; sh:deactivated true",
    "sh:path [ sh:alternativePath ( :p :q ) ] ; sh:maxCount 1",
    "sh:path [ sh:inversePath :t ] ; sh:minCount 1",
    "sh:path [ sh:zeroOrMorePath :t ] ; sh:maxCount 1",
    "sh:path [ sh:zeroOrOnePath :t ] ; sh:maxCount 1",
    "sh:path :t ; sh:node :S",
]


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_what_both_engines_find(tmp_path: Path, constraint: str) -> None:
    text = f":S a sh:NodeShape ; sh:targetClass :C , :D ; sh:property :P . :P a sh:PropertyShape ; {constraint} ."
    shapes = Shapes([quad.triple for quad in pyoxigraph.parse(PREFIXES + text, RdfFormat.TURTLE)])
    assert list(unsound_in(shapes, load_register(shipped_folder()))) == []
    check_shapes(shapes)
    path = tmp_path / "data.nt"
    triples = [quad.triple for quad in pyoxigraph.parse(PREFIXES + DATA, RdfFormat.TURTLE)]
    path.write_bytes(pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    slow, fast = (
        {result.order for result in data.stand_ins.told(engine(shapes, data))}
        for engine, data in ((engine, DataGraph([path], [], len(triples))) for engine in (by_pyshacl, by_shacl))
    )
    assert slow == fast


def test_the_shipped_shapes_are_shapes() -> None:
    """The gate itself passes over them, whatever languages they are made to ask for."""
    register = load_register(shipped_folder())
    languages = (*LANGUAGES, "sr-Latn", "tlh")
    shapes = translated(read_document(register, register.shapes), spoken(languages))
    check_shapes(Shapes(for_each_language(shapes, languages)))
