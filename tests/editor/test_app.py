"""What is filled in comes into the files, and nothing else: by requests as a browser sends them, without scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import parse

from tests.editor.conftest import ADDRESS, SOURCE, TOKEN, Ask, asking
from tests.editor.press import TEXT, copy_with_press_text

PARTNER = "Kanuverein Heidefluss e.V."
NEW = {
    "words": "mit dem Kanuverein Heidefluss e.V. einen Teilhabevertrag",
    "how": "states",
    "contract": "new",
    "contract.label.de": "Teilhabevertrag mit dem Kanuverein Heidefluss",
    "contract.partner.0": PARTNER,
    "contract.partner.0.is": "new",
    "contract.partner.0.for": PARTNER,
    "contract.partner.0.label.de": PARTNER,
}


def state(ask: Ask) -> str:
    found = re.search('name="state" value="([^"]+)"', ask("GET", SOURCE).text)
    assert found
    return found[1]


def sent(ask: Ask, data: Mapping[str, str], action: str = "write") -> tuple[int, str]:
    answer = ask("POST", SOURCE, data={"state": state(ask), **data, "do": action}, headers={"X-Part": "form"})
    return answer.status_code, answer.text


def contents(register: Path) -> dict[str, bytes]:
    return {str(path.relative_to(register)): path.read_bytes() for path in register.rglob("*") if path.is_file()}


def test_each_sentence_can_be_chosen(ask: Ask) -> None:
    page = ask("GET", SOURCE).text
    starts = [int(start) for start in re.findall(r'name="sentence" value="(\d+)"', page)]
    assert len(starts) == 8  # the place is one for itself
    assert TEXT[starts[2] :].startswith("Für den Landkreis unterzeichnete")


def test_a_sentence_that_is_chosen_is_the_passage(ask: Ask) -> None:
    start = TEXT.index("Der Landkreis fördert")
    _, form = sent(ask, {"sentence": str(start)}, "look")
    assert f'name="at" value="{start}"' in form
    assert ">Der Landkreis fördert das Vorhaben mit 12.500 Euro im Jahr.</textarea>" in form


def test_a_new_contract_is_a_file_and_a_new_partner_stands_beside_the_others(ask: Ask, register: Path) -> None:
    before = contents(register)
    assert sent(ask, NEW)[0] == 303
    after = contents(register)
    assert set(after) - set(before) == {"data/contracts/kanuverein-heidefluss-e-v.ttl"}
    assert {name for name in before if before[name] != after[name]} == {"data/organisations.ttl"}
    assert after["data/organisations.ttl"].startswith(before["data/organisations.ttl"])
    assert (
        after["data/organisations.ttl"]
        .decode()
        .endswith(f'\norganisation:kanuverein-heidefluss-e-v a vg:Organisation ;\n    rdfs:label "{PARTNER}"@de .\n')
    )
    written = after["data/contracts/kanuverein-heidefluss-e-v.ttl"].decode()
    start = TEXT.index("mit dem Kanuverein")
    assert f'oa:exact "{NEW["words"]}" ;\n    oa:start {start} ; oa:end {start + len(NEW["words"])} ;' in written
    assert (
        "vg:states [ rdf:subject contract:kanuverein-heidefluss-e-v ; vg:partner organisation:kanuverein-heidefluss-e-v ] ;"
        in written
    )


def test_what_is_not_known_is_asked_and_nothing_is_written(ask: Ask, register: Path) -> None:
    before = contents(register)
    status, form = sent(ask, {**NEW, "contract.partner.0": "Sprachbrücke Moorwald", "contract.topic.0": "Wasserbau"})
    assert status == 422
    assert "Nichts heißt hier „Sprachbrücke Moorwald“. Ist eines davon gemeint?" in form
    assert "<bdi>Sprachbrücke Moorwalde</bdi>" in form
    assert "Nichts heißt hier „Wasserbau“." in form
    assert contents(register) == before


def test_a_decision_counts_for_the_name_only_for_which_it_was_made(ask: Ask) -> None:
    status, form = sent(ask, {**NEW, "contract.partner.0": "Kanuverein Moorfluss"})
    assert status == 422
    assert "Nichts heißt hier „Kanuverein Moorfluss“." in form


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("contract.start-date.0", "bald", "das ist kein Datum"),
        ("contract.funding.0.amount.0", "viel", "das ist keine Zahl"),
        ("contract.concerns-signing.0.acted-as.0.member.0", "Svenja Harms", "füllen Sie auch dies aus"),
        ("words", "Diese Worte gibt es nicht", "der Text hat diese Worte nicht"),
        ("contract", "https://example.org/moorwalde/id/contract/none", "wählen Sie den Vertrag"),
        ("contract.label.de", "", "geben Sie dem neuen Vertrag einen Namen"),
    ],
)
def test_what_will_not_do_is_told_at_its_field(ask: Ask, register: Path, field: str, value: str, said: str) -> None:
    before = contents(register)
    status, form = sent(ask, {**NEW, field: value})
    assert (status, said in form) == (422, True)
    assert contents(register) == before


def test_nothing_is_written_over_what_changed_meanwhile(ask: Ask, register: Path) -> None:
    first = state(ask)
    with (register / "data/organisations.ttl").open("a") as file:
        file.write("\n# another window\n")
    before = contents(register)
    answer = ask("POST", SOURCE, data={**NEW, "state": first, "do": "write"}, headers={"X-Part": "form"})
    assert answer.status_code == 409
    assert "data/organisations.ttl hat sich inzwischen geändert" in answer.text
    assert PARTNER in answer.text
    assert contents(register) == before
    again = re.search('name="state" value="([^"]+)"', answer.text)
    assert again
    assert ask("POST", SOURCE, data={**NEW, "state": again[1], "do": "write"}).status_code == 303
    assert "# another window" in (register / "data/organisations.ttl").read_text()


def test_files_that_are_not_written_to_may_change(ask: Ask, register: Path) -> None:
    first = state(ask)
    with (register / "data/people.ttl").open("a") as file:
        file.write("\n# another window\n")
    assert ask("POST", SOURCE, data={**NEW, "state": first, "do": "write"}).status_code == 303


HOSTILE = {
    "markup": "<script>alert('1')</script> & \"Söhne\"",
    "right to left": "نادي القوارب \N{RIGHT-TO-LEFT OVERRIDE}abc",
    "long": "Lang " * 1000,
    "backslashes": 'C:\\temp\\"quoted"\\',
    "lines": "ein\r\nName\tmit Umbruch",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_name_may_have_any_characters(ask: Ask, register: Path, name: str) -> None:
    before = {path.name for path in (register / "data/contracts").iterdir()}
    data = {**NEW, "contract.partner.0": name, "contract.partner.0.for": name, "contract.partner.0.label.de": name}
    status, form = sent(ask, data, "look")
    assert status == 200
    assert "<script>" not in form
    assert sent(ask, data)[0] == 303
    names = {
        quad.object.value
        for quad in parse(path=register / "data/organisations.ttl", base_iri="https://example.org/moorwalde/")
    }
    assert name.strip() in names
    (file,) = {path.name for path in (register / "data/contracts").iterdir()} - before
    assert len(file) <= 70
    assert ask("GET", SOURCE).status_code == 200


def test_lines_end_as_those_of_the_file_do(tmp_path: Path) -> None:
    register = copy_with_press_text(tmp_path / "register")
    path = register / "data/organisations.ttl"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert sent(asking(register), NEW)[0] == 303
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


def test_files_that_can_not_be_read_are_named(ask: Ask, register: Path) -> None:
    (register / "data/people.ttl").write_text("person:x a")
    answer = ask("GET", SOURCE)
    assert answer.status_code == 409
    assert "people.ttl" in answer.text


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_pages_speak_the_language_of_their_address(ask: Ask, language: str) -> None:
    page = ask("GET", f"{ADDRESS}{language}/source/s9")
    assert page.headers["content-language"] == language
    assert f'<html lang="{language}">' in page.text
    assert {"de": "Schreiben", "en": "Write it down", "fr": "Écrire"}[language] in page.text
    assert {"de": "Partner", "en": "partner", "fr": "partenaire"}[language] in page.text


@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("GET", ADDRESS.replace("127.0.0.1", "evil.example"), {}, 403),
        ("GET", ADDRESS.replace("8000", "8001"), {}, 403),
        ("GET", ADDRESS.replace(TOKEN, "t" * 31), {}, 404),
        ("GET", "http://127.0.0.1:8000/", {}, 404),
        ("GET", f"{ADDRESS}static/style.css", {}, 200),
        ("GET", f"{ADDRESS}static/..%2Fapp.py", {}, 404),
        ("POST", SOURCE, {"Origin": "https://evil.example"}, 403),
        ("POST", SOURCE, {"Origin": "null"}, 403),
        ("POST", SOURCE, {"Sec-Fetch-Site": "cross-site"}, 403),
        ("POST", SOURCE, {"Sec-Fetch-Site": "same-site"}, 403),
        ("PUT", SOURCE, {}, 405),
        ("GET", f"{ADDRESS}de/source/none", {}, 404),
    ],
)
def test_only_this_machine_and_this_page_are_answered(
    ask: Ask, method: str, address: str, headers: dict[str, str], status: int
) -> None:
    assert ask(method, address, headers=headers).status_code == status


def test_answers_let_no_other_site_in(ask: Ask) -> None:
    headers = ask("GET", SOURCE).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_more_than_a_form_has_is_refused(ask: Ask) -> None:
    assert ask("POST", SOURCE, data={"words": "x" * 1_100_000}).status_code == 413
    assert ask("POST", SOURCE, content=b"\xff\xfe=1").status_code == 400
    assert ask("POST", SOURCE, data={f"f{n}": "1" for n in range(2100)}).status_code == 400
