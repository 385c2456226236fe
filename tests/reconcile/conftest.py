"""The service over the shipped register alone, and over the same with 10,000 invented organisations."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store
from starlette.responses import Response
from starlette.testclient import TestClient

from vertragsgraph.http.problem import MEDIA_TYPE, Problem
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.reconcile import Service, router
from vertragsgraph.reconcile.schema import Schema
from vertragsgraph.release import Release
from vertragsgraph.search import SearchIndex, legal_forms, write
from vertragsgraph.texts import Language

ROOT = Path(__file__).parents[2]
ORGANISATION = "https://w3id.org/vertragsgraph/ontology#Organisation"


def _words(text: str) -> list[str]:
    return text.split()


KINDS = _words(
    "Sportverein Turnverein Heimatverein Kulturverein Musikverein Förderverein Bürgerinitiative "
    "Nachbarschaftshilfe Jugendzentrum Begegnungsstätte Frauenhaus Seniorenbüro Flüchtlingshilfe "
    "Sprachschule Freiwilligenagentur Bildungswerk Familienzentrum Mütterzentrum Kirchengemeinde "
    "Mehrgenerationenhaus Theatergruppe Wanderverein"
)
STARTS = _words("Alt Neu Ober Unter Nieder Hohen Groß Klein Langen Schön Wester Oster Burg Wald")
MIDDLES = _words("eichen linden buchen mühl wiesen stein wolfs hirsch königs rosen apfel birken kirch brunn")
ENDS = _words("hausen heim bach feld berg stadt dorf au rode born furt hain brück tal")
GIVEN = _words(
    "Anna Bettina Christa Dorothea Elisabeth Friedrich Georg Heinrich Ida Johann Karl Luise Martin Nora Otto"
)
SURNAMES = _words(
    "Ackermann Brückner Döring Ehrlich Fürst Göbel Hübner Jäger Köhler Löwe Neumann Özdemir Rößler Schäfer"
)


def place(chance: random.Random) -> str:
    return chance.choice(STARTS) + chance.choice(MIDDLES) + chance.choice(ENDS)


def organisations(count: int) -> list[str]:
    """The same invented names each time, sorted, each once."""
    chance = random.Random(20181)
    names: set[str] = set()
    while len(names) < count:
        kind, where = chance.choice(KINDS), place(chance)
        name = chance.choice(
            [
                f"{kind} {where}",
                f"{kind} {where} {chance.randint(1848, 2015)}",
                f"{chance.choice(GIVEN)}-{chance.choice(SURNAMES)}-Stiftung {where}",
                f"{kind} {chance.choice(GIVEN)} {chance.choice(SURNAMES)} {where}",
            ]
        )
        names.add(name + chance.choice(["", " e.V.", " e.V.", " gGmbH"]))
    return sorted(names)


def invented(count: int, base: str) -> Iterator[str]:
    """Triples about invented organisations."""
    for number, name in enumerate(organisations(count)):
        subject = f"<{base}id/organisation/x{number:05d}>"
        yield f"{subject} {nt.RDF_TYPE} <{ORGANISATION}> .\n"
        yield f'{subject} {nt.RDFS_LABEL} "{name}"@de .\n'


@pytest.fixture(scope="session")
def made_up() -> list[str]:
    """Names put together from the same parts as those of the invented organisations, of which none bears one."""
    chance = random.Random(4)
    known = {name.removesuffix(" e.V.").removesuffix(" gGmbH") for name in organisations(10_000)}
    names = {f"{chance.choice(KINDS)} {place(chance)}{chance.choice(['', ' 1921', ' 1999'])}" for _ in range(400)}
    return sorted(names - known)


@pytest.fixture(scope="session")
def hessen(release: Release) -> Release:
    """The release of the shipped register."""
    return release


def service_of(release: Release, folder: Path, more: Iterable[str] = ()) -> Service:
    """The service over a release and more triples."""
    triples = folder / "invented.nt"
    triples.write_text("".join(more), "utf-8")
    store = Store()
    store.bulk_load(path=triples, format=RdfFormat.N_TRIPLES)
    store.bulk_load(path=release.dump("nq"), format=RdfFormat.N_QUADS)
    # The index holds what follows as well, as that of a release does.
    quads = {f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in store.quads_for_pattern(None, None, None)}
    write(sorted(quads), folder / "search.sqlite", release.base, legal_forms(lambda: quads))
    index = SearchIndex(folder / "search.sqlite")

    async def ask(query: str, /) -> bytes:
        results = store.query(query, use_default_graph_as_union=True)
        assert isinstance(results, QuerySolutions)
        return results.serialize(format=QueryResultsFormat.JSON) or b""

    return Service(
        index, Schema(release.folder / "ontology.ttl", index, release.prefixes, release.kinds), release.register, ask
    )


@pytest.fixture(scope="session")
def service(hessen: Release, tmp_path_factory: pytest.TempPathFactory) -> Service:
    return service_of(hessen, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def large(hessen: Release, tmp_path_factory: pytest.TempPathFactory) -> Service:
    return service_of(hessen, tmp_path_factory.mktemp("large"), invented(10_000, hessen.base))


@pytest.fixture(scope="session")
def client_of() -> Callable[[Service], TestClient]:
    def client(service: Service) -> TestClient:
        async def problem(_: Request, error: Exception) -> Response:
            assert isinstance(error, Problem)
            return Response(error.body(), error.status, media_type=MEDIA_TYPE, headers=error.headers)

        def language(request: Request) -> Language:
            return "en" if request.headers.get("accept-language", "").startswith("en") else "de"

        app = FastAPI()
        app.add_exception_handler(Problem, problem)
        app.include_router(router(lambda _: service, language))
        return TestClient(app, follow_redirects=False)

    return client


@pytest.fixture(scope="session")
def client(service: Service, client_of: Callable[[Service], TestClient]) -> TestClient:
    return client_of(service)
