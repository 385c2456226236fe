"""What the dataset, its versions and its services have in common: publisher, contact, licence, time and place."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.register import ONTOLOGY_IRI, Register
from vertragsgraph.release.catalogue import vocabulary
from vertragsgraph.release.catalogue.description import Description, Texts, iri, typed
from vertragsgraph.texts import LANGUAGES, translate

_DATE_TYPES: Final = {4: "gYear", 7: "gYearMonth", 10: "date"}


class Common:
    """Nodes of the catalogue that stand for what register.toml says; each is described when it is first asked for."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.description = Description()
        self.stem = f"{register.base}catalog#"

    def titled(self, text: str, **values: str) -> Texts:
        """Return a text in both languages with the register's title in its place `{title}`."""
        title = self.register.title
        return {
            language: translate(text, language, title=title.in_language(language), **values) for language in LANGUAGES
        }

    def document(self, url: str | None) -> NamedNode | None:
        """Describe a page for people."""
        return self.description.state(url, "foaf:Document") if url else None

    def resource(self, url: str) -> NamedNode:
        """Describe something by its URL only."""
        return self.description.state(url, "rdfs:Resource")

    @cached_property
    def publisher(self) -> NamedNode:
        """Who publishes the register."""
        publisher, kind = self.register.publisher, self.register.portal.publisher_type
        return self.description.state(
            publisher.iri,
            "foaf:Agent",
            foaf__name=publisher.name,
            foaf__homepage=self.document(publisher.homepage),
            dcterms__type=vocabulary.publisher_type(self.description, kind),
        )

    @cached_property
    def contact(self) -> NamedNode:
        """Whom to write to; portals want one name, so it is the one in the register's first language."""
        language = self.register.languages[0]
        return self.description.state(
            f"{self.stem}contact",
            "vcard:Kind",
            vcard__fn=Literal(self.register.contact.name.in_language(language), language=language),
            vcard__hasEmail=iri(f"mailto:{self.register.contact.email}"),
            vcard__hasURL=iri(self.register.url),
        )

    @cached_property
    def license(self) -> NamedNode:
        """The licence of the data."""
        licence = self.register.licence
        return self.description.state(licence.iri, "dcterms:LicenseDocument", dcterms__title=licence.name)

    @cached_property
    def rights(self) -> NamedNode:
        """How to name the source."""
        text = self.register.licence.attribution
        return self.description.state(f"{self.stem}rights", "dcterms:RightsStatement", dcterms__description=text)

    @cached_property
    def access_rights(self) -> NamedNode | None:
        """Whoever wants may have the data."""
        return vocabulary.concept(self.description, "access-right/PUBLIC", "dcterms:RightsStatement")

    @cached_property
    def languages(self) -> list[NamedNode | None]:
        """The languages of the data."""
        codes = [vocabulary.LANGUAGE_CODES[language] for language in self.register.languages]
        return [vocabulary.concept(self.description, code, "dcterms:LinguisticSystem") for code in codes]

    @cached_property
    def themes(self) -> list[NamedNode | None]:
        """The data themes of the EU that the register belongs to."""
        return [vocabulary.concept(self.description, f"data-theme/{theme}") for theme in self.register.themes]

    @cached_property
    def keywords(self) -> list[Literal]:
        """The keywords in all languages."""
        keywords = self.register.keywords
        return [Literal(word, language=tag) for tag in LANGUAGES for word in getattr(keywords, tag)]

    @cached_property
    def availability(self) -> NamedNode | None:
        """How long the data are meant to be there."""
        code = self.register.portal.availability
        return vocabulary.concept(self.description, code and f"planned-availability/{code}")

    @cached_property
    def frequency(self) -> NamedNode | None:
        """How often the data change."""
        code = self.register.frequency
        return self.description.state(f"{vocabulary.EU}frequency/{code}", "dcterms:Frequency") if code else None

    @cached_property
    def spatial(self) -> list[NamedNode]:
        """The area, and its key in the German list of states, districts and municipalities."""
        area = self.register.spatial
        places = [self.description.state(area.iri, "dcterms:Location", skos__prefLabel=area.name)]
        if self.register.portal.geocoding:
            places.append(self.description.state(self.register.portal.geocoding, "dcterms:Location"))
        return places

    @cached_property
    def temporal(self) -> NamedNode | None:
        """The time that the data are about."""
        temporal = self.register.temporal
        if not temporal.start and not temporal.end:
            return None
        return self.description.state(
            f"{self.stem}temporal",
            "dcterms:PeriodOfTime",
            dcat__startDate=_date(temporal.start),
            dcat__endDate=_date(temporal.end),
        )

    @cached_property
    def provenance(self) -> NamedNode | None:
        """How the data came to be."""
        text = self.register.provenance
        if not text:
            return None
        return self.description.state(
            f"{self.stem}provenance", "dcterms:ProvenanceStatement", dcterms__description=text
        )

    @cached_property
    def sources(self) -> list[NamedNode]:
        """What the data were compiled from."""
        return [self.resource(source) for source in self.register.sources]

    @cached_property
    def ontology(self) -> NamedNode:
        """The vocabulary that the data are written in."""
        return self.description.state(ONTOLOGY_IRI, "dcterms:Standard")


def _date(text: str | None) -> Literal | None:
    return typed(text, _DATE_TYPES[len(text)]) if text else None
