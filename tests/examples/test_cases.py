"""What ordinary contracts have: each fact stands in the data, on its page, in search where it is a text or an identifier, in the dump.

That the gate takes it says `test_registers`. Pages are those of French (montclair) and of German (moorwalde).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest
from pyoxigraph import RdfFormat, Triple, parse

from tests.web.in_process import asked_of, get

from .conftest import NAMES, Example
from .reading import Page

PREFIXES = """
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> . @prefix schema: <https://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
"""
KINDS = (
    "contract signing signature amendment extension termination grant organisation change person tenure office place "
    "topic document evidence source"
)


class Case(NamedTuple):
    """A fact: triples as Turtle, the page that tells it, the words there, and what is asked for in search."""

    facts: str
    page: str
    words: str | tuple[str, ...]
    search: str = ""

    @property
    def said(self) -> tuple[str, ...]:
        """The words one by one."""
        return (self.words,) if isinstance(self.words, str) else self.words


CASES: dict[str, dict[str, Case]] = {
    "montclair": {
        "start": Case(
            'contract:lire-ensemble schema:startDate "2023-09-01"^^xsd:date .',
            "contract/lire-ensemble",
            "1er septembre 2023",
        ),
        "end": Case(
            'contract:lire-ensemble schema:endDate "2028-08-31"^^xsd:date .', "contract/lire-ensemble", "31 août 2028"
        ),
        "duration": Case(
            'contract:maison-des-langues schema:duration "P3Y"^^xsd:duration .',
            "contract/maison-des-langues",
            ("3 ans", "31 août 2022"),
        ),
        "start and no end": Case(
            'contract:theatre schema:startDate "2026-09-01"^^xsd:date .', "contract/theatre", "1er septembre 2026"
        ),
        "successor": Case(
            "contract:lire-ensemble dcterms:replaces contract:alpha-montclair , contract:maison-des-langues .",
            "contract/lire-ensemble",
            ("Convention avec Alpha Montclair", "avec la Maison des Langues"),
        ),
        "predecessor": Case(
            "contract:maison-des-langues dcterms:isReplacedBy contract:lire-ensemble .",
            "contract/maison-des-langues",
            "avec Lire Ensemble",
        ),
        "amendment": Case(
            """amendment:lire-ensemble-2025 vg:date "2025-03-15"^^xsd:date ; vg:effectiveFrom "2025-09-01"^^xsd:date ;
            vg:content "Les cours ont lieu aussi au quartier des Tanneries."@fr .""",
            "contract/lire-ensemble",
            ("15 mars 2025", "1er septembre 2025", "Les cours ont lieu aussi au quartier des Tanneries."),
            "Tanneries",
        ),
        "extension": Case(
            'extension:huis-van-het-kind-2026 vg:effectiveUntil "2029-02-28"^^xsd:date .',
            "contract/huis-van-het-kind",
            ("20 janvier 2026", "28 février 2029"),
        ),
        "ended by a party": Case(
            """termination:jardins vg:onBehalfOf organisation:jardins-du-grand-pre ; vg:reason "faute de bénévoles"@fr ;
            vg:effectiveUntil "2020-06-30"^^xsd:date .""",
            "contract/jardins",
            ("30 juin 2020", "faute de bénévoles", "Les Jardins du Grand Pré"),
            "bénévoles",
        ),
        "signed by a deputy": Case(
            """signature:lire-ensemble-ville vg:actedAs tenure:awa-diallo-echevine ;
            vg:inPlaceOf tenure:henri-lambotte-bourgmestre .""",
            "contract/lire-ensemble",
            ("Awa Diallo", "échevin ou échevine de l'action sociale", "Henri Lambotte"),
        ),
        "signed on two days": Case(
            """signature:lire-ensemble-ville vg:date "2023-06-12"^^xsd:date .
            signature:lire-ensemble-partenaire vg:date "2023-06-19"^^xsd:date .""",
            "contract/lire-ensemble",
            ("12 juin 2023", "19 juin 2023"),
        ),
        "the side of a signatory": Case(
            "signature:huis-van-het-kind-cpas vg:actedAs tenure:marijke-peeters-presidente ; vg:onBehalfOf organisation:cpas .",
            "contract/huis-van-het-kind",
            ("Marijke Peeters", "Henri Lambotte", "CPAS de Montclair"),
        ),
        "place of signing": Case(
            "signature:lire-ensemble-ville schema:location place:hotel-de-ville .",
            "contract/lire-ensemble",
            "hôtel de ville de Montclair",
        ),
        "end of a tenure": Case(
            'tenure:henri-lambotte-bourgmestre schema:endDate "2024-12-01"^^xsd:date .',
            "person/henri-lambotte",
            "1er décembre 2024",
        ),
        "amount per year": Case(
            'grant:lire-ensemble schema:amount "24000"^^xsd:decimal ; vg:amountPer "P1Y"^^xsd:duration .',
            "contract/lire-ensemble",
            ("24\xa0000", "par an"),
        ),
        "range of an amount": Case(
            """grant:judo-meuse schema:minValue "5000"^^xsd:decimal ; schema:maxValue "8000"^^xsd:decimal ;
            vg:totalAtLeast "25000"^^xsd:decimal ; vg:totalAtMost "40000"^^xsd:decimal .""",
            "contract/judo-meuse",
            ("5\xa0000", "8\xa0000", "par an"),
        ),
        "least amount": Case(
            'grant:hebergement schema:minValue "30000"^^xsd:decimal ; vg:totalAtLeast "150000"^^xsd:decimal .',
            "contract/hebergement",
            ("30\xa0000", "au moins"),
        ),
        "ceiling": Case(
            """grant:huis-van-het-kind schema:maxValue "25000"^^xsd:decimal ; vg:totalAtMost "25000"^^xsd:decimal ;
            schema:funder organisation:ville , organisation:fondation-lambert .""",
            "contract/huis-van-het-kind",
            ("25\xa0000", "Fondation Lambert", "Ville de Montclair"),
        ),
        "end of a grant": Case(
            'grant:judo-meuse schema:endDate "2023-12-31"^^xsd:date .', "contract/judo-meuse", "31 décembre 2023"
        ),
        "in kind": Case(
            'grant:most vg:inKind "la salle des fêtes, deux semaines chaque été"@fr .',
            "contract/most",
            "la salle des fêtes, deux semaines chaque été",
            "salle des fêtes",
        ),
        "another currency": Case(
            'grant:dopomoga schema:amount "1500000"^^xsd:decimal ; schema:currency "UAH" .',
            "contract/dopomoga",
            ("1\xa0500\xa0000", "UAH"),
        ),
        "partner renamed": Case(
            """change:judo-meuse-sport-pour-tous vg:changeKind vg:Renamed ; vg:formerName "Judo-Meuse"@fr ;
            org:resultingOrganization organisation:sport-pour-tous .""",
            "organisation/sport-pour-tous",
            ("Judo-Meuse", "1er mars 2021"),
            "Judo-Meuse",
        ),
        "partners merged": Case(
            """change:fusion-lire-ensemble org:originalOrganization organisation:alpha-montclair , organisation:maison-des-langues ;
            org:resultingOrganization organisation:lire-ensemble ; dcterms:date "2023-01-01"^^xsd:date .""",
            "organisation/alpha-montclair",
            ("1er janvier 2023", "Lire Ensemble", "Maison des Langues"),
        ),
        "merged partner on a contract's page": Case(
            "change:fusion-lire-ensemble org:resultingOrganization organisation:lire-ensemble .",
            "contract/maison-des-langues",
            ("1er janvier 2023", "Lire Ensemble"),
        ),
        "partner dissolved": Case(
            "change:dissolution-jardins vg:changeKind vg:Dissolved .",
            "organisation/jardins-du-grand-pre",
            "31 décembre 2020",
        ),
        "partner not public": Case(
            "contract:hebergement vg:partnerNotPublic true .", "contract/hebergement", "pas public"
        ),
        "person as partner": Case(
            """contract:langue-des-signes vg:personPartner person:jeanne-delvaux ;
            vg:publicationBasis "Article 12 du règlement communal sur la publicité des conventions"@fr .""",
            "contract/langue-des-signes",
            ("Jeanne Delvaux", "Article 12 du règlement communal sur la publicité des conventions"),
            "Jeanne Delvaux",
        ),
        "contracts of a person": Case(
            "contract:langue-des-signes vg:personPartner person:jeanne-delvaux .",
            "person/jeanne-delvaux",
            "Convention sur l'interprétation en langue des signes",
        ),
        "several public parties": Case(
            "contract:huis-van-het-kind vg:contractingParty organisation:ville , organisation:cpas .",
            "contract/huis-van-het-kind",
            ("Ville de Montclair", "CPAS de Montclair"),
        ),
        "folio of a deed": Case(
            """evidence:alpha-acte-p1 oa:hasSource source:p1 ; vg:folio "12 v°" ; vg:seenOn "2026-10-05"^^xsd:date .
            source:p1 vg:heldBy organisation:archives .""",
            "contract/alpha-montclair",
            ("12 v°", "Entre la Ville de Montclair et l'A.S.B.L. Alpha Montclair il est convenu ce qui suit"),
            "il est convenu ce qui suit",
        ),
        "who holds a source": Case("source:p1 vg:heldBy organisation:archives .", "source/p1", "Archives de Montclair"),
        "page of a PDF": Case(
            'evidence:langues-pages-p2 vg:page "2" .',
            "contract/maison-des-langues",
            "La subvention s'élève à dix-huit mille euros (18.000 €) pour toute la durée de la convention",
            "dix-huit mille euros",
        ),
        "date about": Case(
            'signing:alpha-montclair vg:date "2015~"^^edtf:EDTF .', "contract/alpha-montclair", "vers 2015"
        ),
        "date before": Case(
            """signing:bibliotheque vg:date "../2018"^^edtf:EDTF ; vg:latest "2018-12-31"^^xsd:date .""",
            "contract/bibliotheque",
            "2018",
        ),
        "date of a decade": Case('signing:jardins vg:date "201X"^^edtf:EDTF .', "contract/jardins", "années 2010"),
        "date between": Case(
            """signing:most vg:date "2016/2018"^^edtf:EDTF ; vg:earliest "2016-01-01"^^xsd:date .""",
            "contract/most",
            ("2016", "2018"),
        ),
        "file numbers": Case(
            'contract:maison-des-langues dcterms:identifier "CC 2019/114" , "ENS-2019-07" .',
            "contract/maison-des-langues",
            ("CC 2019/114", "ENS-2019-07"),
            "ENS-2019-07",
        ),
        "text and annex": Case(
            """contract:maison-des-langues vg:contractText document:convention-2019-114 ;
            vg:annex document:plan-des-cours-2019-114 .
            document:convention-2019-114 schema:url <https://example.org/montclair-documents/2019-114.pdf> .""",
            "contract/maison-des-langues",
            ("Convention 2019/114 entre la Ville de Montclair et la Maison des Langues", "Plan des cours"),
            "Plan des cours",
        ),
        "name in Ukrainian": Case(
            'organisation:dopomoga rdfs:label "Благодійний фонд «Допомога»"@uk .',
            "organisation/dopomoga",
            "Благодійний фонд «Допомога»",
            "Благодійний фонд",
        ),
        "name in Polish": Case(
            'organisation:most rdfs:label "Stowarzyszenie „Most”"@pl .',
            "organisation/most",
            "Stowarzyszenie „Most”",
            "Stowarzyszenie",
        ),
        "further name": Case(
            'contract:bibliotheque skos:altLabel "Lecture plurielle"@fr .',
            "contract/bibliotheque",
            "Lecture plurielle",
            "Lecture plurielle",
        ),
        "notes and address": Case(
            """contract:bibliotheque skos:note "La rédaction cherche encore l'original."@fr ;
            rdfs:comment "Connue par deux sources seulement."@fr ;
            schema:url <https://example.org/montclair-documents/lecture-plurielle> ;
            rdfs:seeAlso <https://example.org/montclair-documents/catalogue> .""",
            "contract/bibliotheque",
            (
                "La rédaction cherche encore l'original.",
                "Connue par deux sources seulement.",
                "example.org/montclair-documents/lecture-plurielle",
                "example.org/montclair-documents/catalogue",
            ),
            "cherche encore l'original",
        ),
    },
    "moorwalde": {
        "renewal": Case(
            "contract:sprachmittlung-2020 dcterms:replaces contract:sprachmittlung-2018 .",
            "contract/sprachmittlung-2020",
            "Vertrag über Sprachmittlung von 2018",
        ),
        "renewed": Case(
            "contract:sprachmittlung-2018 dcterms:isReplacedBy contract:sprachmittlung-2020 .",
            "contract/sprachmittlung-2018",
            "Vertrag über Sprachmittlung von 2020",
        ),
        "end by duration": Case(
            """contract:sprachmittlung-2018 schema:duration "P2Y"^^xsd:duration ;
            vg:inForceUntil "2020-02-29"^^xsd:date .""",
            "contract/sprachmittlung-2018",
            ("1. März 2018", "2 Jahre", "29. Februar 2020"),
        ),
        "several extensions": Case(
            """extension:sprachmittlung-2022 vg:effectiveUntil "2023-02-28"^^xsd:date .
            extension:sprachmittlung-2023 vg:effectiveUntil "2024-02-29"^^xsd:date .
            contract:sprachmittlung-2020 vg:inForceUntil "2024-02-29"^^xsd:date .""",
            "contract/sprachmittlung-2020",
            ("14. Februar 2022", "28. Februar 2023", "6. Februar 2023", "29. Februar 2024"),
        ),
        "several amendments": Case(
            """amendment:sprachmittlung-2025 vg:content "Die Begleitung zu Elternabenden kommt hinzu."@de .
            amendment:sprachmittlung-2026 vg:content "Die Schulung der Begleitenden kommt hinzu."@de .""",
            "contract/sprachmittlung-2024",
            (
                "Die Begleitung zu Elternabenden kommt hinzu.",
                "Die Schulung der Begleitenden kommt hinzu.",
                "9. März 2026",
            ),
            "Elternabende",
        ),
        "ended early": Case(
            """termination:schwimmen vg:onBehalfOf organisation:kreissportbund ; vg:effectiveUntil "2021-10-31"^^xsd:date ;
            vg:reason "Das Hallenbad in Birkenfurt wurde geschlossen."@de .
            contract:schwimmen vg:inForceUntil "2021-10-31"^^xsd:date .""",
            "contract/schwimmen",
            ("31. Oktober 2021", "Kreissportbund Moorwalde", "Das Hallenbad in Birkenfurt wurde geschlossen."),
            "Hallenbad",
        ),
        "ended by mutual consent": Case(
            "termination:mitreden vg:onBehalfOf organisation:landkreis , organisation:jugendwerk-heidequelle .",
            "contract/mitreden",
            ("30. Juni 2023", "Landkreis Moorwalde", "Das Kreisjugendprogramm ersetzt ihn."),
        ),
        "deputy": Case(
            """signature:ausbildung-landkreis vg:actedAs tenure:svenja-harms-kreisbeigeordnete ;
            vg:inPlaceOf tenure:jens-petersen-landrat ; vg:onBehalfOf organisation:landkreis .""",
            "contract/ausbildung",
            ("Svenja Harms", "Jens Petersen", "Uwe Brandt"),
        ),
        "tenures end": Case(
            'tenure:karl-thomsen-stellvertreter schema:endDate "2021-03"^^xsd:gYearMonth .',
            "person/karl-thomsen",
            "März 2021",
        ),
        "yearly money": Case(
            """grant:sprachmittlung-2020 schema:amount "18000"^^xsd:decimal ; vg:amountPer "P1Y"^^xsd:duration ;
            vg:totalAtLeast "72000"^^xsd:decimal ; vg:totalAtMost "72000"^^xsd:decimal .""",
            "contract/sprachmittlung-2020",
            ("18.000", "im Jahr"),
        ),
        "two givers": Case(
            """contract:ausbildung schema:funding grant:ausbildung-landkreis , grant:ausbildung-stiftung .
            grant:ausbildung-stiftung schema:funder organisation:stiftung-moor-und-heide .""",
            "contract/ausbildung",
            ("60.000", "5.000", "Stiftung Moor und Heide"),
        ),
        "in kind": Case(
            'grant:singen vg:inKind "die Aula der Kreisschule an zwei Abenden in der Woche"@de .',
            "contract/singen",
            "die Aula der Kreisschule an zwei Abenden in der Woche",
            "Aula",
        ),
        "file number": Case(
            'contract:sprachmittlung-2018 dcterms:identifier "51.2-2018/04" .',
            "contract/sprachmittlung-2018",
            "51.2-2018/04",
            "51.2-2018/04",
        ),
        "place of signing": Case(
            "signing:sprachmittlung-2018 schema:location place:kreishaus .", "contract/sprachmittlung-2018", "Kreishaus"
        ),
    },
}
EACH = [pytest.param(name, case, id=f"{name}: {what}") for name, cases in CASES.items() for what, case in cases.items()]


@pytest.fixture(scope="session")
def dumps(example_of: Callable[[str], Example]) -> dict[str, set[Triple]]:
    """What is in the dump of each."""
    files = {name: example_of(name).release.dump("nt") for name in NAMES}
    return {
        name: {quad.triple for quad in parse(path=file, format=RdfFormat.N_TRIPLES)} for name, file in files.items()
    }


@pytest.fixture(scope="session")
def ask(example_of: Callable[[str], Example]) -> Callable[[str, str], httpx.Response]:
    """Ask one of them for a page."""
    asked: dict[str, Any] = {}

    def of(name: str, path: str) -> httpx.Response:
        release = example_of(name).release
        store = asked.setdefault(name, asked_of(release))
        (response,) = get(release, store, [path], **{"accept": "text/html"})
        return response

    return of


@pytest.mark.parametrize(("name", "case"), EACH)
def test_a_fact_is_in_the_dump(name: str, case: Case, dumps: dict[str, set[Triple]]) -> None:
    base = f"https://example.org/{name}/"
    prefixes = PREFIXES + "".join(f"@prefix {kind}: <{base}id/{kind}/> .\n" for kind in KINDS.split())
    facts = {quad.triple for quad in parse(prefixes + case.facts, format=RdfFormat.TURTLE)}
    assert facts - dumps[name] == set()


@pytest.mark.parametrize(("name", "case"), EACH)
def test_a_fact_is_on_its_page(name: str, case: Case, ask: Callable[[str, str], httpx.Response]) -> None:
    page = ask(name, f"/doc/{case.page}")
    said = Page(page.text).words
    assert page.status_code == 200
    assert [words for words in case.said if " ".join(words.split()) not in said] == []


@pytest.mark.parametrize(("name", "case"), [each for each in EACH if each.values[1].search])  # type: ignore[union-attr]
def test_a_text_is_found(name: str, case: Case, ask: Callable[[str, str], httpx.Response]) -> None:
    hits = ask(name, f"/search.json?q={case.search}").json()["hits"]
    pages = {hit["iri"].partition("/id/")[2] for hit in hits}
    subjects = {word.replace(":", "/", 1) for word in case.facts.split() if word.partition(":")[0] in KINDS.split()}
    assert pages & subjects


def test_what_was_withdrawn_answers_410_and_leads_on(ask: Callable[[str, str], httpx.Response]) -> None:
    page = ask("moorwalde", "/doc/contract/sprachbruecke")
    said = Page(page.text).words
    assert page.status_code == 410
    assert "Seit es drei Verträge mit der Sprachbrücke gibt, heißen sie nach ihrem Jahr." in said
    assert "Vertrag über Sprachmittlung von 2018" in said
    assert "nie geschlossen" in Page(ask("moorwalde", "/doc/contract/patenschaften").text).words
    assert "patenschaften" not in ask("moorwalde", "/contracts").text
