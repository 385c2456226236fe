"""The gate with shapes of a test's own: what the shipped ones don't use, or get wrong on purpose."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from vertragsgraph.finding import Finding, Place, Severity
from vertragsgraph.gate.checks.validation import are_shipped, validate
from vertragsgraph.gate.places import Places
from vertragsgraph.register import load_register, shipped_folder, start_register

pytest.importorskip("shacl", reason="there is no wheel of shacl for this platform")

PREFIXES = """
@prefix s: <https://example.org/shapes#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HESSEN = "https://w3id.org/vertragsgraph/hessen/id/place/hessen"
FAST = pytest.mark.parametrize("fast", [False, True], ids=["pyshacl", "shacl"])


def findings(copy, shapes: str, fast: bool) -> list[Finding]:
    (copy.folder / "shapes").mkdir(exist_ok=True)
    (copy.folder / "shapes/own.ttl").write_text(PREFIXES + shapes, "utf-8")
    return list(validate(copy.register, copy.collect(), Places(copy.register), fast=fast).findings)


def place(copy, file: str, text: str) -> Place:
    path = copy.folder / "data" / file
    return Place(path, copy.line(path, text))


@FAST
def test_a_property_shape_without_a_name_is_told_by_the_shape_around_it(copy, fast: bool) -> None:
    shapes = "s:Office a sh:NodeShape ; sh:targetClass vg:MinisterialOffice ; sh:property [ sh:path vg:words ; sh:minCount 1 ] ."
    (finding,) = findings(copy, shapes, fast)
    assert finding.rule == "https://example.org/shapes#Office"
    assert finding.message["en"] == "office:minister-soziales-integration: a value is missing here (vg:words)"
    assert finding.place == place(copy, "offices.ttl", "office:minister-soziales-integration a ")


@FAST
def test_a_component_without_words_of_its_own(copy, fast: bool) -> None:
    shapes = f"s:Place a sh:NodeShape ; sh:targetNode <{HESSEN}> ; sh:not [ sh:nodeKind sh:IRI ] ."
    (finding,) = findings(copy, shapes, fast)
    assert finding.message["en"] == "place:hessen: sh:Not does not hold"


@FAST
def test_a_message_in_one_language_serves_in_the_other(copy, fast: bool) -> None:
    shapes = """s:Place a sh:NodeShape ; sh:targetNode <https://w3id.org/vertragsgraph/hessen/id/place/hessen> ;
        sh:property [ sh:path rdfs:label ; sh:maxCount 1 ; sh:message "Einer genügt."@de ] ."""
    (finding,) = findings(copy, shapes, fast)
    assert finding.message["de"] == "place:hessen: Einer genügt."
    assert finding.message["en"] == "place:hessen: there are more values than there may be (rdfs:label)"


@FAST
def test_sparql_constraints(copy, fast: bool) -> None:
    shapes = """s:Signing a sh:NodeShape ; sh:targetClass vg:Signing ; sh:severity sh:Warning ; sh:sparql [
        sh:select '''SELECT $this ?value WHERE {
            $this <https://w3id.org/vertragsgraph/ontology#date> ?value FILTER(CONTAINS(STR(?value), "2019")) }''' ;
        sh:message "Am {?value} war es."@de , "It was on {?value}."@en ] ."""
    found = findings(copy, shapes, fast)
    assert [finding.severity for finding in found] == [Severity.WARNING] * 2
    assert found[0].message["de"].startswith("signing:drk-hessen: Am 2019-06-03 war es.")
    assert found[0].message["en"].startswith("signing:drk-hessen: It was on 2019-06-03.")
    assert found[0].place == place(copy, "contracts/drk-hessen.ttl", 'vg:date "2019-06-03"')


@FAST
def test_paths(copy, fast: bool) -> None:
    shapes = """s:S a sh:NodeShape ; sh:targetClass vg:MinisterialOffice ;
            sh:property s:inverse , s:sequence , s:alternative , s:more .
        s:inverse sh:path [ sh:inversePath vg:inOffice ] ; sh:class vg:Office .
        s:sequence sh:path ( [ sh:inversePath vg:inOffice ] org:member ) ; sh:class vg:Office .
        s:alternative sh:path [ sh:alternativePath ( rdfs:label org:postIn ) ] ; sh:nodeKind sh:Literal .
        s:more sh:path [ sh:oneOrMorePath org:postIn ] ; sh:nodeKind sh:Literal ."""
    found = {finding.rule.rpartition("#")[2]: finding for finding in findings(copy, shapes, fast)}
    assert {rule: finding.message["en"].rpartition("(")[2] for rule, finding in found.items()} == {
        "inverse": "^vg:inOffice tenure:kai-klose-minister)",
        "sequence": "^vg:inOffice/org:member person:kai-klose)",
        "alternative": "rdfs:label|org:postIn organisation:hmsi)",
        "more": "org:postIn+ organisation:hmsi)",
    }
    tenure = place(copy, "people.ttl", "vg:inOffice office:minister-soziales-integration")
    post = place(copy, "offices.ttl", "org:postIn organisation:hmsi")
    assert {rule: finding.place for rule, finding in found.items()} == {
        "inverse": tenure,
        "sequence": tenure,
        "alternative": post,
        "more": post,
    }


@FAST
def test_a_focus_node_that_is_described_nowhere(copy, fast: bool) -> None:
    copy.change("office:praesident-drk-hessen", drop="org:postIn", add="org:postIn <id/organisation/none>")
    shapes = "s:S a sh:NodeShape ; sh:targetObjectsOf org:postIn ; sh:property [ sh:path rdfs:label ; sh:minCount 1 ] ."
    (finding,) = findings(copy, shapes, fast)
    assert finding.place == place(copy, "offices.ttl", "<id/organisation/none>")


@FAST
def test_a_property_shape_without_a_path(copy, fast: bool) -> None:
    (finding,) = findings(
        copy, "s:S a sh:NodeShape ; sh:targetClass vg:Contract ; sh:property [ sh:minCount 1 ] .", fast
    )
    assert finding.severity is Severity.VIOLATION
    assert finding.message["en"] == "a property shape of <https://example.org/shapes#S> has no sh:path, or several"


@FAST
@pytest.mark.parametrize(
    "shapes",
    [
        "s:S a sh:NodeShape ; sh:targetClass vg:Signing ; sh:property [ sh:path vg:date ; sh:minCount 'one' ] .",
        "s:S a sh:NodeShape ; sh:targetClass vg:Signing ; sh:datatype xsd:date , xsd:gYear .",
    ],
)
def test_shapes_that_make_no_sense(copy, shapes: str, fast: bool) -> None:
    (finding,) = findings(copy, shapes, fast)
    assert finding.severity is Severity.VIOLATION
    assert finding.message["en"].startswith("the shapes can't be used: ")
    assert finding.place == Place(Path(copy.folder / "shapes"))


@FAST
def test_classes_that_are_parts_of_others(copy, fast: bool) -> None:
    """A shape for a class holds for what is of a class within it; what follows from domains and ranges doesn't count."""
    shapes = """s:S a sh:NodeShape ; sh:targetClass vg:Contract ; sh:property [ sh:path vg:partner ; sh:class vg:Organisation ] ."""
    assert findings(copy, shapes, fast) == []
    copy.change("contract:iaf", drop="vg:partner", add="vg:partner <id/place/hessen>")
    (finding,) = findings(copy, shapes, fast)
    assert finding.place == place(copy, "contracts/iaf.ttl", "vg:partner <id/place/hessen>")


@FAST
def test_of_a_wrong_literal_nothing_is_told_or_logged(copy, caplog: pytest.LogCaptureFixture, fast: bool) -> None:
    """That is a matter of its own (`vertragsgraph.gate.checks.literals`)."""
    copy.change("signing:iaf", drop="vg:date", add='vg:date "2019-13-99"^^xsd:date')
    found = findings(
        copy,
        "s:S a sh:NodeShape ; sh:targetClass vg:Signing ; sh:property [ sh:path vg:date ; sh:datatype xsd:date ] .",
        fast,
    )
    assert "signing:iaf" not in "".join(finding.message["en"] for finding in found)
    assert caplog.records == []


@FAST
@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ("s:S a sh:PropertyShape ; sh:targetClass vg:Contract ; sh:minCount 1 .", "has no sh:path, or several"),
        ("s:S a sh:PropertyShape ; sh:targetClass vg:Contract ; sh:class vg:Act .", "has no sh:path, or several"),
        (
            "s:S a sh:NodeShape ; sh:targetClass vg:Contract . s:T a sh:NodeShape ; sh:class vg:Act .",
            "shapes#T> has no target",
        ),
        ("s:S a sh:NodeShape ; sh:targetClass vg:Contract ; sh:rule [ sh:deactivated true ] .", "sh:rule of"),
        *(
            (f"s:S a sh:NodeShape ; sh:targetClass vg:Contract ; sh:pattern '{pattern}' .", f"has {part}, which")
            for pattern, part in [
                (r"^(?=a)", "(?="),
                (r"(a)\\1", r"\1"),
                (r"^\\p{L}+$", r"\p"),
                (r"[a-z&&[e]]", "[a-z&&[e]"),
                (r"a++", "++"),
                (r"a{,2}", "{"),
                (r"a\\Z", r"\Z"),
                (r"(?i)a", "(?i"),
                (r"a(", "a("),
            ]
        ),
        ("s:S a sh:NodeShape ; sh:targetClass vg:Contract ; sh:pattern 'a b' ; sh:flags 'x' .", "has x, which"),
        ("s:S a sh:NodeShape ; sh:targetClass vg:Contract ; sh:property s:Nowhere .", "Nowhere>->sh:path"),
        ("s:S sh:targetClass vg:Contract ; sh:property [ sh:path vg:date ; sh:uniqueLang 1 ] .", "Focus Node"),
        ("s:S sh:targetClass vg:Contract ; sh:property [ sh:path vg:date ; sh:maxCount 1 , 2 ] .", "Focus Node"),
        ("s:S sh:targetClass vg:Contract ; sh:property [ sh:path vg:date ; sh:in s:Nowhere ] .", "Focus Node"),
    ],
)
def test_shapes_about_which_engines_do_not_agree(copy, shapes: str, said: str, fast: bool) -> None:
    assert said in " ".join(finding.message["en"] for finding in findings(copy, shapes, fast))


@FAST
def test_a_shape_that_others_name_needs_no_target(copy, fast: bool) -> None:
    shapes = """s:S a sh:NodeShape ; sh:targetClass vg:Contract ; sh:or ( s:A s:B ) .
        s:A a sh:NodeShape ; sh:class vg:Contract . s:B a sh:NodeShape ; sh:class vg:IntegrationContract ."""
    assert findings(copy, shapes, fast) == []


@FAST
def test_the_end_of_a_text_is_not_before_a_line_feed(copy, fast: bool) -> None:
    copy.change("grant:landesfachstelle-hessen", add='schema:currency "EUR\\n"')
    shapes = """s:S a sh:NodeShape ; sh:targetSubjectsOf <https://schema.org/currency> ;
        sh:property [ sh:path <https://schema.org/currency> ; sh:pattern "^[A-Z]{3}$" ] ."""
    (finding,) = findings(copy, shapes, fast)
    assert finding.message["en"].startswith("grant:landesfachstelle-hessen: ")


@FAST
@pytest.mark.parametrize("file", ["", "README.md"])
def test_a_folder_without_shapes_is_refused(copy, file: str, fast: bool) -> None:
    (copy.folder / "shapes").mkdir()
    if file:
        (copy.folder / "shapes" / file).write_text("x", "utf-8")
    register = copy.register
    (finding,) = validate(register, copy.collect(), Places(register), fast=fast).findings
    assert finding.place == Place(copy.folder / "shapes")
    assert finding.message["en"].startswith("no shape here has a target")


def test_the_shipped_shapes_are_known_whatever_the_languages_and_wherever_they_lie(copy, tmp_path: Path) -> None:
    start_register(tmp_path / "french", "montclair", "https://donnees.montclair.example/registre/", ["fr"])
    assert are_shipped(load_register(tmp_path / "french"))
    assert are_shipped(copy.register)
    shutil.copytree(shipped_folder() / "shapes", copy.folder / "shapes")
    assert are_shipped(copy.register)


@pytest.mark.parametrize("change", ["changed", "more", "less"])
def test_shapes_of_a_register_s_own_are_told_from_the_shipped_ones(copy, change: str) -> None:
    shapes = copy.folder / "shapes"
    shutil.copytree(shipped_folder() / "shapes", shapes)
    if change == "changed":
        with (shapes / "contracts.ttl").open("a") as out:
            out.write("\n<urn:a> <urn:b> <urn:c> .\n")
    elif change == "more":
        (shapes / "own.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    else:
        (shapes / "contracts.ttl").unlink()
    assert not are_shipped(copy.register)
