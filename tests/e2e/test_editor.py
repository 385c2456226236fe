"""The editor in a real browser: a press text of seven sentences becomes a contract, with no offset, IRI or prefix typed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.e2e.axe import examine
from tests.editor.press import copy_with_press_text
from vertragsgraph.web.rendering.assets import asset

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not asset("edit.js"), reason="the front end isn't built (make frontend)"),
]

Open = Callable[..., Any]
LANDRAT = "Landrat oder Landrätin des Landkreises Moorwalde"
CHAIR = "Vorsitz des Kanuvereins Heidefluss"
CLUB = "Kanuverein Heidefluss e.V."


@contextmanager
def editing(register: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the editor of a register; yield its address and its process."""
    command = [sys.executable, "-m", "vertragsgraph", "edit", "--register", str(register), "--lang", "de"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        found = re.search(r"http://127\.0\.0\.1:\d+/[\w-]+/", process.stderr.readline())
        assert found
        try:
            yield found[0], process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(120)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return copy_with_press_text(tmp_path / "register")


@pytest.fixture
def address(register: Path) -> Iterator[str]:
    with editing(register) as (found, _):
        yield found


@pytest.fixture
def open_source(browser: Any, address: str) -> Iterator[Open]:
    """Opens the source in a window of its own; complaints of the page fail the test."""
    complaints: list[str] = []
    contexts = []

    def open_one(**how: Any) -> Any:
        size = {"width": 1280, "height": 900}
        context = browser.new_context(locale="de", viewport=size, reduced_motion="reduce", **how)
        context.set_default_timeout(120_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.get_by_role("link", name="S9: Pressetext").click()
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


class Form:
    """The form, as one uses it by keyboard: names of fields are their labels."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def looked_at(self, act: Callable[[], Any]) -> None:
        """Do something, and wait until the form has been looked at."""
        with self.page.expect_response(lambda response: response.url.endswith("/source/s9")):
            act()
        self.page.wait_for_timeout(50)

    def fill(self, label: str, value: str, within: str = "", number: int = 0) -> None:
        around = (
            self.page.get_by_role("group", name=within, exact=True).nth(number)
            if within
            else self.page.locator("#entry")
        )
        field = around.get_by_label(label, exact=True).first
        field.fill(value)
        self.looked_at(lambda: field.press("Tab"))

    def choose(self, label: str, option: str) -> None:
        field = self.page.locator("#entry").get_by_label(label, exact=True).first
        self.looked_at(lambda: field.select_option(label=option))

    def make_new(self, name: str) -> None:
        question = self.page.locator("fieldset.question", has_text=f"Nichts heißt hier „{name}“").first
        self.looked_at(lambda: question.get_by_label(re.compile("Neu: ")).click())

    def open(self, group: str) -> None:
        summary = self.page.locator("summary", has_text=group)
        if not summary.evaluate("each => each.parentElement.open"):
            summary.click()

    def choose_sentence(self, begins: str) -> None:
        self.looked_at(lambda: self.page.locator("label.sentence", has_text=begins).click())

    def write(self) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Schreiben").click()
        self.page.get_by_role("status").filter(has_text="Geschrieben in").wait_for()


def checked(register: Path) -> str:
    """Return what the command says of the register."""
    command = [
        sys.executable,
        "-m",
        "vertragsgraph",
        "check",
        "-r",
        str(register),
        "--sources",
        str(register / "sources"),
    ]
    return subprocess.run([*command, "--lang", "en"], capture_output=True, text=True, check=False).stderr


def enter_contract(form: Form) -> None:
    form.choose_sentence("Am 12. September")
    form.choose("Vertrag", "ein neuer Vertrag")
    form.fill("Name auf Deutsch", "Teilhabevertrag mit dem Kanuverein Heidefluss")
    form.fill("Partner", CLUB)
    form.make_new(CLUB)
    form.fill("staatliche Seite", "Landkreis Moorwalde")
    form.open("Wie er zustande kam")
    form.fill("Datum", "12. September 2025", "Abschluss")
    form.write()
    assert form.page.get_by_label("Vertrag", exact=True).first.evaluate("each => each.selectedOptions[0].text") == (
        "Teilhabevertrag mit dem Kanuverein Heidefluss"
    )


def enter_signatories(form: Form) -> None:
    form.choose_sentence("Für den Landkreis unterzeichnete")
    form.open("Wie er zustande kam")
    form.fill("Person", "Svenja Harms", "geschlossen von")
    form.fill("Amt", LANDRAT, "geschlossen von")
    form.looked_at(lambda: form.page.get_by_role("button", name="Noch einmal: geschlossen von").click())
    form.fill("Person", "Tilman Rodewald", "geschlossen von", 1)
    form.make_new("Tilman Rodewald")
    form.fill("Amt", CHAIR, "geschlossen von", 1)
    form.make_new(CHAIR)
    form.fill("Amt bei", CLUB, "geschlossen von", 1)
    form.fill("im Amt am", "12.9.2025", "geschlossen von", 1)
    form.write()


def enter_topic(form: Form) -> None:
    form.choose_sentence("Der Vertrag soll Jugendliche")
    form.open("Worum es geht")
    form.fill("Thema", "Sport")
    form.fill("wie die Quelle das Thema nennt", "Alle in einem Boot")
    form.write()


def enter_money(form: Form) -> None:
    form.choose_sentence("Der Landkreis fördert")
    form.open("Geld")
    form.choose("Förderung durch die öffentliche Seite", "mit Förderung durch die öffentliche Seite")
    form.fill("Betrag", "12.500", "Förderung")
    form.choose("Währung", "EUR (Euro)")
    form.choose("je", "1 Jahr")
    form.write()


def enter_term(form: Form) -> None:
    form.choose_sentence("Der Vertrag gilt")
    form.open("Von wann bis wann")
    form.fill("gilt ab", "1. Oktober 2025")
    form.fill("gilt bis", "30.9.2027")
    form.write()


def enter_utterance(form: Form) -> None:
    form.choose_sentence("„Auf dem Wasser zählt")
    form.open("Was jemand")
    form.fill("Worte", "Auf dem Wasser zählt, wer mitpaddelt", "Äußerung")
    form.fill("Person", "Tilman Rodewald", "gesagt von")
    form.fill("Amt", CHAIR, "gesagt von")
    form.write()


@pytest.mark.timeout(900)  # every step is looked at by the gate
def test_a_press_text_becomes_a_contract(open_source: Open, register: Path) -> None:
    page = open_source()
    for enter in (enter_contract, enter_signatories, enter_topic, enter_money, enter_term, enter_utterance):
        enter(Form(page))
    page.locator("#gate .status.yes").wait_for(timeout=240_000)
    assert page.locator("#gate").inner_text().endswith("Das Register ist in Ordnung.")
    said = checked(register)
    assert "0 violations, 0 warnings" in said, said
    written = (register / "data/contracts/kanuverein-heidefluss-e-v.ttl").read_text("utf-8")
    assert written.count(" a vg:Evidence ;") == 6
    assert written.count("@prefix") == len(set(re.findall(r"@prefix (\w+):", written)))
    assert not any(path.name.endswith(".tmp") for path in register.rglob("*"))


def enter_partner(form: Form) -> None:
    """Enter what the first sentence says, but for writing it."""
    form.choose_sentence("Am 12. September")
    form.choose("Vertrag", "ein neuer Vertrag")
    form.fill("Name auf Deutsch", "Teilhabevertrag mit dem Kanuverein")
    form.fill("Partner", "Chorverband Moorwalde")


def contracts(register: Path) -> set[str]:
    return {path.name for path in (register / "data/contracts").iterdir()}


def test_words_are_marked_with_the_mouse_and_sentences_with_the_keyboard(open_source: Open) -> None:
    page = open_source()
    form = Form(page)
    sentence = page.locator("[data-start]", has_text="Für den Landkreis").bounding_box()
    page.mouse.move(sentence["x"] + 2, sentence["y"] + 12)
    page.mouse.down()
    page.mouse.move(sentence["x"] + 150, sentence["y"] + 12, steps=5)
    form.looked_at(page.mouse.up)
    words = page.get_by_label("Stelle", exact=True).input_value()
    assert "Für den Landkreis unterzeichnete".startswith(words[:12])
    assert 8 < len(words) < 40
    page.locator("input[name=sentence]").first.focus()
    form.looked_at(lambda: page.keyboard.press("ArrowDown"))
    assert page.get_by_label("Stelle", exact=True).input_value().startswith("Am 12. September 2025")
    assert page.evaluate("document.activeElement.name") == "sentence"


def test_a_contract_is_entered_without_scripts(open_source: Open, register: Path) -> None:
    page = open_source(java_script_enabled=False)
    page.locator("label.sentence", has_text="Am 12. September").click()
    page.get_by_label("Vertrag", exact=True).select_option(label="ein neuer Vertrag")
    page.get_by_role("button", name="Erst ansehen").click()
    page.get_by_label("Name auf Deutsch").fill("Teilhabevertrag mit dem Kanuverein")
    page.get_by_label("Partner", exact=True).fill(CLUB)
    page.get_by_role("button", name="Schreiben").click()
    page.locator("fieldset.question").get_by_label("Neu: ").check()
    page.get_by_role("button", name="Schreiben").click()
    page.get_by_text("Geschrieben in data/organisations.ttl, data/contracts/kanuverein-heidefluss-e-v.ttl").wait_for()
    assert "kanuverein-heidefluss-e-v.ttl" in contracts(register)


def test_a_second_window_writes_over_nothing(open_source: Open, register: Path) -> None:
    page = open_source()
    form = Form(page)
    enter_partner(form)
    (register / "data/contracts/chorverband-moorwalde.ttl").write_text("# from another window\n")
    page.get_by_role("button", name="Schreiben").click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert (
        "Nichts wurde geschrieben: data/contracts/chorverband-moorwalde.ttl hat sich inzwischen geändert"
        in alert.inner_text()
    )
    assert page.get_by_label("Partner", exact=True).input_value() == "Chorverband Moorwalde"
    form.write()
    written = (register / "data/contracts/chorverband-moorwalde.ttl").read_text("utf-8")
    assert written.startswith("# from another window\n")
    assert "vg:partner organisation:chorverband" in written


def test_what_is_entered_is_kept_while_the_editor_can_not_be_reached(open_source: Open, register: Path) -> None:
    page = open_source()
    enter_partner(Form(page))
    before = contracts(register)
    page.context.set_offline(True)
    page.get_by_role("button", name="Schreiben").click()
    page.get_by_role("status").filter(has_text="Der Editor antwortet nicht").wait_for()
    assert page.get_by_label("Partner", exact=True).input_value() == "Chorverband Moorwalde"
    page.context.set_offline(False)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.reload()
    page.locator(".to-write").wait_for()
    assert page.get_by_label("Partner", exact=True).input_value() == "Chorverband Moorwalde"
    assert contracts(register) == before
    Form(page).write()
    assert contracts(register) - before == {"chorverband-moorwalde.ttl"}


def test_everybody_can_use_it(open_source: Open) -> None:
    page = open_source()
    enter_partner(Form(page))
    page.locator(".to-write").wait_for()
    page.eval_on_selector_all("#entry details", "each => each.forEach((one) => { one.open = true; })")
    examine(page, sampled=True)
