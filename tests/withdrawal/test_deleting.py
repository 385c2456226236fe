"""What is withdrawn is deleted where whole lines have nothing else, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from vertragsgraph.register import Register
from vertragsgraph.withdrawal.deleting import delete
from vertragsgraph.withdrawal.sources import to_change

PREFIXES = """# Notes stay.
@prefix a: <id/organisation/> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

"""
STAYS = 'a:b a vg:Organisation ;\n    rdfs:label "B"@de .\n'

RegisterOf = Callable[[dict[str, str]], Register]


def deleted(register: Register) -> list[str]:
    gone = {register.iri("id/organisation/a")}
    return [path.name for path in delete(register, to_change(register, gone), gone)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("block", ['a:a a vg:Organisation ;\n    rdfs:label "A"@de .\n\n', "a:a a vg:Organisation .\n"])
def test_whole_lines_go_and_all_others_stay(register_of: RegisterOf, block: str, end: str) -> None:
    register = register_of({"organisations.ttl": ""})
    file = register.data / "organisations.ttl"
    file.write_bytes((PREFIXES + block + STAYS).replace("\n", end).encode())
    assert deleted(register) == ["organisations.ttl"]
    assert file.read_bytes() == (PREFIXES + STAYS).replace("\n", end).encode()


@pytest.mark.parametrize(
    "text",
    [
        'a:a a vg:Organisation . a:b a vg:Organisation ;\n    rdfs:label "B"@de .\n',  # two on one line
        'a:a a vg:Organisation ;\n    rdfs:label "A"@de\n    .\n',  # it ends later
        'a:a a vg:Organisation ;\n    rdfs:label """A\nB"""@de .\n',
        "a:b rdfs:seeAlso a:a .\n",  # it is only named
    ],
)
def test_a_file_that_would_say_something_else_is_left_alone(register_of: RegisterOf, text: str) -> None:
    register = register_of({"organisations.ttl": PREFIXES + text})
    assert deleted(register) == []
    assert (register.data / "organisations.ttl").read_text("utf-8") == PREFIXES + text
    assert [path.name for path in register.data.iterdir()] == ["organisations.ttl"]


def test_a_file_without_statements_is_removed_and_a_link_to_it_is_followed(register_of: RegisterOf) -> None:
    register = register_of({"people/x.md": "", "organisations/a.ttl": PREFIXES + "a:a a vg:Organisation .\n"})
    elsewhere = register.folder / "b.txt"
    elsewhere.write_text(PREFIXES + 'a:a rdfs:label "A"@de .\n' + STAYS, "utf-8")
    link = register.data / "organisations/b.ttl"
    link.symlink_to(elsewhere)
    assert deleted(register) == ["a.ttl", "b.ttl"]
    assert [path.name for path in link.parent.iterdir()] == ["b.ttl"]
    assert link.is_symlink()
    assert elsewhere.read_text("utf-8") == PREFIXES + STAYS


def test_brackets_go_with_their_entry(register_of: RegisterOf) -> None:
    head = """@prefix evidence: <id/evidence/> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
    entry = """evidence:{name} a vg:Evidence ;
    vg:supports [ rdf:subject <id/organisation/{name}> ; rdf:predicate vg:x ; rdf:object "1" ] ,
        [ rdf:subject <id/organisation/{name}> ; rdf:predicate vg:x ; rdf:object "2" ] ;
    vg:supportKind vg:Cited ;
    oa:hasSource <id/source/s1> ;
    dcterms:creator <id/organisation/e> ; dcterms:date "2026-11-09"^^xsd:date .
"""
    register = register_of({"evidence.ttl": head + entry.format(name="a") + "\n" + entry.format(name="b")})
    gone = {register.iri("id/evidence/a"), register.iri("id/organisation/a")}
    assert [path.name for path in delete(register, to_change(register, gone), gone)] == ["evidence.ttl"]
    assert (register.data / "evidence.ttl").read_text("utf-8") == head + entry.format(name="b")


def test_what_stands_beside_its_evidence_is_deleted_with_it(register_of: RegisterOf) -> None:
    common = """@prefix organisation: <id/organisation/> .
@prefix evidence: <id/evidence/> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
    block = """organisation:{name} a vg:Organisation ;
    vg:x "1" {{| vg:evidence evidence:{name} |}} .

evidence:{name} a vg:Evidence ; oa:hasSource <id/source/s1> ;
    vg:cites [ rdf:subject organisation:{name} ; vg:x "2" , "3" ] ;
    dcterms:creator <id/organisation/e> ; dcterms:date "2026-11-09"^^xsd:date .
"""
    text = block.format(name="a") + "\n" + block.format(name="b")
    register = register_of({"prefixes.ttl": common, "organisations.ttl": text})
    gone = {register.iri("id/evidence/a"), register.iri("id/organisation/a")}
    assert [path.name for path in delete(register, to_change(register, gone), gone)] == ["organisations.ttl"]
    assert (register.data / "organisations.ttl").read_text("utf-8") == block.format(name="b")
    one = {register.iri("id/evidence/b")}
    told = [change.finding.message["en"] for change in to_change(register, one)]
    assert "take out, or name something else: organisation:b vg:evidence evidence:b" in told


def test_rows_of_links_are_deleted(register_of: RegisterOf) -> None:
    head = "# curie_map:\n#   organisation: id/organisation/\n#   wd: http://www.wikidata.org/entity/\n"
    columns = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    row = "organisation:{name}\towl:sameAs\twd:Q1\tsemapv:ManualMappingCuration\n"
    rows = [row.format(name=name) for name in ("a", "b")]
    register = register_of({"links/wikidata.sssom.tsv": head + columns + "".join(rows)})
    assert deleted(register) == ["wikidata.sssom.tsv"]
    assert (register.data / "links/wikidata.sssom.tsv").read_text("utf-8") == head + columns + rows[1]
