"""CONTRIBUTING.md tells the truth: what it says is to be touched exists, and is enough.

To a copy of the repository a setting, a command, a rule, a check of the gate and a dump format are added, by touching the
files of the table only. First what is easily forgotten is left out, and the tests that the table names fail; then they
pass, and what was added works.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vertragsgraph.release.digest import FORMAT

ROOT = Path(__file__).parents[1]
PACKAGE = Path("server/vertragsgraph")
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ROWS = {
    cells[0]: cells[1]
    for line in TEXT.rpartition("| to add a |")[2].splitlines()[2:]
    if (cells := [cell.strip() for cell in line.strip("|").split(" | ")]) and len(cells) > 1
}
PATH = re.compile(r"`([\w./-]+(?:/|\.\w+))`")
NOT_COPIED = (".git", ".venv", "node_modules", "releases", "dist", "build", "screenshots", ".*_cache", ".hypothesis")


def paths(text: str) -> set[Path]:
    """Return the paths that a text names, from the root."""
    return {Path(name) if (ROOT / name).exists() else PACKAGE / name for name in PATH.findall(text)}


class Checkout:
    """A copy of the repository in which things are added; `touched` are the files that each needed, from the root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.touched: dict[str, set[Path]] = {}
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))

    def put(self, row: str, path: str, text: str, before: str = "") -> None:
        """Put a text before one that stands in a file; at the end of the file, which is made, where none is named."""
        place = Path(path) if (self.folder / Path(path).parts[0]).exists() else PACKAGE / path
        content = (self.folder / place).read_text("utf-8") if before else ""
        assert before in content, f"{before} doesn't stand in {place}"
        with (self.folder / place).open("w" if before else "a", encoding="utf-8") as out:
            out.write(content.replace(before, text + before, 1) if before else text)
        if place != PACKAGE / "locale/de.po":
            self.touched.setdefault(row, set()).add(place)

    def run(self, *arguments: str) -> str:
        """Run Python there and return what it says."""
        path = os.pathsep.join(filter(None, (str(self.folder / "server"), os.environ.get("PYTHONPATH"))))
        environment = {**os.environ, "PYTHONPATH": path, "LC_ALL": "C"}
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    def failures(self, *tests: str) -> tuple[set[str], str]:
        """Run tests there; return those that fail, and what was said."""
        said = self.run("pytest", "-q", "-rA", "-p", "no:cacheprovider", *tests)
        outcomes = {name: outcome for outcome, name in re.findall(r"^(PASSED|FAILED) (\S+)", said, re.MULTILINE)}
        assert outcomes.keys() == {*tests}, said
        return {name for name, outcome in outcomes.items() if outcome == "FAILED"}, said


COMMAND = '''

@app.command()
def greet() -> None:
    """Greet."""
    from vertragsgraph.settings import Settings

    print("patience:", Settings().patience)
'''
RULE = """
vgs:NoSeeAlso a sh:NodeShape ;
    sh:targetClass vg:Contract ;
    sh:property vgs:no-see-also .

vgs:no-see-also a sh:PropertyShape ;
    sh:path rdfs:seeAlso ;
    sh:maxCount 0 ;
    sh:severity sh:Violation ;
    sh:message "Kein Verweis."@de , "No reference."@en .
"""
CHECK = '''
from vertragsgraph.finding import Finding, Severity
from vertragsgraph.texts import both


def check_sample():
    """Find something."""
    return [Finding(both("this is found"), None, Severity.WARNING)]
'''
WRITER = """
    with create(stem.with_suffix(".n3")) as out:
        turtle.write_lines(nt.read(triples), out, prefixes)
"""
NOTICING = (
    "tests/test_docs.py::test_every_setting_is_documented_with_its_default_and_meaning[patience]",
    "tests/test_docs.py::test_every_command_and_option_is_documented",
    "tests/gate/test_seeded_faults.py::test_every_rule_has_its_fault",
    "tests/release/test_build.py::test_other_bytes_are_another_version_of_the_files",
    "tests/test_project_files.py::test_the_changelog_says_what_is_different_in_this_release_format",
    "tests/test_texts.py::test_a_catalogue_lacks_no_text[de]",
)
SEEDED = tuple(
    f"tests/gate/test_seeded_faults.py::test_each_rule_finds_its_fault[{engine}-no-see-also]"
    for engine in ("pyshacl", "shacl")
)


def add(copy: Checkout) -> None:
    """Add everything, as far as whoever forgets half of it comes."""
    field = '    patience: int = Field(7, description="How long.")\n'
    copy.put("setting", "settings.py", field, before="    host: str")
    copy.put("command", "cli/commands.py", COMMAND)
    copy.put("rule (shape)", "shapes/contracts.ttl", RULE)
    line = "from vertragsgraph.gate.checks.sample import check_sample\n"
    copy.put("check of the gate", "gate/check.py", line, before="from vertragsgraph.gate.checks.withdrawals")
    copy.put("check of the gate", "gate/check.py", "*check_sample(), ", before="*check_circles(")
    copy.put("check of the gate", "gate/checks/sample.py", CHECK)
    line = 'FORMATS = (*FORMATS, type(FORMATS[0])("n3", "text/n3", "N3", "N3"))\n'
    copy.put("dump format", "release/contents/formats.py", line, before="\nGZIP: Final")
    copy.put("dump format", "release/contents/dumps.py", WRITER, before='    with create(stem.with_suffix(".rdf"))')
    copy.put("dump format", "release/digest.py", f"{FORMAT + 1}  # ", before=f"{FORMAT}\n")
    copy.put("dump format", "tests/release/test_build.py", f'{FORMAT + 1}: "", ', before=f'{FORMAT}: "')


def add_the_rest(copy: Checkout, said: str) -> None:
    """Add what was forgotten; `said` is what the tests said of it."""
    row = "| `VERTRAGSGRAPH_PATIENCE` | `7` | How long. |\n"
    copy.put("setting", "docs/settings.md", row, before="| `VERTRAGSGRAPH_HOST`")
    copy.put("command", "docs/commands.md", "\n`vertragsgraph greet` greets.\n")
    fault = '    Fault("no-see-also", IAF, add="rdfs:seeAlso <https://example.org/>"),\n'
    copy.put("rule (shape)", "tests/gate/test_seeded_faults.py", fault, before="    # contracts")
    copy.put("check of the gate", "docs/register.md", "| this | warning |\n", before="| a datatype that is neither")
    copy.put("check of the gate", "tests/gate/checks/test_sample.py", "def test_sample(): ...\n")
    digest = re.search(r"^E +\+ ([0-9a-f]{64})$", said, re.MULTILINE)
    assert digest, said
    copy.put("dump format", "tests/release/test_build.py", digest[1], before=f'", {FORMAT}: "')
    row = f"| release format {FORMAT + 1} | 1 May | N3 |\n"
    copy.put("dump format", "CHANGELOG.md", row, before=f"| release format {FORMAT} |")
    copy.put("", "locale/de.po", '\nmsgid "this is found"\nmsgstr "Das fand sich"\n')
    copy.put("", "locale/de.po", '\nmsgid "Greet."\nmsgstr "Grüßen."\n')


@pytest.mark.parametrize("name", ROWS)
def test_each_path_of_the_table_exists(name: str) -> None:
    assert paths(ROWS[name])
    assert [path for path in paths(ROWS[name]) if not (ROOT / path).exists()] == []


def test_each_path_and_target_elsewhere_exists() -> None:
    assert [path for path in paths(TEXT) if not (ROOT / path).exists()] == []
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", TEXT, re.MULTILINE)) <= {*targets}


def test_each_place_that_names_languages_is_in_the_table() -> None:
    """But for what is about texts of the data, in any language."""
    modules = {
        path.relative_to(ROOT)
        for path in (ROOT / PACKAGE).rglob("*.py")
        if any(isinstance(node, ast.Constant) and node.value == "de" for node in ast.walk(ast.parse(path.read_text())))
    } - {PACKAGE / "gate/datatypes.py"}
    named = {path for path in paths(ROWS["language of the interface"]) if path.is_relative_to(PACKAGE)}
    assert {path if path.parent == PACKAGE else path.parent for path in modules} == named - {PACKAGE / "locale"}


@pytest.mark.slow
def test_what_the_table_names_is_enough_and_what_is_forgotten_is_noticed(tmp_path: Path) -> None:
    pytest.importorskip("shacl", reason="there is no wheel of shacl for this platform")
    copy = Checkout(tmp_path / "copy")
    add(copy)
    failed, said = copy.failures(*NOTICING)
    assert failed == {*NOTICING}
    add_the_rest(copy, said)
    failed, said = copy.failures(*NOTICING, *SEEDED)
    assert failed == set(), said
    assert copy.run("vertragsgraph", "greet") == "patience: 7\n"
    assert "warning: this is found" in copy.run("vertragsgraph", "build", "--releases", "built")
    assert "dumps/hessen.n3.gz" in (copy.folder / "built/catalog.ttl").read_text("utf-8")
    for row, touched in copy.touched.items():
        assert {place for place in touched if not {place, place.parent} & paths(ROWS[row])} == set(), row
        # What may be left out stands after a semicolon or a full stop.
        needed = paths(re.split(r"; |\. ", ROWS[row])[0])
        assert {place for place in needed if not any(place in (each, each.parent) for each in touched)} == set(), row
