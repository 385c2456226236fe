"""A tenure of which no end is known never reads as one that lasts."""

from __future__ import annotations

import csv
import io
import re

import pytest

from vertragsgraph.release import Release

from ..in_process import asked_of, get

PATHS = ["/doc/person/kai-klose", "/doc/office/minister-soziales-integration"]
SPOKEN = {"de": "ab 18. Januar 2019, Ende nicht angegeben", "en": "from 18 January 2019, end not stated"}
SINCE = re.compile(r"\b([Ss]eit|[Ss]ince)\b")


def words(text: str) -> str:
    main = text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_say_that_the_end_is_not_stated(release: Release, path: str, language: str) -> None:
    headers = {"Accept": "text/html", "Accept-Language": language}
    (answer,) = get(release, asked_of(release), [path], **headers)
    text = words(answer.text)
    assert SPOKEN[language] in text
    assert not SINCE.search(text)


def test_a_grant_whose_end_is_not_stated_says_so(release: Release) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "de"}
    pages = get(
        release,
        asked_of(release),
        ["/doc/contract/hessischer-jugendring", "/doc/grant/landesfachstelle-hessen"],
        **headers,
    )
    text = words(pages[0].text)
    assert "ab Oktober 2018, Ende nicht angegeben" in text
    assert not any(SINCE.search(words(page.text)) for page in pages)


@pytest.mark.parametrize(
    ("language", "held", "facet"),
    [("de", "hatte das Amt inne:", "Innegehabtes Amt"), ("en", "held office:", "Office held")],
)
def test_the_list_says_that_the_office_was_held(release: Release, language: str, held: str, facet: str) -> None:
    (answer,) = get(release, asked_of(release), ["/people"], **{"Accept": "text/html", "Accept-Language": language})
    text = words(answer.text)
    assert held in text and facet in text


def test_so_do_the_files_of_the_list(release: Release) -> None:
    (answer,) = get(release, asked_of(release), ["/people.csv"])
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [*table[0]] == ["IRI", "Name (deutsch)", "Name (englisch)", "hatte das Amt inne"]
    (klose,) = (row for row in table if row["IRI"].endswith("kai-klose"))
    assert len(klose["hatte das Amt inne"].split(" ")) == 2


def test_search_engines_are_told_of_no_office(release: Release) -> None:
    (answer,) = get(release, asked_of(release), ["/doc/person/kai-klose"], Accept="text/html")
    (told,) = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', answer.text, re.DOTALL)
    assert '"Person"' in told
    assert not re.search("worksFor|jobTitle|hasOccupation|affiliation", told)
