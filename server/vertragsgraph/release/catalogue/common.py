"""What the dataset, its versions and its services have in common: publisher, contact, licence, time and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from vertragsgraph.graph.languages import translated
from vertragsgraph.rdf.curie import expand
from vertragsgraph.rdf.media_types import Format
from vertragsgraph.rdf.namespaces import EU, ONTOLOGY_IRI
from vertragsgraph.register import Register, Text
from vertragsgraph.release.catalogue.description import Description, Texts, Values, iri, typed
from vertragsgraph.release.catalogue.languages import authority_code
from vertragsgraph.release.manifest import Manifest
from vertragsgraph.texts import Language, in_each, language_name

MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
WKT: Final = NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")
PUBLISHER_TYPES: Final = "http://purl.org/adms/publishertype/"

_DATE_TYPES: Final = {4: "gYear", 7: "gYearMonth", 10: "date"}
_IN_SCHEME: Final = NamedNode(expand("skos:inScheme"))


class Common:
    """Nodes of the catalogue that stand for what register.toml says, each described in `description`.

    Portals show one name of a contact or an area, one text of a statement, whichever they meet first or last; so there is
    only that in the register's first language.
    """

    def __init__(self, register: Register) -> None:
        self.register = register
        self.description = Description()
        self.stem = f"{register.base}catalog#"
        state, portal = self.description.state, register.portal
        publisher, contact, licence = register.publisher, register.contact, register.licence
        self.publisher = state(
            publisher.iri,
            "foaf:Agent",
            foaf__name=publisher.name,
            foaf__homepage=self.document(publisher.homepage),
            dcterms__type=self.concept(PUBLISHER_TYPES, portal.publisher_type),
        )
        self.contact = state(
            f"{self.stem}contact",
            "vcard:Kind",
            vcard__fn=self._in_first(contact.name),
            vcard__hasEmail=iri(f"mailto:{contact.email}"),
            vcard__hasURL=iri(register.url),
        )
        self.license = state(licence.iri, "dcterms:LicenseDocument", dcterms__title=licence.name)
        self.rights = self._statement("rights", "dcterms:RightsStatement", licence.attribution)
        self.access_rights = self.concept(EU, "access-right/PUBLIC", "dcterms:RightsStatement")
        tags = {authority_code(tag): tag.partition("-")[0] for tag in register.languages}
        self.languages = [self._language(code, tag) for code, tag in tags.items()]
        self.themes = [self.concept(EU, f"data-theme/{theme}") for theme in register.themes]
        self.keywords = [Literal(word, language=tag) for tag, words in register.keywords.root.items() for word in words]
        self.availability = self.concept(EU, portal.availability and f"planned-availability/{portal.availability}")
        self.frequency = (
            state(f"{EU}frequency/{register.frequency}", "dcterms:Frequency") if register.frequency else None
        )
        self.theme_taxonomy = iri(f"{EU}data-theme") if register.themes else None  # described with each theme
        area = register.spatial
        self.spatial = [
            state(
                area.iri,
                "dcterms:Location",
                skos__prefLabel=self._in_first(area.name),
                skos__altLabel=[Literal(area.name.in_language(tag), language=tag) for tag in register.languages[1:]],
                dcat__bbox=_bounds(*area.bbox) if area.bbox else None,
                dcat__centroid=Literal("POINT({} {})".format(*area.centroid), datatype=WKT) if area.centroid else None,
            )
        ]
        if portal.geocoding:  # the area's key in the German list of states, districts and municipalities
            self.spatial.append(state(portal.geocoding, "dcterms:Location"))
        self.temporal = self._temporal()
        self.provenance = self._statement("provenance", "dcterms:ProvenanceStatement", register.provenance)
        self.sources = [self.resource(source) for source in register.sources]
        self.ontology = state(ONTOLOGY_IRI, "dcterms:Standard")

    def shared(self, subject: str) -> dict[str, Values]:
        """Return the properties that dataset, versions and services have in common."""
        return {
            "dcterms__identifier": typed(subject, "anyURI"),
            "dcterms__publisher": self.publisher,
            "dcterms__accessRights": self.access_rights,
            "dcat__contactPoint": self.contact,
            "dcat__keyword": self.keywords,
            "dcat__theme": self.themes,
            "foaf__page": self.document(self.register.url),
            "dcatde__contributorID": iri(self.register.portal.contributor),
            "dcatap__availability": self.availability,
        }

    def distribution(self, manifest: Manifest, subject: str, access: str, item: Format, **more: Values) -> NamedNode:
        """Describe a way to the data, by a file or by a service."""
        return self.description.state(
            subject,
            "dcat:Distribution",
            dcterms__identifier=typed(subject, "anyURI"),
            dcat__accessURL=self.resource(access),
            dcterms__format=self.description.state(f"{EU}file-type/{item.file_type}", "dcterms:MediaTypeOrExtent"),
            dcat__mediaType=self.media_type(item.media_type.partition(";")[0]),
            dcterms__license=self.license,
            dcatde__licenseAttributionByText=self.register.licence.attribution,
            dcterms__rights=self.rights,
            dcterms__language=self.languages,
            dcterms__issued=typed(manifest.created.isoformat(), "dateTime"),
            dcterms__modified=typed(manifest.modified.isoformat(), "dateTime"),
            adms__status=self.concept(EU, f"distribution-status/{'DEVELOP' if manifest.is_draft else 'COMPLETED'}"),
            dcatap__availability=self.availability,
            **more,
        )

    def said(self, text: str, **values: object) -> Texts:
        """Return a text of our own in the languages of the register."""
        return in_each(self.register.spoken, text, **values)

    def titled(self, text: str, **values: object) -> Texts:
        """Return a text in the languages of the register with its title in the place `{title}`."""
        return self.said(text, title=self.register.title.root, **values)

    def document(self, url: str | None) -> NamedNode | None:
        """Describe a page for people."""
        return self.description.state(url, "foaf:Document") if url else None

    def resource(self, url: str) -> NamedNode:
        """Describe something by its URL only."""
        return self.description.state(url, "rdfs:Resource")

    def media_type(self, name: str | None) -> NamedNode | None:
        """Describe a media type by its IRI at IANA."""
        return self.description.state(MEDIA_TYPES + name, "dcterms:MediaType") if name else None

    def concept(self, table: str, code: str | None, *also: str) -> NamedNode | None:
        """Describe an entry of a list (concepts.ttl), the list with it, and the entry as what `also` says."""
        if code is None:
            return None
        node = NamedNode(table + code)
        known = _concepts(self.register.spoken)
        for triple in known.get(node, ()):
            self.description.triples.add(triple)
            if triple.predicate == _IN_SCHEME:
                self.description.triples.update(known.get(triple.object, ()))
        for kind in also:
            self.description.state(node.value, kind)
        return node

    def _language(self, code: str, tag: str) -> NamedNode | None:
        """Describe a language by its entry in the EU's table; those that concepts.ttl lacks are called as CLDR calls them."""
        node = NamedNode(f"{EU}language/{code}")
        if node not in _concepts(self.register.spoken):
            self.description.state(
                node.value,
                "skos:Concept",
                skos__inScheme=self.concept(EU, "language"),
                skos__prefLabel={spoken: language_name(tag, spoken) for spoken in self.register.spoken},
            )
        return self.concept(EU, f"language/{code}", "dcterms:LinguisticSystem")

    def _in_first(self, text: Text) -> Literal:
        language = self.register.languages[0]
        return Literal(text.in_language(language), language=language)

    def _statement(self, name: str, kind: str, text: Text | None) -> NamedNode | None:
        """Describe a statement in words; some portals look for its label only."""
        if text is None:
            return None
        return self.description.state(
            f"{self.stem}{name}", kind, rdfs__label=self._in_first(text), dcterms__description=text
        )

    def _temporal(self) -> NamedNode | None:
        period = self.register.temporal
        if not period.start and not period.end:
            return None
        start, end = (typed(day, _DATE_TYPES[len(day)]) if day else None for day in (period.start, period.end))
        return self.description.state(
            f"{self.stem}temporal", "dcterms:PeriodOfTime", dcat__startDate=start, dcat__endDate=end
        )


def _bounds(west: float, south: float, east: float, north: float) -> Literal:
    corners = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
    return Literal(f"POLYGON(({corners}))", datatype=WKT)


@cache
def _concepts(languages: tuple[Language, ...]) -> Mapping[object, Sequence[Triple]]:
    """Return what concepts.ttl says in some languages, by subject."""
    about: defaultdict[object, list[Triple]] = defaultdict(list)
    quads = pyoxigraph.parse(path=Path(__file__).parent / "concepts.ttl", format=RdfFormat.TURTLE)
    for triple in translated([quad.triple for quad in quads], languages):
        if not isinstance(triple.object, Literal) or triple.object.language in languages:
            about[triple.subject].append(triple)
    return about
