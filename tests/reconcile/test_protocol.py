"""The protocol, version 0.2 and 1.0 draft: every kind of answer, every kind of mistake."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.reconcile import Service
from vertragsgraph.release import Release

from .conftest import service_of

VALIDATOR = Path(__file__).parents[2] / "../shared/reconcile/validate.py"
DRK = "organisation/deutsches-rotes-kreuz"
CONTRACT = "contract/drk-hessen"


@pytest.fixture(scope="module")
def errors() -> Callable[[str, str, Any], list[str]]:
    """What the published schemas say against an answer."""
    if not VALIDATOR.is_file():
        pytest.skip("the published schemas of the protocol are not here")
    specification = importlib.util.spec_from_file_location("validate", VALIDATOR)
    assert specification
    assert specification.loader
    module = ModuleType("validate")
    module.__file__ = str(VALIDATOR)
    specification.loader.exec_module(module)
    return module.errors  # type: ignore[no-any-return]


def ask(client: TestClient, **queries: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    response = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert response.status_code == 200, response.text
    return {name: answer["result"] for name, answer in response.json().items()}


def first(client: TestClient, query: str, **more: Any) -> dict[str, Any]:
    found = ask(client, q={"query": query, **more})["q"]
    return found[0] if found else {}


QUERIES_02 = {
    "q0": {"query": "Deutsches Rotes Kreuz", "type": "Organisation", "limit": 3},
    "q1": {
        "query": "Integrationsvertrag",
        "type": ["Contract"],
        "type_strict": "any",
        "properties": [{"pid": "year", "v": 2019}],
    },
    "q2": {"properties": [{"pid": "partner", "v": {"id": "organisation/iaf"}}]},
    "q3": {"query": "gibt es hier nicht, nirgends"},
}
QUERIES_1 = {
    "queries": [
        {"type": "Organisation", "limit": 3, "conditions": [{"matchType": "name", "propertyValue": "DRK"}]},
        {
            "type": "Contract",
            "lang": "en",
            "conditions": [
                {"matchType": "name", "propertyValue": "Integration contract"},
                {"matchType": "property", "propertyId": "year", "propertyValue": ["2018"], "required": True},
            ],
        },
        {"conditions": [{"matchType": "id", "propertyValue": DRK}]},
    ]
}
EXTENSION = {
    "ids": [CONTRACT, "contract/hessischer-jugendring", DRK, "organisation/unbekannt"],
    "properties": [
        {"id": name} for name in ("partner", "theme", "signed", "year", "fundingStatus", "wikidata", "rdfs:label")
    ],
}


def test_answers_of_0_2_fit_the_published_schemas(
    client: TestClient, errors: Callable[[str, str, Any], list[str]]
) -> None:
    answers = {
        "manifest": client.get("/reconcile"),
        "reconciliation-result-batch": client.post("/reconcile", data={"queries": json.dumps(QUERIES_02)}),
        "suggest-entities-response": client.get("/reconcile/suggest/entity?prefix=Deut"),
        "suggest-properties-response": client.get("/reconcile/suggest/property?prefix="),
        "suggest-types-response": client.get("/reconcile/suggest/type?prefix=Org"),
        "data-extension-response": client.post("/reconcile", data={"extend": json.dumps(EXTENSION)}),
        "data-extension-property-proposal": client.get("/reconcile/propose_properties?type=Contract&limit=5"),
    }
    for schema, response in answers.items():
        assert response.status_code == 200, response.text
        assert errors("0.2", schema, response.json()) == [], schema
    assert errors("0.2", "reconciliation-query-batch", QUERIES_02) == []


def test_answers_of_1_0_fit_the_published_schemas(
    client: TestClient, errors: Callable[[str, str, Any], list[str]]
) -> None:
    start = "/reconcile/v1"
    answers = {
        "manifest": client.get(start),
        "reconciliation-result-batch": client.post(f"{start}/match", json=QUERIES_1),
        "suggest-entities-response": client.get(f"{start}/suggest/entity?prefix=Deut"),
        "suggest-properties-response": client.get(f"{start}/suggest/property?prefix=part"),
        "suggest-types-response": client.get(f"{start}/suggest/type?prefix="),
        "data-extension-response": client.post(f"{start}/extend", json=EXTENSION),
        "data-extension-property-proposal": client.get(f"{start}/extend/propose?type=Contract&limit=5"),
    }
    for schema, response in answers.items():
        assert response.status_code == 200, response.text
        assert errors("1.0-draft", schema, response.json()) == [], schema
    assert errors("1.0-draft", "reconciliation-query-batch", QUERIES_1) == []
    assert errors("1.0-draft", "data-extension-query", EXTENSION) == []


def test_the_manifest_leads_to_services_that_answer(client: TestClient) -> None:
    manifest = client.get("/reconcile").json()
    base = "https://w3id.org/vertragsgraph/hessen"
    for suggest in manifest["suggest"].values():
        address = (suggest["service_url"] + suggest["service_path"]).removeprefix(base)
        found = client.get(address, params={"prefix": "e"}).json()["result"]
        assert found
        flyout = (suggest["service_url"] + suggest["flyout_service_path"]).removeprefix(base)
        answer = client.get(flyout.replace("${id}", found[0]["id"].replace("/", "%2F"))).json()
        assert answer["id"] == found[0]["id"]
        assert answer["html"].startswith("<p>")
    preview = client.get(manifest["preview"]["url"].removeprefix(base).replace("{{id}}", "organisation%2Fiaf"))
    assert "iaf" in preview.text
    view = client.get(manifest["view"]["url"].removeprefix(base).replace("{{id}}", "organisation%2Fiaf"))
    assert (view.status_code, view.headers["location"]) == (303, "../id/organisation/iaf")
    propose = manifest["extend"]["propose_properties"]
    address = (propose["service_url"] + propose["service_path"]).removeprefix(base)
    assert client.get(address, params={"type": manifest["defaultTypes"][0]["id"]}).json()["properties"]


def test_queries_come_by_get_as_well(client: TestClient) -> None:
    posted = client.post("/reconcile", data={"queries": json.dumps(QUERIES_02)}).json()
    assert client.get("/reconcile", params={"queries": json.dumps(QUERIES_02)}).json() == posted


def test_head_answers_like_get(client: TestClient) -> None:
    for path in ("/reconcile", "/reconcile/v1", "/reconcile/suggest/entity?prefix=a"):
        assert client.head(path).status_code == 200


def test_results_are_sorted_and_as_many_as_wanted(client: TestClient) -> None:
    for limit in (1, 2, 5):
        found = ask(client, q={"query": "Deutsches Rotes Kreuz", "limit": limit})["q"]
        assert 1 <= len(found) <= limit
        assert [item["score"] for item in found] == sorted((item["score"] for item in found), reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "Q694104",
        "wd:Q694104",
        "http://www.wikidata.org/entity/Q694104",
        DRK,
        f"https://w3id.org/vertragsgraph/hessen/id/{DRK}",
    ],
)
def test_an_identifier_gives_a_hundred(client: TestClient, text: str) -> None:
    found = first(client, text)
    assert (found["id"], found["score"], found["match"]) == (DRK, 100, True)


def test_of_two_that_bear_the_same_name_none_is_a_match(
    hessen: Release, tmp_path: Path, client_of: Callable[[Service], TestClient]
) -> None:
    about = '<{iri}> {type} <https://w3id.org/vertragsgraph/ontology#Organisation> .\n<{iri}> {label} "{name}"@de .\n'
    names = {"eins": "Sportverein Bad Zwesten", "zwei": "Sportverein Bad Zwesten", "drei": "Turnverein Bad Zwesten"}
    more = [
        about.format(iri=f"{hessen.base}id/organisation/{key}", type=nt.RDF_TYPE, label=nt.RDFS_LABEL, name=name)
        for key, name in names.items()
    ]
    client = client_of(service_of(hessen, tmp_path, more))
    found = ask(client, q={"query": "Sportverein Bad Zwesten"})["q"]
    assert {item["id"] for item in found[:2]} == {"organisation/eins", "organisation/zwei"}
    assert not any(item["match"] for item in found)
    assert first(client, "Turnverein Bad Zwesten")["match"]


def test_a_type_keeps_others_out(client: TestClient) -> None:
    assert first(client, "Kai Klose", type="Person")["id"] == "person/kai-klose"
    assert not any(
        "person/" in item["id"] for item in ask(client, q={"query": "Kai Klose", "type": "Organisation"})["q"]
    )
    assert ask(client, q={"query": "Kai Klose", "type": "Unbekannt"})["q"] == []


def test_a_broader_type_lets_the_narrower_in(client: TestClient) -> None:
    assert first(client, "HMSI", type="Organisation")["id"] == "organisation/hmsi"
    assert first(client, "HMSI", type="Organisation")["type"] == [{"id": "Ministry", "name": "Ministerium"}]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        (
            [{"pid": "year", "v": "2019"}, {"pid": "partner", "v": "Deutsches Rotes Kreuz, LV Hessen"}],
            "contract/drk-hessen",
        ),
        ([{"pid": "partner", "v": {"id": "organisation/iaf"}}], "contract/iaf"),
        ([{"pid": "topic", "v": ["Antisemitismus", "Rassismus"]}], "contract/bildungsstaette-anne-frank"),
        ([{"pid": "topic", "v": {"id": "topic/jugendliche"}}], "contract/hessischer-jugendring"),
    ],
)
def test_properties_tell_contracts_apart(client: TestClient, properties: list[dict[str, Any]], expected: str) -> None:
    assert first(client, "Integrationsvertrag", type="Contract", properties=properties)["id"] == expected
    assert ask(client, q={"type": "Contract", "properties": properties})["q"][0]["id"] == expected


def test_a_property_that_differs_forbids_a_match(client: TestClient) -> None:
    name = "Integrationsvertrag mit dem DRK-Landesverband Hessen"
    assert first(client, name, properties=[{"pid": "year", "v": "2019"}])["match"] is True
    assert first(client, name, properties=[{"pid": "year", "v": "2018"}])["match"] is False


def test_what_is_required_is_required(client: TestClient) -> None:
    condition = {"matchType": "property", "propertyId": "year", "propertyValue": "2018", "required": True}
    name = {"matchType": "name", "propertyValue": "Integrationsvertrag"}
    answer = client.post(
        "/reconcile/v1/match", json={"queries": [{"type": "Contract", "conditions": [name, condition]}]}
    )
    found = {item["id"] for item in answer.json()["results"][0]["candidates"]}
    assert found == {"contract/bildungsstaette-anne-frank", "contract/hessischer-jugendring"}


def test_names_come_in_the_language_asked_for(client: TestClient) -> None:
    response = client.post("/reconcile", data={"queries": '{"q":{"query":"DRK"}}'}, headers={"Accept-Language": "en"})
    assert response.json()["q"]["result"][0]["name"] == "German Red Cross"
    assert response.headers["content-language"] == "en"


def test_extension_keeps_dates_at_their_precision(client: TestClient) -> None:
    rows = client.post("/reconcile", data={"extend": json.dumps(EXTENSION)}).json()["rows"]
    assert rows[CONTRACT]["signed"] == [{"date": "2019-06-03T00:00:00Z"}]
    assert rows["contract/hessischer-jugendring"]["signed"] == [{"str": "2018"}]
    assert rows["contract/hessischer-jugendring"]["year"] == [{"str": "2018"}]


def test_extension_gives_entities_labels_and_links(client: TestClient) -> None:
    answer = client.post("/reconcile", data={"extend": json.dumps(EXTENSION)}).json()
    rows, meta = answer["rows"], {item["id"]: item for item in answer["meta"]}
    assert rows[CONTRACT]["partner"] == [
        {"id": "organisation/drk-hessen", "name": "Deutsches Rotes Kreuz, Landesverband Hessen"}
    ]
    assert rows[CONTRACT]["fundingStatus"] == [{"str": "ohne Förderung durch die öffentliche Seite"}]
    assert rows[DRK]["wikidata"] == [{"id": "Q694104", "name": "Q694104"}]
    assert meta["wikidata"]["service"].startswith("https://")
    assert rows["organisation/unbekannt"]["partner"] == []
    assert [item["id"] for item in answer["meta"]] == [item["id"] for item in EXTENSION["properties"]]


def test_extension_honours_its_settings(client: TestClient) -> None:
    query = {
        "ids": ["topic/ehrenamt"],
        "properties": [
            {"id": "skos:altLabel", "settings": {"limit": "1"}},
            {"id": "skos:prefLabel", "settings": {"language": "en"}},
        ],
    }
    row = client.post("/reconcile", data={"extend": json.dumps(query)}).json()["rows"]["topic/ehrenamt"]
    assert len(row["skos:altLabel"]) == 1
    assert row["skos:prefLabel"] == [{"str": "voluntary work"}]


def test_proposed_properties_are_those_of_the_type(client: TestClient) -> None:
    def proposed(type_name: str) -> set[str]:
        answer = client.get("/reconcile/propose_properties", params={"type": type_name}).json()
        return {item["id"] for item in answer["properties"]}

    assert {"partner", "year", "topic"} <= proposed("Contract")
    assert "partner" not in proposed("Person")
    assert proposed("Unbekannt") == set()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"queries": "{"}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": '{"q": {"query": ["a"]}}'}, 400),
        ({"queries": '{"q": {"query": ' + "9" * 5_000 + "}}"}, 400),
        ({"queries": '{"q": {"query": "\\ud800"}}'}, 400),
        ({"extend": '{"ids": ["\\ud800"], "properties": []}'}, 400),
        ({"queries": '{"q": {"query": "a", "limit": 0}}'}, 400),
        ({"queries": '{"q": {"query": "a", "type": [1]}}'}, 400),
        ({"queries": '{"q": {"query": "a", "properties": [{"v": 1}]}}'}, 400),
        ({"queries": json.dumps({str(n): {"query": "a"} for n in range(101)})}, 413),
        ({"extend": '{"ids": "a", "properties": []}'}, 400),
        ({"extend": '{"ids": [], "properties": [{"id": "unbekannt"}]}'}, 400),
        ({"extend": json.dumps({"ids": ["a"] * 1001, "properties": []})}, 413),
        ({}, 400),
        ({"queries": "x" * 1_100_000}, 413),
    ],
)
def test_mistakes_are_told(client: TestClient, data: dict[str, str], status: int) -> None:
    response = client.post("/reconcile", data=data)
    assert response.status_code == status
    assert response.json()["detail"]


@pytest.mark.parametrize(
    "empty", ['{"query": " "}', '{"query": "\\u00a0"}', '{"query": ""}', '{"query": null, "limit": null}', "{}"]
)
def test_an_empty_cell_gets_an_empty_result_and_the_others_theirs(client: TestClient, empty: str) -> None:
    named = '{"query": "Bildungsstätte Anne Frank", "limit": null}'
    answer = client.post("/reconcile/", data={"queries": f'{{"a": {named}, "b": {empty}, "c": {named}}}'})
    results = {name: found["result"] for name, found in answer.json().items()}
    assert (results["b"], results["a"]) == ([], results["c"])
    assert results["a"][0]["match"]
    condition = '{"matchType": "name", "propertyValue": null}'
    body = f'{{"queries": [{{"conditions": [{condition}]}}, {{}}]}}'.encode()
    assert client.post("/reconcile/v1/match", content=body).json() == {"results": [{"candidates": []}] * 2}


def test_a_number_is_what_it_looks_like(client: TestClient) -> None:
    answer = ask(client, a={"query": 2018}, b={"query": "2018"}, c={"query": 2018.0})
    assert answer["a"] == answer["b"] == answer["c"]


@pytest.mark.parametrize("nothing", ["", " ", None, [], [""], {"id": ""}])
def test_an_empty_value_speaks_for_and_against_nobody(client: TestClient, nothing: Any) -> None:
    query = {"query": "Bildungsstätte Anne Frank"}
    asked = {"a": query, "b": {**query, "properties": [{"pid": "year", "v": nothing}]}}
    answer = ask(client, **asked)
    assert [(found["id"], found["score"], found["match"]) for found in answer["a"]] == [
        (found["id"], found["score"], found["match"]) for found in answer["b"]
    ]


def test_numbers_without_end_are_no_mistake_of_the_server(client: TestClient) -> None:
    for cursor in (2**63, 10**30, -(10**30)):
        for what in ("entity", "type"):
            assert client.get(f"/reconcile/suggest/{what}", params={"prefix": "a", "cursor": cursor}).status_code == 200
    extend = '{"ids": ["organisation/iaf"], "properties": [{"id": "rdfs:label", "settings": {"limit": 1e999}}]}'
    assert client.post("/reconcile", data={"extend": extend}).status_code == 200


def test_a_preview_may_stand_in_a_frame_and_run_nothing(client: TestClient) -> None:
    policy = client.get("/reconcile/preview?id=organisation/iaf").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "frame-ancestors" not in policy


def test_a_hundred_queries_at_once_are_answered(client: TestClient) -> None:
    assert len(ask(client, **{f"q{n}": {"query": f"Hessen {n}"} for n in range(100)})) == 100


@pytest.mark.parametrize(
    "path",
    [
        "/reconcile/flyout/entity?id=organisation/unbekannt",
        "/reconcile/preview",
        "/reconcile/view?id=..%2F..",
        "/reconcile/suggest/unknown",
        "/reconcile/flyout/type?id=x",
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_another_media_type_is_refused(client: TestClient) -> None:
    assert client.post("/reconcile", json={"queries": {}}).status_code == 415


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["query", "type", "properties", "pid", "v", "id", "limit", "conditions", "matchType", "propertyValue"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(json_values)
def test_whatever_comes_gets_an_answer_or_a_refusal(client: TestClient, value: Any) -> None:
    responses = [
        client.post("/reconcile", data={"queries": json.dumps({"q": value})}),
        client.post("/reconcile", data={"extend": json.dumps(value)}),
        client.post("/reconcile/v1/match", content=json.dumps({"queries": [value]})),
    ]
    assert all(response.status_code in {200, 400, 413} for response in responses)


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_text_may_be_a_name(client: TestClient, text: str) -> None:
    response = client.post("/reconcile", data={"queries": json.dumps({"q": {"query": text}})})
    assert response.status_code in {200, 400}
    assert client.get("/reconcile/suggest/entity", params={"prefix": text}).status_code == 200


def test_labels_do_no_harm_in_previews(client: TestClient) -> None:
    page = client.get("/reconcile/preview?id=organisation/landesfachstelle-hessen").text
    assert "<script" not in page
    assert "Landesfachstelle" in page
