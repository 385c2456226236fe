"""Pages of registers that aren't small: every kind answers, and what it costs grows no faster than the register."""

from __future__ import annotations

import sys
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
PATHS = (
    "/",
    "/contracts",
    "/contracts?page=3",
    "/contracts?topic=t3&year=2019",
    "/contracts?partner=none",
    "/organisations",
    "/people",
    "/topics",
    "/quality",
    "/explore",
    "/search?q=Verein",
    "/contracts.csv",
    "/organisations.json",
    "/doc/contract/c7",
    "/doc/contract/c7.ttl",
    "/doc/organisation/government",
    "/doc/organisation/government.ttl",
    "/doc/topic/t0",
    "/doc/source/contracts-0000",
    "/doc/programme/p1",
)


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Release]:
    """Releases of synthetic registers, by their number of contracts."""

    def made() -> Iterator[tuple[int, Release]]:
        for contracts in (SMALL, LARGE):
            folder = tmp_path_factory.mktemp(f"synthetic-{contracts}")
            write_register(folder / "register", contracts)
            yield contracts, build(load_register(folder / "register"), folder / "releases").release

    return dict(made())


def cost(release: Release) -> dict[str, tuple[int, float]]:
    """Return how many queries each page asks, and their processor time, when it is asked for the first time."""
    asked = asked_of(release)
    costs: dict[str, tuple[int, float]] = {}
    before = [0, 0.0]

    def look(path: str, response: httpx.Response) -> None:
        assert response.status_code == 200, (path, response.text)
        costs[path] = (asked.queries - int(before[0]), asked.seconds - before[1])
        before[:] = asked.queries, asked.seconds

    get(release, asked, PATHS, look, Accept="text/html", **{"Accept-Language": "en"})
    return costs


def test_every_kind_of_page_answers_and_costs_grow_with_the_register_only(synthetic: dict[int, Release]) -> None:
    small, large = cost(synthetic[SMALL]), cost(synthetic[LARGE])
    for path in PATHS:
        # A list in full asks for so many rows at a time, everything else as often whatever the size.
        assert large[path][0] <= small[path][0] + 6, path
        assert large[path][1] < 8 * small[path][1] + 0.05, path
    assert sum(seconds for _, seconds in large.values()) < 6 * sum(seconds for _, seconds in small.values())
    of_one = ("/doc/contract/c7", "/doc/contract/c7.ttl")  # of the same size in both
    assert sum(large[path][1] for path in of_one) < 3 * sum(small[path][1] for path in of_one)


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
