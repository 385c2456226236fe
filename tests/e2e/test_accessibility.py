"""axe-core finds nothing on any kind of page, in both languages, light and dark, on wide and narrow screens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.conftest import ROOT, serving
from tests.web.life import write_register
from vertragsgraph.register import load_register, start_register
from vertragsgraph.release import build
from vertragsgraph.web.rendering.assets import asset

from .axe import WIDTHS, complaints, examine
from .conftest import PAGES

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("lang", ["de", "en"])
def test_axe_finds_nothing(kind: str, lang: str, go_to: Callable[..., Any]) -> None:
    page = go_to(PAGES[kind], lang=lang)
    assert page.locator("html").get_attribute("lang") == lang
    examine(page, sampled=lang == "en")


@pytest.mark.parametrize("lang", ["de", "en"])
def test_axe_finds_nothing_where_a_resource_was_withdrawn(
    lang: str, go_to: Callable[..., Any], server_of_withdrawn: Any
) -> None:
    page = go_to(f"{server_of_withdrawn.url}id/organisation/hessischer-jugendring", lang=lang)
    assert page.locator("html").get_attribute("lang") == lang
    examine(page)


def test_axe_finds_nothing_in_a_draft_and_its_legal_pages(
    tmp_path: Path, start: Callable[..., Any], go_to: Callable[..., Any]
) -> None:
    """In a register in French whose legal pages say all that they can say."""
    start_register(tmp_path, "brouillon", "https://registre.example/", ["fr"])
    file = tmp_path / "register.toml"
    others, _, legal = file.read_text("utf-8").partition("[legal]")
    said = re.sub(r"(?m)^# (?=[a-z_]+ = |\[)", "", legal)
    file.write_text(f"{others}[legal]{said}", "utf-8")
    build(load_register(tmp_path), tmp_path / "releases")
    server = start(tmp_path / "releases", VERTRAGSGRAPH_CLIENT_SECONDS="0")
    for path in ("", "mentions-legales", "donnees-personnelles", "accessibilite", "releases/"):
        page = go_to(f"{server.url}{path}", lang="en")
        assert page.locator("html").get_attribute("lang") == "fr"
        assert page.get_by_role("note").filter(has_text="Ébauche").count() == 1
        examine(page)


@pytest.fixture(scope="module")
def server_of_lives(once: Any) -> Iterator[Any]:
    """A server of invented contracts that were extended, ended, replaced."""

    def make(folder: Path) -> None:
        build(load_register(write_register(folder)), folder / "releases")

    folder = once("lives", make)
    with serving(folder / "releases", "--register", str(folder)) as running:
        yield running


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize(
    "path", ["contracts?status=in-force&on=2021-03-01", "doc/contract/chor", "doc/contract/rudern"]
)
def test_axe_finds_nothing_where_contracts_end(
    path: str, lang: str, go_to: Callable[..., Any], server_of_lives: Any
) -> None:
    examine(go_to(server_of_lives.url + path, lang=lang), sampled=lang == "en")


def test_another_day_is_asked_for_without_a_script(open_page: Callable[..., Any], server_of_lives: Any) -> None:
    page = open_page(server_of_lives.url + "contracts?partner=ruderverband", lang="en", script=False)
    page.get_by_label("On another day").fill("2016-06-01")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("?on=2016-06-01&status=in-force&partner=ruderverband")
    assert page.locator("ul.lines li").count() == 2
    assert page.get_by_role("heading", name="Status on 1 June 2016").is_visible()


@pytest.fixture(scope="module", params=["montclair", "moorwalde"])
def server_of_example(request: pytest.FixtureRequest, once: Any) -> Iterator[Any]:
    """A server of each of the registers in examples/."""
    register = load_register(ROOT / "examples" / request.param)
    with serving(once(f"example-{request.param}", lambda folder: build(register, folder))) as running:
        yield running


def test_axe_finds_nothing_in_the_examples(go_to: Callable[..., Any], server_of_example: Any) -> None:
    page = go_to(f"{server_of_example.url}contracts")
    contracts = page.locator("ul.lines .what a").evaluate_all("links => links.map(link => link.href)")
    assert len(contracts) > 6
    for address in [*contracts, f"{server_of_example.url}organisations", f"{server_of_example.url}people"]:
        examine(go_to(address), sampled=True)


ROWS = "SELECT ?s ?l (1 AS ?n) { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?s"
QUERIES = {
    "rows": ROWS,
    "an answer": "ASK {}",
    "no rows": "SELECT ?s { ?s <x:y> ?s }",
    "a graph": "CONSTRUCT WHERE { ?s a ?c }",
    "a mistake": "SELECT *\nWHERE { ?s ?p }",
}
built = pytest.mark.skipif(not asset("query.js"), reason="the front end isn't built (make frontend)")


@built
@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("kind", QUERIES)
def test_axe_finds_nothing_in_results(kind: str, lang: str, go_to: Callable[..., Any]) -> None:
    page = go_to(f"/sparql#query={quote(QUERIES[kind])}", lang=lang)
    with page.expect_response("**/sparql"):
        page.locator("#ask button").first.click()
    page.locator("#result :is(.downloads, .problem)").first.wait_for()
    examine(page, sampled=lang == "en")
    for view in page.locator("#result .views button").all()[1:]:
        view.click()
        examine(page, sampled=True)
    if kind == "rows":
        page.locator("#result .views button").first.click()
        page.locator("#result th button").first.click()
        page.locator("#filter").fill("klose")
        examine(page, sampled=True)


@built
def test_axe_finds_nothing_in_completions(go_to: Callable[..., Any]) -> None:
    for width in WIDTHS:
        page = go_to("/sparql#query=SELECT", width=width)
        page.locator(".CodeMirror textarea").focus()
        page.keyboard.press("Control+End")
        page.keyboard.type(" * { ?s a vg:")
        page.keyboard.press("Control+Space")
        page.get_by_role("listbox").wait_for()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert complaints(page, colours_only=scheme == "dark", sampled=True) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("lang", ["de", "en"])
def test_axe_finds_nothing_in_hits_while_typing(lang: str, go_to: Callable[..., Any]) -> None:
    page = go_to("/search", lang=lang)
    page.get_by_role("searchbox").press_sequentially("Integr")
    page.locator(".hits li").first.wait_for()
    examine(page)


@pytest.mark.parametrize("kind", ["contract", "contract, funding not stated", "person", "organisation", "contracts"])
def test_axe_finds_nothing_in_opened_folds(kind: str, go_to: Callable[..., Any]) -> None:
    page = go_to(PAGES[kind], width=320)
    folds = page.locator("main details")
    assert folds.count() > 0
    for fold in folds.all():
        fold.locator(":scope > summary").press("Enter")
    assert page.locator("main details:not([open])").count() == 0
    examine(page, sampled=True)


@built
def test_axe_finds_nothing_in_an_expanded_graph(go_to: Callable[..., Any]) -> None:
    page = go_to("/explore?iri=https%3A%2F%2Fw3id.org%2Fvertragsgraph%2Fhessen%2Fid%2Fperson%2Fkai-klose")
    before = page.locator("g.node").count()
    page.locator("g.node.contract").first.focus()
    page.keyboard.press("Enter")
    page.locator("g.node").nth(before).wait_for()
    examine(page)


def test_axe_would_find_something(go_to: Callable[..., Any]) -> None:
    page = go_to("/imprint")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"x\"><button></button>')")
    for sampled in (False, True):
        assert {line.split(":")[0] for line in complaints(page, sampled=sampled)} == {"image-alt", "button-name"}


FAINT = {
    "of one of many alike": (
        "light",
        "<p>Plain</p>" * 9 + '<p class="faint">Faint</p>' + "<p>Plain</p>" * 9,
        "color: #aaa",
    ),
    "in the dark only": ("dark", '<p class="faint">Faint</p>', "color: light-dark(#000, #333)"),
    "by what is behind": ("light", '<p>Plain</p><div class="faint"><p>Faint</p></div>', "background: #555"),
    "by opacity": ("light", '<p>Plain</p><div class="faint"><p>Faint</p></div>', "opacity: .4"),
}


@pytest.mark.parametrize("why", FAINT)
def test_a_contrast_that_is_too_low_is_found_among_samples(why: str, go_to: Callable[..., Any]) -> None:
    scheme, markup, style = FAINT[why]
    page = go_to("/imprint")
    page.evaluate("markup => document.querySelector('main').insertAdjacentHTML('beforeend', markup)", markup)
    for colours_only in (False, True):
        assert complaints(page, colours_only=colours_only, sampled=True) == []
    page.evaluate("style => { document.querySelector('.faint').style.cssText = style }", style)
    page.emulate_media(color_scheme=scheme)
    (found,) = complaints(page, colours_only=scheme == "dark", sampled=True)
    assert found.startswith("color-contrast: ")
    assert ">Faint</p>" in found
