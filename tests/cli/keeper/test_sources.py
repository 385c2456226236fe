"""`source check`, on pages of a real server and on saved ones."""

from __future__ import annotations

import json
import re
from contextvars import copy_context
from html import escape
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from vertragsgraph.cli.commands import app
from vertragsgraph.graph.quotations import Quotation, read_quotations
from vertragsgraph.register import load_register

BASE = "https://w3id.org/vertragsgraph/hessen/id/"


def run(*arguments: object, **environment: str) -> Result:
    runner = CliRunner(env={"VERTRAGSGRAPH_LINK_PAUSE_SECONDS": "0", **environment})
    return copy_context().run(runner.invoke, app, ["source", "check", *map(str, arguments), "--lang", "en"])


def quotations(folder: Path, name: str) -> list[Quotation]:
    return [each for each in read_quotations(load_register(folder)) if each.source.value == f"{BASE}source/{name}"]


def page_of(some: list[Quotation]) -> str:
    """Return a page in HTML with some quotations, each with what stood around it."""
    return "".join(f"<p>{escape(each.prefix + each.exact + each.suffix)}</p>\n" for each in some)


@pytest.fixture
def published(register_copy: Path, web: Any) -> Path:
    """A copy of the register whose sources S1 and S2 are pages of the server."""
    file = register_copy / "data/sources.ttl"
    text = file.read_text("utf-8")
    for name in ("s1", "s2"):
        web.put(f"/{name}", page_of(quotations(register_copy, name)))
        text = re.sub(rf"(source:{name} a .*?schema:url )<[^>]+>", rf"\1<{web.url}/{name}>", text, flags=re.DOTALL)
    file.write_text(text, "utf-8")
    return register_copy


def test_pages_that_still_have_all_quotations(published: Path, web: Any) -> None:
    result = run("--register", published)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    count = len(quotations(published, "s1"))
    assert (
        f"S1 ({web.url}/s1): of {count} quotations {count} as quoted, 0 between other words, 0 missing" in result.stderr
    )
    assert [path for path, _ in web.asked] == ["/s1", "/s2"]
    assert all("register@example.org" in agent for _, agent in web.asked)


def test_what_has_changed_is_told_at_its_place(published: Path, web: Any) -> None:
    (changed,) = (each for each in quotations(published, "s2") if each.entry.endswith("/landesregierung-s2"))
    page = page_of(quotations(published, "s2"))
    web.put("/s2", page.replace("mit zivilgesellschaftlichen Partnern", "mit Partnern aus der Zivilgesellschaft"))
    result = run("S2", "--register", published)
    assert result.exit_code == 1
    assert [path for path, _ in web.asked] == ["/s2"]
    (line,) = result.stdout.splitlines()
    assert line.startswith(
        f"{changed.place}: violation: S2 doesn't have this quotation any more; nearest to it comes: "
    )
    assert "mit Partnern aus der Zivilgesellschaft" in line
    assert "1 violation, 0 warnings" in result.stderr


def test_other_words_around_and_other_characters_are_told_and_no_violations(published: Path, web: Any) -> None:
    page = page_of(quotations(published, "s2"))
    web.put("/s2", page.replace("Vor diesem Hintergrund", "Daher").replace("„Antisemitismus", '"Antisemitismus'))
    result = run("source:s2", "--register", published)
    assert result.exit_code == 0
    assert "warning: S2 has this quotation, but between other words than oa:prefix and oa:suffix: " in result.stdout
    assert 'info: S2 has this quotation in other characters: the text has “"” (U+0022)' in result.stdout


def test_a_page_that_can_not_be_had_is_a_warning_with_an_exit_code_of_its_own(published: Path, web: Any) -> None:
    web.put("/s1", "", status=410)
    result = run("--register", published)
    assert result.exit_code == 4
    assert f"warning: {web.url}/s1 can't be read: HTTP 410" in result.stdout
    assert "S2 (" in result.stderr


def test_as_json(published: Path, web: Any) -> None:
    web.put("/s2", "<p>nothing of all that")
    result = run("--register", published, "--format", "json")
    assert result.exit_code == 1
    first, second = json.loads(result.stdout)
    assert (first["key"], first["read"], first["problem"]) == ("S1", f"{web.url}/s1", None)
    assert {each["state"] for each in first["quotations"]} == {"as quoted"}
    assert {each["state"] for each in second["quotations"]} == {"missing"}
    assert all(each["evidence"].startswith(f"{BASE}evidence/") and each["place"] for each in second["quotations"])


def test_saved_pages_are_read_from_a_folder(published: Path, web: Any, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "s2.html").write_text(page_of(quotations(published, "s2")), "utf-8")
    result = run("--register", published, "--pages", pages)
    assert result.exit_code == 4
    assert "there is no s1.html or s1.txt in" in result.stdout
    assert f"S2 ({pages / 's2.html'}): of " in result.stderr
    assert web.asked == []


def test_wrong_usage(published: Path, tmp_path: Path) -> None:
    assert run("P1", "--register", published).exit_code == 2
    result = run("s1", "S9", "--register", published)
    assert (result.exit_code, result.stderr) == (2, "S9 is no source that is quoted; quoted are: S1, S2\n")
    result = run("--register", published, "--pages", tmp_path / "none")
    assert (result.exit_code, "no such folder" in result.stderr) == (2, True)
