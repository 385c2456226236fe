"""The search index: what is found, how it is marked, and that it is the same file each time."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.register import shipped_kinds
from vertragsgraph.release import Release
from vertragsgraph.search import Found, Hit, SearchIndex, find, legal_forms, write
from vertragsgraph.search import index as reading
from vertragsgraph.search.analysis import LegalForms, analyse, words
from vertragsgraph.search.identifiers import key, keys


@pytest.fixture(scope="module")
def path(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("search") / "search.sqlite"
    forms = legal_forms(lambda: nt.read(release.dump("nt")))
    write(nt.read(release.dump("nt")), file, release.base, forms)
    return file


@pytest.fixture(scope="module")
def index(path: Path) -> SearchIndex:
    return SearchIndex(path, shipped_kinds().main)


def paths(found: Found) -> list[str]:
    return [hit.path for hit in found.hits]


def marked(hit: Hit) -> list[str]:
    return [mark.text for mark in (*hit.title, *hit.passage) if mark.hit]


@pytest.mark.parametrize("text", ["Öffnung", "Oeffnung", "Offnung", "öffnung", "OEFFNUNG"])
def test_umlauts_are_found_however_they_are_written(index: SearchIndex, text: str) -> None:
    found = find(index, text)
    assert "id/topic/interkulturelle-oeffnung" in paths(found)
    assert "Öffnung" in marked(found.hits[0])


FRENCH = {
    "a": "Association sportive communale",
    "b": "Convention avec les jeunes",
    "c": "Maison de la citoyenneté",
}


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    base, label = "https://example.org/r/", "<http://www.w3.org/2000/01/rdf-schema#label>"
    lines = [f'<{base}id/contract/{name}> {label} "{text}"@fr .\n' for name, text in FRENCH.items()]
    file = tmp_path_factory.mktemp("french") / "search.sqlite"
    write(lines, file, base)
    return SearchIndex(file, shipped_kinds().main)


@pytest.mark.parametrize(
    ("text", "expected", "hit"),
    [
        ("associations", "a", "Association"),
        ("sportives communales", "a", "communale"),
        ("conventions", "b", "Convention"),
        ("jeune", "b", "jeunes"),
        ("maisons", "c", "Maison"),
        ("citoyennete", "c", "citoyenneté"),
    ],
)
def test_french_words_are_found_in_singular_and_plural(french: SearchIndex, text: str, expected: str, hit: str) -> None:
    found = find(french, text, "fr")
    assert paths(found)[:1] == [f"id/contract/{expected}"]
    assert hit in marked(found.hits[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("integr", "id/topic/integration"),
        ("Kai Klo", "id/person/kai-klose"),
        ("Jugendrng", "id/organisation/hessischer-jugendring"),
        ("Hesischer Jugendring", "id/organisation/hessischer-jugendring"),
        ("antisemitsm", "id/topic/antisemitismus"),
        ("iaf", "id/organisation/iaf"),
        ("German Red Cross", "id/organisation/deutsches-rotes-kreuz"),
        ("Deutschen Roten Kreuzes", "id/organisation/deutsches-rotes-kreuz"),
        ("Q1199", "id/place/hessen"),
        ("https://d-nb.info/gnd/4024729-6", "id/place/hessen"),
    ],
)
def test_names_are_found_by_beginnings_and_in_spite_of_typing_errors(
    index: SearchIndex, text: str, expected: str
) -> None:
    assert expected in paths(find(index, text))[:3]


def test_the_whole_name_comes_first(index: SearchIndex) -> None:
    assert paths(find(index, "DRK"))[0] == "id/organisation/deutsches-rotes-kreuz"
    assert paths(find(index, "Integration"))[0] == "id/topic/integration"


def test_contracts_come_before_what_is_said_about_them(index: SearchIndex) -> None:
    found = find(index, "Integrationsvertrag")
    assert {hit.kind for hit in found.hits[:4]} == {"contract"}


def test_quotations_are_found_and_marked(index: SearchIndex) -> None:
    found = find(index, "nicht mit einer Landesförderung verbunden", kinds=["evidence"])
    assert "id/evidence/drk-keine-foerderung-s1" in paths(found)
    assert "Landesförderung" in marked(found.hits[0])


def test_labels_come_in_the_language_asked_for(index: SearchIndex) -> None:
    titles = {
        language: "".join(mark.text for mark in find(index, "Hessen", language, ["place"]).hits[0].title)
        for language in ("de", "en")
    }
    assert titles == {"de": "Hessen", "en": "Hesse"}


def test_kinds_narrow_the_hits_and_are_counted(index: SearchIndex) -> None:
    everything, contracts = find(index, "DRK"), find(index, "DRK", kinds=["contract"])
    assert everything.kinds["contract"] == contracts.total == len(contracts.hits)
    assert everything.total == sum(everything.kinds.values())


def test_pages_follow_each_other_without_gap_or_repetition(index: SearchIndex) -> None:
    whole = paths(find(index, "Hessen", limit=100))
    parts = [path for offset in range(0, 100, 7) for path in paths(find(index, "Hessen", limit=7, offset=offset))]
    assert parts == whole
    assert len(set(whole)) == len(whole)


@pytest.mark.parametrize("text", ["", " ", "?!", '"', "*", "AND", "a OR", "NEAR(", "x" * 10_000, "-", "öä ü", "\0"])
def test_no_text_breaks_the_search(index: SearchIndex, text: str) -> None:
    assert find(index, text).total >= 0


@given(st.text(max_size=40))
def test_whatever_is_typed_gets_an_answer(index: SearchIndex, text: str) -> None:
    found = find(index, text)
    assert len(found.hits) <= found.total


def test_the_same_release_gives_the_same_file(release: Release, path: Path, tmp_path: Path) -> None:
    forms = legal_forms(lambda: nt.read(release.dump("nt")))
    write(nt.read(release.dump("nt")), tmp_path / "again.sqlite", release.base, forms)
    assert (tmp_path / "again.sqlite").read_bytes() == path.read_bytes()


def test_threads_share_an_index(path: Path) -> None:
    index, totals = SearchIndex(path), []
    threads = [threading.Thread(target=lambda: totals.append(find(index, "Hessen").total)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(totals) == 8
    assert len(set(totals)) == 1


def test_parts_of_a_resource_count_as_said_of_it(tmp_path: Path) -> None:
    base = "https://example.org/r/"
    exact, label = "<http://www.w3.org/ns/oa#exact>", "<http://www.w3.org/2000/01/rdf-schema#label>"
    lines = sorted(
        f"<{base}id/evidence/{subject}> {predicate} {value} .\n"
        for subject, predicate, value in [
            ("p1", label, '"Erste"@de'),
            ("p1/quote", exact, '"eins \\"zwei\\" drei"'),
            ("p10", label, '"Zehnte"@de'),
            ("p10/quote", exact, '"vier"'),
        ]
    )
    write(lines, tmp_path / "s", base)
    index = SearchIndex(tmp_path / "s")
    assert paths(find(index, "zwei")) == ["id/evidence/p1"]
    assert paths(find(index, "vier")) == ["id/evidence/p10"]
    assert find(index, "Erste").total == 0


def test_only_exact_links_say_that_two_are_the_same(index: SearchIndex) -> None:
    assert [index.resources([number])[number].path for number in index.same("wd:Q1199")] == ["id/place/hessen"]
    assert index.same("http://eurovoc.europa.eu/1469") == []
    assert len(index.identified("http://eurovoc.europa.eu/1469")) == 1


FORMS = LegalForms(
    {
        "ev": ["eingetragener Verein", "registered association", "e.V."],
        "ug": ["UG"],
        "ggmbh": ["gGmbH", "gemeinnützige GmbH"],
        "asbl": ["association sans but lucratif", "ASBL"],
        "ag": ["AG"],
    }
)


@pytest.mark.parametrize(
    ("text", "tokens", "form"),
    [
        ("Deutsches Rotes Kreuz e.V.", "deutsch rot kreuz", "ev"),
        ("Deutsches Rotes Kreuz eV", "deutsch rot kreuz", "ev"),
        ("Deutsches Rotes Kreuz e. V., Landesverband Hessen", "deutsch rot kreuz landesverband hess", "ev"),
        ("Deutsches Rotes Kreuz (eingetragener Verein)", "deutsch rot kreuz", "ev"),
        ("Lebenshilfe gGmbH", "lebenshilf", "ggmbh"),
        ("Lebenshilfe gemeinnützige GmbH", "lebenshilf", "ggmbh"),
        ("Sport pour tous asbl", "sport pour tou", "asbl"),
        ("Sport pour tous, association sans but lucratif", "sport pour tou", "asbl"),
        ("Schiffahrt AG", "schiffahrt", "ag"),
        ("Initiative AG Jugend", "initiativ ag jugend", ""),
        ("Ev. Kirche", "ev kirch", ""),
        ("Gemeinde ev. Christen", "gemeind ev christ", ""),
        ("AG Jugend", "ag jugend", ""),
        ("Stichting vzw", "stichting vzw", ""),
        ("Die", "die", ""),
    ],
)
def test_names_are_told_from_their_legal_forms(text: str, tokens: str, form: str) -> None:
    name = analyse(text, FORMS)
    assert (" ".join(name.tokens), name.form) == (tokens, form)


def test_legal_forms_are_those_that_organisations_of_the_register_have(index: SearchIndex) -> None:
    ((code, names),) = index.forms.names.items()
    assert code.endswith("/form/eingetragener-verein")
    assert set(names) == {"eingetragener Verein", "registered association", "e.V."}


def test_an_index_from_before_there_were_forms_is_read(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "search.sqlite"
    shutil.copy(path, old)
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.executescript(
            "DROP TABLE form; DROP TABLE recorded; UPDATE about SET value = 1 WHERE key = 'version'"
        )
    assert "id/organisation/iaf" in paths(find(SearchIndex(old), "binationaler Familien"))


@given(st.text())
@example("ᴬℌ")
def test_words_are_folded_and_never_empty(text: str) -> None:
    assert all(word and word == word.casefold() and not word.isspace() for word in words(text))
    assert words(text) == words(f" {text}, ")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("http://www.wikidata.org/entity/Q1199", "wikidata:Q1199"),
        ("https://www.wikidata.org/wiki/Q1199", "wikidata:Q1199"),
        ("https://www.wikidata.org/wiki/Q1199?uselang=de", "wikidata:Q1199"),
        ("https://www.wikidata.org/wiki/Q1199#sitelinks", "wikidata:Q1199"),
        ("https://m.wikidata.org/wiki/q1199?action=history#x", "wikidata:Q1199"),
        ("https://www.wikidata.org/wiki/Special:EntityData/Q1199", "wikidata:Q1199"),
        ("https://WWW.wikidata.org/wiki/Special:EntityData/Q1199.ttl?flavor=simple", "wikidata:Q1199"),
        ("<http://www.wikidata.org/entity/Q1199>", "wikidata:Q1199"),
        ("wd:q1199", "wikidata:Q1199"),
        ("(DE-588)4024729-6", "gnd:4024729-6"),
        ("gnd:4024729-6", "gnd:4024729-6"),
        ("http://d-nb.info/gnd/4024729-6/about/lds.ttl", "gnd:4024729-6"),
        ("https://lobid.org/gnd/4024729-6.json", "gnd:4024729-6"),
        ("http://www.geonames.org/2905330/hessen.html", "geonames:2905330"),
        ("https://sws.geonames.org/2905330/about.rdf", "geonames:2905330"),
        ("https://example.org/a#b", "example.org/a#b"),
        ("https://example.org/a?b=c", "example.org/a?b=c"),
    ],
)
def test_an_identifier_has_one_key_however_it_is_written(text: str, meant: str) -> None:
    assert keys(text) == [meant]
    assert key("https://sws.geonames.org/2905330/") == "geonames:2905330"


def test_what_was_read_stays_in_memory_up_to_a_limit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = SearchIndex(path)
    numbers = [number for (number,) in everything.rows("SELECT id FROM resource")]
    monkeypatch.setattr(reading, "KEPT", 5)
    few = SearchIndex(path)
    for number in [*numbers, *reversed(numbers)]:
        assert few.entries([number, numbers[0]]) == everything.entries([number, numbers[0]])
        assert len(few._entries) <= 5 + 2
