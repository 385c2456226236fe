"""`diff`: the sources against releases and git revisions, in each form."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextvars import copy_context
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from vertragsgraph.cli.commands import app
from vertragsgraph.release import all_releases

EXAMPLE = Path(__file__).parents[3] / "examples" / "montclair"
NAME = "Convention sur l'interprétation en langue des signes"


def run(*arguments: object, lang: str = "en") -> Result:
    return copy_context().run(CliRunner().invoke, app, [*map(str, arguments), "--lang", lang])


def git(folder: Path, *arguments: str) -> None:
    person = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", folder, *person, *arguments], check=True, capture_output=True)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A register in a subfolder of a repository, changed since its one commit."""
    folder = shutil.copytree(EXAMPLE, tmp_path / "repository" / "register")
    git(folder.parent, "init", "--quiet")
    git(folder.parent, "add", "--all")
    git(folder.parent, "commit", "--quiet", "--message", "the register")
    contract = folder / "data/contracts/langue-des-signes.ttl"
    contract.write_text(contract.read_text("utf-8").replace("12500.5", "13000"), "utf-8")
    return folder


def test_the_sources_are_told_against_a_git_revision(example: Path) -> None:
    told = run("diff", "--against", "HEAD", "--register", example)
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout == f"Contracts\n  {NAME}: Grant, amount: 13,000, before: 12,500.5\n"
    assert "Subvention, montant" in run("diff", "--against", "HEAD", "--register", example, lang="fr").stdout
    git(example.parent, "commit", "--quiet", "--all", "--message", "an amount")
    same = run("diff", "--against", "HEAD", "--register", example)
    assert (same.exit_code, same.stdout) == (0, "")
    assert same.stderr == "nothing that is told of has changed between HEAD and the sources\n"
    assert "13,000, before" in run("diff", "--against", "HEAD~1", "--register", example).stdout


def test_the_other_forms_say_the_same(example: Path) -> None:
    data = json.loads(run("diff", "--against", "HEAD", "--format", "json", "--register", example).stdout)
    assert (data["before"], data["after"]) == ("HEAD", "the sources")
    (contracts,) = data["kinds"]
    assert contracts["counts"] == {"new": 0, "changed": 1, "gone": 0}
    assert contracts["resources"][0]["sentences"] == [f"{NAME}: Grant, amount: 13,000, before: 12,500.5"]
    page = run("diff", "--against", "HEAD", "--format", "html", "--register", example, lang="fr").stdout
    assert page.startswith('<!doctype html>\n<html lang="fr">')
    assert "Ce qui a changé entre HEAD et les fichiers sources" in page
    assert "<a href" not in page


def test_of_many_the_first_are_told(example: Path) -> None:
    told = run("diff", "--against", "HEAD", "--first", 0, "--register", example)
    assert told.stdout == "Contracts\n  Not told one by one: 1 changed\n"


@pytest.mark.parametrize("name", ["nothing", "--upload-pack=x", "../register", ""])
def test_what_is_neither_release_nor_revision_is_told(example: Path, name: str) -> None:
    told = run("diff", f"--against={name}", "--register", example)
    assert told.exit_code == 2
    assert "is neither a release in" in told.stderr


def test_without_a_release_it_is_told_what_to_name(example: Path) -> None:
    told = run("diff", "--register", example)
    assert told.exit_code == 2
    assert "--against REV" in told.stderr


def test_sources_that_cannot_be_read_are_told_with_file_and_line(example: Path) -> None:
    (example / "data/contracts/broken.ttl").write_text("<a> <b>\n", "utf-8")
    told = run("diff", "--against", "HEAD", "--register", example)
    assert told.exit_code == 1
    assert "broken.ttl:" in told.stdout


def test_releases_are_told_against_each_other_and_the_sources_against_the_last(history: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(history, tmp_path / "register", symlinks=True)
    second, first = (release.id for release in all_releases(folder / "releases"))
    told = "People\n  Kai Klose: Name (German): “Kai  Klose”, before: “Kai Klose”\n"
    assert run("diff", second, "--against", first, "--register", folder).stdout == told
    assert run("diff", second, "--register", folder).stdout == told, "by default the release before"
    assert run("releases", "compare", first, second, "--register", folder).stdout == told
    assert run("diff", "--register", folder).stdout == "", "the sources are those of the last release"
    assert run("diff", "--against", first, "--register", folder).stdout == told
    earliest = run("diff", first, "--register", folder)
    assert earliest.exit_code == 2
    assert run("diff", "2000-01-01.none", "--register", folder).exit_code == 2
