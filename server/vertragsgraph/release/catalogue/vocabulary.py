"""Terms of foreign vocabularies, described in the catalogue itself so that no harvester must fetch them.

No `rdfs:label`: CKAN would store it in place of the IRI.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.release.catalogue.description import Description, Texts, iri
from vertragsgraph.texts import Language

EU: Final = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
PUBLISHER_TYPES: Final = "http://purl.org/adms/publishertype/"

_LABELS: Final = {
    "data-theme/AGRI": (
        "Landwirtschaft, Fischerei, Forstwirtschaft und Nahrungsmittel",
        "Agriculture, fisheries, forestry and food",
    ),
    "data-theme/ECON": ("Wirtschaft und Finanzen", "Economy and finance"),
    "data-theme/EDUC": ("Bildung, Kultur und Sport", "Education, culture and sport"),
    "data-theme/ENER": ("Energie", "Energy"),
    "data-theme/ENVI": ("Umwelt", "Environment"),
    "data-theme/GOVE": ("Regierung und öffentlicher Sektor", "Government and public sector"),
    "data-theme/HEAL": ("Gesundheit", "Health"),
    "data-theme/INTR": ("Internationale Themen", "International issues"),
    "data-theme/JUST": ("Justiz, Rechtssystem und öffentliche Sicherheit", "Justice, legal system and public safety"),
    "data-theme/REGI": ("Regionen und Städte", "Regions and cities"),
    "data-theme/SOCI": ("Bevölkerung und Gesellschaft", "Population and society"),
    "data-theme/TECH": ("Wissenschaft und Technologie", "Science and technology"),
    "data-theme/TRAN": ("Verkehr", "Transport"),
    "access-right/PUBLIC": ("öffentlich", "public"),
    "distribution-status/COMPLETED": ("vollständig", "completed"),
    "language/DEU": ("Deutsch", "German"),
    "language/ENG": ("Englisch", "English"),
    "planned-availability/AVAILABLE": ("verfügbar", "available"),
    "planned-availability/EXPERIMENTAL": ("experimentell", "experimental"),
    "planned-availability/STABLE": ("stabil", "stable"),
    "planned-availability/TEMPORARY": ("vorübergehend", "temporary"),
}
_PUBLISHER_TYPES: Final = {
    "Academia-ScientificOrganisation": (
        "Hochschule oder wissenschaftliche Einrichtung",
        "Academia or scientific organisation",
    ),
    "Company": ("Unternehmen", "Company"),
    "IndustryConsortium": ("Industriekonsortium", "Industry consortium"),
    "LocalAuthority": ("Kommunalbehörde", "Local authority"),
    "NationalAuthority": ("Nationale Behörde", "National authority"),
    "NonGovernmentalOrganisation": ("Nichtregierungsorganisation", "Non-governmental organisation"),
    "NonProfitOrganisation": ("Gemeinnützige Organisation", "Non-profit organisation"),
    "RegionalAuthority": ("Regionalbehörde", "Regional authority"),
    "StandardisationBody": ("Normungsorganisation", "Standardisation body"),
    "SupraNationalAuthority": ("Supranationale Behörde", "Supranational authority"),
}
_SCHEMES: Final = {
    "data-theme": ("Datenthema", "Data theme"),
    "access-right": ("Zugangsrecht", "Access right"),
    "distribution-status": ("Status der Distribution", "Distribution status"),
    "language": ("Sprache", "Language"),
    "planned-availability": ("Geplante Verfügbarkeit", "Planned availability"),
}
LANGUAGE_CODES: Final[Mapping[Language, str]] = {"de": "language/DEU", "en": "language/ENG"}


def concept(description: Description, code: str | None, *also: str) -> NamedNode | None:
    """Describe an entry of an EU authority table (such as `data-theme/SOCI`) as a concept, and as what `also` says."""
    if code is None:
        return None
    table = code.partition("/")[0]
    scheme = description.state(EU + table, "skos:ConceptScheme", dcterms__title=_both(_SCHEMES[table]))
    if code in _LABELS:
        description.state(EU + code, "skos:Concept", skos__inScheme=scheme, skos__prefLabel=_both(_LABELS[code]))
    for kind in also:
        description.state(EU + code, kind)
    return iri(EU + code)


def publisher_type(description: Description, code: str | None) -> NamedNode | None:
    """Describe an entry of the ADMS list of publisher types as a concept."""
    if code is None:
        return None
    name = f"{PUBLISHER_TYPES}1.0"
    scheme = description.state(
        name, "skos:ConceptScheme", dcterms__title={"de": "Art des Herausgebers", "en": "Publisher type"}
    )
    label = _both(_PUBLISHER_TYPES[code])
    return description.state(PUBLISHER_TYPES + code, "skos:Concept", skos__inScheme=scheme, skos__prefLabel=label)


def media_type(description: Description, name: str | None) -> NamedNode | None:
    """Describe a media type by its IRI at IANA."""
    return description.state(MEDIA_TYPES + name, "dcterms:MediaType") if name else None


def _both(labels: tuple[str, str]) -> Texts:
    return {"de": labels[0], "en": labels[1]}
