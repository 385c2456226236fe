"""The statements that have evidence, in RDF 1.2: which they are, where they stand, and where they don't."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple

from vertragsgraph.rdf.namespaces import RDF
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.register import REIFIERS, Register
from vertragsgraph.release import Release, build
from vertragsgraph.release.contents.reifiers import reifying

PART = f"-{REIFIERS}"
CLAIM = f"""
@prefix rdf: <{RDF}> .
<id/claim/1> a vg:Statement ; rdf:subject contract:a ; rdf:predicate rdfs:label ; rdf:object "Vertrag „A“"@de .
<id/claim/2> a vg:Statement ; rdf:subject contract:a ; rdf:predicate vg:partner .
"""


def with_claims(register: Register, releases: Path) -> Release:
    with (register.data / "organisations.ttl").open("a", encoding="utf-8") as file:
        file.write(CLAIM)
    with (register.ontology / "o.ttl").open("a", encoding="utf-8") as file:
        file.write("vg:Statement a owl:Class .\n")
    return build(register, releases).release


def test_both_files_say_which_statement_a_node_stands_for(register: Register, releases: Path) -> None:
    release = with_claims(register, releases)
    label = next(
        quad.triple
        for quad in pyoxigraph.parse(path=release.dump("nt"), format=RdfFormat.N_TRIPLES)
        if quad.subject.value.endswith("/contract/a") and getattr(quad.object, "language", "") == "de"
    )
    expected = Triple(NamedNode(register.iri("id/claim/1")), NamedNode(f"{RDF}reifies"), label)
    (turtle,) = pyoxigraph.parse(path=release.dump("ttl", PART), format=RdfFormat.TURTLE)
    (quad,) = pyoxigraph.parse(path=release.dump("nq", PART), format=RdfFormat.N_QUADS)
    assert turtle.triple == quad.triple == expected
    assert quad.graph_name == NamedNode(register.graph(REIFIERS))
    assert "<<( contract:a rdfs:label" in release.dump("ttl", PART).read_text("utf-8")
    assert REIFIERS not in release.roles
    for path in (release.folder / "dumps").iterdir():
        assert PART in path.name or path.suffix == ".gz" or "reifies" not in path.read_text("utf-8"), path


def test_the_manifest_says_that_it_takes_rdf_1_2(register: Register, releases: Path) -> None:
    files = build(register, releases).release.manifest.files
    types = {name: entry.media_type for name, entry in files.items() if PART in name and not name.endswith(".gz")}
    assert types == {
        "dumps/test-reifiers.ttl": "text/turtle; version=1.2",
        "dumps/test-reifiers.nq": "application/n-quads; version=1.2",
    }
    assert files["dumps/test.ttl"].media_type == "text/turtle"


def test_what_no_triple_can_say_is_left_out() -> None:
    node = "<http://e.org/n>"
    subject, predicate, value = (f"{node} <{RDF}{name}>" for name in ("subject", "predicate", "object"))
    whole = [f'{value} "x" .\n', f"{predicate} <http://e.org/p> .\n", f"{subject} <http://e.org/s> .\n"]
    assert list(reifying(whole)) == [f'{node} <{RDF}reifies> <<( <http://e.org/s> <http://e.org/p> "x" )>> .\n']
    assert list(reifying(whole[:2])) == []
    assert list(reifying([*whole[:2], f'{subject} "s" .\n'])) == []
    assert nt.triple_of(next(reifying(whole))).object == Triple(
        NamedNode("http://e.org/s"), NamedNode("http://e.org/p"), pyoxigraph.Literal("x")
    )
