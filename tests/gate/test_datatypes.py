"""The lexical and value spaces of XML Schema's datatypes, example by example."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from vertragsgraph.gate.datatypes import DATATYPES, XSD, fault, stand_in
from vertragsgraph.rdf import edtf

GOOD = {
    "date": ["2019-02-28", "2020-02-29", "-0044-03-15", "12019-06-03", "0000-01-01", "2019-06-03Z", "2019-06-03+14:00"],
    "dateTime": [
        "2019-06-03T12:00:00",
        "2019-06-03T24:00:00",
        "2019-06-03T24:00:00.000Z",
        "2019-06-03T12:00:00.5-05:30",
        f"2019-06-03T12:00:00.{'1' * 5000}",
    ],
    "dateTimeStamp": ["2019-06-03T12:00:00Z"],
    "time": ["12:00:00", "24:00:00", "12:00:00.5Z"],
    "gYear": ["2018", "-0044", "12019", "2018Z", "0000"],
    "gYearMonth": ["2018-12", "2018-12Z"],
    "gMonthDay": ["--02-29", "--12-31"],
    "gMonth": ["--12"],
    "gDay": ["---31"],
    "decimal": ["1", "+1.5", "-.5", "5.", "123456789012345678901234567890", "0.00000000000000000000000000001"],
    "integer": ["1", "-0", "007", "9" * 5000],
    "long": ["9223372036854775807", "-9223372036854775808"],
    "byte": ["127", "-128"],
    "unsignedLong": ["18446744073709551615"],
    "nonNegativeInteger": ["0", "-0"],
    "positiveInteger": ["1"],
    "negativeInteger": ["-1"],
    "boolean": ["true", "false", "1", "0"],
    "double": ["1", "INF", "-INF", "+INF", "NaN", "1E3", "1e400"],
    "duration": ["P1Y2M3DT4H5M6.5S", "PT1S", "-P1Y"],
    "dayTimeDuration": ["P1D", "PT24H"],
    "yearMonthDuration": ["P1Y", "P6M"],
    "anyURI": ["https://example.org/", "ä b", ""],
    "string": ["a\nb", ""],
    "token": ["a b", ""],
    "language": ["de-AT"],
    "hexBinary": ["0a0B", ""],
    "base64Binary": ["YQ==", "Y Q = =", ""],
}
BAD = {
    "date": [
        *("2019-02-31", "2019-02-29", "2019-13-01", "2019-00-01", "2019-06-00", "2019-W23-1", "2019-154", "20190603"),
        *(
            "2019-6-3",
            "2019-06-03T24:00:00",
            "2019-06-03+14:01",
            "2019-06-03z",
            " 2019-06-03",
            "2019-06-03\n",
            "",
            "٢٠١٩-06-03",
        ),
        *("03.06.2019", "012019-06-03", "-44-03-15"),
    ],
    "dateTime": ["2019-06-03T24:00:01", "2019-06-03T12:00:60", "2019-06-03 12:00:00", "2019-06-03T12:00", "2019-06-03"],
    "dateTimeStamp": ["2019-06-03T12:00:00"],
    "time": ["12:00", "25:00:00", "T12:00:00", "24:00:00.1"],
    "gYear": ["18", "02018", "demnächst", "", "2018-05-09", "9" * 5000],
    "gYearMonth": ["2018-13", "2018-00", "2018"],
    "gMonthDay": ["--02-30", "--04-31"],
    "gMonth": ["--13", "12"],
    "gDay": ["---32", "---00"],
    "decimal": ["", "INF", "NaN", "1E3", "1e400", " 5", "1_000", "٥", "40.000,00", "0x1", "."],
    "integer": ["1.0", " 5", "1_000", "٥", ""],
    "long": ["9223372036854775808"],
    "byte": ["128", "-129"],
    "unsignedLong": ["18446744073709551616", "-1"],
    "nonNegativeInteger": ["-1"],
    "positiveInteger": ["0"],
    "negativeInteger": ["0"],
    "boolean": ["TRUE", "yes", "", " true"],
    "double": ["inf", "nan", "Infinity", "1_0", ""],
    "duration": ["P", "PT", "P1YT", "P1W", "P1.5Y", "P-1Y", "1Y"],
    "dayTimeDuration": ["P1Y", "P"],
    "yearMonthDuration": ["P1D", "P"],
    "token": [" a", "a  b"],
    "language": ["abcdefghi", ""],
    "hexBinary": ["0", "0g"],
    "base64Binary": ["YQ=", "****"],
}


def literal(datatype: str, text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(("datatype", "text"), [(name, text) for name, texts in GOOD.items() for text in texts])
def test_literals_of_a_datatype(datatype: str, text: str) -> None:
    assert fault(literal(datatype, text)) is None


@pytest.mark.parametrize(("datatype", "text"), [(name, text) for name, texts in BAD.items() for text in texts])
def test_texts_that_are_none(datatype: str, text: str) -> None:
    wrong = literal(datatype, text)
    assert f"is no xsd:{datatype}: " in (fault(wrong) or {})["en"]
    assert fault(stand_in(wrong)) is None


def test_each_example_is_a_literal_of_its_datatype() -> None:
    assert [name for name, datatype in DATATYPES.items() if fault(literal(name, datatype.example))] == []


@pytest.mark.parametrize(
    ("datatype", "text", "said"),
    [
        ("date", "2019-02-31", '2019-02 has 28 days, so there is no 31; it is written like "2019-06-03"^^xsd:date'),
        ("gYearMonth", "2018-13", "there is no month 13"),
        ("date", "03.06.2018", 'it is written like "2018-06-03"^^xsd:date'),
        ("gYear", "2018-05-09", 'it is written like "2018-05-09"^^xsd:date'),
        ("date", "2018", 'it is written like "2018"^^xsd:gYear'),
        ("date", "2018-05 ", 'it is written like "2018-05"^^xsd:gYearMonth'),
        ("byte", "128", "the most there is of it is 127"),
    ],
)
def test_it_is_said_what_is_wrong_and_what_is_right(datatype: str, text: str, said: str) -> None:
    assert said in (fault(literal(datatype, text)) or {})["en"]


def test_datatypes_that_do_not_exist() -> None:
    assert (fault(literal("dat", "2019-06-03")) or {})["en"].endswith("did you mean xsd:date?")
    assert fault(Literal("x", datatype=NamedNode("https://example.org/own"))) is None


ROUGH = NamedNode(edtf.DATATYPE)


@pytest.mark.parametrize(
    ("text", "reason", "example"),
    [
        ("2015-13", "there is no month 13", "2015~"),
        ("2019-02-29/2020", "2019-02 has 28 days, so there is no 29", "2015~"),
        ("2016/2014", "it ends before it begins", "2015~"),
        ("/2018", "it does not have the form", "../2018"),
        ("2018/", "it does not have the form", "2018/.."),
        ("201x", "it does not have the form", "201X"),
        ("spring 2015", "it does not have the form", "2015~"),
    ],
)
def test_a_date_that_is_known_only_roughly_is_told_what_is_wrong(text: str, reason: str, example: str) -> None:
    message = fault(Literal(text, datatype=ROUGH))
    assert message
    assert message["en"] == f'is no edtf:EDTF: {reason}; it is written like "{example}"^^edtf:EDTF'
    assert stand_in(Literal(text, datatype=ROUGH)) == Literal("2015~", datatype=ROUGH)


def test_rough_dates_that_are_right_and_those_with_another_datatype() -> None:
    assert fault(Literal("2014~/2016", datatype=ROUGH)) is None
    assert stand_in(Literal("201X", datatype=ROUGH)) == Literal("201X", datatype=ROUGH)
    message = fault(Literal("201X", datatype=NamedNode(XSD + "gYear")))
    assert message
    assert message["en"].endswith('it is written like "201X"^^edtf:EDTF')
