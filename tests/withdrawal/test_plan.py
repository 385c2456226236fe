"""What goes with a resource that is withdrawn, what stays and why, where the sources still have it, which tombstones stay."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from vertragsgraph.finding import FindingsError
from vertragsgraph.gate import Released
from vertragsgraph.graph import Graphs, collect
from vertragsgraph.register import Register, load_register
from vertragsgraph.withdrawal.plan import Plan, Request, WithdrawalError, iri_named, plan, write

ROOT = Path(__file__).parents[2]
REASONS = {"de": "Versehen.", "en": "Mistake."}
PREFIXES = """
@prefix organisation: <id/organisation/> .
@prefix contract: <id/contract/> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix org: <http://www.w3.org/ns/org#> .
"""


@pytest.fixture(scope="module")
def hesse(tmp_path_factory: pytest.TempPathFactory) -> tuple[Register, Graphs]:
    register = load_register(ROOT)
    return register, collect(register, tmp_path_factory.mktemp("hesse"))


@pytest.fixture
def moorwalde(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "examples/moorwalde", tmp_path / "moorwalde")


def planned(
    register: Register, graphs: Graphs, *names: str, successor: str = "", kept: tuple[str, ...] = (), named: bool = True
) -> Plan:
    asked, kept = ([iri_named(name, register) for name in some] for some in (names, kept))
    reasons = {tag: REASONS[tag] for tag in register.languages}
    successor = iri_named(successor, register) if successor else ""
    return plan(register, graphs, [], Request(asked, reasons, successor, kept, named))


def plan_of(folder: Path, *names: str, **more: str) -> Plan:
    register = load_register(folder)
    return planned(register, collect(register, folder.parent / "graphs"), *names, **more)


def short(register: Register, some: Mapping[str, str]) -> dict[str, str]:
    return {iri.removeprefix(register.iri("id/")): by.removeprefix(register.iri("id/")) for iri, by in some.items()}


def test_what_depends_on_a_contract_goes_and_what_others_name_stays(hesse: tuple[Register, Graphs]) -> None:
    found = planned(*hesse, "contract:drk-hessen").withdrawal
    gone, staying = short(hesse[0], found.gone), short(hesse[0], found.staying)
    assert gone["contract/drk-hessen"] == ""
    assert gone["signing/drk-hessen"] == gone["measure/drk-integrationskultur"] == "contract/drk-hessen"
    assert gone["tenure/norbert-soedler-praesident"] == "utterance/soedler-partnerschaft"
    assert gone["person/norbert-soedler"] == "tenure/norbert-soedler-praesident"
    assert gone["evidence/soedler-s1"] in {"tenure/norbert-soedler-praesident", "organisation/drk-hessen"}
    assert staying["utterance/klose-hand-in-hand"] == "signing/iaf"  # it concerns another contract, too
    assert staying["tenure/kai-klose-minister"] == "signing/iaf"
    assert staying["source/s1"].startswith("evidence/")
    assert not any(iri.startswith(("topic/", "statement/", "mapping/", "source/", "contract/iaf")) for iri in gone)
    assert "evidence/drk-unterzeichnung-s1" not in gone  # others are inferred from it
    assert not any(iri.startswith("topic/") for iri in staying)


def test_each_place_of_the_sources_is_told(hesse: tuple[Register, Graphs]) -> None:
    told = {
        (change.path.name, change.finding.message["en"]) for change in planned(*hesse, "contract:drk-hessen").changes
    }
    text = (ROOT / "data/utterances.ttl").read_text("utf-8")
    line = text[: text.index("utterance:klose-engagement a ")].count("\n") + 1
    last = line + text[text.index("utterance:klose-engagement a ") :].split(" .\n")[0].count("\n")
    assert ("utterances.ttl", f"delete utterance:klose-engagement, to line {last}") in told
    assert (
        "utterances.ttl",
        "take out of evidence:klose-bei-der-unterzeichnung-s1 what it proves no longer: utterance:klose-hand-in-hand vg:concerns "
        "contract:drk-hessen",
    ) in told
    assert (
        "programme.ttl",
        "take out of evidence:austausch-s2 what it proves no longer: contract:drk-hessen vg:servesAim aim:austausch",
    ) in told
    link = "delete this link: organisation:deutsches-rotes-kreuz owl:sameAs wd:Q694104"
    assert ("wikidata.sssom.tsv", link) in told


def test_what_is_to_stay_stays_and_what_it_names(hesse: tuple[Register, Graphs]) -> None:
    found = planned(*hesse, "contract:drk-hessen", kept=("tenure:norbert-soedler-praesident",)).withdrawal
    gone, staying = short(hesse[0], found.gone), short(hesse[0], found.staying)
    assert not {"tenure/norbert-soedler-praesident", "person/norbert-soedler", "office/praesident-drk-hessen"} & {*gone}
    assert staying["tenure/norbert-soedler-praesident"] == ""
    assert "person/nils-moeller" in gone


def test_a_tenure_goes_with_its_person_and_a_contract_stays_without_its_partner(hesse: tuple[Register, Graphs]) -> None:
    gone = short(hesse[0], planned(*hesse, "person:norbert-soedler").withdrawal.gone)
    assert gone["tenure/norbert-soedler-praesident"] == "person/norbert-soedler"
    assert gone["utterance/soedler-partnerschaft"] == "tenure/norbert-soedler-praesident"  # nobody spoke
    found = planned(*hesse, "organisation:iaf")
    assert not any("contract/" in iri for iri in found.withdrawal.gone)
    assert any(
        change.finding.message["en"].endswith("contract:iaf vg:partner organisation:iaf") for change in found.changes
    )


def test_nothing_goes_with_what_gives_way_to_another(hesse: tuple[Register, Graphs]) -> None:
    found = planned(*hesse, "organisation:iaf", successor="organisation/drk-hessen")
    assert short(hesse[0], found.withdrawal.gone) == {"organisation/iaf": ""}
    (tombstone,) = found.tombstones
    assert tombstone.replaced_by == hesse[0].iri("id/organisation/drk-hessen")
    told = [change.finding.message["en"] for change in found.changes]
    assert "write organisation:drk-hessen instead: contract:iaf vg:partner organisation:iaf" in told


def test_what_only_names_each_other_goes(moorwalde: Path) -> None:
    with (moorwalde / "data/organisations.ttl").open("a", encoding="utf-8") as out:
        out.write(PREFIXES)
        out.write("organisation:kreissportbund org:subOrganizationOf organisation:a .\n")
        out.write('organisation:a a vg:Organisation ; rdfs:label "A"@de ; org:linkedTo organisation:b .\n')
        out.write('organisation:b a vg:Organisation ; rdfs:label "B"@de ; org:linkedTo organisation:a .\n')
    register = load_register(moorwalde)
    gone = short(register, plan_of(moorwalde, "contract:schwimmen").withdrawal.gone)
    assert gone["organisation/a"] == "organisation/kreissportbund"
    assert gone["organisation/b"] == "organisation/a"


def test_a_successor_of_a_contract_goes_without_it(moorwalde: Path) -> None:
    register = load_register(moorwalde)
    found = plan_of(moorwalde, "contract:sprachmittlung-2024").withdrawal
    assert [iri for iri in short(register, found.gone) if iri.startswith("contract/")] == [
        "contract/sprachmittlung-2024"
    ]


def test_tombstones_say_with_what_a_resource_went_unless_names_are_to_be_forgotten(moorwalde: Path) -> None:
    register = load_register(moorwalde)
    graphs = collect(register, moorwalde.parent / "graphs")
    by_path = {
        each.iri.removeprefix(register.iri("id/")): each
        for each in planned(register, graphs, "contract:schwimmen").tombstones
    }
    assert by_path["contract/schwimmen"].reasons == {"de": "Versehen."}
    assert by_path["contract/schwimmen"].names == [Literal("Vertrag mit dem Kreissportbund Moorwalde", language="de")]
    with_it = "Zurückgezogen zusammen mit „Vertrag mit dem Kreissportbund Moorwalde“: Versehen."
    assert by_path["grant/schwimmen"].reasons == {"de": with_it}
    assert by_path["evidence/schwimmen-s1"].types == ["https://w3id.org/vertragsgraph/ontology#Evidence"]
    nameless = planned(register, graphs, "contract:schwimmen", named=False).tombstones
    assert not any(each.names for each in nameless)
    assert "Kreissportbund Moorwalde" not in str([each.reasons for each in nameless])


def test_only_what_was_released_gets_a_tombstone_and_nothing_of_a_draft(moorwalde: Path, tmp_path: Path) -> None:
    register = load_register(moorwalde)
    graphs = collect(register, tmp_path / "graphs")
    lines = tmp_path / "resources.nt"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/vertragsgraph/ontology#Contract>"
    lines.write_text(
        "".join(f"<{register.iri(f'id/contract/{name}')}> {kind} .\n" for name in ("frueher", "schwimmen"))
    )
    released = [Released("2026-11-22.1a2b3c4d", lines, ROOT / "ontology/vertragsgraph.ttl")]
    asked = [register.iri(f"id/contract/{name}") for name in ("schwimmen", "frueher")]
    found = plan(register, graphs, released, Request(asked, {"de": "Versehen."}))
    assert [each.iri for each in found.tombstones] == asked  # of what is deleted already, too
    assert found.tombstones[1].types == ["https://w3id.org/vertragsgraph/ontology#Contract"]
    draft = register.model_copy(update={"draft": True})
    draft._folder = moorwalde
    assert plan(draft, graphs, [], Request(asked[:1], {"de": "Versehen."})).tombstones == []


@pytest.mark.parametrize(
    ("name", "successor", "words"),
    [
        ("contract:schwimme", "", "did you mean contract:schwimmen?"),
        ("person:schwimmen", "", "nor in a release of it"),
        ("contract:patenschaften", "", "is withdrawn already"),
        ("contract:schwimmen", "contract:schwimmen", "there is no contract:schwimmen in this register"),
        ("contract:schwimmen", "contract:patenschaften", "is withdrawn already"),
        ("Der Vertrag", "", "no name of a resource"),
        ("https://example.org/elsewhere/id/contract/schwimmen", "", "no name of a resource"),
        ("statement:0123456789abcdef", "", "nor in a release of it"),
    ],
)
def test_what_can_not_be_withdrawn_is_told(moorwalde: Path, name: str, successor: str, words: str) -> None:
    with pytest.raises(WithdrawalError) as raised:
        plan_of(moorwalde, name, successor=successor)
    assert words in raised.value.message["en"]


@pytest.mark.parametrize(
    "name", ["contract:a-b", "contract/a-b", "id/contract/a-b", "<{base}id/contract/a-b>", " {base}id/contract/a-b"]
)
def test_names_are_iris_long_and_short(name: str) -> None:
    register = load_register(ROOT)
    assert iri_named(name.format(base=register.base), register) == register.iri("id/contract/a-b")


def test_tombstones_are_added_to_a_file_whatever_it_declares(moorwalde: Path) -> None:
    file = moorwalde / "data/tombstones.ttl"
    file.write_text(
        "# Vorher.\n@prefix contract: <https://example.org/other/> .\ncontract:x contract:y contract:z .", "utf-8"
    )
    register = load_register(moorwalde)
    found = plan_of(moorwalde, "contract:mitreden").tombstones
    assert write(register, found) == file
    assert file.read_text("utf-8").startswith("# Vorher.\n")
    triples = {quad.triple for quad in parse(path=file, format=RdfFormat.TURTLE, base_iri=register.base)}
    assert triples > {triple for each in found for triple in each.triples()}
    assert any(triple.subject == NamedNode("https://example.org/other/x") for triple in triples)
    before = file.read_text("utf-8")
    write(register, found[:1])
    assert "@prefix" not in file.read_text("utf-8").removeprefix(before)
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_a_file_of_the_month_is_made_and_a_broken_one_is_left_alone(moorwalde: Path) -> None:
    register = load_register(moorwalde)
    found = plan_of(moorwalde, "contract:mitreden").tombstones
    (moorwalde / "data/tombstones.ttl").unlink()
    file = write(register, found)
    assert file.parent == moorwalde / "data/tombstones"
    assert file.read_text("utf-8").startswith(
        "# Was im Register stand und nicht mehr darin steht, und warum.\n\n@prefix "
    )
    file.write_bytes(b"\xff")
    with pytest.raises(FindingsError):
        write(register, found)
    assert file.read_bytes() == b"\xff"
