"""`source add`, from a real server and from files: what is recorded is quoted, and passes the gate."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import sys
from contextvars import copy_context
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.conftest import ROOT
from tests.pdf import locked, pdf_of
from vertragsgraph.cli.commands import app
from vertragsgraph.cli.keeper.source_add import LARGEST
from vertragsgraph.register import load_register
from vertragsgraph.sources.texts import described_sources

PAGE = """<!DOCTYPE html><html lang="de-DE"><head><title>Kreis | Presse</title><meta name="author" content="Pressestelle">
<meta property="og:title" content="Neuer Vertrag"><meta name="copyright" content="© Kreis"></head>
<nav>Start</nav><main><h1>Neuer Vertrag</h1><p>Am 3. Juni 2026 schloss der Landkreis Moorwalde einen Vertrag.</main></html>"""


def run(*arguments: object, lang: str = "en") -> Result:
    return copy_context().run(CliRunner().invoke, app, [*map(str, arguments), "--lang", lang])


@pytest.fixture
def moorwalde(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "examples/moorwalde", tmp_path / "moorwalde")


def add(folder: Path, *arguments: object) -> Result:
    return run("source", "add", *arguments, "--register", folder)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_page_is_recorded_with_what_it_says(moorwalde: Path, web: Any) -> None:
    url = web.put("/vertrag", PAGE)
    result = add(moorwalde, url, "--yes")
    assert result.exit_code == 0, result.output
    assert result.stdout in (moorwalde / "data/sources.ttl").read_text("utf-8")
    for line in (
        'rdfs:label "S3: Neuer Vertrag"@de ;',
        'dcterms:title "Neuer Vertrag"@de ;',
        'dc:creator "Pressestelle" ;',
        'schema:inLanguage "de" ;',
        f"schema:url <{url}> ;",
        f'fabio:hasAccessDate "{datetime.now(UTC):%Y-%m-%d}"^^xsd:date ;',
    ):
        assert f"    {line}\n" in result.stdout
    assert not re.search("dc:rights|dc:publisher|dcterms:issued", result.stdout)
    assert "of its rights the document says: © Kreis" in result.stderr and "--rights TEXT" in result.stderr
    text = (moorwalde / "sources/s3.txt").read_text("utf-8")
    assert text == "Neuer Vertrag\nAm 3. Juni 2026 schloss der Landkreis Moorwalde einen Vertrag.\n"
    assert [path for path, _ in web.asked] == ["/robots.txt", "/vertrag"]
    assert all("vertragsgraph/" in agent and "@" in agent for _, agent in web.asked)
    quoted = run("quote", "S3", "Am 3. Juni 2026", "--register", moorwalde)
    assert quoted.exit_code == 0 and "oa:start 14" in quoted.stdout and "vg:pdfPage" not in quoted.stdout
    checked = run("check", "--register", moorwalde, "--no-compare", "--sources", moorwalde / "sources")
    assert checked.exit_code == 0, checked.output
    assert "0 violations, 0 warnings" in checked.stderr


def test_nothing_is_written_unless_it_is_agreed_to(moorwalde: Path, web: Any) -> None:
    before = contents(moorwalde)
    result = add(moorwalde, web.put("/vertrag", PAGE))
    assert result.exit_code == 1 and result.stdout.endswith('" .\n')
    assert result.stderr.endswith("to do so, add --yes\nnothing was written\n")
    assert contents(moorwalde) == before


def test_on_a_terminal_rights_and_agreement_are_asked_for(moorwalde: Path, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, "utf-8")
    command = ["-m", "vertragsgraph", "source", "add", str(tmp_path / "a.html"), "-r", str(moorwalde), "--lang", "fr"]
    process, terminal = pty.fork()
    if not process:
        os.execv(sys.executable, [sys.executable, *command])
    said = ""
    try:
        for question, answer in (("tels qu’ils sont indiqués", "© Kreis Moorwalde"), ("Enregistrer cette source", "y")):
            while question not in said or not said.rstrip(" ").endswith(":"):
                said += os.read(terminal, 4096).decode("utf-8", "replace")
            os.write(terminal, f"{answer}\n".encode())
            said += "\n"
        while part := os.read(terminal, 4096):
            said += part.decode("utf-8", "replace")
    except OSError:  # that is how a terminal ends on Linux
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0, said
    assert "de ses droits, le document dit\u00a0: © Kreis" in said and "source:s3 est enregistrée dans" in said
    assert 'dc:rights "© Kreis Moorwalde" ;' in (moorwalde / "data/sources.ttl").read_text("utf-8")


def test_what_is_given_counts_and_nothing_can_be_said(moorwalde: Path, web: Any, tmp_path: Path) -> None:
    given = (
        "--title",
        "Titel",
        "--author",
        "",
        "--publisher",
        "Kreis",
        "--issued",
        "2026~",
        "--language",
        "fr",
        "--rights",
        "frei",
    )
    texts = tmp_path / "elsewhere"
    result = add(moorwalde, web.put("/vertrag", PAGE), *given, "--key", "P9", "--sources", texts, "--yes")
    assert result.exit_code == 0, result.output
    assert "source:p9 a vg:SourceDocument" in result.stdout and 'rdfs:label "P9: Titel"@de' in result.stdout
    assert 'dcterms:title "Titel"@fr' in result.stdout and "dc:creator" not in result.stdout
    assert '"2026~"^^edtf:EDTF' in result.stdout and 'dc:rights "frei"' in result.stdout
    assert (texts / "p9.txt").is_file()


def test_the_pages_of_a_pdf_are_named_and_compared(moorwalde: Path, web: Any) -> None:
    pdf = pdf_of(
        "Pressetext\nErste Seite.", "", "Der Landkreis zahlt knapp 40.000 Euro.", Title="Bericht", language="de"
    )
    url = web.put("/bericht.pdf", pdf, "application/pdf")
    result = add(moorwalde, url, "--yes")
    assert result.exit_code == 0, result.output
    assert "no text is on these pages of the PDF: 2\n" in result.stderr
    assert "vg:pdfPage 3 ;" in run("quote", "S3", "knapp 40.000 Euro", "--register", moorwalde).stdout
    file = moorwalde / "data/evidence/pdf.ttl"
    entry = (moorwalde / "data/evidence/schwimmen.ttl").read_text("utf-8")
    amount = re.search(r"^evidence:(?:(?!\n\n).)*?knapp 40\.000 Euro.*?\.\n", entry, re.M | re.S)
    assert amount
    text = (moorwalde / "sources/s3.txt").read_text("utf-8")
    exact = "Der Landkreis zahlt knapp 40.000 Euro"
    start = text.index(exact)
    moved = re.sub(r"^evidence:\S+", "evidence:pdf", amount[0])
    moved = re.sub(r"oa:exact .*?(?=\s*dcterms:creator)", "", moved, flags=re.S).replace("source:s1", "source:s3")
    for page, code in ((3, 0), (1, 1)):
        place = f'oa:exact "{exact}" ; oa:start {start} ; oa:end {start + len(exact)} ; vg:pdfPage {page} ;'
        head = "".join(line for line in entry.splitlines(keepends=True) if line.startswith("@prefix"))
        file.write_text(head + moved.replace("dcterms:creator", f"{place}\n    dcterms:creator", 1), "utf-8")
        checked = run("check", "--register", moorwalde, "--no-compare", "--sources", moorwalde / "sources")
        assert checked.exit_code == code, checked.output
        assert ("in the text, this stands on page 3 of the PDF: write vg:pdfPage 3" in checked.stdout) == bool(code)


def test_a_text_that_is_there_already_is_told(moorwalde: Path, web: Any) -> None:
    before = contents(moorwalde)
    text = (moorwalde / "sources/s2-kreisblatt.txt").read_bytes()
    for place in (moorwalde / "sources/s2-kreisblatt.txt", web.put("/s2", text, "text/plain; charset=utf-8")):
        result = add(moorwalde, place, "--yes")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("this is source:s2 already: the text is the same")
    assert contents(moorwalde) == before


def test_an_address_that_has_another_text_now_is_told(moorwalde: Path, web: Any) -> None:
    url = web.put("/vertrag", PAGE)
    assert add(moorwalde, url, "--yes").exit_code == 0
    web.put("/vertrag", PAGE.replace("3. Juni", "4. Juni"))
    result = add(moorwalde, url, "--yes")
    assert result.exit_code == 0
    assert "source:s3 has this address, too, with another text: the page has changed" in result.stderr
    assert [source.key for source in described_sources(load_register(moorwalde))] == ["S1", "S2", "S3", "S4"]


def test_an_address_of_a_source_without_a_text_is_told(moorwalde: Path, web: Any) -> None:
    url = web.put("/vertrag", PAGE)
    file = moorwalde / "data/sources.ttl"
    file.write_text(
        file.read_text("utf-8")
        + f'\nsource:p1 a vg:SourceDocument ; rdfs:label "P1"@de ; dcterms:identifier "P1" ; schema:url <{url}> .\n',
        "utf-8",
    )
    assert "source:p1 has this address, too, and no text" in add(moorwalde, url).stderr


def test_where_a_page_has_moved_its_new_address_is_recorded(moorwalde: Path, web: Any) -> None:
    there = web.put("/neu", PAGE)
    result = add(moorwalde, web.put("/alt", there, status=301), "--yes")
    assert f"{web.url}/alt leads to {there}\n" in result.stderr and f"schema:url <{there}> ;" in result.stdout


def test_files_are_recorded_without_an_address_unless_it_is_given(moorwalde: Path, tmp_path: Path) -> None:
    text = "Vertrag\r\n\n  mit  Blanks\t\n"
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    result = add(moorwalde, tmp_path / "a.txt", "--yes")
    assert result.exit_code == 0, result.output
    assert (moorwalde / "sources/s3.txt").read_bytes() == text.encode()
    assert not re.search("schema:url|hasAccessDate|dcterms:title", result.stdout)
    (tmp_path / "b.html").write_text(PAGE, "utf-8")
    result = add(moorwalde, tmp_path / "b.html", "--url", "https://example.org/b", "--accessed", "2026-05-04", "--yes")
    assert "schema:url <https://example.org/b> ;" in result.stdout
    assert 'fabio:hasAccessDate "2026-05-04"^^xsd:date ;' in result.stdout


def test_other_character_sets(moorwalde: Path, tmp_path: Path, web: Any) -> None:
    old = tmp_path / "alt.txt"
    old.write_bytes("Verträge".encode("cp1252"))
    result = add(moorwalde, old, "--yes")
    assert result.exit_code == 4 and "characters that can't be read (1); say which character set" in result.stderr
    assert add(moorwalde, old, "--charset", "windows-1252", "--yes").exit_code == 0
    assert (moorwalde / "sources/s3.txt").read_text("utf-8") == "Verträge"
    wrong = web.put("/falsch", "<p>Straße".encode("latin-1"), "text/html; charset=utf-8")
    assert add(moorwalde, wrong, "--yes").exit_code == 4
    assert add(moorwalde, wrong, "--charset", "latin-1", "--yes").exit_code == 0
    assert (moorwalde / "sources/s4.txt").read_text("utf-8") == "Straße\n"


@pytest.mark.parametrize(
    ("path", "content", "kind", "status", "said"),
    [
        ("/a", "", "text/html", 404, "HTTP 404; look whether the page has moved"),
        (
            "/a",
            "<script>document.write('x')</script>",
            "text/html",
            200,
            "has no text; what only a script puts on a page",
        ),
        ("/a", b" " * (LARGEST + 1), "text/html", 200, "> 32 MiB"),
        ("/a", pdf_of(""), "application/pdf", 200, "pictures of pages and no text"),
        ("/a", locked(pdf_of("x"), "geheim"), "application/pdf", 200, "locked with a password"),
        ("/a", pdf_of("x")[:99], "application/pdf", 200, "this PDF can't be read"),
        ("/a", b"PK\3\4", "application/zip", 200, "application/zip is none of the forms"),
        ("/a", "/a", "text/html", 302, "redirects"),
        ("/robots.txt", "User-agent: *\nDisallow: /", "text/plain", 200, "asks programs not to fetch it (robots.txt)"),
    ],
)
def test_what_can_not_be_had_ends_in_a_sentence(
    moorwalde: Path, web: Any, path: str, content: str | bytes, kind: str, status: int, said: str
) -> None:
    before = contents(moorwalde)
    web.put(path, content, kind, status)
    result = add(moorwalde, f"{web.url}/a", "--yes")
    assert (result.exit_code, result.stdout) == (4, "") and said in result.stderr
    assert contents(moorwalde) == before


def test_wrong_usage(moorwalde: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text", "utf-8")
    (tmp_path / "a.docx").write_bytes(b"PK\3\4")
    before = contents(moorwalde)
    for arguments, code, said in (
        (("none.txt",), 2, "none.txt is no file, and no address with http:// or https://"),
        (("www.example.org",), 2, "is no file, and no address"),
        (("http://127.0.0.1:1/",), 4, "can't be read"),
        ((tmp_path / "a.docx",), 4, ".docx is none of the forms"),
        ((tmp_path / "a.txt", "--issued", "gestern"), 2, "--issued can't be gestern"),
        ((tmp_path / "a.txt", "--language", "deutsch!"), 2, "--language can't be deutsch!"),
        ((tmp_path / "a.txt", "--url", "example.org"), 2, "--url can't be example.org"),
        ((tmp_path / "a.txt", "--accessed", "2026"), 2, "--accessed can't be 2026"),
        ((tmp_path / "a.txt", "--key", "…"), 2, "--key can't be …"),
        ((tmp_path / "a.txt", "--key", "s2"), 2, "source:s2 is there already"),
    ):
        result = add(moorwalde, *arguments, "--yes")
        assert (result.exit_code, result.stdout) == (code, "") and said in result.stderr
    assert contents(moorwalde) == before


def test_a_register_with_a_mistake_says_where(moorwalde: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text", "utf-8")
    (moorwalde / "data/sources.ttl").write_text("this is no Turtle", "utf-8")
    result = add(moorwalde, tmp_path / "a.txt", "--yes")
    assert result.exit_code == 1 and f"{moorwalde}/data/sources.ttl:1" in result.stdout.replace("\n", "")


def test_suggestions_of_a_source(moorwalde: Path, web: Any) -> None:
    assert add(moorwalde, web.put("/vertrag", PAGE), "--yes").exit_code == 0
    before = contents(moorwalde)
    result = run("source", "suggest", "S3", "--format", "json", "--register", moorwalde)
    assert result.exit_code == 0, result.output
    found = [(each["passage"], each["kind"], each["iri"] or each["value"]) for each in json.loads(result.stdout)]
    base = load_register(moorwalde).base
    assert ("3. Juni 2026", "date", "2026-06-03") in found
    assert ("Landkreis Moorwalde", "organisation", f"{base}id/organisation/landkreis") in found
    table = run("source", "suggest", "source:s3", "--register", moorwalde, lang="de")
    assert "3. Juni 2026" in table.stdout and "organisation:landkreis" in table.stdout
    assert f"{len(found)} Vorschläge zum Ansehen\n" in table.stderr
    assert contents(moorwalde) == before


def test_the_example_of_the_documents() -> None:
    text = (ROOT / "docs/keeping.md").read_text("utf-8")
    result = run("source", "suggest", "S1", "--format", "json", "--register", ROOT / "examples/moorwalde")
    found = {f"{each['start']}–{each['end']}": each for each in json.loads(result.stdout)}
    rows = re.findall(r"^  \d+ +(\d+–\d+) +(.+?)  +(.+?) +(\d+)$", text, re.MULTILINE)
    assert len(rows) == 4
    for place, passage, perhaps, score in rows:
        each = found[place]
        assert (each["passage"], each["score"]) == (passage, int(score))
        value = f"{each['property']} {each['value']} {each['currency']} {each['per']}".strip()
        assert perhaps == value or perhaps.endswith(f"{each['iri'].rpartition('/')[2]} “{each['label']}”")
    keys = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`\w+`.*?) \|", text, re.MULTILINE)))
    assert set(found[rows[0][0]]) == set(keys)


def test_suggestions_need_a_text(moorwalde: Path) -> None:
    result = run("source", "suggest", "S9", "--register", moorwalde)
    assert result.exit_code == 2 and "S9 is no source of this register" in result.stderr
