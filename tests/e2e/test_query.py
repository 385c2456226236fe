"""The query page in a real browser: editor, results, problems, downloads, links; by keyboard, and without scripts."""

from __future__ import annotations

import csv
import re
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from vertragsgraph.release import Release
from vertragsgraph.web.rendering.assets import asset

pytestmark = pytest.mark.slow
built = pytest.mark.skipif(not asset("query.js"), reason="the front end isn't built (make frontend)")

VG = "https://w3id.org/vertragsgraph/ontology#"
LABELS = f"""SELECT ?contract ?label (STRLEN(STR(?label)) AS ?length) WHERE {{
  ?contract a <{VG}Contract> ; <http://www.w3.org/2000/01/rdf-schema#label> ?label
}}"""
MANY = "SELECT ?s ?p ?o WHERE { ?s ?p ?o . ?x ?y ?z } LIMIT 20000"
BROKEN = "SELECT * WHERE {\n  ?ä a 🙂 }"
WHOLE_EDITOR = "document.querySelector('.CodeMirror').CodeMirror"


def ask(open_page: Callable[..., Any], query: str, **how: Any) -> Any:
    """Open the page with a query and run it from the editor, by keyboard; return the page, its result shown."""
    page = open_page(f"/sparql#query={quote(query)}", **how)
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.press("Control+Enter")
    page.locator("#result :is(.downloads, .problem)").first.wait_for()
    return page


def column(page: Any, number: int) -> list[str]:
    return page.locator(f"#result tbody td:nth-child({number})").all_inner_texts()


@built
def test_an_example_is_run_by_keyboard(open_page: Callable[..., Any]) -> None:
    page = open_page("/sparql")
    page.locator(".examples summary", has_text="mit wem, worüber").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#result tbody tr").first.wait_for()
    assert page.locator("#result tbody tr").count() == 6
    assert "Hessischer Jugendring" in page.locator("#result table").inner_text()
    assert page.get_by_role("status").filter(has_text="Zeilen: 6").count() == 1
    assert page.evaluate("document.activeElement.id") == "result"


@built
def test_no_iri_of_a_result_leads_off_the_register_s_pages(open_page: Callable[..., Any]) -> None:
    base = "https://w3id.org/vertragsgraph/hessen/"
    odd = (f"{base}javascript:alert(1)", f"{base}//elsewhere.example/login", f"{base}data:text/html,x", base)
    page = ask(open_page, f"SELECT ?iri {{ VALUES ?iri {{ {' '.join(f'<{iri}>' for iri in odd)} }} }}")
    hosts = page.eval_on_selector_all("#result tbody a", "links => links.map(link => link.origin)")
    assert hosts == [page.evaluate("location.origin")] * len(odd)


@built
def test_an_empty_result_says_what_occurs_nowhere(open_page: Callable[..., Any]) -> None:
    page = ask(open_page, f"PREFIX vg: <{VG}> SELECT ?c {{ ?c a vg:Contracts ; vg:partner <id/organisation/nobody> }}")
    said = page.locator("#result").inner_text()
    assert "vg:Contracts kommt in diesem Register nirgends vor; ist vg:Contract gemeint?" in said
    assert "<id/organisation/nobody> kommt in diesem Register nirgends vor." in said


@built
def test_the_tab_key_leaves_the_editor(open_page: Callable[..., Any]) -> None:
    page = open_page("/sparql")
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.CodeMirror') !== null")


@built
@pytest.mark.parametrize(
    ("typed", "keys", "result"),
    [
        ("SELECT * { ?s a vg:Con", ["Enter"], "?s a vg:Contract"),
        ("SELECT * { ?s a vg:Con", ["ArrowDown", "ArrowUp", "Enter"], "?s a vg:Contract"),
        ("SELECT * { ?s vg:fundingS", ["Enter"], "?s vg:fundingStatus"),
        (f"SELECT * {{ ?s a <{VG}Signi", ["Enter"], f"?s a <{VG}Signing>"),
        ("PREFIX sko", ["Enter"], "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"),
    ],
)
def test_terms_of_the_release_are_completed_by_keyboard(
    open_page: Callable[..., Any], typed: str, keys: list[str], result: str
) -> None:
    page = open_page("/sparql")
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.type(typed)
    page.keyboard.press("Control+Space")
    page.get_by_role("listbox", name="Ergänzungen").wait_for()
    for key in keys:
        page.keyboard.press(key)
    value = page.evaluate(f"{WHOLE_EDITOR}.getValue()")
    assert result in value
    assert ("vg:" in typed) == (f"PREFIX vg: <{VG}>" in value)


@built
def test_wrong_syntax_is_marked_while_typing_in_the_language_of_the_page(open_page: Callable[..., Any]) -> None:
    page = open_page("/sparql")
    assert page.locator("#syntax").inner_text() == ""
    page.evaluate(f"{WHOLE_EDITOR}.setValue('SELECT * WHERE {{\\n  ?s ?p ?o ?q\\n}}')")
    assert page.locator("#syntax").inner_text() == "Ab Zeile 2 stimmt die Syntax nicht."
    assert page.locator(".CodeMirror-gutter-elt .wrong").get_attribute("title") == "Ab Zeile 2 stimmt die Syntax nicht."
    assert page.locator(".CodeMirror textarea").get_attribute("aria-describedby") == "syntax"
    page.evaluate(f"{WHOLE_EDITOR}.setValue('ASK {{}}')")
    assert page.locator(".CodeMirror .wrong").count() == 0
    assert page.locator("#syntax").inner_text() == ""


@built
def test_a_problem_is_told_with_its_place_where_the_cursor_goes(browser: Any, server: Any) -> None:
    page = browser.new_context(base_url=server.url.rstrip("/"), locale="de").new_page()
    page.goto(f"/sparql#query={quote(BROKEN)}")
    page.get_by_role("button", name="Abfrage ausführen").first.click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "Die Abfrage ist so nicht lesbar." in alert.inner_text()
    assert "Status 400" in alert.inner_text()
    assert alert.locator("[lang=de]").inner_text().startswith("Syntaxfehler in Zeile 2, Spalte 8")
    assert page.evaluate(f"{WHOLE_EDITOR}.getCursor()") | {"sticky": None} == {"line": 1, "ch": 7, "sticky": None}
    assert page.locator(".CodeMirror .wrong-line").count() == 1
    alert.get_by_role("button", name="Zeile 2, Spalte 8").click()
    assert page.evaluate("document.activeElement.closest('.CodeMirror') !== null")
    page.keyboard.type(" ")
    assert page.locator(".CodeMirror .wrong-line").count() == 0
    page.context.close()


@built
def test_rows_are_sorted_filtered_and_marked_with_their_language(open_page: Callable[..., Any]) -> None:
    page = ask(open_page, LABELS + " ORDER BY ?label")
    unsorted = column(page, 2)
    assert len(unsorted) == 8
    by_length = page.get_by_role("button", name="length")
    by_length.press("Enter")
    lengths = [int(text) for text in column(page, 3)]
    assert lengths == sorted(lengths)
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    by_length.press("Enter")
    assert [int(text) for text in column(page, 3)] == lengths[::-1]
    by_length.press("Enter")
    assert column(page, 2) == unsorted
    assert page.locator("#result td bdi[lang=en]").count() == 4
    assert page.locator("#result td .tag").all_inner_texts() == ["en"] * 4
    assert page.locator("#result td bdi:not([lang])").count() == 4 + 8
    assert page.locator("#result tbody a").first.get_attribute("href").startswith("./doc/contract/")


@built
def test_many_rows_are_leafed_through_and_filtered(open_page: Callable[..., Any]) -> None:
    page = ask(open_page, MANY)
    assert page.locator("#result tbody tr").count() == 50
    assert "Zeilen 1 bis 50 von 20.000" in page.locator("#result").inner_text()
    page.get_by_role("button", name="Nächste Zeilen").press("Enter")
    assert "Zeilen 51 bis 100 von 20.000" in page.locator("#result").inner_text()
    page.get_by_label("Zeilen filtern").fill("kai-klose")
    assert page.locator("#result tbody tr").count() > 0
    assert all("kai-klose" in text for text in page.locator("#result tbody tr").all_inner_texts())
    page.get_by_label("Zeilen filtern").fill("nothing like this")
    assert "Zeilen 0 bis 0 von 0" in page.locator("#result").inner_text()


@built
def test_the_columns_of_a_chart_are_chosen(open_page: Callable[..., Any]) -> None:
    page = ask(open_page, LABELS)
    page.get_by_role("button", name="Diagramm").press("Enter")
    chart = page.locator("#result figure.chart")
    assert chart.locator("li").count() == 8
    assert chart.locator("figcaption").inner_text() == "length nach contract"
    page.get_by_label("Länge").select_option(label="Zahl der Zeilen")
    assert chart.locator("figcaption").inner_text() == "Zahl der Zeilen nach contract"
    assert chart.locator("li .number").all_inner_texts() == ["2"] * 4
    page.get_by_label("Balken für").select_option("label")
    assert chart.locator("li").count() == 8
    page.get_by_role("button", name="Tabelle").press("Enter")
    assert page.locator("#result tbody tr").count() == 8


@built
@pytest.mark.parametrize(
    ("query", "formats"),
    [
        (LABELS, ["CSV", "TSV", "JSON", "XML"]),
        ("ASK {}", ["JSON", "XML"]),
        ("CONSTRUCT WHERE { ?s a ?c }", ["TTL", "NT", "JSON-LD", "RDF", "NQ", "TRIG"]),
    ],
)
def test_results_are_downloaded_in_every_format(open_page: Callable[..., Any], query: str, formats: list[str]) -> None:
    page = ask(open_page, query)
    links = page.locator("#result .downloads .pill")
    assert links.all_inner_texts() == formats
    for link in links.all():
        with page.expect_download() as download:
            link.click()
        assert Path(download.value.path()).stat().st_size > 0


@built
def test_a_query_too_long_for_an_address_is_downloaded_too(open_page: Callable[..., Any]) -> None:
    page = ask(open_page, LABELS + "\n#" + "long " * 20_000)
    with page.expect_download() as download:
        page.locator("#result .downloads .pill", has_text="CSV").click()
    rows = list(csv.reader(Path(download.value.path()).read_text("utf-8").splitlines()))
    assert rows[0] == ["contract", "label", "length"]
    assert len(rows) == 9


@built
def test_a_result_too_large_for_a_page_is_offered_as_download(open_page: Callable[..., Any]) -> None:
    page = ask(open_page, "SELECT ?s ?p ?o WHERE { ?s ?p ?o . ?x ?y ?z } LIMIT 300000")
    assert "mehr als 64 MB" in page.locator("#result").inner_text()
    assert page.locator("#result table").count() == 0
    assert page.locator("#result .downloads .pill").count() == 4


@built
def test_a_query_is_stopped(open_page: Callable[..., Any]) -> None:
    page = open_page(f"/sparql#query={quote('SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }')}")
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Anhalten"
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="Angehalten.").wait_for()
    assert page.evaluate("document.activeElement.innerText") == "Abfrage ausführen"


@built
def test_a_shared_link_brings_the_query_back(open_page: Callable[..., Any]) -> None:
    page = ask(open_page, "ASK {}")
    assert page.get_by_role("status").filter(has_text=re.compile("^Ja$")).count() == 1
    link = page.get_by_role("link", name="Link zu dieser Abfrage").get_attribute("href")
    assert link == page.url
    page.goto("about:blank")
    page.goto(link)
    assert page.evaluate(f"{WHOLE_EDITOR}.getValue()") == "ASK {}"


@built
def test_the_language_changes_and_the_query_stays(open_page: Callable[..., Any]) -> None:
    page = open_page("/sparql")
    page.evaluate(f"{WHOLE_EDITOR}.setValue('ASK {{ ?s ?p 1 }}')")
    page.get_by_role("link", name="English").press("Enter")
    page.wait_for_url("**/sparql?lang=en**")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate(f"{WHOLE_EDITOR}.getValue()") == "ASK { ?s ?p 1 }"


@built
def test_nothing_is_stored_and_nobody_else_is_asked(open_page: Callable[..., Any], server: Any) -> None:
    page = open_page("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/sparql")
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("PREFIX sk")
    page.get_by_role("listbox").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type(" ASK {}")
    page.keyboard.press("Control+Enter")
    page.locator("#result :is(.downloads, .problem)").first.wait_for()
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert len(asked) > 3
    assert all(url.startswith(server.url) for url in asked)


def test_queries_are_sent_without_scripts(open_page: Callable[..., Any]) -> None:
    page = open_page("/sparql", script=False)
    with page.expect_response("**/sparql?**") as answer:
        page.get_by_label("Ergebnis als").select_option("csv")
        page.get_by_role("button", name="Abfrage ausführen").click(no_wait_after=True)
    assert answer.value.status == 200
    assert answer.value.headers["content-type"].startswith("text/csv")


@built
def test_a_result_is_cited(open_page: Callable[..., Any], release: Release) -> None:
    page = ask(open_page, LABELS)
    page.get_by_role("button", name="Das Ergebnis zitieren").press("Enter")
    cited = page.locator("#result .cited")
    cited.wait_for()
    assert f"Release {release.id}" in cited.inner_text()
    assert re.search(r"Zeilen: 8, sha256:[0-9a-f]{64}", cited.inner_text())
    page = ask(open_page, "SELECT (NOW() AS ?now) {}")
    page.get_by_role("button", name="Das Ergebnis zitieren").press("Enter")
    page.locator("#result .problem [lang=de]", has_text="kann jedes Mal ein anderes Ergebnis haben").wait_for()
    assert page.locator("#result .problem .tag").count() == 0


def test_a_result_is_cited_without_scripts(open_page: Callable[..., Any], release: Release) -> None:
    page = open_page("/sparql", script=False)
    page.get_by_role("button", name="Das Ergebnis zitieren").click()
    page.get_by_role("heading", name="Ein Ergebnis zitieren").wait_for()
    assert page.get_by_text("vertragsgraph query --expect sha256:").count() == 1
    page.get_by_role("link", name=release.id, exact=True).click()
    page.wait_for_url(f"**/releases/{release.id}/**")


def test_a_script_of_any_origin_reads_every_header(open_page: Callable[..., Any], tmp_path: Path) -> None:
    page = open_page("/")
    url = page.evaluate("new URL('sparql?query=ASK%7B%7D', location).href")
    (tmp_path / "index.html").write_text("<!doctype html><link rel=icon href=data:,><title>elsewhere</title>", "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path))) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever).start()
        page.goto(f"http://127.0.0.1:{elsewhere.server_port}/")
        names = page.evaluate("async url => [...(await fetch(url)).headers.keys()]", url)
        elsewhere.shutdown()
    assert {"etag", "link", "query-id", "vertragsgraph-release"} <= set(names)
