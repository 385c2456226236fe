"""What one asks of contracts that begin, end and cost money: which are in force on a day, with whom, for how much."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import QuerySolutions, Store

from .conftest import Ask, Example

TOWN, COUNTY = "montclair", "moorwalde"


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        (TOWN, "status=in-force&on=2024-01-01", "hebergement huis-van-het-kind lire-ensemble"),
        (TOWN, "status=ended&on=2024-01-01", "jardins maison-des-langues"),
        (TOWN, "status=not-yet&on=2024-01-01", "theatre"),
        (
            TOWN,
            "status=unknown&on=2024-01-01",
            "alpha-montclair bibliotheque dopomoga judo-meuse langue-des-signes most",
        ),
        (TOWN, "status=in-force&on=2028-09-01", "huis-van-het-kind"),
        (TOWN, "partner=not-public", "hebergement"),
        (TOWN, "partner=sport-pour-tous", "judo-meuse"),
        (TOWN, "party=cpas", "hebergement huis-van-het-kind"),
        (TOWN, "office=echevine-action-sociale", "lire-ensemble"),
        (TOWN, "year=2018", "judo-meuse"),
        (COUNTY, "status=in-force&on=2021-10-31", "schwimmen sprachmittlung-2020"),
        (COUNTY, "status=ended&on=2021-11-01", "schwimmen sprachmittlung-2018"),
        (COUNTY, "status=in-force&on=2020-02-29", "schwimmen sprachmittlung-2018"),
        (COUNTY, "status=in-force&on=2024-02-29", "ausbildung singen sprachmittlung-2020"),
        (COUNTY, "status=in-force&on=2024-03-01", "ausbildung singen sprachmittlung-2024"),
        (COUNTY, "status=not-yet&on=2021-10-31", "ausbildung singen sprachmittlung-2024"),
        (COUNTY, "office=erste-kreisbeigeordnete", "ausbildung"),
    ],
)
def test_contracts_can_be_chosen(name: str, query: str, expected: str, ask: Ask) -> None:
    items = ask(name, f"/contracts.json?{query}").json()["items"]
    assert sorted(item["iri"].rpartition("/")[2] for item in items) == expected.split()
    assert ask(name, f"/contracts?{query}").status_code == 200


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        # 18,000 and 12,500.50 in all, 30,000 a year for five years; 5,000 to 8,000 a year for five; 25,000 and 40,000 at most
        (TOWN, "02-sommes", [("EUR", "205500.5", "135500.5", "2"), ("UAH", "1500000", "1500000", "0")]),
        # 18,000 a year for four years; just under 40,000, 60,000 at most; what is paid by the year and no term is known
        (COUNTY, "04-foerderung", [("EUR", "72000", "172000", "3")]),
    ],
)
def test_sums_add_up(
    name: str, query: str, expected: list[tuple[str, ...]], example_of: Callable[[str], Example]
) -> None:
    example = example_of(name)
    text = (example.register.data / f"queries/{query}.rq").read_text("utf-8")
    found = Store.read_only(str(example.release.store)).query(text, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    rows = [tuple(row[name].value for name in ("currency", "atLeast", "atMost", "withoutLimit")) for row in found]
    assert rows == expected


def test_what_was_withdrawn_answers_410_and_leads_on(ask: Ask) -> None:
    page = ask(COUNTY, "/doc/contract/sprachbruecke")
    assert page.status_code == 410
    for words in (
        "Seit es drei Verträge mit der Sprachbrücke gibt, heißen sie nach ihrem Jahr.",
        "Vertrag über Sprachmittlung von 2018",
    ):
        assert words in page.text
    assert "nie geschlossen" in ask(COUNTY, "/doc/contract/patenschaften").text
    assert "patenschaften" not in ask(COUNTY, "/contracts").text
