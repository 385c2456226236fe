"""The services over the dataset, each with the distribution that leads to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.rdf.media_types import Format
from vertragsgraph.release.catalogue.common import Common
from vertragsgraph.release.catalogue.description import iri
from vertragsgraph.release.manifest import Manifest
from vertragsgraph.texts import marked


@dataclass(frozen=True)
class Service:
    """A service over the dataset: its path, what it is called and does, its standard, and the format of its answers."""

    path: str
    title: str
    text: str
    standard: str
    answers: Format


SERVICES: Final = (
    Service(
        "sparql",
        marked("SPARQL endpoint: {title}"),
        marked("Answers SPARQL 1.1 queries over all named graphs of the register."),
        "https://www.w3.org/TR/sparql11-protocol/",
        Format("json", "application/sparql-results+json", file_type="SPARQLQRES"),
    ),
    Service(
        "reconcile",
        marked("Reconciliation service: {title}"),
        marked("Finds the register's resources for the names in a table, as OpenRefine asks for them."),
        "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/",
        Format("json", "application/json", file_type="JSON"),
    ),
)


def describe(common: Common, service: Service, dataset: str) -> NamedNode:
    """Describe a service over the dataset with an IRI."""
    register, subject = common.register, f"{common.stem}{service.path}"
    return common.description.state(
        subject,
        "dcat:DataService",
        dcterms__title=common.titled(service.title),
        dcterms__description=common.said(service.text),
        dcat__endpointURL=common.resource(f"{register.services}{service.path}"),
        dcat__endpointDescription=common.resource(f"{register.services}{service.path}"),
        dcat__servesDataset=iri(dataset),
        dcterms__conformsTo=common.description.state(service.standard, "dcterms:Standard"),
        dcterms__license=common.license,
        dcat__landingPage=common.document(register.url),
        **common.shared(subject),
    )


def way(common: Common, manifest: Manifest, service: Service) -> NamedNode:
    """Describe the way to the dataset by a service; there is nothing to download (DCAT-AP.de, Konvention 41)."""
    return common.distribution(
        manifest,
        f"{common.stem}{service.path}-access",
        f"{common.register.services}{service.path}",
        service.answers,
        dcterms__title=common.titled(service.title),
        dcterms__description=common.said(service.text),
        dcterms__conformsTo=common.description.state(service.standard, "dcterms:Standard"),
        dcat__accessService=iri(f"{common.stem}{service.path}"),
        foaf__page=common.document(common.register.url),
    )
