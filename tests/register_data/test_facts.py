"""What is easily lost between the sources and the data, and must not be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from vertragsgraph.graph import Graphs
from vertragsgraph.rdf.namespaces import ONTOLOGY_IRI
from vertragsgraph.register import Register
from vertragsgraph.register.names import dataset_iri

ROOT = Path(__file__).parents[2]
VERIFIED = ROOT / "../shared/DOMAIN.md"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = f"""
PREFIX vg: <{ONTOLOGY_IRI}#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX xsd: <{XSD}>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX dc: <http://purl.org/dc/elements/1.1/>
PREFIX fabio: <http://purl.org/spar/fabio/>
"""
PREFIXES += "".join(
    f"PREFIX {kind}: <https://w3id.org/vertragsgraph/hessen/id/{kind}/>\n"
    for kind in (
        *("aim", "contract", "form", "grant", "measure", "office", "organisation", "person", "place", "presentation"),
        *("programme", "signing", "source", "tenure", "topic", "utterance"),
    )
)

HOLDS = {
    "2018 is a year": """signing:bildungsstaette-anne-frank vg:date "2018"^^xsd:gYear .
        signing:hessischer-jugendring vg:date "2018"^^xsd:gYear""",
    "3 June 2019 is a day": 'signing:drk-hessen vg:date "2019-06-03"^^xsd:date . signing:iaf vg:date "2019-06-03"^^xsd:date',
    "a presentation has a day of its own": """presentation:hessischer-jugendring vg:date "2018-05-09"^^xsd:date .
        presentation:bildungsstaette-anne-frank vg:date "2018-05-09"^^xsd:date""",
    "the state government is the party": """contract:drk-hessen vg:contractingParty organisation:hessische-landesregierung .
        contract:iaf vg:contractingParty organisation:hessische-landesregierung .
        contract:bildungsstaette-anne-frank vg:contractingParty organisation:hessische-landesregierung .
        contract:hessischer-jugendring vg:contractingParty organisation:hessische-landesregierung""",
    "the three wordings of the public side": """contract:drk-hessen vg:partyWording
        "Hessische Landesregierung"@de , "Der Hessische Minister für Soziales und Integration, Kai Klose"@de ,
        "Hessischen Sozial- und Integrationsministerium"@de""",
    "both wordings of the theme of the iaf": """contract:iaf vg:theme
        "Rollenbilder von Männern und Vätern mit Migrationshintergrund in unserer Gesellschaft"@de ,
        "Rollenbilder von Männern und Vätern mit Migrationsgeschichte in unserer Gesellschaft differenzieren"@de""",
    "four in all is a claim of S1 and S2": """?s rdf:predicate vg:statedNumberOfContracts ; rdf:object 4 ;
           vg:evidence ?d , ?e .
        ?d oa:hasSource source:s1 . ?e oa:hasSource source:s2""",
    "two legal forms": """organisation:drk-hessen org:classification form:eingetragener-verein .
        organisation:iaf org:classification form:eingetragener-verein""",
    "the Hessian DRK is part of the DRK": "organisation:drk-hessen org:subOrganizationOf organisation:deutsches-rotes-kreuz",
    "no state funding for the DRK, as reported": """contract:drk-hessen vg:fundingStatus vg:NotFunded .
        ?s rdf:subject contract:drk-hessen ; rdf:predicate vg:fundingStatus ; vg:evidence/vg:supportKind vg:Reported""",
    "state funding for those of 2018, as implied": """contract:hessischer-jugendring vg:fundingStatus vg:Funded .
        ?s rdf:subject contract:hessischer-jugendring ; rdf:predicate vg:fundingStatus ;
           vg:evidence/vg:supportKind vg:Implied .
        ?t rdf:subject contract:bildungsstaette-anne-frank ; rdf:predicate vg:fundingStatus ;
           vg:evidence/vg:supportKind vg:Implied""",
    "the DRK contract is a self-commitment": "contract:drk-hessen dcterms:type form:selbstverpflichtung",
    "the DRK commits itself": "measure:drk-integrationskultur a vg:Commitment ; prov:wasAttributedTo organisation:drk-hessen",
    "just under 40,000 EUR for the first project": """contract:bildungsstaette-anne-frank schema:funding ?g .
        ?g vg:amountJustUnder "40000"^^xsd:decimal ; schema:currency "EUR" ; rdfs:comment ?scope .
        FILTER (CONTAINS(?scope, "first project"))""",
    "the ministry funds the Landesfachstelle since October 2018": """contract:hessischer-jugendring schema:funding ?g .
        ?g schema:funder organisation:hmsi ; schema:fundedItem organisation:landesfachstelle-hessen ;
           schema:startDate "2018-10"^^xsd:gYearMonth""",
    "Klose was appointed minister": """?t org:member person:kai-klose ; vg:inOffice office:minister-soziales-integration ;
        schema:startDate "2019-01-18"^^xsd:date ; vg:heldOn "2019-06-03"^^xsd:date""",
    "Klose presented as state secretary": """?t org:member person:kai-klose ; vg:heldOn "2018-05-09"^^xsd:date ;
        vg:inOffice office:staatssekretaer-integration-antidiskriminierung ; ^vg:actedAs presentation:hessischer-jugendring""",
    "Möller and Södler, when S1 was written": """?t org:member person:nils-moeller ; dcterms:isReferencedBy source:s1 .
        ?u org:member person:norbert-soedler ; dcterms:isReferencedBy source:s1""",
    "Mendel in 2018": '?t org:member person:meron-mendel ; vg:heldOn "2018"^^xsd:gYear',
    "fields of engagement": """?u a vg:Utterance ; vg:actor person:kai-klose ;
        dcterms:references topic:nachbarschaftshilfe , topic:kinderbetreuung , topic:sport""",
    "wordings of their own": """?u vg:actor person:nils-moeller ; vg:particularWording "transkulturelle Öffnung"@de .
        ?v vg:actor person:norbert-soedler ; vg:particularWording "Menschen mit Migrationsgeschichte"@de .
        ?w vg:actor person:kai-klose ; vg:particularWording "aller in Hessen lebenden Menschen"@de""",
    "said at the signing of both": "signing:drk-hessen dcterms:hasPart ?u . signing:iaf dcterms:hasPart ?u",
    "short names": """organisation:deutsches-rotes-kreuz skos:altLabel "DRK"@de . organisation:iaf skos:altLabel "iaf"@de .
        organisation:bildungsstaette-anne-frank skos:altLabel "BAF"@de .
        organisation:hessischer-jugendring skos:altLabel "hjr"@de""",
    "full names, and how each source writes them": """organisation:drk-hessen
           schema:legalName "Deutsches Rotes Kreuz, Landesverband Hessen e.V."@de ;
           skos:altLabel "DRK-Landesverband Hessen e.V."@de , "Deutsches Rotes Kreuz (DRK), Landesverband Hessen e.V."@de .
        organisation:iaf schema:legalName "Verband binationaler Familien und Partnerschaften, iaf e.V."@de ;
           skos:altLabel "Verband binationaler Familien und Partnerschaften"@de ,
             "Verband binationaler Familien und Partnerschaften iaf e.V."@de .
        ?s rdf:subject organisation:drk-hessen ; rdf:predicate schema:legalName ; vg:evidence ?d , ?e .
        ?d oa:hasSource source:s1 . ?e oa:hasSource source:s2""",
    "a contract has the date of its conclusion": """contract:drk-hessen dcterms:date "2019-06-03"^^xsd:date .
        contract:hessischer-jugendring dcterms:date "2018"^^xsd:gYear .
        signing:hessischer-jugendring prov:generated contract:hessischer-jugendring""",
    "bounds of what is known of years, months and days": """
        contract:hessischer-jugendring vg:earliest "2018-01-01"^^xsd:date ; vg:latest "2018-12-31"^^xsd:date .
        presentation:hessischer-jugendring vg:earliest "2018-05-09"^^xsd:date ; vg:latest "2018-05-09"^^xsd:date .
        grant:landesfachstelle-hessen vg:earliest "2018-10-01"^^xsd:date ; vg:latest "2018-10-31"^^xsd:date .
        tenure:kai-klose-minister vg:earliest "2019-01-18"^^xsd:date ; vg:latest "2019-06-03"^^xsd:date""",
    "names by other vocabularies": """person:kai-klose foaf:name "Kai Klose"@de ; schema:name "Kai Klose"@en .
        organisation:hmsi foaf:name "Hessisches Ministerium für Soziales und Integration"@de ; schema:name ?n .
        contract:iaf schema:name ?c . source:s1 schema:name ?s . place:hessen schema:name "Hesse"@en""",
    "the organisation of a tenure is that of the office": "tenure:kai-klose-minister org:organization organisation:hmsi",
    "sources on one event under one title": "source:s1 dcterms:relation source:p2 . source:p2 dcterms:relation source:s1",
    "offers for fathers and men, by P2": """contract:iaf vg:agreesOn ?m . ?s rdf:object ?m ;
        vg:evidence/oa:hasSource source:p2""",
}

NEVER = {
    "a host as the publisher of a source": """?source a vg:SourceDocument ; dc:publisher ?name ; schema:url ?url
        FILTER (CONTAINS(STR(?url), ?name))""",
    "different words on who published what is on one host": """?a a vg:SourceDocument ; schema:url ?u ; dc:publisher ?p .
        ?b a vg:SourceDocument ; schema:url ?v . FILTER (REPLACE(STR(?u), "^https://([^/]+)/.*", "$1") =
        REPLACE(STR(?v), "^https://([^/]+)/.*", "$1")) FILTER NOT EXISTS { ?b dc:publisher ?p }""",
    "the day of a sitting as that of publication": "source:p6 dcterms:issued ?day",
    "a date of what has none": "VALUES ?source { source:s1 source:s2 source:p4 source:p5 } ?source dcterms:issued ?day",
    "an access or an archive that nobody noted": "?source fabio:hasAccessDate|schema:archivedAt ?x",
    "a signatory of 2018": "?s a vg:Signing ; vg:date ?d ; vg:actedAs|vg:actor ?who . FILTER (DATATYPE(?d) = xsd:gYear)",
    "a signatory of a partner": "?s a vg:Signing ; vg:actor ?who . FILTER (?who != person:kai-klose)",
    "a full name with a legal form that no source gives": """VALUES ?o { organisation:bildungsstaette-anne-frank
        organisation:hessischer-jugendring } ?o schema:legalName ?name""",
    "a legal form that no source gives": """VALUES ?o { organisation:bildungsstaette-anne-frank organisation:hessischer-jugendring }
        ?o org:classification ?form""",
    "an exact amount": "?g schema:amount ?amount",
    "an office that is held, not was": "?who org:holds|^org:heldBy ?office",
    "a bound as a date": "?x vg:date|dcterms:date|vg:heldOn|schema:startDate '2018-01-01'^^xsd:date",
    "a bound of what has no date": """?x vg:earliest|vg:latest ?day .
        FILTER NOT EXISTS { ?x dcterms:date|vg:heldOn|schema:startDate ?d }""",
    "a name of what has another vocabulary's": "?x foaf:name ?n . FILTER NOT EXISTS { ?x a foaf:Agent }",
    "a date of a contract that was only presented": """?c a vg:Contract ; dcterms:date ?d .
        FILTER NOT EXISTS { ?s a vg:Signing ; vg:concerns ?c ; vg:date ?d }""",
    "a date made up": "signing:hessischer-jugendring vg:date ?d . FILTER (DATATYPE(?d) != xsd:gYear)",
    "a signing on the day of the presentation": "presentation:hessischer-jugendring vg:date ?d . ?s a vg:Signing ; vg:date ?d",
    "identity carried on": """?a owl:sameAs ?b .
        GRAPH <https://w3id.org/vertragsgraph/hessen/graph/entailed> { { ?b ?p ?x } UNION { ?x ?p ?b } }""",
    "an identifier of what has none that was verified": """?x owl:sameAs|skos:exactMatch|skos:closeMatch ?id .
        FILTER (?x IN (person:kai-klose, organisation:hmsi, organisation:hessische-landesregierung, organisation:drk-hessen,
                       organisation:iaf, organisation:bildungsstaette-anne-frank, organisation:hessischer-jugendring))""",
    "a statement about someone else's resource": """GRAPH ?g { ?s ?p ?o }
        FILTER (!STRSTARTS(STR(?s), "https://w3id.org/vertragsgraph/hessen/"))""",
}


def ask(store: Store, pattern: str) -> bool:
    return bool(store.query(f"{PREFIXES} ASK {{ {pattern} }}", use_default_graph_as_union=True))


@pytest.mark.parametrize("fact", HOLDS)
def test_the_register_says(store: Store, fact: str) -> None:
    assert ask(store, HOLDS[fact])


@pytest.mark.parametrize("error", NEVER)
def test_the_register_does_not_have(store: Store, error: str) -> None:
    assert not ask(store, NEVER[error])


def test_only_verified_identifiers_are_linked(graphs: Graphs) -> None:
    if not VERIFIED.is_file():
        pytest.skip("the list of verified identifiers is not at hand")
    table = VERIFIED.read_text("utf-8").partition("## Identifiers that were verified")[2].partition("\n## ")[0]
    known = set(re.findall(r"[\w-]*\d[\w-]*|dbpedia\.org/resource/\w+", table))
    quads = parse(path=graphs.path("links"), format=RdfFormat.N_TRIPLES)
    linked = [quad.object.value for quad in quads if quad.predicate.value.endswith(("Match", "#sameAs"))]
    assert len(linked) > 40
    for iri in linked:
        local = iri.rstrip("/").rpartition("/")[2]
        assert local in known or iri.removeprefix("http://") in known, iri


def test_every_resource_has_a_name_in_both_languages(store: Store) -> None:
    query = f"""{PREFIXES} SELECT DISTINCT ?x WHERE {{ ?x a ?kind .
        FILTER (?kind NOT IN (vg:Statement, rdf:Statement, owl:Axiom, owl:Ontology))
        FILTER (!STRSTARTS(STR(?kind), CONCAT(STR(oa:), "Text")))
        FILTER NOT EXISTS {{ ?x rdfs:label ?de , ?en . FILTER (LANG(?de) = "de" && LANG(?en) = "en") }} }}"""
    assert list(store.query(query, use_default_graph_as_union=True)) == []


def test_slugs_are_plain(store: Store, register: Register) -> None:
    plain = re.compile(re.escape(register.iri("id/")) + r"[a-z]+(-[a-z]+)*/[a-z0-9]+(-[a-z0-9]+)*(/quote|/position)?")
    subjects = {quad.subject.value for quad in store} - {dataset_iri(register.base)}
    assert [iri for iri in subjects if not plain.fullmatch(iri)] == []


def test_the_example_in_the_document_is_what_the_data_say(store: Store, register: Register) -> None:
    blocks = re.findall(r"```turtle\n(.*?)```", (ROOT / "docs" / "model.md").read_text("utf-8"), re.DOTALL)
    turtle = PREFIXES.replace(register.base, "") + "\n".join(blocks)
    triples = [quad.triple for quad in parse(turtle, RdfFormat.TURTLE, base_iri=register.base)]
    assert len(triples) > 20
    missing = [triple for triple in triples if not has(store, triple)]
    assert missing == []


def has(store: Store, triple: Triple) -> bool:
    return any(True for _ in store.quads_for_pattern(triple.subject, triple.predicate, triple.object))


def test_literals_are_well_formed(store: Store) -> None:
    patterns = {"date": r"\d{4}-\d\d-\d\d", "gYearMonth": r"\d{4}-\d\d", "gYear": r"\d{4}", "decimal": r"\d+(\.\d+)?"}
    for quad in store:
        value = quad.object
        if isinstance(value, Literal) and (name := value.datatype.value.removeprefix(XSD)) in patterns:
            assert re.fullmatch(patterns[name], value.value), quad


def test_all_languages_are_those_of_the_register(store: Store, register: Register) -> None:
    languages = {quad.object.language for quad in store if isinstance(quad.object, Literal)} - {None}
    assert languages == set(register.languages)
    assert NamedNode(register.graph("entailed")) in set(store.named_graphs())
