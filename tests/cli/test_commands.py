"""The commands: what they print, where, and with which exit code they end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextvars import copy_context
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.web.deeds import write_register as write_deeds
from vertragsgraph.cli.commands import app
from vertragsgraph.register import load_register

ROOT = Path(__file__).parents[2]
PLACE = re.compile(
    r"^(?P<file>[^:]+):(?P<line>\d+)(?::(?P<column>\d+))?: (?:violation|Verstoß): (?P<message>.+)$", re.MULTILINE
)


def run(*arguments: object, lang: str = "en") -> Result:
    # In a context of its own: the language that is chosen holds for the process that a command usually is.
    return copy_context().run(CliRunner().invoke, app, [*map(str, arguments), "--lang", lang])


def line_of(path: Path, part: str) -> int:
    return path.read_text("utf-8").split(part)[0].count("\n") + 1


def without_partner(text: str) -> str:
    """The contract with iaf without what its sources say of the partner."""
    text = text.replace("[ rdf:subject contract:iaf ; vg:partner organisation:iaf ] ,", "")
    return text.replace("vg:partner organisation:iaf ;", "")


def test_the_shipped_register_passes(tmp_path: Path) -> None:
    result = run("check", "--register", ROOT, "--releases", tmp_path)
    assert result.exit_code == 0, result.output
    assert "0 violations" in result.stderr


@pytest.mark.parametrize(("lang", "words"), [("en", "declare it"), ("de", "deklarieren")])
def test_an_undeclared_prefix_is_found_at_its_place(register_copy: Path, lang: str, words: str) -> None:
    file = register_copy / "data" / "people.ttl"
    with file.open("a", encoding="utf-8") as out:
        out.write("\nperson:nobody nope:knows person:nobody .\n")
    result = run("check", "--register", register_copy, lang=lang)
    assert result.exit_code == 1
    found = PLACE.search(result.stdout)
    assert found
    assert (Path(found["file"]), int(found["line"]), int(found["column"])) == (file, line_of(file, "nope:knows"), 15)
    assert "nope:" in found["message"]
    assert words in found["message"]


def test_all_syntax_errors_are_told_at_once(register_copy: Path) -> None:
    for name in ("people", "offices"):
        with (register_copy / "data" / f"{name}.ttl").open("a", encoding="utf-8") as out:
            out.write("\nthis is no Turtle .\n")
    result = run("check", "--register", register_copy)
    assert result.exit_code == 1
    assert {Path(found["file"]).stem for found in PLACE.finditer(result.stdout)} == {"people", "offices"}


def test_a_violation_names_the_line_and_speaks_german(register_copy: Path) -> None:
    (file,) = (register_copy / "data" / "contracts").glob("*iaf*")
    file.write_text(without_partner(file.read_text("utf-8")), "utf-8")
    result = run("check", "--register", register_copy, lang="de")
    assert result.exit_code == 1
    found = PLACE.search(result.stdout)
    assert found
    assert (Path(found["file"]), int(found["line"])) == (file, line_of(file, "contract:iaf a "))
    assert "Partner" in found["message"]
    assert "1 Verstoß, 0 Warnungen" in result.stderr


@pytest.mark.parametrize("fault", ["shape", "syntax", "toml"])
def test_machines_get_every_kind_of_finding_in_their_form(register_copy: Path, fault: str) -> None:
    (file,) = (register_copy / "data" / "contracts").glob("*iaf*")
    file = register_copy / "register.toml" if fault == "toml" else file
    text = file.read_text("utf-8")
    changed = without_partner(text) if fault == "shape" else text + "\nno Turtle, no TOML .\n"
    file.write_text(changed, "utf-8")
    written = {
        form: run("check", "--register", register_copy, "--format", form)
        for form in ("text", "json", "sarif", "github")
    }
    code = 2 if fault == "toml" else 1
    assert {result.exit_code for result in written.values()} == {code}
    violations = [each for each in json.loads(written["json"].stdout)["findings"] if each["severity"] == "violation"]
    assert file in {Path(each["file"]) for each in violations}
    assert all(each["message"] in written["text"].stdout for each in violations)
    (sarif,) = json.loads(written["sarif"].stdout)["runs"]
    assert len([each for each in sarif["results"] if each["level"] == "error"]) == len(violations)
    assert written["github"].stdout.count("::error file=") == len(violations)


def test_a_refused_register_leaves_no_release(register_copy: Path, tmp_path: Path) -> None:
    (file,) = (register_copy / "data" / "contracts").glob("*iaf*")
    file.write_text(without_partner(file.read_text("utf-8")), "utf-8")
    result = run("build", "--register", register_copy, "--releases", tmp_path / "releases")
    assert result.exit_code == 1
    assert not list((tmp_path / "releases").glob("*/release.json"))


def test_an_unknown_key_is_wrong_usage(register_copy: Path) -> None:
    file = register_copy / "register.toml"
    file.write_text(file.read_text("utf-8").replace("[title]", "[titel]"), "utf-8")
    result = run("check", "--register", register_copy)
    assert result.exit_code == 2
    assert f'{file}:{line_of(file, "[titel]")}: violation: unknown key "titel"; did you mean "title"?' in result.stdout


@pytest.mark.parametrize("command", ["check", "build", "serve", "query"])
def test_a_missing_folder_is_told(command: str, tmp_path: Path) -> None:
    arguments = ["ASK {}"] if command == "query" else []
    result = run(command, *arguments, "--register", tmp_path / "none")
    assert result.exit_code == 2
    assert "there is no such folder" in result.stdout


def test_building_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    first = run("build", "--register", ROOT, "--releases", tmp_path)
    assert first.exit_code == 0, first.output
    assert "built release" in first.stderr
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    second = run("build", "--register", ROOT, "--releases", tmp_path)
    assert "nothing has changed" in second.stderr
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("lang", ["de", "en"])
def test_a_resource_that_vanished_is_told_with_its_tombstone(published_copy: Path, lang: str) -> None:
    file = published_copy / "data" / "places.ttl"
    file.write_text(file.read_text("utf-8").replace("place:hessen", "place:land-hessen"), "utf-8")
    for other in published_copy.glob("data/**/*"):
        if other.suffix in (".ttl", ".tsv"):
            text = other.read_text("utf-8")
            other.write_text(re.sub(r"\bplace:hessen\b", "place:land-hessen", text), "utf-8")
    for command in ("check", "build"):
        result = run(command, "--register", published_copy, lang=lang)
        assert result.exit_code == 1, result.output
        (line,) = (line for line in result.stdout.splitlines() if re.search(": (violation|Verstoß): ", line))
        assert line.startswith(str(published_copy / "data" / "tombstones"))
        assert "vertragsgraph withdraw place:hessen " in line
        assert "--replaced-by place:land-hessen" in line
        assert "place:hessen a as:Tombstone ; dcterms:isReplacedBy place:land-hessen ;" in result.stdout
    assert run("check", "--register", published_copy, "--no-compare", lang=lang).exit_code == 0
    assert run("build", "--register", published_copy, "--no-compare", lang=lang).exit_code == 0


@pytest.mark.parametrize("lang", ["de", "en", "fr"])
def test_a_register_that_was_started_can_be_built(tmp_path: Path, lang: str) -> None:
    folder = tmp_path / "Verträge von Bad Zwesten"
    started = run("init", folder, lang=lang)
    assert started.exit_code == 0, started.output
    assert f"vertragsgraph serve --register '{folder}'" in started.stderr
    assert {*map(Path, started.stdout.splitlines())} == {path for path in folder.rglob("*") if path.is_file()}
    checked = run("check", "--register", folder, "--sources", folder / "texts", lang=lang)
    assert checked.exit_code == 0, checked.output
    at_hand = {
        "en": "1 of 1 sources at hand",
        "de": "1 von 1 Quellen liegen vor",
        "fr": "sources disponibles\N{NO-BREAK SPACE}: 1 sur 1",
    }
    faultless = {
        "en": "0 violations, 0 warnings",
        "de": "0 Verstöße, 0 Warnungen",
        "fr": "0 infraction, 0 avertissement",
    }
    figures = {
        "de": "von 7 Aussagen haben 6 ein Zitat (6 eines, das sich mit einem Text vergleichen lässt), "
        "1 nur einen Hinweis auf die Quelle, 0 keines von beiden",
        "en": "of 7 statements 6 have a quotation (6 one that can be compared with a text), 1 a reference only, 0 neither",
        "fr": "sur 7",
    }
    assert all(said[lang] in checked.stderr for said in (at_hand, faultless, figures))
    assert load_register(folder).languages == (lang,)
    assert run("build", "--register", folder, lang=lang).exit_code == 0
    assert (folder / "releases/current/dumps/vertraege-von-bad-zwesten.ttl").is_file()
    query = "PREFIX vg: <https://w3id.org/vertragsgraph/ontology#> SELECT ?c { ?c a vg:Contract }"
    asked = TestProcesses().run("query", query, "--format", "csv", "--register", folder)
    assert asked.stdout.split() == ["c", "http://localhost:8000/id/contract/example"]


def test_a_second_keeper_checks_against_the_texts_that_are_at_hand(tmp_path: Path) -> None:
    folder = write_deeds(tmp_path / "deeds")
    checked = run("check", "--register", folder, "--sources", folder / "texts", lang="en")
    assert checked.exit_code == 0, checked.output
    assert "1 of 2 sources at hand, 1 of 1 quotations from them match" in checked.stderr
    assert "not at hand: source:held\n" in checked.stderr
    assert "with no text to compare them with: 9" in checked.stderr
    assert ": info: the text of source:held is not in " in checked.stdout
    empty = tmp_path / "empty"
    empty.mkdir()
    for lang, said in {
        "en": "this folder has no files",
        "de": "hat keine Dateien",
        "fr": "n’a pas de fichiers",
    }.items():
        refused = run("check", "--register", folder, "--sources", empty, lang=lang)
        assert refused.exit_code == 1
        assert said in refused.stdout
    (empty / "other.txt").write_text("Another text.", "utf-8")
    refused = run("check", "--register", folder, "--sources", empty, lang="en")
    assert refused.exit_code == 1
    assert "of 1 files in this folder none is a text that is quoted (those of source:held, source:s1)" in refused.stdout


def test_a_register_is_started_in_the_languages_asked_for(tmp_path: Path) -> None:
    started = run("init", tmp_path, "--key", "mons", "--language", "fr-BE", "--language", "nl", lang="fr")
    assert started.exit_code == 0, started.output
    register = load_register(tmp_path)
    assert register.languages == ("fr-BE",), "there is no text in Dutch to begin with"
    text = (tmp_path / "register.toml").read_text("utf-8")
    assert '# languages = ["fr-BE", "nl"]' in text and 'country = "BE"' in text
    assert "nl" in started.stderr and not re.search(r"^nl = |@nl", text, re.MULTILINE)
    assert register.title.root["fr-BE"] == "Contrats avec la société civile"
    contracts = (tmp_path / "data/contracts.ttl").read_text("utf-8")
    assert 'Contrat avec l’association modèle"@fr-BE' in contracts and "@de" not in contracts and "@en" not in contracts
    checked = run("check", "--register", tmp_path, "--sources", tmp_path / "texts", lang="fr")
    assert checked.exit_code == 0, checked.output
    refused = run("init", tmp_path / "other", "--language", "francais")
    assert refused.exit_code == 2 and "a language tag (BCP 47)" in refused.stdout
    assert not (tmp_path / "other").exists()


def test_a_draft_may_drop_what_it_had(tmp_path: Path) -> None:
    """Nobody can have cited an IRI that leads to the machine of who asks."""
    assert run("init", tmp_path, "--key", "draft").exit_code == 0
    assert run("build", "--register", tmp_path).exit_code == 0
    for path in (tmp_path / "data").glob("*.ttl"):
        path.write_text(path.read_text("utf-8").replace("contract:example", "contract:anders"), "utf-8")
    assert run("build", "--register", tmp_path).exit_code == 0


def test_a_register_is_not_fit_for_the_public_until_its_placeholders_are_gone(tmp_path: Path) -> None:
    assert run("init", tmp_path, "--key", "muster", "--base", "https://data.musterstadt.de/").exit_code == 0
    refused = run("serve", "--public", "--register", tmp_path)
    assert refused.exit_code == 2
    assert set(re.findall(r'register\.toml:\d+: violation: [^"]*"([a-z_.]+)"', refused.stdout)) == {
        "spatial.iri",
        "contact.email",
        "draft",
        *(f"legal.{key}" for key in ("country", "body", "address", "representative", "log_days", "proxy_log")),
    }
    named = re.findall(r"data/(\S+\.ttl):\d+: violation: (\S+) is part of the example", refused.stdout)
    assert named == [
        ("contracts.ttl", "contract:example"),
        ("organisations.ttl", "organisation:example-partner"),
        ("organisations.ttl", "organisation:example-authority"),
    ]


def test_what_the_first_register_has_in_comments_may_be_filled_in(tmp_path: Path) -> None:
    assert run("init", tmp_path, "--key", "muster").exit_code == 0
    file = tmp_path / "register.toml"
    text = re.sub(r"(?m)^# (?=\w+ = |\[)", "", file.read_text("utf-8"))
    file.write_text(text, "utf-8")
    assert text.count("\n[") == 12
    checked = run("check", "--register", tmp_path)
    assert "0 violations, 0 warnings" in checked.stderr, checked.output


def test_a_first_register_leaves_what_is_there(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    assert run("init", tmp_path, "--key", "muster").exit_code == 0
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


@pytest.mark.parametrize("there", ["register.toml", "data"])
def test_what_is_there_is_not_overwritten(tmp_path: Path, there: str) -> None:
    (tmp_path / there).mkdir()
    result = run("init", tmp_path, "--key", "mine")
    assert result.exit_code == 2
    assert f"{tmp_path / there}: violation: " in result.stdout
    assert [path.name for path in tmp_path.rglob("*")] == [there]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--key", "Über uns", 'the value of "key" must be'),
        ("--key", "", 'the value of "key" must be'),
        ("--base", "https://example.org/x", "ends with a slash"),
        ("--base", 'https://e.org/"\n', "register.toml"),
        ("--base", "localhost:8000/", "absolute http(s) IRI"),
    ],
)
def test_what_will_not_do_is_told_and_nothing_written(tmp_path: Path, option: str, value: str, words: str) -> None:
    result = run("init", tmp_path / "new", option, value)
    assert result.exit_code == 2
    assert words in result.stdout
    assert not (tmp_path / "new").exists()


def test_where_nothing_can_be_written_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("init", tmp_path / "file" / "new")
    assert result.exit_code == 2
    assert "can't be written" in result.stdout


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("QUERY_SECONDS", "soon", "it is a number"),
        ("QUEUE", "1.5", "it is a whole number"),
        ("QUEUE", "-1", "0 is the least"),
        ("TRUSTED_PROXIES", "10.0.0.0/8", 'it is a list as JSON writes it, such as ["10.0.0.0/8"]'),
        ("TRUSTED_PROXIES", "[1]", "Input should be a valid string"),
        ("SERVICE_ALLOWED", '["query.wikidata.org"]', "it is an address that begins with https:// or http://"),
        ("TRUSTED_PROXIES", '["proxy"]', "it is a list of networks such as 10.0.0.0/8"),
    ],
)
def test_a_wrong_setting_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(f"VERTRAGSGRAPH_{name}", value)
    result = run("check", "--register", ROOT)
    assert result.exit_code == 2
    assert f"the setting VERTRAGSGRAPH_{name} won't do: {reason}" in result.stderr


def test_a_wrong_option_is_told_by_its_name() -> None:
    result = run("serve", "--register", ROOT, "--port", 99999)
    assert result.exit_code == 2
    assert "the option --port won't do: 65535 is the most" in result.stderr


def test_an_unknown_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERTRAGSGRAPH_PORTS", "1")
    monkeypatch.setenv("VERTRAGSGRAPH_ZZZ", "1")
    result = run("releases", "list", "--register", ROOT)
    assert result.exit_code == 0
    assert "there is no setting VERTRAGSGRAPH_PORTS; did you mean VERTRAGSGRAPH_PORT?" in result.stderr
    assert "there is no setting VERTRAGSGRAPH_ZZZ; docs/settings.md lists them" in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "register@example.org",
            "Redaktion<r@example.org>",
            'register.toml:{line}: violation: the value of "contact.email"',
        ),
        (
            'de = ["Integration"',
            'de = ["A & B"',
            'register.toml:{line}: warning: portals that use CKAN refuse the keyword "A & B"',
        ),
    ],
)
def test_a_value_of_the_catalogue_is_held_against_it_before_there_is_a_release(
    register_copy: Path, old: str, new: str, words: str
) -> None:
    file = register_copy / "register.toml"
    number = line_of(file, old)
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    result = run("build", "--register", register_copy)
    assert words.format(line=number) in result.stdout
    assert result.exit_code == (2 if "violation" in words else 0)
    assert len(list(register_copy.glob("releases/2*/release.json"))) == ("warning" in words)


def test_a_broken_example_query_is_found_before_there_is_a_release(register_copy: Path) -> None:
    (register_copy / "data/queries/zz.rq").write_text("SELECT * {\n", "utf-8")
    for command in ("check", "build"):
        result = run(command, "--register", register_copy)
        assert result.exit_code == 1
        assert "data/queries/zz.rq:1:11: violation: this query gives no result: Syntax error" in result.stdout
    assert not list(register_copy.glob("releases/*/release.json"))


def test_the_version_is_shown() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", CliRunner().invoke(app, ["--version"]).stdout)


@pytest.mark.slow
class TestProcesses:
    """What only a real process shows."""

    def run(self, *arguments: object, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "vertragsgraph", *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "LC_ALL": "C", **environment},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_a_port_in_use_is_told(self, releases: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            result = self.run("serve", "--port", port, "--releases", releases)
        assert result.returncode == 3
        assert f"port {port} is in use" in result.stderr

    @pytest.mark.parametrize("way", ["argument", "file", "stdin"])
    def test_a_query_is_answered(self, releases: Path, tmp_path: Path, way: str) -> None:
        text = "PREFIX vg: <https://w3id.org/vertragsgraph/ontology#> SELECT (COUNT(*) AS ?n) { ?c a vg:Contract }"
        (tmp_path / "count.rq").write_text(text, "utf-8")
        given = {"argument": text, "file": str(tmp_path / "count.rq"), "stdin": "-"}[way]
        result = self.run("query", given, "--format", "csv", "--releases", releases, stdin=text)
        assert (result.returncode, result.stdout.split()) == (0, ["n", "4"]), result.stderr

    def test_a_syntax_error_in_a_query_has_line_and_column(self, releases: Path) -> None:
        result = self.run("query", "SELECT * {\n ?s ?p \n}", "--releases", releases)
        assert result.returncode == 4
        assert "line 3, column 1" in result.stderr

    def test_a_query_past_its_deadline_fails(self, releases: Path) -> None:
        query = "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l}"
        result = self.run("query", query, "--timeout", "0.5", "--releases", releases)
        assert (result.returncode, result.stdout) == (4, "")

    def test_a_placeholder_is_not_served_to_the_public(self, releases: Path) -> None:
        result = self.run("serve", "--public", "--port", 0, "--releases", releases)
        assert result.returncode == 2
        assert {"contact.email", "portal.contributor"} <= set(re.findall(r'"([a-z_.]+)"', result.stdout))
        assert "without --public" in result.stderr

    def test_what_is_neither_query_nor_file_is_wrong_usage(self, releases: Path) -> None:
        assert self.run("query", "nowhere.rq", "--releases", releases).returncode == 2

    @pytest.mark.parametrize("way", ["argument", "file", "stdin"])
    def test_umlauts_and_a_byte_order_mark_do_no_harm_in_an_ascii_locale(
        self, releases: Path, tmp_path: Path, way: str
    ) -> None:
        text = 'SELECT ("ä" AS ?x) {}'
        (tmp_path / "x.rq").write_text("\ufeff" + text, "utf-8")
        given = {"argument": text, "file": str(tmp_path / "x.rq"), "stdin": "-"}[way]
        ascii_only = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        command = [
            sys.executable,
            "-m",
            "vertragsgraph",
            "query",
            given,
            "--format",
            "csv",
            "--releases",
            str(releases),
        ]
        result = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "LC_ALL": "C", **ascii_only},
            input=text.encode(),
            capture_output=True,
            check=False,
        )
        assert (result.returncode, result.stdout.decode().split()) == (0, ["x", "ä"]), result.stderr

    def test_words_that_an_ascii_terminal_cannot_show_are_no_error(self, register_copy: Path) -> None:
        (register_copy / "data/contracts.ttl").write_text("<a> <b> „x“ .", "utf-8")
        command = ("check", "--register", register_copy, "--lang", "de")
        result = self.run(*command, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="")
        assert result.returncode == 1
        assert "contracts.ttl:1:9: Versto\\xdf: \\u201e ist in Turtle kein" in result.stdout
        assert result.stderr.count("\n") == 1

    def test_ctrl_c_shows_no_traceback(self) -> None:
        command = [sys.executable, "-X", "importtime", "-m", "vertragsgraph", "check"]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert process.stderr
        said = ""
        for line in process.stderr:  # in the middle of the imports
            said += line
            if "pyoxigraph" in line:
                process.send_signal(signal.SIGINT)
                break
        said += process.stderr.read()
        assert process.wait(30) == 130
        assert "Traceback" not in said

    def test_what_nobody_expected_is_one_sentence(self, tmp_path: Path) -> None:
        program = (
            "import sys, vertragsgraph.cli.commands as c; from vertragsgraph.cli import main\n"
            "def fail(*_, **__): raise LookupError('außer Plan')\n"
            "c.collect = fail; sys.argv = ['vertragsgraph', 'check']; main()"
        )
        environment = {**os.environ, "TMPDIR": str(tmp_path), "LC_ALL": "C.UTF-8"}
        command = [sys.executable, "-c", program]
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 5
        assert "this should not have happened (LookupError: außer Plan)" in result.stderr
        (file,) = tmp_path.glob("vertragsgraph-*.txt")
        assert str(file) in result.stderr
        assert "Traceback" not in result.stderr
        assert "Traceback" in file.read_text("utf-8")

    def test_a_full_disk_is_one_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "full").symlink_to("/dev/full")
        program = (
            "import sys, vertragsgraph.cli.commands as c; from vertragsgraph.cli import main\n"
            f"def fail(*_, **__): open({str(tmp_path / 'full')!r}, 'w').write('x' * 100_000)\n"
            "c.collect = fail; sys.argv = ['vertragsgraph', 'check']; main()"
        )
        command = [sys.executable, "-c", program]
        environment = {**os.environ, "LC_ALL": "C"}
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 2
        assert result.stderr == "the file system refuses: [Errno 28] No space left on device\n"

    def test_pipes_stay_quiet(self, releases: Path) -> None:
        result = self.run("check")
        assert result.stderr.count("\n") == 1
        assert "\x1b" not in result.stderr + result.stdout
