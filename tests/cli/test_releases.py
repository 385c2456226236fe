"""The commands for releases that are built."""

from __future__ import annotations

import time
from contextvars import copy_context
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from vertragsgraph.cli.commands import app
from vertragsgraph.register import load_register
from vertragsgraph.release import build, current_release

STATEMENT = (
    '<{base}id/person/kai-klose> <http://www.w3.org/2000/01/rdf-schema#label> "Kai  Klose"@de <{base}graph/agents> .'
)


def run(*arguments: object) -> Result:
    return copy_context().run(CliRunner().invoke, app, [*map(str, arguments), "--lang", "en"])


@pytest.fixture
def two(register_copy: Path) -> tuple[Path, str, str]:
    """A register with two releases: in the second, a name has a space more."""
    releases = register_copy / "releases"
    first = build(load_register(register_copy), releases).release.id
    time.sleep(1.1)  # the instant of a release is told to the second, and the order of releases with it
    people = register_copy / "data" / "people.ttl"
    people.write_text(people.read_text("utf-8").replace('"Kai Klose"@de', '"Kai  Klose"@de'), "utf-8")
    second = build(load_register(register_copy), releases).release.id
    return register_copy, first, second


def test_releases_are_listed_verified_compared_activated_and_pruned(two: tuple[Path, str, str]) -> None:
    folder, first, second = two
    listed = run("releases", "list", "--register", folder).stdout
    assert [line.split()[0:2] for line in listed.splitlines() if line.startswith("*")] == [["*", second]]
    assert first in listed

    verified = run("releases", "verify", "--register", folder)
    assert (verified.exit_code, verified.stderr) == (0, "2 releases are intact\n")

    base = load_register(folder).base
    compared = run("releases", "compare", first, second, "--register", folder).stdout.splitlines()
    assert f"+ {STATEMENT.format(base=base)}" in compared
    assert f"- {STATEMENT.format(base=base)}".replace("Kai  Klose", "Kai Klose") in compared
    patch = run("releases", "compare", first, second, "--format", "patch", "--register", folder).stdout
    assert f"A {STATEMENT.format(base=base)}" in patch

    assert run("releases", "activate", first, "--register", folder).exit_code == 0
    current = current_release(folder / "releases")
    assert current is not None
    assert current.id == first

    pruned = run("releases", "prune", "--keep", 1, "--register", folder)
    assert (pruned.exit_code, pruned.stderr) == (0, "0 releases were removed\n")  # one is the newest, the other current


def test_a_damaged_release_is_told(two: tuple[Path, str, str]) -> None:
    folder, _, second = two
    dump = folder / "releases" / second / "dumps" / "hessen.ttl"
    dump.write_bytes(dump.read_bytes()[:-1] + b"!")
    result = run("releases", "verify", second, "--register", folder)
    assert result.exit_code == 1
    assert f"{dump}: violation: " in result.stdout


def test_what_has_to_vanish_vanishes_openly(two: tuple[Path, str, str]) -> None:
    folder, first, _ = two
    iri = load_register(folder).iri("id/utterance/moeller-oeffnung")
    result = run("releases", "takedown", first, iri, "--reason", "a court order", "--register", folder)
    assert result.exit_code == 0, result.output
    text = (folder / "releases" / first / "dumps" / "hessen.nq").read_text("utf-8")
    assert iri not in text
    assert "a court order" in (folder / "releases" / first / "release.json").read_text("utf-8")
    assert run("releases", "verify", "--register", folder).exit_code == 0


def test_an_unknown_release_is_wrong_usage(two: tuple[Path, str, str]) -> None:
    folder, _, _ = two
    assert run("releases", "activate", "2000-01-01.00000000", "--register", folder).exit_code == 2
    assert run("releases", "verify", "2000-01-01.00000000", "--register", folder).exit_code == 2
