"""Words of sources stand in the passages quoted for them, and are whole or say that they aren't."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vertragsgraph.finding import Finding, Place
from vertragsgraph.gate import quotations
from vertragsgraph.gate.checks.wordings import PHRASE, SENTENCES, check_wordings, is_only_a_part, is_part, spans
from vertragsgraph.gate.places import Places

TEXTS = Path(__file__).parents[4] / "shared/sources"
UTTERANCE = "Vielmehr handelt es sich hierbei um eine Selbstverpflichtung des DRK"
REST = " zu einem interkulturellen Öffnungsprozess in seinen Freiwilligenstrukturen."


def found(copy) -> list[Finding]:
    return check_wordings(copy.register, copy.collect(), Places(copy.register))


def change_words(copy, before: str, after: str) -> None:
    """Say other words of a source in the data and, as the supported statement, in the evidence; quotations stay."""
    changed = 0
    for path in copy.folder.glob("data/**/*.ttl"):
        text = path.read_text("utf-8")
        path.write_text(text.replace(f'"{before}"@de', f'"{after}"@de'), "utf-8")
        changed += text.count(f'"{before}"@de')
    assert changed > 1


def test_the_shipped_register_quotes_what_it_says_that_sources_say(copy) -> None:
    assert found(copy) == []


@pytest.mark.parametrize(
    ("before", "after", "entry"),
    [
        (  # another word than the source has
            "Rollenbilder von Männern und Vätern mit Migrationshintergrund in unserer Gesellschaft",
            "Rollenbilder von Männern und Vätern mit Migrationsgeschichte in unserer Gesellschaft",
            "iaf-thema-s1",
        ),
        (  # a cut accusative, made into a nominative
            "das Ziel, den interkulturellen Öffnungsprozess im Ehrenamt des DRK weiter voranzutreiben und nachhaltige "
            "Strukturen zu schaffen, die eine Integration in und durch ein ehrenamtliches Engagement ermöglichen",
            "interkultureller Öffnungsprozess im Ehrenamt des DRK",
            "drk-wortlaut-s1",
        ),
        (  # a part of a title
            "Antisemitismus und Rassismus in der Migrationsgesellschaft",
            "Antisemitismus und Rassismus",
            "anne-frank-thema-s2",
        ),
        ("Hessische Landesregierung", "Landesregierung Hessen", "landesregierung-s2"),
        (  # the nominative of a name that stands in the dative
            "Hessischen Sozial- und Integrationsministerium",
            "Hessisches Sozial- und Integrationsministerium",
            "drk-ministerium-s1",
        ),
        ("transkulturelle Öffnung", "interkulturelle Öffnung", "moeller-oeffnung-s1"),
        (UTTERANCE + REST, UTTERANCE, "klose-selbstverpflichtung-s1"),
        (
            "Das ist sehr bereichernd und wir möchten das unterstützen und sichtbar machen.",
            "wir möchten das unterstützen und sichtbar machen.",
            "soedler-sichtbar-machen-s1",
        ),
    ],
)
def test_words_that_the_source_does_not_have_or_has_as_a_part(copy, before: str, after: str, entry: str) -> None:
    change_words(copy, before, after)
    findings = found(copy)
    path = copy.file(f"evidence:{entry}")
    assert {finding.focus for finding in findings} == {f"<{copy.register.iri(f'id/evidence/{entry}')}>"}
    for finding in findings:
        place = finding.place
        assert place is not None
        assert place.file == path
        assert path.read_text("utf-8").splitlines()[place.line - 1].startswith("    oa:exact ")
        assert all(after in message for message in finding.message.values())


@pytest.mark.parametrize(
    "after", [f"{UTTERANCE} […]", "[…] eine Selbstverpflichtung des DRK […]", f"Vielmehr […]{REST}"]
)
def test_what_is_left_out_may_be_marked(copy, after: str) -> None:
    change_words(copy, UTTERANCE + REST, after)
    assert found(copy) == []


def test_only_white_space_may_differ(copy) -> None:
    change_words(copy, "Hessische Landesregierung", "Hessische  Landesregierung")
    assert found(copy) == []
    change_words(copy, "Hessische  Landesregierung", "hessische Landesregierung")
    assert {finding.rule for finding in found(copy)} == {"wording"}


def test_a_source_that_is_not_quoted_is_not_held_against_words(copy) -> None:
    """Its text was not at hand: what it says in which words nobody can tell from here."""
    theme = "Antisemitismus und Rassismus in der Migrationsgesellschaft"
    change_words(copy, theme, "Etwas anderes")
    path = copy.file("evidence:anne-frank-thema-s2")
    text = path.read_text("utf-8")
    entry = text[
        text.index("evidence:anne-frank-thema-s2 a ") : text.index("\n\n", text.index("anne-frank-thema-s2 a "))
    ]
    kept = [line for line in entry.splitlines() if "oa:exact" not in line and "oa:start" not in line]
    cited = "\n".join(kept).replace("vg:Stated", "vg:Cited").replace("source:s2", "source:p1")
    path.write_text(text.replace(entry, cited), "utf-8")
    assert found(copy) == []


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the texts of the sources are not at hand")
def test_a_sentence_that_goes_on_after_the_passage_is_known_from_the_text(copy) -> None:
    change_words(copy, UTTERANCE + REST, UTTERANCE)
    path = copy.file("evidence:klose-selbstverpflichtung-s1")
    text = path.read_text("utf-8")
    start = text.index("evidence:klose-selbstverpflichtung-s1 a ")
    entry = (
        text[start:]
        .replace(UTTERANCE + REST, UTTERANCE, 1)
        .replace("oa:end 1973", f"oa:end {1829 + len(UTTERANCE)}", 1)
    )
    entry = re.sub(r"    oa:(?:prefix|suffix) .*\n", "", entry, count=2)
    path.write_text(text[:start] + entry, "utf-8")
    assert found(copy) == [], "the passage ends where the words end"
    graphs = copy.collect()
    (finding,) = (f for f in quotations(copy.register, graphs, TEXTS).findings if "oa:prefix" not in f.message["en"])
    assert "is only a part of what stands there" in finding.message["en"]
    lines = path.read_text("utf-8").splitlines()
    first = lines.index("evidence:klose-selbstverpflichtung-s1 a vg:Evidence ;")
    assert finding.place == Place(path, next(n for n, line in enumerate(lines, 1) if n > first and "oa:exact" in line))


@pytest.mark.parametrize(
    ("before", "wording", "after", "kind", "expected"),
    [
        ("zum Thema „", "Identität", ' und Zugehörigkeit" abgeschlossen', PHRASE, True),
        ("zum Thema „", "Identität und Zugehörigkeit", '" abgeschlossen', PHRASE, False),
        ("„Hand in Hand“ heißt ", "das Ziel", ", „gemeinsam“ zu handeln", PHRASE, False),
        ("the theme “", "Sport", " for all”", PHRASE, True),
        ('"A" and ', "B", ' and "C"', PHRASE, False),
        ("le thème «", "le sport", " pour tous»", PHRASE, True),
        ("Er sagt: „Ja. ", "Wir helfen.", " Gern.“", SENTENCES, False),
        ("Er sagt, ", "Wir helfen.", "", SENTENCES, True),
        ("", "我们帮助。", "", SENTENCES, False),
        ("", "Wir helfen", "", "expression", False),
    ],
)
def test_what_is_whole(before: str, wording: str, after: str, kind: str, expected: bool) -> None:
    assert is_part(before, wording, after, kind) is expected


def test_words_may_be_whole_in_one_place_and_a_part_in_another() -> None:
    passage = "Wir helfen gern, sagt sie, und nochmals: „Wir helfen“"
    assert is_only_a_part("Wir helfen", passage, SENTENCES) is False
    assert is_only_a_part("Wir helfen", passage[:20], SENTENCES) is True
    assert is_only_a_part("Ihr helft", passage, SENTENCES) is None


def test_nothing_but_what_is_left_out_is_no_wording() -> None:
    assert list(spans("[…]", "Wir helfen.")) == []
