"""What the law wants known of who runs a register: the table `[legal]`, and which of its keys must be there in which country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from vertragsgraph.register.tables import Table, Text
from vertragsgraph.register.values import Body, Conformance, Country, Date, Email, Iri, Line, Lines, Method
from vertragsgraph.texts import marked

_EEA: Final = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE"
GDPR: Final = frozenset(_EEA.split())
"""Where Regulation (EU) 2016/679 and Directive (EU) 2016/2102 hold: the European Economic Area."""


class Office(Table):
    """An authority or other body that people may turn to."""

    name: Text
    url: Iri | None = None
    email: Email | None = None
    phone: Line | None = None


class Assessment(Table):
    """How accessible the pages are, who says so, and who helps (Commission Implementing Decision (EU) 2018/1523)."""

    conformance: Conformance | None = None
    method: Method | None = None
    assessor: Line | None = None
    date: Date | None = None
    reviewed: Date | None = None
    law: Text | None = None
    enforcement: Office | None = None
    arbitration: Office | None = None


class Legal(Table):
    """Who runs the register, as the law of a country wants it known; all of it is published."""

    country: Country | None = None
    body: Body | None = None
    address: Lines | None = None
    representative: Line | None = None
    phone: Line | None = None
    contact_form: Iri | None = None
    responsible: Lines | None = None
    register_entry: Line | None = None
    vat_id: Line | None = None
    supervisory_authority: Line | None = None
    data_protection_officer: Lines | None = None
    data_protection_authority: Office | None = None
    data_protection_law: Text | None = None
    host: Lines | None = None
    log_days: Annotated[int, Field(ge=0)] | None = None
    proxy_log: bool | None = None
    accessibility: Assessment = Assessment()

    @property
    def profile(self) -> Profile:
        """What the law of the country wants, as far as it is known here."""
        return PROFILES.get(self.country or "", GENERAL)

    @property
    def is_public(self) -> bool:
        """Whether a public body runs the register."""
        return self.body == "public"

    @property
    def knows_gdpr(self) -> bool:
        """Whether the General Data Protection Regulation is the law; unless another country is named, it is taken to be."""
        return self.country is None or self.country in GDPR

    @property
    def offices(self) -> dict[str, Office]:
        """The authorities that people may turn to, by their keys."""
        known = {
            "data_protection_authority": self.data_protection_authority,
            "accessibility.enforcement": self.accessibility.enforcement,
            "accessibility.arbitration": self.accessibility.arbitration,
        }
        return {key: office for key, office in known.items() if office}

    def missing(self) -> Iterator[str]:
        """Yield the keys that the law wants and that aren't there; of two that will do, the first."""
        for key in self._wanted():
            alternatives = [key, *_INSTEAD.get(key, ())]
            if all(self._value(name) is None for name in alternatives):
                yield f"legal.{key}"

    def _wanted(self) -> Iterator[str]:
        yield from ("country", "body", "address")
        if self.body != "person":
            yield "representative"
        yield from ("log_days", "proxy_log", *self.profile.wanted)
        if self.country in GDPR:
            yield "data_protection_authority"
            if self.is_public:
                yield from ("data_protection_officer", "data_protection_law")
                yield from (f"accessibility.{key}" for key in _STATEMENT)
        if self.accessibility.method == "external":
            yield "accessibility.assessor"

    def _value(self, key: str) -> object:
        table, _, name = key.rpartition(".")
        return getattr(self.accessibility if table else self, name)


_STATEMENT: Final = ("law", "conformance", "method", "date", "enforcement")
"""What an accessibility statement must say besides."""
_INSTEAD: Final = {"phone": ("contact_form",)}


@dataclass(frozen=True)
class Profile:
    """What the legal pages say in a country besides what they say everywhere: keys of the texts, and of `[legal]`."""

    imprint: str = ""
    responsible: str = marked("Responsible for the content")
    enforcement: str = marked("Enforcement body")
    arbitration: str = marked("Arbitration body")
    wanted: tuple[str, ...] = ()


GENERAL: Final = Profile()
PROFILES: Final = {
    "DE": Profile(
        imprint=marked(
            "Information required by section 5 of the German Digitale-Dienste-Gesetz (DDG) and section 18 of the "
            "Medienstaatsvertrag (MStV)."
        ),
        responsible=marked("Responsible for the content under section 18 (2) MStV"),
        enforcement=marked("Enforcement body (Durchsetzungsstelle)"),
        arbitration=marked("Arbitration body (Schlichtungsstelle)"),
        wanted=("phone", "responsible"),
    ),
}
