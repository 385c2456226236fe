"""`quote` and `evidence`: what they print is pasted, completed, and passes the gate."""

from __future__ import annotations

import re
import shlex
import shutil
from contextvars import copy_context
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.conftest import ROOT
from vertragsgraph.cli.commands import app

BRACKETS = re.compile(r"\[ rdf:subject .*? \]")
OPEN = "vg:… [ rdf:subject … ; … ]"


def run(*arguments: object, lang: str = "en") -> Result:
    return copy_context().run(CliRunner().invoke, app, [*map(str, arguments), "--lang", lang])


@pytest.fixture
def moorwalde(tmp_path: Path) -> Path:
    """A copy of the example, whose texts are in the repository."""
    return shutil.copytree(ROOT / "examples/moorwalde", tmp_path / "moorwalde")


@pytest.fixture
def montclair(tmp_path: Path) -> Path:
    """A copy of the example, which has a source without a text."""
    return shutil.copytree(ROOT / "examples/montclair", tmp_path / "montclair")


def check(folder: Path) -> Result:
    return run("check", "--register", folder, "--no-compare", "--sources", folder / "sources")


@pytest.mark.parametrize("name", ["S2", "s2", "source:s2", "https://example.org/moorwalde/id/source/s2"])
def test_a_source_has_several_names(moorwalde: Path, name: str) -> None:
    result = run("quote", name, "Landkreis  und Sprachbrücke", "--register", moorwalde)
    assert result.exit_code == 0, result.output
    assert " ; oa:hasSource source:s2 ;\n" in result.stdout
    assert "source:s2, line " in result.stderr


def test_all_occurrences_are_printed_with_what_stands_around_them(moorwalde: Path) -> None:
    result = run("quote", "S1", "Svenja Harms", "--register", moorwalde)
    text = (moorwalde / "sources/s1-bericht.txt").read_text("utf-8")
    starts = [match.start() for match in re.finditer("Svenja Harms", text)]
    assert len(starts) > 1
    assert [int(start) for start in re.findall(r"oa:start (\d+)", result.stdout)] == starts
    told = [line for line in result.stderr.splitlines() if "[Svenja Harms]" in line]
    assert len(told) == len(starts)
    for line, start in zip(told, starts, strict=True):
        number = text.count("\n", 0, start) + 1
        before = " ".join(text[max(0, start - 20) : start].split())
        assert line.startswith(f"source:s1, line {number}: ") and before in line
    assert result.stdout.count("@prefix evidence:") == 1


def test_the_example_of_the_documents() -> None:
    text = (ROOT / "docs/evidence.md").read_text("utf-8")
    shown = re.search(r"```sh\nvertragsgraph (quote .+)\n```\n\n```text\n(.+)\n```\n\n```turtle\n(.+?)```", text, re.S)
    assert shown
    command, said, entry = shown.groups()
    result = run(*(part.replace("examples/", f"{ROOT}/examples/") for part in shlex.split(command)))
    assert said in result.stderr.splitlines()
    dated = re.compile(r'"[\d-]+"\^\^xsd:date')
    assert dated.sub("", entry) in dated.sub("", result.stdout)


def test_the_folder_of_a_register_that_was_just_started_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert run("init", folder, "--key", "muster", "--language", "fr").exit_code == 0
    exact = re.search('oa:exact "(.+?)" ;', (folder / "data/contracts.ttl").read_text("utf-8"))
    assert exact
    result = run("quote", "S1", exact[1], "--register", folder)
    assert result.exit_code == 0 and exact[0] in result.stdout
    assert "evidence:example-s1 quotes it already" in result.stderr


def test_what_is_quoted_already_is_told(moorwalde: Path) -> None:
    file = moorwalde / "data/evidence/singen.ttl"
    entry, exact = re.search(r'^(evidence:\S+) a .*?oa:exact "([^"]+)"', file.read_text("utf-8"), re.M | re.S).groups()
    result = run("quote", "S1", exact, "--register", moorwalde)
    assert f"{entry} quotes it already ({file}:" in result.stderr


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "nearest to them, in line"), ("de", "am nächsten kommt ihnen, in Zeile")]
)
def test_words_that_are_not_there(moorwalde: Path, lang: str, said: str) -> None:
    result = run("quote", "S1", "Landrätin Svanja Harms", "--register", moorwalde, lang=lang)
    assert (result.exit_code, result.stdout) == (1, "")
    (found,) = re.findall(r"(\d+) (?:to|bis) (\d+): (.*)", result.stderr)
    text = (moorwalde / "sources/s1-bericht.txt").read_text("utf-8")
    there = text[int(found[0]) : int(found[1])]
    assert said in result.stderr and f"[{there}]" in found[2] and "Svenja Harms" in there


def test_words_that_nothing_is_like(moorwalde: Path) -> None:
    result = run("quote", "S1", "Xylophonkonzert!", "--register", moorwalde)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "source:s1 doesn't have these words, nor anything like them" in result.stderr


def test_wrong_usage(moorwalde: Path, montclair: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/other.txt").write_text("other", "utf-8")
    for arguments, said in (
        (("S7", "Harms"), "S7 is no source of this register; those with a text are: S1, S2"),
        (("", "Harms"), " is no source of this register"),
        (("S1", "„ […] “"), "give words to look for"),
        (("S1", "Harms", "--sources", tmp_path / "none"), "there is no such folder"),
        (("S1", "Harms", "--sources", tmp_path / "empty"), "has the SHA-256 of the text of source:s1"),
    ):
        result = run("quote", *arguments, "--register", moorwalde)
        assert (result.exit_code, result.stdout) == (2, "") and said in result.stderr
    result = run("quote", "P1", "acte", "--register", montclair)
    assert result.exit_code == 2 and "source:p1 has no text to look in" in result.stderr
    shutil.rmtree(moorwalde / "sources")
    result = run("quote", "S1", "Harms", "--register", moorwalde)
    assert result.exit_code == 2 and "--sources DIR" in result.stderr
    assert run("quote", "S1", "Harms", "--register", moorwalde, "--sources", ROOT / "examples").exit_code == 0


def test_words_are_found_while_the_register_has_mistakes_elsewhere(moorwalde: Path) -> None:
    for name in ("people.ttl", "evidence/singen.ttl"):
        (moorwalde / "data" / name).write_text("this is no Turtle", "utf-8")
    assert run("quote", "S1", "Svenja Harms", "--register", moorwalde).exit_code == 0
    (moorwalde / "data/sources.ttl").write_text("this is no Turtle", "utf-8")
    result = run("quote", "S1", "Svenja Harms", "--register", moorwalde)
    assert result.exit_code == 1 and f"{moorwalde}/data/sources.ttl:1" in result.stdout.replace("\n", "")


def test_where_all_have_evidence_there_is_nothing_to_print(moorwalde: Path) -> None:
    for arguments in ((), ("--missing",)):
        result = run("evidence", *arguments, "--register", moorwalde)
        assert (result.exit_code, result.stdout) == (0, "")
        assert re.fullmatch(r"of (\d+) statements \1 have a quotation .* 0 neither\n", result.stderr)


def test_what_is_missing_is_pasted_and_passes_once_kind_and_source_are_filled_in(montclair: Path) -> None:
    for name in ("theatre", "people", "organisations"):
        (montclair / f"data/evidence/{name}.ttl").unlink()
    assert check(montclair).exit_code == 1
    result = run("evidence", "--missing", "--register", montclair)
    assert result.exit_code == 0, result.output
    headings = [Path(name).relative_to(montclair).as_posix() for name in re.findall("^# (.+)$", result.stdout, re.M)]
    assert headings == sorted(set(headings)) and {"data/contracts/theatre.ttl", "data/people.ttl"} < set(headings)
    assert result.stdout.count("@prefix evidence:") == 1 and result.stdout.startswith("@prefix ")
    subjects = re.findall(r"rdf:subject (\S+)", result.stdout)
    (missing,) = re.findall(r"(\d+) neither", result.stderr)
    assert len(subjects) == len(set(subjects)) == result.stdout.count(" a vg:Evidence ;") > 10
    assert int(missing) > 40
    filled = result.stdout.replace("vg:…", "vg:cites").replace("source:…", "source:p2")
    (montclair / "data/evidence/pasted.ttl").write_text(filled, "utf-8")
    result = check(montclair)
    assert result.exit_code == 0, result.output
    assert "0 neither" in result.stderr


def test_with_the_words_of_a_source_it_is_stated(moorwalde: Path) -> None:
    """Entries that are missing get what `quote` prints from the source on; so the statements have a quotation again."""
    (moorwalde / "data/evidence/singen.ttl").unlink()
    text = (moorwalde / "sources/s1-bericht.txt").read_text("utf-8")
    about = next(line for line in text.splitlines() if "Singen" in line)
    printed = run("quote", "S1", about.replace("„", '"').replace("“", '"'), "--register", moorwalde).stdout
    basis = re.search(r"oa:hasSource .*? ;\n(?=    vg:…)", printed, re.S)
    assert basis
    missing = run("evidence", "--missing", "--register", moorwalde).stdout
    assert missing.count("oa:hasSource source:… ;\n") > 2
    filled = missing.replace("oa:hasSource source:… ;\n", basis[0]).replace("vg:…", "vg:states")
    (moorwalde / "data/evidence/pasted.ttl").write_text(filled, "utf-8")
    result = check(moorwalde)
    assert result.exit_code == 0, result.output
    assert re.search(r"of (\d+) statements \1 have a quotation", result.stderr)


def test_an_entry_of_quote_is_pasted_and_completed(moorwalde: Path) -> None:
    file = moorwalde / "data/evidence/singen.ttl"
    text = file.read_text("utf-8")
    before, entry, after = re.split(r"(^evidence:.*?\n\n)", text, maxsplit=1, flags=re.M | re.S)
    exact = re.search('oa:exact "(.+?)" ;', entry)
    assert exact
    printed = run("quote", "S1", exact[1], "--register", moorwalde).stdout
    assert "vg:supportKind vg:Stated" in entry and printed.count(OPEN) == 1
    said = ("[ rdf:subject \\1 ; \\2 \\3 ]", "rdf:subject (.+?) ; rdf:predicate (.+?) ; rdf:object (.+?) ]")
    supported = " , ".join(re.sub(rf"\[ {said[1]}", said[0], each) for each in BRACKETS.findall(entry))
    file.write_text(f"{before}{after}\n{printed}".replace(OPEN, f"vg:states {supported}"), "utf-8")
    assert check(moorwalde).exit_code == 0


def test_what_is_left_open_is_told_and_nothing_else(moorwalde: Path) -> None:
    file = moorwalde / "data/evidence/singen.ttl"
    file.unlink()
    file.write_text(run("evidence", "--missing", "--register", moorwalde).stdout, "utf-8")
    result = run("check", "--register", moorwalde, "--no-compare")
    assert result.exit_code == 1
    (line,) = (line for line in result.stdout.splitlines() if "violation" in line)
    assert "… stands for what is still to be filled in" in line
    number = int(line.removeprefix(f"{file}:").partition(":")[0])
    assert "oa:hasSource source:…" in file.read_text("utf-8").splitlines()[number - 1]
