"""What crawlers read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import httpx
import pytest

pytestmark = pytest.mark.slow

BASE = "https://w3id.org/vertragsgraph/hessen/"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def locations(server: Any, path: str) -> list[str]:
    return [
        str(node.text)
        for node in ET.fromstring(httpx.get(server.url + path, timeout=60).content).iterfind(".//s:loc", NAMES)
    ]


def test_robots_may_fetch_pages_and_files_but_ask_no_queries(server: Any) -> None:
    parser = RobotFileParser()
    parser.parse(httpx.get(server.url + "robots.txt", timeout=60).text.splitlines())
    assert parser.site_maps() == [BASE + "sitemap.xml"]
    assert parser.can_fetch("*", BASE.replace("/vertragsgraph/hessen", "") + "doc/contract/iaf")
    assert not parser.can_fetch("*", "https://w3id.org/sparql?query=ASK{}")


def test_every_page_of_the_site_map_is_there(server: Any) -> None:
    files = locations(server, "sitemap.xml")
    assert files == [BASE + "sitemap-0.xml"]
    pages = locations(server, "sitemap-0.xml")
    assert BASE + "doc/contract/drk-hessen" in pages
    assert len(pages) == len(set(pages)) > 100
    with httpx.Client(headers={"Accept": "text/html"}, timeout=60) as client:
        wanted = [page for page in pages if "/doc/" not in page] + pages[-300::10]
        failed = [page for page in wanted if client.get(page.replace(BASE, server.url)).status_code != 200]
    assert failed == []


def test_a_site_map_that_there_is_not_is_404(server: Any) -> None:
    assert httpx.get(server.url + "sitemap-7.xml", timeout=60).status_code == 404


def test_the_addresses_that_the_ontology_names_are_there(server: Any) -> None:
    ontology = (Path(__file__).parents[4] / "ontology" / "vertragsgraph.ttl").read_text("utf-8")
    ours = set(re.findall(r"<https://w3id.org/vertragsgraph/(ontology[^>#]*)>", ontology))
    ours = {path for path in ours if not re.search(r"/\d", path)}  # versions that no release here has
    assert "ontology/logo.svg" in ours
    assert {
        path: httpx.get(server.url + path, follow_redirects=True, timeout=60).status_code for path in ours
    } == dict.fromkeys(ours, 200)
