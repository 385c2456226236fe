"""The open licences that a new register may begin with, and which of them is usual where."""

from __future__ import annotations

from typing import Final, NamedTuple

from vertragsgraph.texts import marked


class Licence(NamedTuple):
    """A licence: its IRI, and its name as a key of the texts."""

    iri: str
    name: str


LICENCES: Final = {
    "CC-BY-4.0": Licence(
        "https://creativecommons.org/licenses/by/4.0/",
        marked("Creative Commons – Attribution 4.0 International"),
    ),
    "CC0-1.0": Licence(
        "https://creativecommons.org/publicdomain/zero/1.0/",
        marked("Creative Commons – CC0 1.0 Universal"),
    ),
    "DL-DE-BY-2.0": Licence(
        "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
        marked("Data licence Germany – attribution – version 2.0"),
    ),
    "DL-DE-ZERO-2.0": Licence(
        "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
        marked("Data licence Germany – Zero – version 2.0"),
    ),
    "etalab-2.0": Licence(
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        marked("Open Licence (Etalab) 2.0"),
    ),
    "OGL-UK-3.0": Licence(
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        marked("Open Government Licence 3.0 (United Kingdom)"),
    ),
}
"""By their identifiers at SPDX."""
EVERYWHERE: Final = "CC-BY-4.0"
_USUAL: Final = {"DE": "DL-DE-BY-2.0", "FR": "etalab-2.0", "GB": "OGL-UK-3.0"}


def usual(country: str) -> str:
    """Return the licence that public bodies of a country (ISO 3166-1) give their data by; for most, CC BY 4.0."""
    return _USUAL.get(country, EVERYWHERE)
