from __future__ import annotations

from vertragsgraph.finding import Place
from vertragsgraph.gate import check
from vertragsgraph.gate.checks.contradictions import check_contradictions
from vertragsgraph.gate.places import Places


def test_the_shipped_register_has_none(copy) -> None:
    assert check_contradictions(copy.register, copy.collect(), Places(copy.register)) == []


def test_a_person_that_is_an_organisation(copy) -> None:
    """The message names the files of both statements, whichever of them is wrong."""
    copy.append("organisations.ttl", "\n<id/person/kai-klose> a vg:Organisation .\n")
    report = check(copy.register, copy.collect())
    assert not report.conforms
    people, organisations = (copy.folder / "data" / name for name in ("people.ttl", "organisations.ttl"))
    one = Place(people, copy.line(people, "person:kai-klose a vg:Person"))
    other = Place(organisations, copy.line(organisations, "<id/person/kai-klose>"))
    (finding,) = (finding for finding in report.findings if finding.rule == "contradiction")
    for language in ("de", "en"):
        assert f"person:kai-klose rdf:type vg:Person ({one})" in finding.message[language]
        assert f"person:kai-klose rdf:type vg:Organisation ({other})" in finding.message[language]
    assert finding.place == min(one, other)


def test_what_follows_leads_to_what_is_asserted(copy) -> None:
    """Who is somebody's partner is an organisation; so a place can't be."""
    copy.append("contracts/iaf.ttl", "\ncontract:iaf vg:partner <id/person/kai-klose> .\n")
    report = check(copy.register, copy.collect())
    findings = [finding for finding in report.findings if finding.rule == "contradiction"]
    path = copy.folder / "data/contracts/iaf.ttl"
    place = Place(path, copy.line(path, "<id/person/kai-klose>"))
    assert any(str(place) in finding.message["de"] and finding.place == place for finding in findings)
