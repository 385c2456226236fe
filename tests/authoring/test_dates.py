from __future__ import annotations

import pytest

from vertragsgraph.authoring.dates import dates
from vertragsgraph.rdf import edtf


def said(text: str, *languages: str) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.value) for each in dates(text, languages)]


@pytest.mark.parametrize(
    ("text", "there", "value"),
    [
        ("am 3. Juni 2019 geschlossen", "3. Juni 2019", "2019-06-03"),
        ("am 3.\N{NO-BREAK SPACE}Juni\n2019", "3.\N{NO-BREAK SPACE}Juni\n2019", "2019-06-03"),
        ("vom 03.06.2019", "03.06.2019", "2019-06-03"),
        ("vom 3. 6. 2019.", "3. 6. 2019", "2019-06-03"),
        ("Stand: 2019-06-03", "2019-06-03", "2019-06-03"),
        ("im Juni 2019", "Juni 2019", "2019-06"),
        ("Sept. 2019", "Sept. 2019", "2019-09"),
        ("im Jahr 2018 geschlossen", "2018", "2018"),
        ("um 2015", "um 2015", "2015~"),
        ("etwa Mai 2015", "etwa Mai 2015", "2015-05~"),
        ("vor dem 1. Januar 2019", "vor dem 1. Januar 2019", "../2018-12-31"),
        ("vor 2019", "vor 2019", "../2018"),
        ("nach dem Jahr 2018", "nach dem Jahr 2018", "2019/.."),
        ("zwischen 2014 und 2016", "zwischen 2014 und 2016", "2014/2016"),
        ("zwischen dem 3. Mai 2014 und dem 2. Juni 2016", None, "2014-05-03/2016-06-02"),
        ("in den 2010er Jahren", "2010er Jahren", "201X"),
    ],
)
def test_german(text: str, there: str | None, value: str) -> None:
    assert said(text, "de") == [(there or text, value)]


@pytest.mark.parametrize(
    ("text", "there", "value"),
    [
        ("le 1er juin 2019", "1er juin 2019", "2019-06-01"),
        ("le 1ER JUIN 2019", "1ER JUIN 2019", "2019-06-01"),
        ("le 14 août 2019", "14 août 2019", "2019-08-14"),
        ("le 03/06/2019", "03/06/2019", "2019-06-03"),
        ("en févr. 2019", "févr. 2019", "2019-02"),
        ("vers 2015", "vers 2015", "2015~"),
        ("avant l'année 2019", "avant l'année 2019", "../2018"),
        ("entre 2016 et 2018", "entre 2016 et 2018", "2016/2018"),
        ("dans les années 2010", "2010", "201X"),
    ],
)
def test_french(text: str, there: str, value: str) -> None:
    assert said(text, "fr") == [(there, value)]


@pytest.mark.parametrize(
    ("text", "there", "value"),
    [
        ("on 3 June 2019", "3 June 2019", "2019-06-03"),
        ("on the 3rd of June, 2019", "3rd of June, 2019", "2019-06-03"),
        ("on June 3, 2019", "June 3, 2019", "2019-06-03"),
        ("on 13/06/2019", "13/06/2019", "2019-06-13"),
        ("before May 2018", "before May 2018", "../2018-04"),
        ("after 31 December 2018", "after 31 December 2018", "2019-01-01/.."),
        ("in the 2010s", "2010s", "201X"),
    ],
)
def test_english(text: str, there: str, value: str) -> None:
    assert said(text, "en-GB") == [(there, value)]


def test_months_are_those_of_any_language_and_region() -> None:
    assert said("op 3 februari 2020", "nl") == [("3 februari 2020", "2020-02-03")]
    assert said("am 5. Jänner 2020", "de-AT") == [("5. Jänner 2020", "2020-01-05")]
    assert said("am 3. Juni 2019, le 4 juin 2019", "de", "fr")[1:] == [("4 juin 2019", "2019-06-04")]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("02/03/2019", []),  # in English one of two days
        ("am 31. Juni 2019", ["2019-06"]),
        ("am 3. Juni", []),
        ("CC 2019/114, 51.2-2018/04", []),
        ("12019 oder 3019 oder 2019a", []),
        ("Telefon 069-2019-33, §2019", []),
    ],
)
def test_what_is_no_date_or_may_be_another(text: str, left: list[str]) -> None:
    assert [value for _, value in said(text, "de", "en")] == left


def test_no_language_is_needed_for_figures() -> None:
    assert said("3.6.2019, 3. Juni 2019") == [("3.6.2019", "2019-06-03"), ("2019", "2019")]
    assert said("3.6.2019", "tlh", "x--") == [("3.6.2019", "2019-06-03")]


def test_all_values_are_dates_that_the_gate_takes() -> None:
    text = "0.0.2019 29. Februar 2019 zwischen 2019 und 2018 vor 2000 um 1. Mai 2020 nach 2099 "
    assert all(edtf.read(each.value) for each in dates(text, ["de"]))
