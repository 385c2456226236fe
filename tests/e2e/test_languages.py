"""Every page speaks one language: each text comes from the catalogues or from the register, and in that language.

The pages are served with catalogues whose texts are marked (`serve_marked.py`). What stands outside of the marks must be
something the release says, in the language that the page says it is in; or a name, a number, a date, an address. German and
English are those of the shipped register, French is that of a register in French only.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from babel.dates import get_month_names
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import OA
from vertragsgraph.register import load_register
from vertragsgraph.release import Release, build
from vertragsgraph.release.contents.queries import read_examples
from vertragsgraph.texts import Language, in_catalogue
from vertragsgraph.web.rendering.assets import asset

from ..web.french import write_register
from .conftest import PAGES

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TEXTS_OF_A_PAGE = (HERE / "texts_of_a_page.js").read_text("utf-8")
LANGUAGES = ("de", "en", "fr")

# Names of formats, standards, languages and other registers, which are the same in all of them.
NAMES = {
    "ATOM", "BIBTEX", "CITATION.CFF", "CSL-JSON", "CSV", "DE", "EN", "FR", "EUR", "HTML", "JSON", "JSON-LD", "JSONLD",
    "N-QUADS", "N-TRIPLES", "NQ", "NT", "PNG", "RDF", "RDF/XML", "SHA-256", "SHACL", "SPARQL", "SVG", "TRIG", "TSV",
    "TTL", "TURTLE", "XML", "DBPEDIA", "GEONAMES", "GND", "EUROVOC", "STW", "WIKIDATA",
    "VERTRAGSGRAPH",
}  # fmt: skip
OWN_WORDS = {
    "de": {"Deutsch", "Euro", "und"},
    "en": {"English", "German", "and", "euros"},
    "fr": {"Français", "français", "et", "euros"},
}
# The language of all sources, and so of the quotations from them, which are strings without one.
SOURCES = {"de": "de", "en": "de", "fr": "fr"}

# Addresses, short names of terms, names of files and media types, checksums, identifiers of other registers.
ADDRESS = re.compile(
    r"<?https?://\S*|/\S*|[\w.+-]+@[\w.-]+|[\w-]+:[\w./-]+|[\w./-]+\.(ttl|nt|nq|trig|jsonld|rdf|csv|json|gz|txt|bib|cff|rq|sqlite)"
    r"|(text|application)/[\w.+-]+(; version=[\d.]+)?|[a-z]+([A-Z][a-z]+)+"
    r"|[0-9a-f]{12,}|\d{4}-\d\d-\d\d\.[0-9a-f]{8}|[?$]\w+=\S*|(Q|P)?\d[\d-]*X?|[a-z]+ \d+(\.\d+)+"
)
NUMBER = {
    "de": r"\d{1,3}(\.\d{3})*(,\d+)?|\d+",
    "en": r"\d{1,3}(,\d{3})*(\.\d+)?|\d+",
    "fr": r"\d{1,3}([\u202f\xa0 ]\d{3})*(,\d+)?|\d+",
}
DATE = {
    "de": rf"(\d\d?\. )?({'|'.join(get_month_names(locale='de_DE').values())}) \d{{4}}",
    "en": rf"(\d\d? )?({'|'.join(get_month_names(locale='en_GB').values())}) \d{{4}}",
    "fr": rf"(\d\d?(er)? )?({'|'.join(get_month_names(locale='fr_FR').values())}) \d{{4}}",
}


@dataclass(eq=False)
class Said:
    """What the release and the register say, by language (`""`: without one)."""

    texts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def knows(self, text: str, language: str, *, part: bool = False) -> bool:
        """Tell whether a text is said in a language, or is a part of one that is."""
        if text in self.texts[language] or text in self.texts[""]:
            return True
        whole = self.whole(language) if part else ""
        return text in whole and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", whole) is not None

    @cache  # noqa: B019 - lives as long as the module's tests
    def whole(self, tag: str) -> str:
        return "\n".join(self.texts[tag])


def tidy(text: str) -> str:
    """Return a text without the blanks and marks around it."""
    return " ".join(text.split()).strip(" ·,;:()…–-.↻")


def said_in(release: Release, register: Path, languages: tuple[str, ...]) -> Said:
    """Return what a release and the register in a folder say, and the table of kinds, in some languages."""
    found = Said()
    folder = release.folder
    for path, form in [
        *((path, RdfFormat.N_QUADS) for path in (folder / "dumps").glob("*.nq")),
        *((folder / name, RdfFormat.TURTLE) for name in ("ontology.ttl", "shapes.ttl", "report.ttl", "../catalog.ttl")),
    ]:
        for quad in parse(path=path, format=form):
            if isinstance(quad.object, Literal):
                quoted = quad.predicate.value == OA + "exact"
                found.texts[SOURCES[languages[0]] if quoted else quad.object.language or ""].add(
                    tidy(quad.object.value)
                )
    for example in read_examples(folder / "queries"):
        for language, text in re.findall(r"^# \w+@(\w+): (.*)$", example.text, re.MULTILINE):
            found.texts[language].add(tidy(text))

    def collect(values: Any) -> None:
        for value in values if isinstance(values, list) else ():
            collect(value)
        for key, value in values.items() if isinstance(values, dict) else ():
            if isinstance(value, str) and key in languages:
                found.texts[key].add(tidy(value))
            if isinstance(value, str) and key == "en":  # the table is written in German and English, and translated
                found.texts["fr"].add(tidy(in_catalogue(value, Language("fr")) or ""))
            collect(value)

    for file in (register / "register.toml", ROOT / "ontology/kinds.toml"):
        collect(tomllib.loads(file.read_text("utf-8")))
    return found


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of a register in French only."""
    register = load_register(write_register(tmp_path_factory.mktemp("french") / "register"))
    return build(register, register.folder / "releases").release


@pytest.fixture(scope="module")
def released(release: Release, french: Release) -> dict[str, Release]:
    """The release whose pages are to be in a language."""
    return {"de": release, "en": release, "fr": french}


@pytest.fixture(scope="module")
def says(released: dict[str, Release]) -> dict[str, Said]:
    """What that release says."""
    shipped = said_in(released["de"], ROOT, ("de", "en"))
    return {"de": shipped, "en": shipped, "fr": said_in(released["fr"], released["fr"].folder.parents[1], ("fr",))}


@pytest.fixture
def said(says: dict[str, Said], request: pytest.FixtureRequest) -> Said:
    """What the release says whose pages the test looks at."""
    parameters = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    return says[parameters.get("lang", "en")]


@pytest.fixture(scope="module")
def marked(released: dict[str, Release]) -> Iterator[dict[str, str]]:
    """By language, the address of a server whose texts are marked."""
    with ExitStack() as stack:
        addresses = {}
        for releases in {release.folder.parent: None for release in released.values()}:
            command = [sys.executable, str(HERE / "serve_marked.py"), str(releases)]
            process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            stack.callback(process.terminate)
            assert process.stdout
            addresses[releases] = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        yield {lang: addresses[release.folder.parent] for lang, release in released.items()}


@pytest.fixture(scope="module")
def open_marked(browser: Any, marked: dict[str, str]) -> Iterator[Callable[[str, str], Any]]:
    """Opens a page of those servers in a language, in the place of the one before."""
    contexts = [browser.new_context(base_url=marked[lang], locale=lang, reduced_motion="reduce") for lang in LANGUAGES]
    pages = dict(zip(LANGUAGES, [context.new_page() for context in contexts], strict=True))

    def open_one(path: str, lang: str) -> Any:
        pages[lang].goto("about:blank")  # else another fragment of the same address would load nothing
        pages[lang].goto(path)
        return pages[lang]

    yield open_one
    for context in contexts:
        context.close()


def unmarked(text: str) -> list[str]:
    """Return the pieces of a text that stand outside of ⟦ ⟧, or inside of ⟪ ⟫.

    >>> unmarked("a ⟦b ⟪c⟫ d⟧ e")
    ['a ', 'c', ' e']
    """
    pieces, depth, current = [], [False], ""
    for character in text + "⟦":
        if character in "⟦⟧⟪⟫":
            if not depth[-1]:
                pieces.append(current)
            current = ""
            if character in "⟦⟪":
                depth.append(character == "⟦")
            elif len(depth) > 1:
                depth.pop()
        else:
            current += character
    return [piece for piece in pieces if piece.strip()]


def fits(text: str, language: str, said: Said, *, part: bool = False) -> bool:
    """Tell whether a piece of text may stand in a place that is said to be in a language.

    What is cut short, or is a `part` of something (the hits of a search, the lines of a drawing's captions), need not be
    a whole label.
    """
    part = part or text.rstrip().endswith(("…", "..."))
    text = tidy(text)
    if not re.search(r"[^\W\d_]", text) or language == "" or text.upper() in NAMES or text in OWN_WORDS[language]:
        return True
    if ADDRESS.fullmatch(text) or re.fullmatch(DATE[language], text) or said.knows(text, language, part=part):
        return True
    count = re.fullmatch(rf"({NUMBER[language]}) (?P<after>\D+)|(?P<before>\D+) ({NUMBER[language]})", text)
    if count and fits(count["after"] or count["before"], language, said):
        return True
    return any(
        fits(text[: mark.start()], language, said) and fits(text[mark.end() :], language, said, part=part)
        for mark in re.finditer(r" [·–—] |, |: |; | \(|\)|…|[„“”\"]", text)
        if mark.start() and mark.end() < len(text)
    )


def without(text: str, words: list[str]) -> str:
    return " ".join(word for word in text.split() if word not in words)


def strangers(page: Any, said: Said) -> list[str]:
    """Return the texts of a page that are not where they belong; what somebody has asked for is said again as it was."""
    asked = [text for name in urlsplit(page.url).query.split("&") for text in unquote(name.partition("=")[2]).split()]
    asked += re.findall(r"(?<=[?$])\w+|<[^<>]*>", unquote(urlsplit(page.url).fragment).replace("+", " "))
    asked += [part for part in urlsplit(page.url).path.split("/") if part == "none"]
    found = page.evaluate(TEXTS_OF_A_PAGE)
    assert any("⟦" in each["text"] for each in found)
    return [
        f"{piece.strip()!r} ({each['lang']}): {each['where']}"
        for each in found
        for piece in unmarked(each["text"])
        if not fits(without(piece, asked), each["lang"], said, part=each["part"])
    ]


def kinds(release: Release) -> dict[str, str]:
    """Return the address of one resource of each kind, and of one statement more: one that is a text."""
    start = f"{release.base}id/"
    found: dict[str, str] = {}
    for path in (release.folder / "dumps").glob("*.nq"):
        for quad in parse(path=path, format=RdfFormat.N_QUADS):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(start):
                name = quad.subject.value.removeprefix(start)
                found[name.split("/")[0]] = f"/doc/{name}"
                if quad.predicate == terms.OBJECT and isinstance(quad.object, Literal) and quad.object.language:
                    found["statement that is a text"] = f"/doc/{name}"
    return found


QUERIES = {
    "rows": "SELECT ?s ?l (1 AS ?n) { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }",
    "many rows": "SELECT ?s ?p ?o { ?s ?p ?o }",
    "no rows": "SELECT ?s { ?s <x:y> ?s }",
    "an answer": "ASK {}",
    "a graph": "CONSTRUCT WHERE { ?s a ?c }",
    "a large graph": "CONSTRUCT WHERE { ?s ?p ?o }",
    "a mistake": "SELECT * {",
    "a refusal": "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
}


MORE = {
    "a bad page number": "/contracts?page=x",
    "a bad filter": "/contracts?topic=%22",
    "a bad node": "/explore?iri=x",
    "an address for nothing": "/nothing/here",
    "no such release": "/releases/none/",
    "no such dump": "/dumps/none.ttl",
    "a resource that can't be": "/doc/Contract/DRK",
    "the graph around a person": "/explore?iri=https%3A%2F%2Fw3id.org%2Fvertragsgraph%2Fhessen%2Fid%2Fperson%2Fkai-klose",
    "search in the other language": "/search?q=volunteering",
    "search for a quotation": "/search?q=Landesf%C3%B6rderung",
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", [*PAGES, *MORE])
def test_a_page_speaks_its_language(kind: str, lang: str, open_marked: Callable[..., Any], said: Said) -> None:
    page = open_marked({**PAGES, **MORE}[kind], lang)
    assert page.locator("html").get_attribute("lang") == lang
    assert "\n".join(strangers(page, said)) == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_of_every_kind_of_resource_and_release_do(
    lang: str, open_marked: Callable[..., Any], said: Said, released: dict[str, Release]
) -> None:
    addresses = [*kinds(released[lang]).values(), f"/releases/{released[lang].folder.name}/"]
    assert len(addresses) > 12
    found = {address: strangers(open_marked(address, lang), said) for address in addresses}
    assert "\n".join(f"{address}: {text}" for address, texts in found.items() for text in texts) == ""


built = pytest.mark.skipif(not asset("query.js"), reason="the front end isn't built (make frontend)")


@built
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", QUERIES)
def test_results_of_queries_do(kind: str, lang: str, open_marked: Callable[..., Any], said: Said) -> None:
    page = open_marked(f"/sparql#query={quote(QUERIES[kind])}", lang)
    page.locator("#ask button").first.click()
    page.locator("#result :is(.downloads, .problem)").first.wait_for()
    assert strangers(page, said) == []
    for view in page.locator("#result .views button").all():
        view.click()
        assert strangers(page, said) == []


@built
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_editor_does(lang: str, open_marked: Callable[..., Any], said: Said) -> None:
    page = open_marked("/sparql#query=ASK", lang)
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" { ?s a vg:")
    page.locator(".notification.active").wait_for()
    page.keyboard.press("Control+Space")
    page.get_by_role("listbox").wait_for()
    assert page.locator("#syntax").inner_text() == ""
    page.keyboard.type("Contract ?s")
    assert page.locator("#syntax").inner_text().startswith("⟦")
    assert strangers(page, said) == []


@built
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_graph_does_when_it_grows(
    lang: str, open_marked: Callable[..., Any], said: Said, released: dict[str, Release]
) -> None:
    page = open_marked(f"/explore?iri={quote(released[lang].base + 'id/person/kai-klose', safe='')}", lang)
    before = page.locator("g.node").count()
    page.locator("g.node.contract").first.focus()
    page.keyboard.press("Enter")
    page.locator("g.node").nth(before).wait_for()
    assert strangers(page, said) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hits_while_typing_do(lang: str, open_marked: Callable[..., Any], said: Said) -> None:
    page = open_marked("/search", lang)
    page.get_by_role("searchbox").press_sequentially("texte" if lang == "fr" else "Volunt")
    page.locator(".hits li").first.wait_for()
    assert strangers(page, said) == []


def test_the_test_would_find_strangers(open_marked: Callable[..., Any], said: Said) -> None:
    page = open_marked("/imprint", "en")
    for markup in (
        "<p>Nobody has translated this.</p>",
        "<p>Verträge</p>",
        '<p lang="de">Integration contract with the Hessian Youth Council</p>',
        '<button aria-label="Schließen"></button>',
        "<p>3. Juni 2019</p>",
        "<p>40.000,5 EUR</p>",
        "<p>⟦in the catalogue, but ⟪not translated⟫⟧</p>",
    ):
        page.evaluate("markup => { document.querySelector('main').innerHTML = markup }", markup)
        assert len(strangers(page, said)) == 1, markup
    for markup in (
        "<p>⟦in the catalogue⟧: Hessian integration contracts</p>",
        '<p lang="de">Integrationsvertrag mit dem Hessischen Jugendring</p>',
        "<p>3 June 2019</p>",
        "<p>40,000.5 EUR</p>",
    ):
        page.evaluate("markup => { document.querySelector('main').innerHTML = markup }", markup)
        assert strangers(page, said) == [], markup


OTHER_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix vg: <https://w3id.org/vertragsgraph/ontology#> .
<https://example.org/PartnerShape> a sh:NodeShape ; sh:targetClass vg:Contract ;
    sh:property [ sh:path vg:partner ; sh:minCount 1 ] .
"""


def test_a_label_that_is_not_there_in_the_language_falls_back_to_another_which_is_marked(
    register_copy: Path, tmp_path: Path, start: Callable[..., Any], browser: Any
) -> None:
    shutil.rmtree(register_copy / "shapes")  # which want a label in both languages
    (register_copy / "shapes").mkdir()
    (register_copy / "shapes/other.ttl").write_text(OTHER_SHAPES, "utf-8")
    contracts = register_copy / "data/contracts/hessischer-jugendring.ttl"
    alter(contracts, ' , "Integration contract with the Hessian Youth Council"@en', "")
    build(load_register(register_copy), tmp_path / "releases")
    server = start(tmp_path / "releases", VERTRAGSGRAPH_CLIENT_SECONDS="0")
    page = browser.new_context(base_url=server.url, locale="en", java_script_enabled=False).new_page()
    contract, organisation = (f"/doc/{kind}/hessischer-jugendring" for kind in ("contract", "organisation"))
    for address in ("/", "/contracts", contract, f"{contract}?view=triples", organisation, "/explore"):
        page.goto(address)
        names = page.locator("main").get_by_text("Integrationsvertrag mit dem Hessischen Jugendring", exact=True)
        assert names.count() > 0, address
        assert {name.evaluate("element => element.closest('[lang]').lang") for name in names.all()} == {"de"}, address
    page.goto("/contracts")
    assert page.locator(".lines li", has_text="Jugendring").locator(".what .tag").inner_text() == "de"
    page.context.close()
    if asset("explore.js"):  # the drawing is made by scripts
        page = browser.new_context(base_url=server.url, locale="en").new_page()
        page.goto("/explore")
        drawn = page.locator("g.node", has_text="Integrationsvertrag mit dem Hessischen Jugendring")
        drawn.wait_for()
        assert drawn.locator("title").get_attribute("lang") == drawn.locator("text").get_attribute("lang") == "de"
        assert page.locator("g.node.contract text[lang]").count() == 1
        page.context.close()


def alter(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
