"""The documents tell the truth: every setting, command and key is there, and what the README shows is what one gets."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from pydantic import BaseModel, RootModel
from typer.main import get_command

from vertragsgraph.cli.commands import app
from vertragsgraph.register import Register
from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.access_log import AccessLog
from vertragsgraph.sparql.api.exchange import Exchange
from vertragsgraph.sparql.api.metrics import OUTCOMES, QueryMetrics
from vertragsgraph.sparql.api.shared_counters import Board

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
QUERYING = (ROOT / "docs" / "querying.md").read_text("utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
EXAMPLE = re.compile(r"```sparql\n(?P<query>[^`]*)```\n+```csv\n(?P<result>[^`]*)```")
CURL_LINES = [
    line for path in DOCUMENTS for line in re.findall(r"^(curl .*http://127.*)$", path.read_text("utf-8"), re.MULTILINE)
]
PUBLIC = "http://127.0.0.1:8000/"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default_and_meaning(name: str) -> None:
    field = Settings.model_fields[name]
    default = "" if field.default is None else f"`{json.dumps(field.default)}`"
    row = f"| `VERTRAGSGRAPH_{name.upper()}` | {default} | {field.description} |"
    assert row in (ROOT / "docs/settings.md").read_text("utf-8").splitlines()


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs/commands.md").read_text("utf-8")
    for name, command in commands(get_command(app)):
        assert f"`vertragsgraph {name}" in text
        for parameter in command.params:
            for option in (*parameter.opts, *parameter.secondary_opts):
                if option.startswith("--"):
                    assert re.search(rf"`[^`]*{option}\b", text), f"{name} {option}"


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def keys_of(model: type[BaseModel], before: str = "") -> list[str]:
    found = []
    for name, field in model.model_fields.items():
        parts = [
            part for part in (field.annotation, *getattr(field.annotation, "__args__", ())) if isinstance(part, type)
        ]
        table = next((part for part in parts if issubclass(part, BaseModel) and not issubclass(part, RootModel)), None)
        found += keys_of(table, f"{before}{name}.") if table else [before + name]
    return found


@pytest.mark.parametrize("key", keys_of(Register))
def test_every_key_of_a_register_is_documented(key: str) -> None:
    assert f"`{key}`" in (ROOT / "docs/register.md").read_text("utf-8")


def test_metrics_and_their_outcomes_are_those_documented() -> None:
    text = (ROOT / "docs/deploying.md").read_text("utf-8")
    named = set(re.findall(r"^\| `(vertragsgraph_\w+?)(?:_total)?` \|", text, re.MULTILINE))
    assert named == {metric.name for metric in QueryMetrics(Board()).collect()}
    (row,) = [line for line in text.splitlines() if line.startswith("| `vertragsgraph_queries_total`")]
    assert set(re.findall(r"`([\w-]+)`", row)) - {"vertragsgraph_queries_total", "outcome"} == set(OUTCOMES)


def test_the_line_of_the_access_log_is_as_documented() -> None:
    shown = re.search(r"```json\n(\{.*\})\n```", (ROOT / "docs/deploying.md").read_text("utf-8"))
    assert shown
    read, write = os.pipe()
    exchange = Exchange("GET", "/sparql", b"", {}, "")
    AccessLog(write).write(exchange, "ok", 0.1)
    os.close(write)
    with open(read) as log:  # noqa: PTH123 - it has no path
        assert list(json.loads(log.read())) == list(json.loads(shown[1]))


def anchors(path: Path) -> set[str]:
    """Return what the headings of a document are linked by."""
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]*)(?:#([^)]*))?\)", path.read_text("utf-8"))
    local = [(path.parent / link if link else path, anchor) for link, anchor in links if "://" not in link]
    assert [place for place, _ in local if not place.exists()] == []
    assert [(place, anchor) for place, anchor in local if anchor and anchor not in anchors(place)] == []


def test_the_readme_says_how_far_the_evidence_goes(release: Release) -> None:
    said = re.search(
        r"Of the (\d+) statements in it that need evidence, (\d+) have a quotation, (\d+) a reference only", README
    )
    assert said
    assert "0 neither" in README
    found = release.manifest.evidence
    assert found
    assert [int(number) for number in said.groups()] == [found.statements, found.quoted, found.cited]
    assert found.unproved == 0


@pytest.mark.parametrize("part", re.findall(r"^    ([a-z./]+) {2,}\S", README, re.MULTILINE))
def test_the_parts_that_the_readme_names_exist(part: str) -> None:
    assert (ROOT / part).exists()


def test_the_readme_shows_five_queries() -> None:
    assert len(EXAMPLE.findall(README)) == 5


@pytest.mark.slow
@pytest.mark.parametrize(("query", "shown"), [*EXAMPLE.findall(README), *EXAMPLE.findall(QUERYING)])
def test_a_query_of_the_documents_gives_what_it_shows(query: str, shown: str, server: Any) -> None:
    given = httpx.get(server.url + "sparql?" + urlencode({"query": query}), headers={"Accept": "text/csv"}, timeout=60)
    assert given.status_code == 200, given.text
    assert given.text.splitlines() == shown.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("command", CURL_LINES)
def test_a_curl_line_works(command: str, server: Any, tmp_path: Path) -> None:
    assert PUBLIC in command
    arguments = shlex.split(command.split("  #", maxsplit=1)[0].replace(PUBLIC, server.url))
    done = subprocess.run([*arguments, "--fail", "--silent"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout or list(tmp_path.iterdir())
