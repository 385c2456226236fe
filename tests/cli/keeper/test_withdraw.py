"""`withdraw`: a plan, a question, tombstones; once what it names is deleted, the gate is content and the address gone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from vertragsgraph.cli.commands import app

ROOT = Path(__file__).parents[3]
REASON = "Er wurde nie geschlossen."


def run(*arguments: object, lang: str = "en") -> Result:
    return copy_context().run(CliRunner().invoke, app, [*map(str, arguments), "--lang", lang])


@pytest.fixture
def moorwalde(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "examples/moorwalde", tmp_path / "moorwalde")


@pytest.fixture
def hesse(register_copy: Path, tmp_path: Path) -> Callable[..., Result]:
    def withdraw(*arguments: str) -> Result:
        return run("withdraw", *arguments, "--register", register_copy, "--releases", tmp_path / "none")

    return withdraw


@pytest.mark.slow
def test_a_contract_is_withdrawn_deleted_released_and_gone(moorwalde: Path, start: Callable[..., Any]) -> None:
    register = ("--register", moorwalde)
    assert run("build", *register).exit_code == 0
    before = (moorwalde / "data/tombstones.ttl").read_text("utf-8")
    result = run("withdraw", "contract:schwimmen", "--reason", REASON, "--delete", "--yes", *register)
    assert result.exit_code == 0, result.output
    assert "9 tombstones written to" in result.stderr
    assert "nothing is left to do by hand" in result.stderr
    assert (moorwalde / "data/tombstones.ttl").read_text("utf-8").startswith(before)
    checked = run("check", *register)
    assert checked.exit_code == 0, checked.output
    assert run("build", *register).exit_code == 0
    server = start(moorwalde / "releases")
    with httpx.Client(base_url=server.url, headers={"Accept": "text/html"}) as http:
        with_it = f"Vertrag mit dem Kreissportbund Moorwalde“: {REASON}"
        for path, reason in (("contract/schwimmen", REASON), ("grant/schwimmen", with_it)):
            page = http.get(f"doc/{path}")
            assert page.status_code == 410
            assert reason in page.text
        assert http.get("doc/organisation/landkreis").status_code == 200


def test_what_is_left_is_what_the_gate_finds(register_copy: Path, tmp_path: Path) -> None:
    where = ("--register", register_copy, "--releases", tmp_path / "none")
    reasons = ("--reason", "Versehen.", "--reason-en", "Mistake.")
    result = run("withdraw", "contract:drk-hessen", *reasons, "--delete", "--yes", *where)
    assert result.exit_code == 0, result.output
    told = re.findall(r"^(\S+:\d+): info: take out", result.stdout, re.MULTILINE)
    found = re.findall(r"^(\S+:\d+): violation: ", run("check", *where).stdout, re.MULTILINE)
    assert found
    assert {*found} <= {*told}


def test_what_vanished_is_withdrawn_as_the_gate_proposes(published_copy: Path) -> None:
    for path in published_copy.glob("data/**/*.ttl"):
        path.write_text(path.read_text("utf-8").replace("measure:iaf-angebote", "measure:iaf-angebot"), "utf-8")
    said = run("check", "--register", published_copy).stdout
    command = re.search(
        r"vertragsgraph (withdraw measure:\S+) --reason … --reason-en … (--replaced-by measure:\S+)", said
    )
    assert command, said
    reasons = ("--reason", "Umbenannt.", "--reason-en=Renamed.", "--yes")
    result = run(*command[1].split(), *command[2].split(), *reasons, "--register", published_copy)
    assert (result.exit_code, result.stdout) == (0, "- measure:iaf-angebote\n")
    checked = run("check", "--register", published_copy)
    assert checked.exit_code == 0, checked.output


def test_nothing_is_written_unasked(moorwalde: Path, tmp_path: Path) -> None:
    before = (moorwalde / "data/tombstones.ttl").read_bytes()
    result = run(
        "withdraw", "contract:schwimmen", "--reason", REASON, "-r", moorwalde, "--releases", tmp_path, lang="de"
    )
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == [
        '- contract:schwimmen "Vertrag mit dem Kreissportbund Moorwalde"',
        '- signing:schwimmen "Abschluss des Vertrags mit dem Kreissportbund Moorwalde": geht mit contract:schwimmen',
    ]
    assert "- Belege, die sonst nichts belegen: 4 Einträge" in result.stdout
    assert '= organisation:landkreis "Landkreis Moorwalde": bleibt, denn contract:ausbildung nennt es' in result.stdout
    assert "ergänzen Sie --yes" in result.stderr
    assert (moorwalde / "data/tombstones.ttl").read_bytes() == before


def test_wrong_usage_is_told(hesse: Callable[..., Result]) -> None:
    for arguments, words in (
        (("contract:iaf",), "say why in each language of the register: --reason, --reason-en"),
        (("contract:iaf", "--reason", "Versehen."), "say why in each language of the register: --reason-en"),
        (("contract:iaf", "--reason-de", "Versehen.", "--reason-en", " "), "register: --reason-en"),
        (("contract:iaf", "--reason-fr", "Erreur."), "fr is no language of this register; it has de, en"),
        (("contract:iaf", "--raeson", "Versehen."), "there is no option --raeson"),
        (("--reason-en", "Mistake."), "name what to withdraw"),
    ):
        result = hesse(*arguments)
        assert result.exit_code == 2, arguments
        assert words in result.stderr
    reasons = ("--reason", "Versehen.", "--reason-en", "Mistake.")
    assert (
        "one resource at a time"
        in hesse("contract:iaf", "organisation:iaf", *reasons, "--replaced-by", "contract:drk-hessen").stderr
    )
    result = hesse("contract:iff", *reasons)
    assert (result.exit_code, "did you mean contract:iaf?" in result.stderr) == (2, True)
