from __future__ import annotations

from vertragsgraph.finding import Finding, Place
from vertragsgraph.gate import Coverage
from vertragsgraph.gate.checks.evidence import check_evidence
from vertragsgraph.gate.places import Places


def check(copy) -> tuple[Coverage, list[Finding]]:
    return check_evidence(copy.register, copy.collect(), Places(copy.register))


def test_everything_in_the_shipped_register_has_evidence(copy) -> None:
    found, findings = check(copy)
    assert findings == []
    assert found.unproved == 0
    assert found.statements == found.quoted + found.cited > 100
    assert found.cited > 0
    assert found.comparable == found.quoted, "all texts are known"


def test_what_is_inferred_from_quotations_counts_as_quoted(copy) -> None:
    before = check(copy)[0].quoted
    path = copy.folder / "data/evidence/iaf.ttl"
    text = path.read_text("utf-8")
    premises = "prov:wasDerivedFrom evidence:iaf-foerderung-bisherige-s1 , evidence:iaf-unterzeichnung-s1 ;"
    path.write_text(text.replace(premises, "oa:hasSource source:s1 ;"), "utf-8")  # from the source as a whole
    assert check(copy)[0].quoted == before - 1


def test_an_inference_can_be_compared_where_all_its_premises_can(copy) -> None:
    before = check(copy)[0]
    copy.change(
        "evidence:iaf-foerderung-bisherige-s1",
        drop="oa:start",
        add='vg:page "1" ; vg:seenBy <id/organisation/hmsi> ; vg:seenOn "2026-05-04"^^xsd:date',
    )
    found, _ = check(copy)
    assert found.quoted == before.quoted
    assert found.comparable == before.comparable - 1


def test_a_statement_without_evidence(copy) -> None:
    copy.change("contract:iaf", add="vg:topic <id/topic/sport>")
    found, (finding,) = check(copy)
    path = copy.file("contract:iaf")
    assert finding.place == Place(path, copy.line(path, "<id/topic/sport>"))
    assert "there is no evidence for this statement: contract:iaf vg:topic topic:sport" in finding.message["en"]
    assert found.unproved == 1


def test_a_label_needs_none(copy) -> None:
    copy.change("contract:iaf", add='rdfs:comment "Anmerkung"@de')
    assert check(copy)[1] == []


def test_evidence_for_what_nobody_asserts(copy) -> None:
    statement = "[ rdf:subject contract:iaf ; rdf:predicate vg:fundingStatus ; rdf:object vg:Funded ]"
    path = copy.folder / "data/evidence/iaf.ttl"
    text = path.read_text("utf-8")
    first = text.index("vg:supports [")
    path.write_text(
        text[:first] + f"vg:supports {statement} ,\n        " + text[first + len("vg:supports ") :], "utf-8"
    )
    found, (finding,) = check(copy)
    assert finding.place == Place(path, copy.line(path, statement))
    assert finding.message["en"] == (
        "evidence for a statement that nobody asserts: contract:iaf vg:fundingStatus vg:Funded; asserted is vg:NotStated"
    )
    assert found.unproved == 0


def test_a_statement_that_was_changed_after_its_evidence_was_written(copy) -> None:
    copy.change("contract:iaf", drop="vg:fundingStatus", add="vg:fundingStatus vg:Funded")
    _, findings = check(copy)
    path = copy.file("contract:iaf")
    places = {finding.place for finding in findings}
    evidence = copy.folder / "data/evidence/iaf.ttl"
    assert places == {
        Place(path, copy.line(path, "vg:fundingStatus vg:Funded")),
        Place(evidence, copy.line(evidence, "rdf:object vg:NotStated")),
    }


def test_a_statement_that_is_named_in_a_disagreement_alone(copy) -> None:
    copy.append(
        "evidence/disagreements.ttl",
        """
disagreement:new a vg:Disagreement ;
    rdfs:label "Streit"@de , "quarrel"@en ;
    vg:between [ rdf:subject contract:iaf ; rdf:predicate vg:theme ; rdf:object "eins"@de ] ,
        [ rdf:subject contract:iaf ; rdf:predicate vg:theme ; rdf:object "zwei"@de ] ;
    dcterms:creator organisation:vertragsgraph ; dcterms:date "2026-11-22"^^xsd:date .
""",
    )
    path = copy.folder / "data/evidence/disagreements.ttl"
    assert [finding.place for finding in check(copy)[1]] == [
        Place(path, copy.line(path, '"eins"@de')),
        Place(path, copy.line(path, '"zwei"@de')),
    ]


def test_nothing_is_left_behind(copy) -> None:
    graphs = copy.collect()
    before = sorted(graphs.folder.iterdir())
    check_evidence(copy.register, graphs, Places(copy.register))
    assert sorted(graphs.folder.iterdir()) == before
