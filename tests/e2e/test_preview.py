"""A keeper writes in one window and reads in another: what is saved is seen, without losing the place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import copy_register, start_server, stop_server

from .axe import examine

pytestmark = pytest.mark.slow

PATIENCE = 120_000
CONTRACT = "data/contracts/drk-hessen.ttl"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_register(tmp_path_factory.mktemp("preview") / "register")


@pytest.fixture(scope="module")
def watching(sources: Path) -> Iterator[Any]:
    server = start_server(sources / "releases", "--watch", "--register", str(sources), VERTRAGSGRAPH_CLIENT_SECONDS="0")
    yield server
    stop_server(server)


@pytest.fixture
def contract(sources: Path, watching: Any) -> Iterator[Path]:
    """The file of a contract, which afterwards is shown again as it was."""
    file = sources / CONTRACT
    before, notice = file.read_bytes(), shown(watching)
    yield file
    file.write_bytes(before)
    while shown(watching) != notice:  # the test ends by its timeout
        time.sleep(0.1)


def shown(server: Any) -> tuple[str, bool]:
    """Return the release that is shown, and whether the sources have faults."""
    notice = httpx.get(f"{server.url}preview", timeout=60).text
    return notice.partition('data-release="')[2].partition('"')[0], "faulty" in notice


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_what_is_saved_is_seen_at_the_same_place(watching: Any, contract: Path, open_page: Callable[..., Any]) -> None:
    page = open_page(f"{watching.url}doc/contract/drk-hessen")
    assert "Vorschau, nicht veröffentlicht" in page.locator("#preview").inner_text()
    link = page.locator("main a[href*='organisation/drk-hessen']").last
    link.focus()
    page.mouse.wheel(0, 400)
    page.wait_for_function("scrollY > 300")
    top = page.evaluate("scrollY")
    focused = page.evaluate("document.activeElement.outerHTML")
    edit(contract, 'rdfs:label "Integrationsvertrag mit dem DRK', 'rdfs:label "Neuer <b>Vertrag</b> mit dem DRK')
    page.locator("h1", has_text="Neuer <b>Vertrag</b> mit dem DRK").wait_for(timeout=PATIENCE)
    page.wait_for_function("sessionStorage.length == 0")
    assert abs(page.evaluate("scrollY") - top) < 50
    assert page.evaluate("document.activeElement.outerHTML") == focused


def test_a_fault_is_told_above_the_page_until_it_is_mended(
    watching: Any, contract: Path, open_page: Callable[..., Any]
) -> None:
    page = open_page(f"{watching.url}doc/contract/drk-hessen", lang="fr")
    whole = contract.read_text("utf-8")
    edit(contract, "a vg:IntegrationContract ;", "a vg:IntegrationContract ;;< <script>alert(1)</script>")
    told = page.locator("#preview [aria-live=assertive] details.faulty")
    told.wait_for(timeout=PATIENCE)
    line = whole.splitlines().index("contract:drk-hessen a vg:IntegrationContract ;") + 1
    assert f"drk-hessen.ttl:{line}:" in told.inner_text()
    assert "DRK-Landesverband" in page.locator("h1").inner_text()
    examine(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    told.locator("summary").focus()
    page.keyboard.press("Enter")
    assert not told.locator("ol").is_visible()
    contract.write_text(whole, "utf-8")
    told.wait_for(state="detached", timeout=PATIENCE)


def test_who_fills_in_a_form_is_asked_first(watching: Any, contract: Path, open_page: Callable[..., Any]) -> None:
    page = open_page(f"{watching.url}organisations")
    page.locator("header input[type=search]").fill("Jugend")
    edit(contract, 'rdfs:label "Integrationsvertrag mit dem DRK', 'rdfs:label "Anderer Vertrag mit dem DRK')
    button = page.get_by_role("button", name="Laden")
    button.wait_for(timeout=PATIENCE)
    assert page.locator("header input[type=search]").input_value() == "Jugend"
    assert "neuen Stand" in page.locator("#preview [aria-live=polite]").inner_text()
    before = page.locator("#preview").get_attribute("data-release")
    button.click()
    page.wait_for_function("before => document.querySelector('#preview')?.dataset.release != before", arg=before)
    assert page.get_by_role("button", name="Laden").count() == 0


def test_without_scripts_the_fault_stands_above_each_page(
    watching: Any, contract: Path, open_page: Callable[..., Any]
) -> None:
    edit(contract, "a vg:IntegrationContract ;", "a vg:IntegrationContrac ;")
    page = open_page(f"{watching.url}contracts", lang="en", script=False)
    told = page.locator("#preview details.faulty")
    while not told.count():  # the test ends by its timeout
        page.reload()
    assert "drk-hessen.ttl:" in told.inner_text()
