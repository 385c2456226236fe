"""`/ontology` and `/shapes`: the vocabulary and the rules, as readable pages and as RDF."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from rdflib import Graph
from starlette.responses import RedirectResponse, Response

from vertragsgraph.collation import sort_key
from vertragsgraph.graph.diagram import Model, model
from vertragsgraph.http.accept import best_format
from vertragsgraph.http.problem import Problem
from vertragsgraph.linked_data.names import COMMENT
from vertragsgraph.linked_data.neighbourhood import Neighbourhood
from vertragsgraph.linked_data.terms import Label, short_name
from vertragsgraph.rdf.namespaces import DCTERMS, ONTOLOGY_IRI, OWL, RDFS, SCHEMA, SH, SKOS, VG
from vertragsgraph.release.catalogue.description import Description
from vertragsgraph.release.catalogue.description import iri as named
from vertragsgraph.texts import both, marked
from vertragsgraph.web.pages.class_diagram import ClassDiagram, Text, class_diagram
from vertragsgraph.web.pages.edition import Edition
from vertragsgraph.web.publication import documents
from vertragsgraph.web.publication.catalogue import CATALOGUE
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.presenter import Presenter, Value
from vertragsgraph.web.rendering.templating import HTML, page
from vertragsgraph.web.rendering.urls import way_of
from vertragsgraph.web.site.past_releases import VOCABULARY, history_of
from vertragsgraph.web.site.site import Site, site_of

router = APIRouter()

# What is said about a term, in this order.
_ASPECTS: Final = (
    (RDFS + "subClassOf", marked("Is a kind of")),
    (RDFS + "subPropertyOf", marked("Is a kind of")),
    (RDFS + "domain", marked("Belongs to")),
    (RDFS + "range", marked("Leads to")),
    (SCHEMA + "domainIncludes", marked("Used with")),
    (SCHEMA + "rangeIncludes", marked("Leads to")),
    (OWL + "inverseOf", marked("The other way round")),
    (RDFS + "seeAlso", marked("See also")),
)
_PROPERTIES: Final = (OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "AnnotationProperty")


@dataclass(frozen=True)
class Term:
    """A term of the vocabulary: its label, short name, definition, what else is said about it, an example in Turtle."""

    key: str
    label: Label
    name: str
    definition: Label | None
    aspects: tuple[tuple[str, tuple[Value, ...]], ...]
    example: str
    demands: bool


@dataclass(frozen=True)
class Rule:
    """A rule: what is complained about, which property it is about, and how much it weighs."""

    key: str
    message: Label
    path: str
    severity: str
    level: str


@dataclass(frozen=True)
class Shape:
    """A group of rules, and the classes that they hold for."""

    key: str
    label: Label
    targets: tuple[Value, ...]
    rules: tuple[Rule, ...]


@router.api_route("/ontology", methods=["GET", "HEAD"], response_class=Response)
async def ontology(request: Request) -> Response:
    """Return the vocabulary, by content negotiation."""
    return await _ontology(request, site_of(request), "")


@router.api_route("/ontology.{extension}", methods=["GET", "HEAD"], response_class=Response)
async def ontology_file(extension: str, request: Request) -> Response:
    """Return the vocabulary in the format of a suffix."""
    return await _ontology(request, site_of(request), extension)


@router.api_route("/ontology/catalog", methods=["GET", "HEAD"], response_class=Response)
async def vocabulary_catalogue(request: Request) -> Response:
    """Return the catalogue of the vocabulary, which is its versions (DCAT 3, section 11), as RDF; browsers get the page."""
    form = best_format(request.headers.get("accept"), (*CATALOGUE, HTML)) or CATALOGUE[0]
    if form == HTML:
        return RedirectResponse("../ontology", status_code=303, headers={"Vary": "Accept"})
    found, catalogue = await documents.read(site_of(request), "ontology"), Description()
    vocabulary = catalogue.state(
        ONTOLOGY_IRI,
        "owl:Ontology",
        dcterms__title=(titles := found.literals(ONTOLOGY_IRI, DCTERMS + "title")),
        dcat__hasVersion=[named(f"{ONTOLOGY_IRI}/{version}") for version in await history_of(request).vocabularies()],
        dcat__hasCurrentVersion=named(found.one(ONTOLOGY_IRI, OWL + "versionIRI")),
    )
    catalogue.state(f"{ONTOLOGY_IRI}/catalog", "dcat:Catalog", dcterms__title=titles, dcat__resource=vocabulary)
    text = {"ttl": catalogue.turtle, "rdf": catalogue.rdfxml, "jsonld": catalogue.jsonld}[form.name]()
    return Response(text, media_type=form.content_type, headers={"Vary": "Accept"})


@router.api_route("/ontology/{version}", methods=["GET", "HEAD"], response_class=Response)
async def ontology_version(version: str, request: Request) -> Response:
    """Return a version of the vocabulary, with or without a suffix, as the first release said it that had this version."""
    history, site = history_of(request), site_of(request)
    known = await history.vocabularies()
    name = version if version in known else version.rpartition(".")[0]
    if name not in known:
        message = both("this version of the vocabulary isn't here; there are: {known}", known=", ".join(known) or "–")
        raise Problem(404, message)
    if known[name].manifest.files[VOCABULARY].sha256 != site.release.manifest.files[VOCABULARY].sha256:
        site = await history.site(known[name])
    return await _ontology(request, site, version[len(name) + 1 :], name)


async def _ontology(request: Request, site: Site, extension: str, version: str = "") -> Response:
    """Return the vocabulary of a release; `version` is that of the address, which may have none."""
    form = documents.wanted(request, extension)
    if form != HTML:
        return await documents.as_rdf(request, site, "ontology", form, version)
    found = await documents.read(site, "ontology")
    edition = Edition(found, Presenter(site, found.labels, language_of(request), way_of(request)))
    own = {kind: _own(found, kind) for kind in (OWL + "Class", *_PROPERTIES, OWL + "NamedIndividual")}
    properties = sorted({term for kind in _PROPERTIES for term in own[kind]})
    individuals = sorted({*own[OWL + "NamedIndividual"]})
    foreign = [subject for subject in found.with_predicate(SKOS + "scopeNote") if not subject.startswith(VG)]
    parts = (
        ("classes", edition.show.say("Classes"), own[OWL + "Class"]),
        ("properties", edition.show.say("Properties"), properties),
        ("individuals", edition.show.say("Fixed values"), individuals),
        ("foreign", edition.show.say("Used from other vocabularies"), foreign),
    )
    shown = [(key, name, _terms(edition, terms)) for key, name, terms in parts if terms]
    return page(
        request,
        "ontology.html",
        site_of(request),
        address=f"ontology/{version}" if version else "ontology",
        versions=list(await history_of(request).vocabularies()),
        diagram=await _diagram(site, edition.show, {term.key for _, _, terms in shown for term in terms}),
        iri=ONTOLOGY_IRI,
        version=found.text(ONTOLOGY_IRI, OWL + "versionInfo"),
        title=edition.best(ONTOLOGY_IRI, DCTERMS + "title"),
        description=edition.best(ONTOLOGY_IRI, DCTERMS + "description"),
        parts=shown,
    )


async def _diagram(site: Site, show: Presenter, keys: set[str]) -> ClassDiagram | None:
    """Return the diagram of the vocabulary; `keys` are those of the terms that the page has."""
    found = await site.once("model", lambda: asyncio.to_thread(_model, site))
    terms = {*found.classes, *(name for _, name, _ in found.links)}
    texts = {}
    for iri in terms:
        key = _key_of(show, iri)
        texts[iri] = Text(show.label(iri), key if key in keys else "")
    drawing: ClassDiagram | None = await site.once(
        f"diagram {show.language}", lambda: asyncio.to_thread(class_diagram, found, texts)
    )
    return drawing


def _model(site: Site) -> Model:
    return model(Graph().parse(site.release.folder / "ontology.ttl", format="turtle"))


def _key_of(show: Presenter, iri: str) -> str:
    """Return the key by which the page names the place of a term."""
    return iri.rpartition("#")[2] if iri.startswith(VG) else short_name(iri, show.site.release.prefixes)


def _own(found: Neighbourhood, kind: str) -> list[str]:
    return [term for term in found.of_type(kind) if term.startswith(VG)]


def _terms(edition: Edition, terms: list[str]) -> list[Term]:
    shown = [_term(edition, iri) for iri in terms]
    return sorted(shown, key=lambda term: sort_key(term.label.text))


def _term(edition: Edition, iri: str) -> Term:
    found, show = edition.found, edition.show
    aspects = tuple(
        (show.say(name), tuple(show.ordered(_value(show, value) for value in found.iris(iri, predicate))))
        for predicate, name in _ASPECTS
        if found.iris(iri, predicate)
    )
    return Term(
        key=_key_of(show, iri),
        label=show.label(iri),
        name=short_name(iri, show.site.release.prefixes),
        definition=edition.best(iri, COMMENT, SKOS + "definition", SKOS + "scopeNote"),
        aspects=aspects,
        example=found.text(iri, SKOS + "example"),
        demands=found.text(iri, VG + "demandsEvidence") == "true",
    )


def _value(show: Presenter, iri: str) -> Value:
    value = show.named(iri)
    if iri.startswith(VG):
        return Value(value.label, f"#{iri.rpartition('#')[2]}", value.note, iri=iri)
    return Value(Label(short_name(iri, show.site.release.prefixes), ""), value.href, iri=iri)


@router.api_route("/shapes", methods=["GET", "HEAD"], response_class=Response)
async def shapes(request: Request) -> Response:
    """Return the rules, by content negotiation."""
    return await _shapes(request, "")


@router.api_route("/shapes.{extension}", methods=["GET", "HEAD"], response_class=Response)
async def shapes_file(extension: str, request: Request) -> Response:
    """Return the rules in the format of a suffix."""
    return await _shapes(request, extension)


async def _shapes(request: Request, extension: str) -> Response:
    site, form = site_of(request), documents.wanted(request, extension)
    if form != HTML:
        return await documents.as_rdf(request, site, "shapes", form)
    found = await documents.read(site, "shapes")
    edition = Edition(found, Presenter(site, found.labels, language_of(request), way_of(request)))
    groups = [_shape(edition, shape) for shape in found.of_type(SH + "NodeShape") if shape.startswith("http")]
    shown = sorted((group for group in groups if group.rules), key=lambda group: sort_key(group.label.text))
    return page(request, "shapes.html", site, shapes=shown, count=sum(len(group.rules) for group in shown))


def _shape(edition: Edition, iri: str) -> Shape:
    found, show = edition.found, edition.show
    targets = found.iris(iri, SH + "targetClass", SH + "targetSubjectsOf", SH + "targetObjectsOf")
    rules = [rule for shape in (iri, *found.iris(iri, SH + "property")) for rule in _rule(edition, shape)]
    return Shape(_key(iri), show.label(iri), tuple(show.ordered(show.named(each) for each in targets)), tuple(rules))


def _rule(edition: Edition, shape: str) -> list[Rule]:
    found, show = edition.found, edition.show
    message = edition.best(shape, SH + "message")
    if message is None:
        return []
    severity = found.one(shape, SH + "severity").rpartition("#")[2] or "Violation"
    path = found.one(shape, SH + "path")
    names = short_name(path, show.site.release.prefixes) if path else ""
    return [Rule(_key(shape), message, names, show.say(SEVERITIES[severity]), severity.lower())]


def _key(iri: str) -> str:
    return iri.rpartition("#")[2] or iri


SEVERITIES: Final = {
    "Violation": marked("must hold"),
    "Warning": marked("should hold"),
    "Info": marked("worth knowing"),
}
"""What the severities of SHACL mean for a register."""


def shape_href(presenter: Presenter, iri: str) -> str:
    """Return where a rule is explained."""
    return f"{presenter.to('shapes')}#{_key(iri)}"
