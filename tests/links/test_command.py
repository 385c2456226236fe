"""The commands, from the first question to the published link."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from vertragsgraph.cli.commands import app
from vertragsgraph.links import candidates as files
from vertragsgraph.links.http_client import TRIES

pytestmark = pytest.mark.slow
RING = "organisation/hessischer-jugendring"


class Commands:
    """Runs the commands on a copy of the register, against the server that plays Wikidata."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self._runner = CliRunner()
        self._environment = {
            "VERTRAGSGRAPH_WIKIDATA_RECONCILIATION": f"{url}/reconcile",
            "VERTRAGSGRAPH_WIKIDATA_SPARQL": f"{url}/sparql",
            "VERTRAGSGRAPH_LINK_PAUSE_SECONDS": "0",
            "VERTRAGSGRAPH_LINK_CACHE": str(folder / "cache"),
            "LC_ALL": "C",
        }

    def link(self, *arguments: str) -> Any:
        return self._runner.invoke(app, ["link", "wikidata", *self._common(arguments)], env=self._environment)

    def export(self, *arguments: str) -> Any:
        return self._runner.invoke(app, ["export", "quickstatements", *self._common(arguments)], env=self._environment)

    def decide(self, decision: str) -> None:
        file = self.folder / "candidates/wikidata.tsv"
        rows = files.read(file)
        for row in rows:
            row.decision = decision
        files.write(file, rows)

    def _common(self, arguments: tuple[str, ...]) -> list[str]:
        return [*arguments, "--register", str(self.folder), "--releases", str(self.folder / "releases"), "--lang", "en"]


@pytest.fixture
def commands(published_copy: Path, wikidata: Any) -> Commands:
    return Commands(published_copy, wikidata.url)


def test_a_link_is_found_decided_and_published(commands: Commands) -> None:
    published = commands.folder / "data/links/wikidata.sssom.tsv"
    before = published.read_text("utf-8")
    found = commands.link(RING)
    assert found.exit_code == 0, found.output
    assert "1 new candidates for 1 resources" in found.stderr
    assert published.read_text("utf-8") == before
    commands.decide("accept")
    done = commands.link("--apply")
    assert done.exit_code == 0, done.output
    assert "published: Hessian Youth Council – Hessischer Jugendring" in done.stderr
    assert "/organisation/q11\tHessischer Jugendring\t" in published.read_text("utf-8")


def test_a_failing_service_is_told_and_nothing_lost(
    commands: Commands, wikidata: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    wikidata.fail(*["truncated"] * TRIES)
    failed = commands.link(RING)
    assert failed.exit_code == 4
    assert "can't be asked" in failed.stdout
    assert not (commands.folder / "candidates").exists()


@pytest.mark.parametrize("name", ["organisation/unbekannt", "unbekannt", ".."])
def test_an_unknown_resource_is_told(commands: Commands, name: str) -> None:
    assert commands.link(name).exit_code == 2


def test_items_are_made_only_where_somebody_has_looked(commands: Commands) -> None:
    nothing = commands.export()
    assert nothing.exit_code == 0, nothing.output
    assert "CREATE" not in nothing.stdout
    assert "use link wikidata first" in nothing.stderr
    assert commands.export("--all-new").stdout.count("CREATE") == 10
    commands.link("contract/iaf")
    commands.decide("reject")
    made = commands.export("--kind", "contract").stdout
    assert made.count("CREATE") == 1
    assert "Verband binationaler Familien" in made


def test_statements_go_into_a_file(commands: Commands, tmp_path: Path) -> None:
    done = commands.export("--all-new", "--format", "csv", "-o", str(tmp_path / "s.csv"))
    assert done.stdout == ""
    assert (tmp_path / "s.csv").read_text("utf-8").startswith("qid,")


def test_an_unknown_kind_is_told(commands: Commands) -> None:
    failed = commands.export("--kind", "tree")
    assert failed.exit_code == 2
    assert "known are: contract, organisation" in failed.stderr
