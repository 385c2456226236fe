"""The commands for releases that are built."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import shutil
from contextvars import copy_context
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from vertragsgraph.cli.commands import app
from vertragsgraph.register import load_register
from vertragsgraph.release import all_releases, current_release

STATEMENT = (
    '<{base}id/person/kai-klose> <http://www.w3.org/2000/01/rdf-schema#label> "Kai  Klose"@de <{base}graph/agents> .'
)


def run(*arguments: object) -> Result:
    return copy_context().run(CliRunner().invoke, app, [*map(str, arguments), "--lang", "en"])


@pytest.fixture
def two(history: Path, tmp_path: Path) -> tuple[Path, str, str]:
    """A register with two releases: in the second, a name has a space more."""
    folder = shutil.copytree(history, tmp_path / "register", symlinks=True)
    second, first = all_releases(folder / "releases")
    return folder, first.id, second.id


def test_releases_are_listed_verified_compared_activated_and_pruned(two: tuple[Path, str, str]) -> None:
    folder, first, second = two
    told = run("releases", "list", "--register", folder)
    assert told.stderr == f"releases in {folder / 'releases'}: 2\n"
    listed = told.stdout
    assert [line.split()[0:2] for line in listed.splitlines() if line.startswith("*")] == [["*", second]]
    assert first in listed

    verified = run("releases", "verify", "--register", folder)
    assert (verified.exit_code, verified.stderr) == (0, "2 releases are intact\n")

    base = load_register(folder).base
    compared = run("releases", "compare", first, second, "--register", folder)
    assert compared.stdout == "People\n  Kai Klose: Name (German): “Kai  Klose”, before: “Kai Klose”\n"
    assert compared.stderr == ""
    same = run("releases", "compare", first, first, "--register", folder)
    assert (same.stdout, same.stderr) == (
        "",
        f"nothing that is told of has changed between {first} and {first}\n",
    )
    compared = run("releases", "compare", first, second, "--format", "nquads", "--register", folder).stdout.splitlines()
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


def test_a_damaged_manifest_is_told(two: tuple[Path, str, str]) -> None:
    folder, first, _ = two
    (folder / "releases" / first / "release.json").write_text("{")
    result = run("releases", "verify", "--register", folder)
    assert result.exit_code == 1
    assert "manifest is damaged" in result.stdout


def test_going_back_is_not_undone_by_a_build(two: tuple[Path, str, str]) -> None:
    folder, first, second = two
    assert run("releases", "activate", first, "--register", folder).exit_code == 0
    built = run("build", "--register", folder)
    assert built.exit_code == 0
    assert f"release {second} holds all this already; {first} is served" in built.stderr
    assert f"vertragsgraph releases activate {second}" in built.stderr
    assert "nothing has changed" not in built.stderr
    assert run("releases", "list", "--register", folder).stdout.splitlines()[1].startswith(f"* {first}")


def test_what_has_to_vanish_vanishes_openly(two: tuple[Path, str, str]) -> None:
    """From a plan that names all that is left, by the command that it proposes, to nothing being left in any release."""
    folder, first, second = two
    where = ("--register", folder)
    planned = run("releases", "takedown", first, "person:norbert-soedler", "--dry-run", *where)
    assert planned.exit_code == 1
    assert "evidence:soedler-s1 bears its name" in planned.stdout
    assert 'names it (2×), first in rdfs:comment: "Words of Norbert Södler."' in planned.stdout
    assert f"it stands in other releases, too; name each, or add --all-releases: {second}" in planned.stderr
    assert run("releases", "takedown", first, "person:norbert-soedler", "--reason", "-", *where).exit_code == 1
    assert run("releases", "takedown", first, "person:norbert-soedler", *where).exit_code == 2  # without a reason

    further = shlex.split(re.search(r"still names it \((.*)\), or", planned.stderr)[1])
    command = ("releases", "takedown", first, "person:norbert-soedler", *further, "--all-releases", *where)
    assert run(*command, "--dry-run").exit_code == 0
    assert run("releases", "verify", *where).exit_code == 0
    done = run(*command, "--reason", "a court order")
    assert done.exit_code == 0, done.output
    for name in (first, second):
        for path in (folder / "releases" / name / "dumps").iterdir():
            text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            assert not re.search("s(ö|oe)dler", text.decode(), re.IGNORECASE), path
        assert "a court order" in (folder / "releases" / name / "release.json").read_text("utf-8")
    assert run("releases", "verify", *where).exit_code == 0
    listed = run("releases", "list", *where).stdout.splitlines()
    assert len(listed) == 2
    assert all(re.search(r"  redacted \d{4}-\d\d-\d\d$", line) for line in listed)
    again = run("releases", "takedown", first, "person:norbert-soedler", "--dry-run", *where)
    assert again.exit_code == 2
    assert "says nothing of the kind" in again.stdout


@pytest.mark.slow
def test_releases_copied_without_links_are_served(two: tuple[Path, str, str], tmp_path: Path, start: Any) -> None:
    folder, first, second = two
    copied = shutil.copytree(folder / "releases", tmp_path / "copied")
    assert (copied / "current").is_dir()
    listed = run("releases", "list", "--register", folder, "--releases", copied).stdout.splitlines()
    assert [line.split()[-5] for line in listed] == [second, first]
    assert httpx.get(start(copied).url + "health/ready", timeout=60).json() == {"status": "ok", "release": second}
    (copied / "current/search.sqlite").unlink()
    (copied / second / "search.sqlite").unlink()
    running = start(copied, "--register", str(folder))
    assert httpx.get(running.url + "health/ready", timeout=60).json()["release"] == first
    assert httpx.get(running.url + "dumps/hessen.nt", timeout=60).status_code == 200
    # A copied release can't make the server show a file beside it.
    manifest = json.loads((copied / second / "release.json").read_text("utf-8"))
    manifest["files"]["../catalog.ttl"] = manifest["files"]["void.ttl"]
    (copied / second / "release.json").write_text(json.dumps(manifest), "utf-8")
    (copied / "current/release.json").write_text(json.dumps(manifest), "utf-8")
    for name in ("%2e%2e/catalog.ttl", "void.ttl", "release.json"):
        assert httpx.get(f"{running.url}releases/{second}/{name}", timeout=60).status_code == 404


def test_an_unknown_release_is_wrong_usage(two: tuple[Path, str, str]) -> None:
    folder, _, _ = two
    assert run("releases", "activate", "2000-01-01.00000000", "--register", folder).exit_code == 2
    assert run("releases", "verify", "2000-01-01.00000000", "--register", folder).exit_code == 2
