"""Pages of registers that aren't small: every kind answers, and what it costs grows no faster than the register."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from vertragsgraph.register import load_register
from vertragsgraph.release import Release, build

from .in_process import asked_of, get

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from synthetic_register import write_register

pytestmark = pytest.mark.slow

SMALL, LARGE = 200, 800
DEAREST = 4.0
"""Seconds of processor time that no page or file of the large register may need."""
LISTS = ("contracts", "organisations", "people", "topics", "grants")
PATHS = (
    "/",
    *(f"/{name}{extension}" for name in LISTS for extension in ("", ".csv", ".json")),
    "/contracts?page=3",
    "/contracts?topic=t3&year=2019",
    "/contracts?partner=none",
    "/contracts.csv?funding=Funded",
    "/people?office=none",
    "/quality",
    "/explore",
    "/explore.json",
    "/search?q=Verein",
    "/search.json?q=Minister",
    *("/catalog", "/catalog.ttl", "/void.ttl", "/linkset", "/openapi.json", "/sitemap.xml", "/sitemap-0.xml"),
    *(
        "/dumps/",
        "/releases/",
        "/releases/feed.atom",
        "/timemap/doc/contract/c7",
        "/ontology",
        "/shapes",
        "/shapes.rdf",
    ),
    *("/links.csv", "/links.json", "/reconcile", "/health/live"),
    *(f"/graph/{role}?format=nt" for role in ("contracts", "agents", "topics", "sources", "evidence", "entailed")),
    "/graph/evidence?format=ttl",
    "/graphs?default&format=nt",
)
FORMATS = ("html", "ttl", "jsonld", "nt", "rdf")
HUBS = ("organisation/government", "topic/t0", "office/minister", "source/contracts-0000", "programme/p1", "aim/a0")


def documents(release: Release) -> Iterator[str]:
    """Yield the documents about a resource of each kind, and about those that much is connected with, in each format."""
    firsts: dict[str, str] = {}
    for line in (release.folder / "resources.nt").read_text("utf-8").splitlines():
        path = line[1 : line.index(">")].removeprefix(f"{release.base}id/")
        firsts.setdefault(path.partition("/")[0], path)
    for path in dict.fromkeys((*HUBS, *firsts.values())):
        yield from (f"/doc/{path}.{form}" for form in FORMATS)


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Release]:
    """Releases of synthetic registers, by their number of contracts."""

    def made() -> Iterator[tuple[int, Release]]:
        for contracts in (SMALL, LARGE):
            folder = tmp_path_factory.mktemp(f"synthetic-{contracts}")
            write_register(folder / "register", contracts)
            yield contracts, build(load_register(folder / "register"), folder / "releases").release

    return dict(made())


def cost(release: Release) -> dict[str, tuple[int, float, float]]:
    """Return how many queries each page asks, and the processor time of these and in all, when it is asked for the first time."""
    asked, warm = (
        asked_of(release),
        ("/imprint", "/ontology"),
    )  # templates and catalogues are read once, by whichever page
    costs: dict[str, tuple[int, float, float]] = {}
    before = (0, 0.0, 0.0)

    def look(path: str, response: httpx.Response) -> None:
        nonlocal before
        assert response.status_code == 200, (path, response.text[:500])
        now = asked.queries, asked.seconds, time.process_time()
        costs[path] = (now[0] - before[0], now[1] - before[1], now[2] - before[2])
        before = asked.queries, asked.seconds, time.process_time()

    get(release, asked, (*warm, *PATHS, *documents(release)), look, Accept="text/html", **{"Accept-Language": "en"})
    return {path: of for path, of in costs.items() if path not in warm}


def test_every_kind_of_page_answers_and_costs_grow_with_the_register_only(synthetic: dict[int, Release]) -> None:
    small, large = cost(synthetic[SMALL]), cost(synthetic[LARGE])
    asked_of_both = [path for path in large if path in small]
    assert {path.rpartition(".")[2] for path in asked_of_both} >= {*FORMATS, "csv", "json"}
    assert len(asked_of_both) > 120
    for path in asked_of_both:
        assert large[path][0] <= small[path][0] + 6, path  # each page asks as often whatever the size
        assert large[path][1] < 8 * small[path][1] + 0.05, path
        assert large[path][2] < DEAREST, path
    for which in (1, 2):
        assert sum(large[path][which] for path in asked_of_both) < 6 * sum(small[path][which] for path in asked_of_both)
    of_one = [path for path in asked_of_both if "/contract/" in path]  # of the same size in both
    assert sum(large[path][1] for path in of_one) < 3 * sum(small[path][1] for path in of_one)
    for path in (
        "/contracts.csv",
        "/contracts.json",
        "/organisations.csv",
        "/graphs?default&format=nt",
        "/graph/evidence?format=nt",
    ):
        assert large[path][0] == 0, f"{path} asks the engine for what lies in files"


def test_lists_are_cut_in_order_and_say_how_many_there_are(synthetic: dict[int, Release]) -> None:
    release = synthetic[LARGE]
    paths = [f"/doc/organisation/government?lang={language}" for language in ("de", "en")]
    newest, german, english, source, programme = get(
        release,
        asked_of(release),
        ["/contracts.json", *paths, "/doc/source/contracts-0000", "/doc/programme/p1"],
        Accept="text/html",
        **{"Accept-Language": "en"},
    )
    dates = [max(item["date"], default="") for item in newest.json()["items"]]
    assert dates == sorted(dates, reverse=True)
    for item in newest.json()["items"][:90]:  # of one day more may be there than are shown
        assert f'doc/contract/{item["iri"].rpartition("/")[2]}?lang=en"' in english.text
    assert f"all {LARGE} in the list of contracts" in english.text
    assert f"alle {LARGE} in der Liste der Verträge" in german.text
    assert 'href="../../contracts?party=government&amp;lang=en"' in english.text
    for page in (source, programme):
        assert "There are more than are shown on this page:" in page.text
        assert "sparql?query=PREFIX" in page.text


def test_the_graph_of_a_large_register_is_a_selection_with_its_lines(synthetic: dict[int, Release]) -> None:
    release = synthetic[LARGE]
    data, page = get(release, asked_of(release), ["/explore.json", "/explore?lang=en"], Accept="text/html")
    found = data.json()
    ends = {end for line in found["lines"] for end in (line["source"], line["target"])}
    assert {node["iri"] for node in found["nodes"]} == ends
    assert 40 <= len(ends) <= 60
    assert {node["kind"] for node in found["nodes"]} >= {"contract", "organisation", "topic"}
    assert "This is a selection" in page.text
