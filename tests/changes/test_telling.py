"""What changed, in sentences: of an invented register that isn't the shipped one, in its own language and in others."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.changes.conftest import EXAMPLE, Compared, Edit, state
from vertragsgraph.changes import Changes, Sign, State, changes_between, entry_about, tell
from vertragsgraph.texts import LANGUAGES, Language

FRENCH, GERMAN, ENGLISH = map(Language, ("fr", "de", "en"))
BASE = "https://example.org/montclair/id/"


def lines(changes: Changes, language: Language = FRENCH) -> list[str]:
    return [line.replace("\xa0", " ").replace("\u202f", " ") for line in tell(changes, language).lines()]


def nothing(data: Path) -> None:
    """Change nothing."""


def test_where_nothing_changed_nothing_is_told(compared: Compared) -> None:
    changes = compared(nothing)
    assert changes.is_whole
    assert not tell(changes, FRENCH).says_something
    assert lines(changes) == []


def test_acts_and_grants_are_told_with_their_contract(compared: Compared, replacing: Callable[..., Edit]) -> None:
    edit = replacing(
        "contracts/langue-des-signes.ttl",
        ('"2023-05-02"^^xsd:date', '"2023-05"^^xsd:gYearMonth'),
        ("12500.5", "13000"),
        ("vg:topic topic:langues ;", "vg:topic topic:langues , topic:accueil ;"),
    )
    changes = compared(edit)
    name = "Convention sur l'interprétation en langue des signes"
    assert lines(changes) == [
        "Contrats",
        f"  {name} : Thèmes, ajout : accueil",
        f"  {name} : Subvention, montant : 13 000, auparavant : 12 500,5",
        f"  {name} : Conclusion, date : mai 2023, auparavant : 2 mai 2023",
    ]
    assert f"  {name}: Conclusion, date: May 2023, before: 2 May 2023" in lines(changes, ENGLISH)
    assert f"  {name}: Vertragsschluss, Datum: Mai 2023, zuvor: 2. Mai 2023" in lines(changes, GERMAN)


def test_a_signature_is_told_with_the_contract_beyond_the_conclusion(
    compared: Compared, replacing: Callable[..., Edit]
) -> None:
    edit = replacing("contracts/lire-ensemble.ttl", ('"2023-06-12"^^xsd:date', '"2023-06-13"^^xsd:date'))
    (entry,) = compared(edit).entries
    assert entry.iri == f"{BASE}contract/lire-ensemble"
    assert [part.kind for part in entry.parts] == ["signature"]


def test_a_new_contract_is_told_by_the_columns_of_its_table(tmp_path: Path, compared: Compared) -> None:
    def without(data: Path) -> None:
        (data / "contracts/langue-des-signes.ttl").unlink()
        (data / "evidence/langue-des-signes.ttl").unlink()

    gone = compared(without)
    assert lines(gone)[:2] == [
        "Contrats",
        "  Convention sur l'interprétation en langue des signes ne figure plus dans le registre",
    ]
    assert any(re.fullmatch(r"Preuves – suppressions : \d+", line) for line in lines(gone))
    before, after = state(tmp_path / "after", tmp_path / "again"), state(EXAMPLE, tmp_path / "whole")
    told = lines(changes_between(before, after), ENGLISH)
    assert told[1].startswith("  New contract: Convention sur l'interprétation en langue des signes (Partner: ")
    assert "Concluded: 2 May 2023" in told[1]
    assert "Topics: langues" in told[1]
    assert any(re.fullmatch(r"Evidence: \d+ new", line) for line in told)


def test_nodes_for_statements_are_never_told(compared: Compared) -> None:
    def without(data: Path) -> None:
        (data / "contracts/langue-des-signes.ttl").unlink()
        (data / "evidence/langue-des-signes.ttl").unlink()

    changes = compared(without)
    assert {entry.kind for entry in changes.entries}.isdisjoint({"statement", "evidence", "mapping"})
    for language in LANGUAGES:
        told = "\n".join(lines(changes, language))
        assert "statement/" not in told
        assert "#" not in told
        assert not re.search(r"[{}]", told)


def test_a_withdrawn_resource_is_told_with_the_reason_and_what_takes_its_place(
    compared: Compared, replacing: Callable[..., Edit]
) -> None:
    def withdraw(data: Path) -> None:
        replacing("contracts/judo-meuse.ttl", ("topic:sport , topic:enfance", "topic:enfance"))(data)
        topics = data / "topics/topics.ttl"
        text, count = re.subn(r"topic:sport a .*?vivre-ensemble \.\n", "", topics.read_text("utf-8"), flags=re.DOTALL)
        assert count == 1
        topics.write_text(text, "utf-8")
        (data / "tombstones.ttl").write_text(
            "@prefix as: <https://www.w3.org/ns/activitystreams#> .\n"
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
            "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
            "<id/topic/sport> a as:Tombstone ; skos:prefLabel 'sport'@fr ;\n"
            "  skos:changeNote 'Trop large.'@fr , 'Te ruim.'@nl ; dcterms:isReplacedBy <id/topic/enfance> .\n",
            "utf-8",
        )

    told = lines(compared(withdraw))
    assert "  Sport ne figure plus dans le registre (retrait : Trop large) ; remplacement : enfance" in told
    assert [line for line in told if line.endswith(" : Thèmes, suppression : sport")]


def test_a_name_in_another_language_is_told_after_the_own_and_marked(
    compared: Compared, replacing: Callable[..., Edit]
) -> None:
    edit = replacing(
        "contracts/lire-ensemble.ttl", ("« Lire à tout âge » avec", "« Lire » avec"), ("âge” met", "âge” en")
    )
    changes = compared(edit)
    french, dutch = tell(changes, FRENCH).sections[0].told[0].details
    assert [piece.language for piece in french] == [""] * len(french)
    assert "nl" in {piece.language for piece in dutch}
    assert "".join(piece.text for piece in dutch).startswith("Nom (néerlandais)")


def test_of_many_the_first_are_told_and_the_others_counted(synthetic: tuple[State, State]) -> None:
    changes = changes_between(*synthetic, 5)
    assert changes.counts["contract", Sign.NEW] == 57
    assert not changes.is_whole
    told = tell(changes, ENGLISH, 5)
    (section,) = (section for section in told.sections if section.kind == "contract")
    assert sum(item.sign is Sign.NEW for item in section.told) == 5
    assert "52 new" in section.rest
    assert f"  {section.rest}" in list(told.lines())
    assert len(changes.entries) <= 5 * len(Sign) * len({kind for kind, _ in changes.counts})
    everything = changes_between(*synthetic, 1_000)
    assert everything.is_whole
    assert everything.counts == changes.counts


def test_what_became_of_one_resource_can_be_told_without_the_others(synthetic: tuple[State, State]) -> None:
    before, after = synthetic
    everything = changes_between(before, after, 1_000)
    for sign in (Sign.NEW, Sign.CHANGED):
        entry = next(entry for entry in everything.entries if entry.sign is sign and entry.kind == "contract")
        (alone,) = entry_about(before, after, entry.iri).entries
        assert (alone.sign, alone.rows) == (entry.sign, entry.rows)
    (gone,) = entry_about(after, before, next(e.iri for e in everything.entries if e.sign is Sign.NEW)).entries
    assert gone.sign is Sign.GONE
    assert entry_about(before, after, f"{after.base}id/contract/nobody").entries == ()


def test_a_topic_is_concerned_where_a_contract_comes_to_it(compared: Compared, replacing: Callable[..., Edit]) -> None:
    edit = replacing(
        "contracts/langue-des-signes.ttl", ("vg:topic topic:langues ;", "vg:topic topic:langues , topic:accueil ;")
    )
    changes = compared(edit)
    assert [entry.kind for entry in changes.concerning(f"{BASE}topic/accueil")] == ["contract"]
    assert changes.concerning(f"{BASE}topic/langues") == ()


def test_json_has_the_sentences_of_each_resource(compared: Compared, replacing: Callable[..., Edit]) -> None:
    edit = replacing("contracts/langue-des-signes.ttl", ("12500.5", "13000"))
    data: dict[str, Any] = tell(compared(edit), ENGLISH).data()
    assert (data["before"], data["after"]) == ("before", "after")
    (kind,) = data["kinds"]
    assert kind["counts"] == {"new": 0, "changed": 1, "gone": 0}
    (resource,) = kind["resources"]
    assert resource["iri"] == f"{BASE}contract/langue-des-signes"
    assert resource["sentences"][0].endswith("Grant, amount: 13,000, before: 12,500.5")


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> tuple[State, State]:
    """A synthetic register with 3 contracts, and the same with 60."""
    path = Path(__file__).parents[2] / "benchmarks" / "synthetic_register.py"
    spec = importlib.util.spec_from_file_location("synthetic_register", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("synthetic")
    for count in (3, 60):
        module.write_register(folder / str(count), count)
    before, after = (state(folder / str(count), folder / f"graphs-{count}") for count in (3, 60))
    return before, after
