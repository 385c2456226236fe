"""The typed links of start page, documents, files and descriptions."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.slow

BASE = "https://w3id.org/vertragsgraph/hessen/"
BROWSER = {"Accept": "text/html"}


def links(response: httpx.Response) -> list[tuple[str, str, str]]:
    """Target, relation and media type of each link; all targets are absolute."""
    found = re.findall(r'<([^>]*)>; rel="([^"]+)"(?:; type="([^"]+)")?', response.headers["link"])
    assert all("://" in target for target, _, _ in found)
    return found


def test_the_start_page_leads_to_everything(server: Any) -> None:
    response = httpx.get(server.url, headers=BROWSER, timeout=60)
    found = links(response)
    counts = Counter(relation for _, relation, _ in found)
    assert (counts["cite-as"], counts["license"], counts["linkset"]) == (1, 1, 1)
    assert counts["describedby"] >= 1
    assert counts["item"] >= 6
    for target, relation, media_type in found:
        if media_type:
            there = httpx.head(target.replace(BASE, server.url), timeout=60)
            assert (there.status_code, there.headers["content-type"].removesuffix("; charset=utf-8")) == (
                200,
                media_type,
            )
            if relation in {"item", "describedby"}:
                back = {"item": "collection", "describedby": "describes"}[relation]
                assert (BASE, back, "text/html") in links(there)


def test_the_linkset_says_the_same_and_the_way_back(server: Any) -> None:
    response = httpx.get(server.url + "linkset", timeout=60)
    assert response.headers["content-type"] == "application/linkset+json"
    contexts = {context.pop("anchor"): context for context in response.json()["linkset"]}
    told = {(target["href"], relation) for relation, targets in contexts[BASE].items() for target in targets}
    page = httpx.get(server.url, headers=BROWSER, timeout=60)
    assert told == {(target, relation) for target, relation, _ in links(page)}
    assert contexts[BASE + "dumps/hessen.ttl"]["collection"][0]["href"] == BASE


def test_a_document_says_what_it_is_about(server: Any) -> None:
    response = httpx.get(server.url + "doc/contract/iaf", headers=BROWSER, timeout=60)
    found = {relation: target for target, relation, _ in links(response)}
    assert found["cite-as"] == BASE + "id/contract/iaf"
    assert found["describes"] == BASE + "id/contract/iaf"
    assert found["license"] == "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
    assert found["describedby"].startswith(BASE + "doc/contract/iaf.")


@pytest.mark.parametrize("language", ["de", "en"])
def test_search_engines_of_data_sets_find_the_data_set(server: Any, language: str) -> None:
    page = httpx.get(server.url, headers=BROWSER, params={"lang": language}, timeout=60).text
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])
    assert (data["@type"], data["@context"]["@vocab"]) == ("Dataset", "https://schema.org/")
    assert data["name"] == {"de": "Hessische Integrationsverträge", "en": "Hessian integration contracts"}[language]
    assert data["license"] == "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
    assert len(data["distribution"]) >= 6
