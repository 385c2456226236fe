"""What the shapes admit, pages show and search finds: a resource of each class says everything that may be said of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from pyoxigraph import Literal as Term
from pyoxigraph import NamedNode
from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, FOAF, OWL, RDF, RDFS, SH, SKOS, Namespace

from tests.web.in_process import asked_of, get
from vertragsgraph.linked_data.terms import LABEL_PROPERTIES, Labels
from vertragsgraph.rdf.term_labels import WORDS
from vertragsgraph.register import load_register, shipped_folder, shipped_kinds, start_register
from vertragsgraph.release import Release, build
from vertragsgraph.search import FILE_NAME, SearchIndex, find
from vertragsgraph.settings import Settings
from vertragsgraph.texts import Language
from vertragsgraph.web.rendering.presenter import Presenter
from vertragsgraph.web.rendering.urls import Way
from vertragsgraph.web.site.site import open_site

VG = Namespace("https://w3id.org/vertragsgraph/ontology#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
SCHEMA = Namespace("https://schema.org/")
BASE = "https://example.org/r/"
# Evidence, its statements and its passages are made from entries, which have a form of their own; disagreements are entries, too.
MADE = {VG.Evidence, VG.Disagreement, VG.Statement, AS.Tombstone}
TEXTS = {RDFS.comment, SKOS.altLabel, SKOS.note}
ADDRESSES = {SCHEMA.url, SCHEMA.archivedAt, FOAF.homepage}
LINKS = {OWL.sameAs, RDFS.seeAlso, *(SKOS[f"{how}Match"] for how in ("exact", "close", "broad", "narrow", "related"))}
SHORT = re.compile(r">\s*((?!wd:|gnd:|stw:|eurovoc:|geonames:)[a-z][a-z0-9-]*:[\w/-]+)\s*<")
"""Names of terms and resources that are written with a prefix; identifiers that others give may be."""
EVERYTHING_GOES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
<https://example.org/Any> a sh:NodeShape ; sh:targetClass vg:Contract ; sh:nodeKind sh:IRI .
"""
ENTRY = """
<id/evidence/e{number}> a <{vg}Evidence> ;
    <{vg}supports> [ <{rdf}subject> {s} ; <{rdf}predicate> {p} ; <{rdf}object> {o} ] ;
    <{vg}supportKind> <{vg}Cited> ; <http://www.w3.org/ns/oa#hasSource> <id/source/s1> ;
    <{terms}creator> <id/organisation/editors> ; <{terms}date> "2026-05-05"^^<{xsd}date> .
"""


def read(*folders: str) -> Graph:
    found = Graph()
    for folder in folders:
        for path in sorted((shipped_folder() / folder).glob("*.ttl")):
            found.parse(path)
    return found


SHAPES, ONTOLOGY = read("shapes"), read("ontology")


def paths_of(shape: Any) -> Iterator[URIRef]:
    """Yield the properties that a property shape is about; what leads elsewhere is not about the resource itself."""
    for path in SHAPES.objects(shape, SH.path):
        if isinstance(path, URIRef):
            yield path
        for alternatives in SHAPES.objects(path, SH.alternativePath):
            yield from (each for each in Collection(SHAPES, alternatives) if isinstance(each, URIRef))


def admitted() -> dict[URIRef, set[URIRef]]:
    """Return the properties that the shapes admit, by class."""
    found: dict[URIRef, set[URIRef]] = {}
    for shape, cls in SHAPES.subject_objects(SH.targetClass):
        properties = found.setdefault(URIRef(cls), {SKOS.altLabel, SKOS.hiddenLabel})
        properties.update(path for each in SHAPES.objects(shape, SH.property) for path in paths_of(each))
        for listed in SHAPES.objects(shape, SH.ignoredProperties):
            properties.update(URIRef(each) for each in Collection(SHAPES, listed))
    selectors = {cls for cls in found if str(cls).startswith("http://www.w3.org/ns/oa#")}
    return {cls: properties - {RDF.type} for cls, properties in found.items() if cls not in selectors}


ADMITTED = admitted()


def kind_of(cls: URIRef) -> str:
    """Return the kind of the resources of a class: the table's, else that of a broader class, else what the class is called."""
    named = {kind.iri: name for name, kind in shipped_kinds().kinds.items()}
    named |= {str(SKOS.Concept): "form"}
    for each in (cls, *ONTOLOGY.objects(cls, RDFS.subClassOf)):
        if str(each) in named:
            return named[str(each)]
    return re.sub(r"(?<!^)(?=[A-Z])", "-", re.split("[/#]", cls)[-1]).lower()


def datatypes_of(prop: URIRef) -> set[URIRef]:
    """Return the datatypes that shapes or ontology give the values of a property."""
    found = {URIRef(each) for each in ONTOLOGY.objects(prop, RDFS.range) if str(each).startswith(str(XSD))}
    for shape in SHAPES.subjects(RDF.type, SH.PropertyShape):
        if prop in set(paths_of(shape)):
            for asked in (shape, *SHAPES.objects(shape, SH.node)):
                choices = [each for one in SHAPES.objects(asked, SH["or"]) for each in Collection(SHAPES, one)]
                found |= {URIRef(each) for one in (asked, *choices) for each in SHAPES.objects(one, SH.datatype)}
    return found


@dataclass
class Writer:
    """Invents values, each of them different from all others, and writes what is said with them."""

    number: int = 0
    lines: list[str] = field(default_factory=list)
    said: dict[URIRef, list[tuple[URIRef, URIRef | Literal, int]]] = field(default_factory=dict)
    proofs: list[str] = field(default_factory=list)
    targets: dict[URIRef, str] = field(default_factory=dict)

    def next(self) -> int:
        self.number += 1
        return self.number

    def word(self) -> str:
        return f"wort{self.next():05}"

    def target(self, cls: URIRef = DCTERMS.Location) -> URIRef:
        """Return a resource that has a name, of a class."""
        kind, name = kind_of(cls), self.word()
        iri = URIRef(f"{BASE}id/{kind}/ziel-{name}")
        self.targets[iri] = f"Ziel {name}"
        self.lines.append(f'{iri.n3()} <{RDFS.label}> "Ziel {name}"@de , "Target {name}"@en .')
        self.lines.append(f"{iri.n3()} a {cls.n3()} .")
        return iri

    def literal(self, datatype: URIRef) -> Literal:
        number = self.next()
        month, day = divmod(number, 28)
        year, month = 1400 + month // 12, month % 12 + 1
        text = {
            XSD.date: f"{year}-{month:02}-{day + 1:02}",
            XSD.gYearMonth: f"{year}-{month:02}",
            XSD.gYear: f"{1000 + number}",
            XSD.dateTime: f"{year}-{month:02}-{day + 1:02}T12:00:00Z",
            XSD.duration: f"P{number}Y",
            XSD.boolean: "true",
            XSD.decimal: f"{number}.5",
            XSD.anyURI: f"https://example.org/wort{number:05}",
        }.get(datatype, str(1_000_000 + number) if "nteger" in datatype else f"wort{number:05}")
        return Literal(text, datatype=datatype)

    def values(self, prop: URIRef) -> list[URIRef | Literal]:
        """Return values that a property may have: where nothing says of which sort, of each."""
        if prop in LINKS:
            return [URIRef(f"https://example.com/{self.word()}"), self.target()]
        if prop in ADDRESSES:
            return [URIRef(f"https://example.com/{self.word()}.pdf"), Literal(f"https://example.com/{self.word()}")]
        texts: list[URIRef | Literal] = [Literal(f"{self.word()} {tag}", lang=tag) for tag in ("de", "uk")]
        datatypes, types = datatypes_of(prop), set(ONTOLOGY.objects(prop, RDF.type))
        classes = [*ONTOLOGY.objects(prop, RDFS.range), *ONTOLOGY.objects(prop, SCHEMA.rangeIncludes)]
        if OWL.ObjectProperty in types and classes:
            return [] if MADE.intersection(classes) else [self.target(URIRef(classes[0]))]
        if datatypes - {RDF.langString}:
            return [self.literal(min(datatypes, key=lambda each: (not each.startswith(XSD), each)))]
        is_text = datatypes or OWL.DatatypeProperty in types or str(prop) in LABEL_PROPERTIES or prop in TEXTS
        return texts if is_text else [*texts, self.target()]

    def say(self, subject: URIRef, prop: URIRef, value: URIRef | Literal) -> None:
        number = 0
        if (prop, VG.demandsEvidence, Literal(True)) in ONTOLOGY:
            number = self.next()
            terms = {"s": subject.n3(), "p": prop.n3(), "o": value.n3()}
            self.proofs.append(ENTRY.format(number=number, vg=VG, rdf=RDF, terms=DCTERMS, xsd=XSD, **terms))
        self.said.setdefault(subject, []).append((prop, value, number))
        self.lines.append(f"{subject.n3()} {prop.n3()} {value.n3()} .")

    def resource(self, cls: URIRef) -> None:
        iri = URIRef(f"{BASE}id/{kind_of(cls)}/alles-{cls.rpartition('#')[2].lower()}")
        self.lines.append(f"{iri.n3()} a {cls.n3()} .")
        for prop in sorted(ADMITTED[cls]):
            for value in self.values(prop):
                self.say(iri, prop, value)


@dataclass(frozen=True)
class Everything:
    """The release, and what is said in it of whom: property, value, and the number of its evidence (0 for none)."""

    release: Release
    said: dict[URIRef, list[tuple[URIRef, URIRef | Literal, int]]]
    names: dict[URIRef, str]
    pages: dict[tuple[URIRef, str], str]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Everything:
    folder = tmp_path_factory.mktemp("everything") / "register"
    start_register(folder, base=BASE, languages=["de", "en"])
    shutil.copytree(shipped_folder() / "ontology", folder / "ontology")
    vocabulary = folder / "ontology" / "vertragsgraph.ttl"
    text = vocabulary.read_text("utf-8")  # what is said is invented without regard to what can't be both
    contradictory = r"\[\] a owl:AllDisjointClasses ;.*?\) \.|owl:disjointWith [^;.]*;| , owl:FunctionalProperty"
    vocabulary.write_text(re.sub(contradictory, "", text, flags=re.DOTALL), "utf-8")
    (folder / "shapes").mkdir()
    (folder / "shapes" / "any.ttl").write_text(EVERYTHING_GOES, "utf-8")
    writer = Writer()
    for cls in sorted(ADMITTED.keys() - MADE):
        writer.resource(cls)
    (folder / "data" / "contracts").mkdir(exist_ok=True)
    (folder / "data" / "contracts" / "everything.ttl").write_text("\n".join(writer.lines), "utf-8")
    (folder / "data" / "evidence").mkdir(exist_ok=True)
    (folder / "data" / "evidence" / "everything.ttl").write_text("".join(writer.proofs), "utf-8")
    release = build(load_register(folder), folder / "releases").release
    pages = {}
    for language in ("de", "en"):
        paths = ["/doc/" + iri.removeprefix(f"{BASE}id/") for iri in writer.said]
        headers = {"accept": "text/html", "accept-language": language}
        for iri, answer in zip(writer.said, get(release, asked_of(release), paths, **headers), strict=True):
            assert answer.status_code == 200, answer.text
            pages[iri, language] = answer.text.partition("<main")[2].partition('<section class="use"')[0]
    return Everything(release, writer.said, writer.targets, pages)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def missing(
    page: str, said: Iterable[tuple[URIRef, URIRef | Literal, int]], names: dict[URIRef, str], show: Presenter
) -> list[str]:
    """Return what is said and stands nowhere on a page: the value in the reader's form, and its evidence."""
    text, found = text_of(page), []
    for prop, value, number in said:
        if isinstance(value, URIRef):
            name = names.get(value) if show.language == "de" else (names.get(value) or "").replace("Ziel", "Target")
            wanted = name or str(value).removeprefix("https://").rpartition("/")[2]
            link = f'href="../../doc/{value.removeprefix(f"{BASE}id/")}' if name else f'href="{value}"'
        else:
            tag, datatype = value.language, NamedNode(value.datatype or XSD.string)
            wanted = show.lexical(Term(value, language=tag) if tag else Term(value, datatype=datatype))
            if value.datatype == XSD.boolean and number:
                wanted = ""  # it is told in words of its own; that it is told, its evidence shows
            link = ""
        if wanted not in text or link not in page:
            found.append(f"{prop} {wanted} {link}")
        if number and f"doc/evidence/e{number}" not in page:
            found.append(f"{prop} {wanted}: evidence")
    return found


@pytest.fixture(scope="module", params=["de", "en"])
def show(request: pytest.FixtureRequest, everything: Everything) -> Presenter:
    site = open_site(everything.release, asked_of(everything.release), Settings())
    return Presenter(site, Labels(), Language(request.param), Way("../../", ""))


def test_every_shape_is_tried() -> None:
    assert len(ADMITTED) > 20
    assert all(len(properties) > 2 for properties in ADMITTED.values())


def lacking(everything: Everything, show: Presenter, page: Callable[[str], str] = str) -> list[str]:
    return [
        f"{iri}: {text}"
        for iri, said in everything.said.items()
        for text in missing(page(everything.pages[iri, show.language]), said, everything.names, show)
    ]


def test_whatever_the_shapes_admit_is_on_the_page(everything: Everything, show: Presenter) -> None:
    assert "\n".join(lacking(everything, show)) == ""


def test_it_would_be_noticed_if_it_were_not(everything: Everything, show: Presenter) -> None:
    """Without the section of further statements, something is missing on the page of each kind that is made by hand."""
    section = re.compile(r'<section aria-labelledby="statements">.*?</section>', re.DOTALL)
    found = "\n".join(lacking(everything, show, lambda page: section.sub("", page)))
    for kind in ("contract", "organisation", "person", "office", "topic", "source"):
        assert f"id/{kind}/" in found


def test_properties_and_resources_are_called_by_names(everything: Everything, show: Presenter) -> None:
    found = {(iri, name) for iri in everything.said for name in SHORT.findall(everything.pages[iri, show.language])}
    assert found == set()
    named = {str(term) for term in ONTOLOGY.subjects(RDFS.label)} | WORDS.keys()
    assert {str(prop) for properties in ADMITTED.values() for prop in properties} - named == set()


def test_search_finds_every_text_and_address(everything: Everything) -> None:
    index = SearchIndex(everything.release.folder / FILE_NAME)
    asked = [
        (iri, word)
        for iri, said in everything.said.items()
        for prop, value, _ in said
        if (prop in ADDRESSES or isinstance(value, Literal) or prop == RDFS.seeAlso) and value not in everything.names
        for word in re.findall(r"wort\d{5}", value)
    ]
    assert len(asked) > 400
    lost = [
        f"{iri}: {word}"
        for iri, word in asked
        if iri.removeprefix(BASE) not in {hit.path for hit in find(index, word, limit=100).hits}
    ]
    assert "\n".join(lost) == ""


def test_the_page_that_a_hit_leads_to_has_what_was_found(everything: Everything, show: Presenter) -> None:
    index = SearchIndex(everything.release.folder / FILE_NAME)
    for iri in everything.said:
        resource = index.resource(str(iri))
        assert resource
        page = set(re.findall(r"\w+", text_of(everything.pages[iri, show.language])))
        texts = [entry.text for entry in index.entries([resource.number])[resource.number]]
        assert {word for text in texts for word in re.findall(r"\w+", text.removeprefix("https"))} - page == set()


def test_an_identifier_finds_its_resource_first(everything: Everything) -> None:
    index = SearchIndex(everything.release.folder / FILE_NAME)
    for iri, said in everything.said.items():
        for value in [
            str(value) for prop, value, _ in said if prop == DCTERMS.identifier and isinstance(value, Literal)
        ]:
            hit = find(index, value).hits[0]
            assert hit.path == iri.removeprefix(BASE)
            assert "".join(mark.text for mark in hit.passage) == value


def test_what_leads_to_the_register_itself_is_a_link_with_a_name(everything: Everything, show: Presenter) -> None:
    for iri, said in everything.said.items():
        for value in [value for prop, value, _ in said if prop == RDFS.seeAlso and value in everything.names]:
            path = value.removeprefix(f"{BASE}id/")
            ((href, text),) = re.findall(
                rf'<a [^>]*href="([^"]*{path})"[^>]*>(.*?)</a>', everything.pages[iri, show.language]
            )
            assert href == f"../../doc/{path}"
            assert text_of(text).split() == [
                {"de": "Ziel", "en": "Target"}[show.language],
                everything.names[value].split()[1],
            ]


def test_pages_of_each_kind_in_the_shipped_register_have_no_short_names(release: Release) -> None:
    start, kinds = f"<{release.base}id/", {}
    for line in release.dump("nt").read_text("utf-8").splitlines():
        if line.startswith(start):
            path = line.partition(">")[0].removeprefix(start)
            # Parts of evidence, which have pages, too, are kinds of their own here.
            kinds.setdefault(re.sub(r"^([a-z-]+)/[^/]+", r"\1", path), f"/doc/{path}")
    assert {"tenure", "signing", "disagreement", "mapping", "evidence/quote", "statement", "measure"} <= kinds.keys()
    answers = get(release, asked_of(release), kinds.values(), **{"accept": "text/html", "accept-language": "de"})
    for path, answer in zip(kinds.values(), answers, strict=True):
        main = answer.text.partition("<main")[2].partition('<section class="use"')[0]
        assert main and SHORT.findall(main) == [], path
