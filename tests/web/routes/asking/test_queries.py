"""Example queries as addresses: every one answers, parameters narrow down, and whatever else is sent is told."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vertragsgraph.register import shipped_folder

NAMES = sorted(path.stem for path in (shipped_folder() / "data/queries").glob("*.rq"))
ID = "https://w3id.org/vertragsgraph/hessen/id/"


@pytest.fixture(scope="module")
def http(server: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


def rows(response: httpx.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text)))


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("wikidata")])
def test_each_has_the_answer_of_its_query(http: httpx.Client, name: str) -> None:
    text = (shipped_folder() / f"data/queries/{name}.rq").read_text("utf-8")
    form = "ttl" if "CONSTRUCT" in text else "csv"
    there = http.get(f"/queries/{name}.{form}")
    endpoint = http.get("/sparql", params={"query": text, "format": form})
    assert (there.status_code, there.text) == (200, endpoint.text)
    assert there.headers["etag"]
    assert http.get(f"/queries/{name}.{form}", headers={"If-None-Match": there.headers["etag"]}).status_code == 304


def test_the_number_is_enough_where_one_begins_so(http: httpx.Client) -> None:
    assert http.get("/queries/06.csv").text == http.get("/queries/06-partners.csv").text
    assert "07a-topics" in http.get("/queries/07.csv").json()["detail"]


def test_parameters_narrow_the_results_down(http: httpx.Client) -> None:
    whole = rows(http.get("/queries/04.csv"))
    contract = f"{ID}contract/drk-hessen"
    of_one = rows(http.get("/queries/04.csv", params={"contract": "contract:drk-hessen"}))
    assert of_one == rows(http.get("/queries/04.csv", params={"contract": contract}))
    assert sorted(map(str, of_one)) == sorted(str(row) for row in whole if row["contract"] == contract) != []
    narrower = rows(http.get("/queries/04.csv", params={"contract": contract, "value": "2019-06-03"}))
    assert {row["value"] for row in narrower} == {"2019-06-03"}


def test_a_text_is_whatever_kind_of_literal_it_may_be(http: httpx.Client) -> None:
    assert len(rows(http.get("/queries/12.csv?concluded=2018"))) == 2
    assert rows(http.get("/queries/12.csv?concluded=2017")) == []
    name = "Integration contract with the Hessian Youth Council"
    assert [row["name"] for row in rows(http.get("/queries/12.csv", params={"lang": "en", "name": name}))] == [name]


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("99.csv", 404, "there are: 01-contracts, 02-"),
        ("12.docx", 404, "json, csv, tsv"),
        ("12.csv?nope=1", 400, "parameters are: lang, timeout, contract, name, concluded, latest"),
        ("12.csv?lang=fr", 400, "its languages are: de, en"),
        ("12.csv?timeout=soon", 400, "“timeout”"),
        ("04.csv?contract=a&subject=a&property=a&value=a&how=a&source=a&quotation=a", 400, "too many combinations"),
    ],
)
def test_what_will_not_do_is_told(http: httpx.Client, address: str, status: int, said: str) -> None:
    response = http.get(f"/queries/{address}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"]
    assert http.post(f"/queries/{address}").status_code == 405


@settings(max_examples=40, deadline=None)
@given(
    value=st.text(max_size=40)
    | st.sampled_from(['"} ASK {', "?x", "<urn:a>", "urn:a> } #", "A:\x7f", "a:b", "contract:", "\\u0022"])
)
def test_no_value_breaks_out_of_its_place(http: httpx.Client, value: str) -> None:
    response = http.get("/queries/12.csv", params={"contract": value})
    assert rows(response) == []


def test_they_are_described(http: httpx.Client) -> None:
    paths = http.get("/openapi.json").json()["paths"]
    described = paths["/queries/12-before-2019.{extension}"]["get"]
    assert described["summary"] == "Which contracts were concluded before 2019?"
    assert [each["name"] for each in described["parameters"]] == [
        "extension", "contract", "name", "concluded", "latest", "lang", "timeout"
    ]  # fmt: skip
    assert len([path for path in paths if path.startswith("/queries/")]) == len(NAMES)


def test_the_page_leads_to_them(http: httpx.Client) -> None:
    page = http.get("/sparql", headers={"Accept": "text/html", "Accept-Language": "en"}).text
    assert 'href="queries/06-partners.csv?lang=en"' in page
