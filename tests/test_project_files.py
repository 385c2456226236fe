"""The files for those who carry on: changelog, citation, licence of the data, records of decisions, the unit for systemd."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from vertragsgraph import __version__
from vertragsgraph.cli.commands import app
from vertragsgraph.register import load_register
from vertragsgraph.release.digest import FORMAT
from vertragsgraph.sources import source_files

ROOT = Path(__file__).parents[1]
DECISIONS = ROOT / "docs/decisions"


def text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def test_the_changelog_says_what_is_different_in_this_release_format() -> None:
    assert re.search(rf"^\| release format {FORMAT} \| \d", text("CHANGELOG.md"), re.MULTILINE)


def test_every_decision_is_listed_and_every_one_listed_exists() -> None:
    listed = re.findall(r"^\| \[([\w-]+)\]\(\1\.md\) \|", text("docs/decisions/README.md"), re.MULTILINE)
    assert sorted(listed) == sorted(path.stem for path in DECISIONS.glob("*.md") if path.name != "README.md")


def test_the_citation_is_of_this_version() -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    said = dict(re.findall(r"^([\w-]+): (.+)$", text("CITATION.cff"), re.MULTILINE))
    assert said["version"] == __version__
    assert (said["title"], said["license"]) == (project["name"], project["license"])
    assert re.findall(r"^  - name: (.+)$", text("CITATION.cff"), re.MULTILINE) == [
        author["name"] for author in project["authors"]
    ]


def test_the_licence_of_the_data_is_that_of_the_register_and_no_source() -> None:
    register, licence = load_register(ROOT), text("data/LICENSE.txt")
    for language in ("de", "en"):
        assert register.licence.name.in_language(language).lower() in licence.lower()
        assert f"{register.licence.attribution.in_language(language)} ({register.base})" in licence
    assert "LICENSE.txt" not in {file.path.name for file in source_files(register)}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd isn't installed")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit, command = tmp_path / "vertragsgraph.service", "/opt/vertragsgraph/bin/vertragsgraph"
    assert f"ExecStart={command} serve" in text("docs/vertragsgraph.service")
    unit.write_text(text("docs/vertragsgraph.service").replace(command, sys.executable), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_hook_runs_the_gate_where_a_register_changes() -> None:
    hook = dict(re.findall(r"^(?:- |  )(\w+): (.+)$", text(".pre-commit-hooks.yaml"), re.MULTILINE))
    assert f"- id: {hook['id']}\n" in text("docs/commands.md")
    name, command = hook["entry"].split()
    assert name in tomllib.loads(text("pyproject.toml"))["project"]["scripts"]
    assert command in get_command(app).commands
    assert hook["pass_filenames"] == "false"
    register = (
        "register.toml",
        "data/contracts/iaf.ttl",
        "data/links/gnd.sssom.tsv",
        "ontology/kinds.toml",
        "shapes/acts.ttl",
    )
    assert all(
        re.search(hook["files"], f"{folder}{path}") for path in register for folder in ("", "examples/moorwalde/")
    )
    assert not any(
        re.search(hook["files"], path) for path in ("README.md", "server/register.toml.orig", "mydata/a.ttl")
    )
