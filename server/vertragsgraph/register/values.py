"""What the values of register.toml must be, so that catalogue, headers, pages and file names can carry them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import Annotated, Final, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints, ValidationInfo
from pyoxigraph import NamedNode

from vertragsgraph.texts import marked

T = TypeVar("T")

RELEASED: Final = {"released": True}
"""The context in which what an earlier version released is validated: its values are taken as they are."""

# What a value must be, as said in messages (keys of the texts).
ABSOLUTE_IRI: Final = marked("an absolute http(s) IRI without user name and password")
ASCII_IRI: Final = marked("an IRI in ASCII, since it stands in headers: ä as %C3%A4, a domain with umlauts as xn--…")
ENDS_WITH_SLASH: Final = marked("an IRI that ends with a slash and has neither ? nor #")
EMAIL: Final = marked("an e-mail address in ASCII, a domain with umlauts as xn--…")
SLUG: Final = marked("lower-case ASCII letters, digits and single hyphens, no more than 64")
LINE: Final = marked("a text of one line without control characters")
LINES: Final = marked("a text without control characters")
KEYWORD: Final = marked("a text of one line without commas, at which harvesters would split it")
TAG: Final = marked("a language tag (BCP 47), such as fr or de-AT")
EACH_ONCE: Final = marked("a list of at least one language, each once")
FREQUENCY: Final = marked("a code of the EU's list of frequencies, such as IRREG")
THEME: Final = marked("a code of the EU's list of data themes, such as SOCI")
DATE: Final = marked("a year, month or day in quotation marks, such as 2018-05-09")
NOT_BEFORE_START: Final = marked("a time that isn't before the start")
BOX: Final = marked("four degrees: west, south, east, north, such as [7.5, 49.0, 10.5, 52.0]")
POINT: Final = marked("two degrees: east, north, such as [9.0, 50.5]")
AVAILABILITY: Final = marked("AVAILABLE, EXPERIMENTAL, STABLE or TEMPORARY")
PUBLISHER_TYPE: Final = marked("a code of the ADMS list of publisher types, such as NonProfitOrganisation")
COUNTRY: Final = marked("the code of a country (ISO 3166-1), such as FR")
BODY: Final = marked("public, private or person")
METHOD: Final = marked("self or external")
CONFORMANCE: Final = marked("full, partial or none")
PORTAL_KEY: Final = marked("the name of a key of [portal], such as contributor")

# XML 1.0, in which the catalogue is written too, has no character for these.
_NOT_XML: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"
_NO_LINE: Final = "\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff"
_LABEL: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"


class UnknownCodeError(ValueError):
    """A value is none of the codes that there are, which are `known`."""

    def __init__(self, wanted: str, known: Collection[str]) -> None:
        self.known = known
        super().__init__(wanted)


def checked(check: Callable[[T], None]) -> AfterValidator:
    """Return the validator that lets `check` raise `ValueError`, except for what was released already."""

    def validate(value: T, info: ValidationInfo) -> T:
        if info.context is not RELEASED:
            check(value)
        return value

    return AfterValidator(validate)


def like(pattern: str, wanted: str) -> AfterValidator:
    """Return the validator of texts that a pattern fits; `wanted` says (as a key of the texts) what they must be."""

    def check(value: str) -> None:
        if not re.fullmatch(pattern, value):
            raise ValueError(wanted)

    return checked(check)


def one_of(codes: str, wanted: str) -> AfterValidator:
    """Return the validator of texts that are one of the codes (with blanks between them)."""
    known = codes.split()

    def check(value: str) -> None:
        if value not in known:
            raise UnknownCodeError(wanted, known)

    return checked(check)


def _absolute(value: str) -> None:
    try:
        parts = urlsplit(NamedNode(value).value)
        usable = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"\s", value):
        raise ValueError(ABSOLUTE_IRI)


def _date(value: str) -> None:
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError:
        raise ValueError(DATE) from None


def _each_once(values: tuple[str, ...]) -> None:
    if not values or len({value.lower() for value in values}) < len(values):
        raise ValueError(EACH_ONCE)


def _point(value: tuple[float, ...]) -> None:
    if len(value) != 2 or not (-180 <= value[0] <= 180 and -90 <= value[1] <= 90):
        raise ValueError(POINT)


def _box(value: tuple[float, ...]) -> None:
    if len(value) != 4 or not (-180 <= value[0] < value[2] <= 180 and -90 <= value[1] < value[3] <= 90):
        raise ValueError(BOX)


_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Line = Annotated[_Text, like(f"[^{_NO_LINE}]+", LINE)]
Lines = Annotated[_Text, like(f"[^{_NOT_XML}]+", LINES)]
Keyword = Annotated[_Text, like(f"[^{_NO_LINE},]+", KEYWORD)]
Slug = Annotated[str, like("(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*", SLUG)]
Email = Annotated[str, like(rf"[A-Za-z0-9._+~!$*=-]+@(?:{_LABEL}\.)+{_LABEL}", EMAIL)]
Iri = Annotated[str, checked(_absolute)]
Uri = Annotated[Iri, like("[!-~]+", ASCII_IRI)]
BaseIri = Annotated[Uri, like("[^?#]+/", ENDS_WITH_SLASH)]
Tag = Annotated[str, like("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", TAG)]
Languages = Annotated[tuple[Tag, ...], checked(_each_once)]
Frequency = Annotated[
    str,
    one_of(
        "ANNUAL ANNUAL_2 ANNUAL_3 AS_NEEDED BIDECENNIAL BIENNIAL BIHOURLY BIMONTHLY BIWEEKLY CONT DAILY DAILY_2 DECENNIAL "
        "HOURLY IRREG MONTHLY MONTHLY_2 MONTHLY_3 NEVER NOT_PLANNED OP_DATPRO OTHER QUADRENNIAL QUARTERLY QUINQUENNIAL "
        "TRIDECENNIAL TRIENNIAL TRIHOURLY UNKNOWN UPDATE_CONT WEEKLY WEEKLY_2 WEEKLY_3 1MIN 5MIN 10MIN 15MIN 30MIN 12HRS",
        FREQUENCY,
    ),
]
Theme = Annotated[str, one_of("AGRI ECON EDUC ENER ENVI GOVE HEAL INTR JUST REGI SOCI TECH TRAN", THEME)]
Date = Annotated[str, like(r"\d{4}(-\d{2}(-\d{2})?)?", DATE), checked(_date)]
Point = Annotated[tuple[float, ...], checked(_point)]
Box = Annotated[tuple[float, ...], checked(_box)]
Availability = Annotated[str, one_of("AVAILABLE EXPERIMENTAL STABLE TEMPORARY", AVAILABILITY)]
PublisherType = Annotated[
    str,
    one_of(
        "Academia-ScientificOrganisation Company IndustryConsortium LocalAuthority NationalAuthority RegionalAuthority "
        "SupraNationalAuthority NonGovernmentalOrganisation NonProfitOrganisation StandardisationBody",
        PUBLISHER_TYPE,
    ),
]
Country = Annotated[str, like("[A-Z]{2}", COUNTRY)]
Body = Annotated[str, one_of("public private person", BODY)]
Method = Annotated[str, one_of("self external", METHOD)]
Conformance = Annotated[str, one_of("full partial none", CONFORMANCE)]
PortalKey = Annotated[str, one_of("contributor geocoding_level geocoding publisher_type availability", PORTAL_KEY)]
