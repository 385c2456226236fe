"""`init`: what a register begins with, by options, and by answers on a terminal."""

from __future__ import annotations

import os
import pty
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from tests.cli.test_commands import run
from vertragsgraph.register import LICENCES, Register, load_register
from vertragsgraph.register.legal import Legal

ROOT = Path(__file__).parents[3]


def keys_of(model: type[BaseModel], table: str = "") -> Iterator[tuple[str, str]]:
    """Yield each table and key that register.toml may have."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel) and inner.model_fields.keys() != {"root"}:
            yield from keys_of(inner, f"{table}{name}.")
        else:
            yield table.rstrip("."), name


KEYS = list(keys_of(Register))


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("started")
    assert run("init", folder, "--key", "muster").exit_code == 0
    return folder


def test_the_keys_are_found() -> None:
    assert ("legal.accessibility", "enforcement") in KEYS and ("spatial", "bbox") in KEYS and ("", "title") in KEYS
    assert len(KEYS) > 45 + len(Legal.model_fields) - 20


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_a_register_begins_with_every_key(started: Path, table: str, key: str) -> None:
    text = re.sub(r"(?m)^# (?=[\w-]+ = |\[)", "", (started / "register.toml").read_text("utf-8"))
    if table or key in {"title", "description", "keywords", "provenance"}:
        name = table or key
        part = re.search(rf"^\[{re.escape(name)}\]\n(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
        assert part, name
        text = part[1] if table else f"{key} = "
    assert re.search(rf"^{key} = ", text, re.MULTILINE)


def test_its_files_for_ci_check_it_and_know_no_secrets(started: Path) -> None:
    workflow = (started / ".github/workflows/check.yml").read_text("utf-8")
    assert "secrets." not in workflow
    read = yaml.safe_load(workflow)
    assert read["permissions"] == {"contents": "read"}
    runs = [step["run"] for step in read["jobs"]["check"]["steps"] if "run" in step]
    assert runs[-1] == "vertragsgraph check --lang en"
    lab = yaml.safe_load((started / ".gitlab-ci.yml").read_text("utf-8"))
    assert lab["vertragsgraph"]["script"] == runs
    assert runs[0].startswith('python -m pip install "vertragsgraph==')


def test_each_example_query_has_rows(started: Path) -> None:
    assert run("build", "--register", started).exit_code == 0
    queries = sorted((started / "data/queries").glob("*.rq"))
    assert len(queries) == 3
    for query in queries:
        asked = run("query", query, "--format", "csv", "--register", started)
        assert asked.exit_code == 0 and len(asked.stdout.strip().splitlines()) > 1, query.name


@pytest.mark.parametrize(
    ("options", "licence"),
    [
        (("--language", "fr"), "CC-BY-4.0"),
        (("--language", "de"), "CC-BY-4.0"),
        (("--language", "fr-FR"), "etalab-2.0"),
        (("--language", "fr", "--country", "BE"), "CC-BY-4.0"),
        (("--language", "de", "--country", "DE"), "DL-DE-BY-2.0"),
        (("--language", "de", "--country", "DE", "--licence", "cc0-1.0"), "CC0-1.0"),
    ],
)
def test_the_licence_is_what_is_usual_in_the_country(tmp_path: Path, options: tuple[str, ...], licence: str) -> None:
    assert run("init", tmp_path, "--key", "x", *options).exit_code == 0
    assert load_register(tmp_path).licence.iri == LICENCES[licence].iri


def test_what_is_known_stands_in_its_place(tmp_path: Path) -> None:
    done = run(
        "init", tmp_path, "--key", "m", "--language", "de", "--place", 'Bad "M" {Kurort}', "--publisher", "Stadt M",
        "--country", "DE", "--base", "https://data.m.de/",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    register = load_register(tmp_path)
    assert register.title.root["de"] == 'Verträge mit der Zivilgesellschaft: Bad "M" {Kurort}'
    assert register.spatial.name.root["de"] == 'Bad "M" {Kurort}'
    assert register.publisher.name.root["de"] == register.licence.attribution.root["de"] == "Stadt M"
    assert (register.legal.country, register.draft) == ("DE", True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--country", "Belgien"), 'the value of "legal.country" must be the code of a country'),
        (("--place", "zwei\nZeilen"), 'the value of "title.en" must be a text of one line'),
        (("--language", "nl", "--language", "francais"), "a language tag (BCP 47)"),
    ],
)
def test_what_will_not_do_is_told_and_nothing_is_written(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    refused = run("init", tmp_path / "new", *options)
    assert refused.exit_code == 2 and words in refused.stdout
    assert not (tmp_path / "new").exists()


def test_an_unknown_licence_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    refused = run("init", tmp_path / "new", "--licence", "GPL")
    assert refused.exit_code == 2 and "etalab-2.0" in refused.stderr


def test_a_language_without_texts_is_named_and_english_takes_its_place(tmp_path: Path) -> None:
    started = run("init", tmp_path, "--key", "m", "--language", "nl")
    assert "there are no texts to begin with in nl" in started.stderr
    assert load_register(tmp_path).languages == ("en",)
    assert '# languages = ["nl"]' in (tmp_path / "register.toml").read_text("utf-8")
    assert not any("@nl" in path.read_text("utf-8") for path in tmp_path.rglob("*.ttl"))
    assert run("check", "--register", tmp_path, "--sources", tmp_path / "texts").exit_code == 0


def test_on_a_terminal_it_asks_for_what_is_not_given(tmp_path: Path) -> None:
    answers = ["fr nl", "Montclair", "Ville de Montclair", "BE", "GPL", "", "https://donnees.montclair.be/"]
    command = ["-m", "vertragsgraph", "init", str(tmp_path), "--key", "montclair", "--lang", "fr"]
    process, terminal = pty.fork()
    if not process:
        os.execv(sys.executable, [sys.executable, *command])
    said = ""
    try:
        for answer in answers:
            while not said.rstrip(" ").endswith(":"):
                said += os.read(terminal, 4096).decode()
            os.write(terminal, f"{answer}\n".encode())
            said += "\n"
        while part := os.read(terminal, 4096):
            said += part.decode()
    except OSError:  # that is how a terminal ends on Linux
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0, said
    assert "Langues du registre" in said and "etalab-2.0" in said, "the licence was asked for again"
    register = load_register(tmp_path)
    assert register.languages == ("fr",) and register.base == "https://donnees.montclair.be/"
    assert register.licence.iri == LICENCES["CC-BY-4.0"].iri
    assert register.publisher.name.root["fr"] == "Ville de Montclair"


def test_a_draft_may_be_renamed_and_is_not_for_the_public_until_it_is_none(tmp_path: Path) -> None:
    assert run("init", tmp_path, "--key", "m", "--base", "https://data.musterstadt.de/").exit_code == 0
    built = run("build", "--register", tmp_path)
    assert "this is a draft" in built.stderr
    for path in (tmp_path / "data").glob("*.ttl"):
        text = re.sub(r"example-(partner|authority)", r"\1", path.read_text("utf-8"))
        path.write_text(re.sub(r"\b(contract|signing):example", r"\1:first", text), "utf-8")
    assert run("build", "--register", tmp_path).exit_code == 0, "nobody has cited the names before"
    refused = run("serve", "--public", "--register", tmp_path)
    assert refused.exit_code == 2 and 'take out "draft"' in refused.stdout
    file = tmp_path / "register.toml"
    text = file.read_text("utf-8").replace("draft = true\n", "").replace("example.org", "musterstadt.de")
    legal = 'country = "CH"\nbody = "person"\naddress = "Gasse 1"\nlog_days = 0\nproxy_log = false\n'
    file.write_text(text.replace("[legal]\n", f"[legal]\n{legal}"), "utf-8")
    refused = run("serve", "--public", "--register", tmp_path)
    assert refused.exit_code == 2 and "was built before that was mended" in refused.stderr
    assert run("build", "--register", tmp_path).exit_code == 0
    refused = run("serve", "--public", "--register", tmp_path)
    assert refused.exit_code == 2 and "vertragsgraph releases prune --drafts" in refused.stderr
    listed = run("releases", "list", "--register", tmp_path)
    assert [line.endswith("draft") for line in listed.stdout.splitlines()] == [False, True, True]
    assert run("releases", "prune", "--register", tmp_path).exit_code == 2
    assert run("releases", "prune", "--drafts", "--register", tmp_path).stdout.count("\n") == 2
    contracts = tmp_path / "data/contracts.ttl"
    contracts.write_text(contracts.read_text("utf-8").replace("contract:first", "contract:second"), "utf-8")
    gone = run("check", "--register", tmp_path)
    assert gone.exit_code == 1 and "contract:first stands in release" in gone.stdout
