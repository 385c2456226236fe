"""What the words of a passage may mean is offered, and filled in only where the keeper says so."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from tests.editor.press import TEXT
from tests.editor.test_app import NEW, SOURCE, Ask, contents

OFFERED = re.compile(r'<select id="use\.(\d+)" name="use\.\1">(.*?)</select>', re.DOTALL)
WORDS = re.compile(r'for="use\.(\d+)"><q><bdi[^>]*>([^<]*)</bdi></q>')


def form_for(ask: Ask, **data: str) -> str:
    answer = ask("POST", SOURCE, data={"how": "states", **data}, headers={"X-Part": "form"})
    assert answer.status_code == 200, answer.text
    return answer.text


def offered(form: str) -> dict[str, dict[str, str]]:
    """What is offered for which words: by the name of the field, what is filled in."""
    words = {number: html.unescape(text) for number, text in WORDS.findall(form)}
    return {
        words[number]: {
            html.unescape(called): html.unescape(filled)
            for filled, called in re.findall(r'<option value="([^"]+)">([^<]*)</option>', options)
        }
        for number, options in OFFERED.findall(form)
    }


def value(form: str, name: str) -> str:
    found = re.search(
        rf'name="{re.escape(name)}"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="{re.escape(name)}"', form
    )
    return html.unescape(found[1] or found[2] or "") if found else ""


def sentence(beginning: str) -> str:
    return str(TEXT.index(beginning))


def test_names_dates_and_amounts_are_offered_for_the_fields_that_take_them(ask: Ask) -> None:
    first = offered(form_for(ask, sentence=sentence("Am 12. September")))
    assert "Abschluss – Datum" in first["12. September 2025"]
    county = next(uses for words, uses in first.items() if "Landkreis" in words)
    assert {"Partner", "staatliche Seite"} <= set(county)
    assert "Abschluss – Datum" not in county
    money = offered(form_for(ask, sentence=sentence("Der Landkreis fördert")))
    amount = next(uses for words, uses in money.items() if "12.500" in words)
    assert "Förderung – Betrag" in amount and "Partner" not in amount


def test_an_amount_brings_its_currency_and_period(ask: Ask) -> None:
    chosen = sentence("Der Landkreis fördert")
    uses = offered(form_for(ask, sentence=chosen))
    fill = next(uses[words]["Förderung – Betrag"] for words in uses if "12.500" in words)
    form = form_for(ask, sentence=chosen, contract="new", **{"contract.label.de": "V", "use.0": fill})
    assert value(form, "contract.funding.0.amount.0") == "12500"
    currency = form[form.index('name="contract.funding.0.currency.0"') :]
    assert re.search(r'<option value="\d+" selected>EUR \(Euro\)', currency.partition("</select>")[0])
    per = form[form.index('name="contract.funding.0.amount-per.0"') :].partition("</select>")[0]
    assert re.search(r'<option value="0" selected>', per)


def test_nothing_is_filled_in_before_it_is_chosen(ask: Ask, register: Path) -> None:
    before = contents(register)
    form = form_for(ask, sentence=sentence("Am 12. September"))
    assert value(form, "contract.contracting-party.0") == value(form, "contract.concerns-signing.0.date.0") == ""
    assert contents(register) == before


def test_what_was_chosen_is_written_as_if_it_had_been_typed(ask: Ask, register: Path) -> None:
    before, words = contents(register), "12. September 2025 hat der Landkreis Moorwalde"
    uses = offered(form_for(ask, words=words))
    party = next(found["staatliche Seite"] for told, found in uses.items() if "Landkreis" in told)
    day = next(found["Abschluss – Datum"] for told, found in uses.items() if "September" in told)
    data = {**NEW, "words": words, "contract.partner.0": "", "use.0": party, "use.1": day, "do": "write"}
    data = {name: value for name, value in data.items() if not name.startswith("contract.partner.0.")}
    assert ask("POST", SOURCE, data={**data, "state": value(form_for(ask, words=words), "state")}).status_code == 303
    (written,) = (text.decode() for name, text in contents(register).items() if name not in before)
    assert 'vg:date "2025-09-12"^^xsd:date' in written
    assert "vg:contractingParty organisation:" in written


def test_words_that_may_mean_something_are_marked_in_the_text_which_stays_as_it_is(ask: Ask) -> None:
    page = ask("GET", SOURCE).text
    sentences = re.findall(r'<span data-start="(\d+)">((?:<span data-start="\d+"[^>]*>[^<]*</span>)+)</span>', page)
    parts = [
        part
        for _, inner in sentences
        for part in re.findall(r'<span data-start="(\d+)"( class="known")?>([^<]*)<', inner)
    ]
    assert all(TEXT.startswith(html.unescape(words), int(start)) for start, _, words in parts)
    known = [html.unescape(words) for _, mark, words in parts if mark]
    assert any("12.500" in words for words in known) and any("Landkreis Moorwalde" in words for words in known)


@pytest.mark.parametrize("filled", ["a", "%%%", "contract=<script>&x", "=&=&="])
def test_whatever_is_sent_as_chosen_is_no_more_than_filled_in(ask: Ask, register: Path, filled: str) -> None:
    before = contents(register)
    answer = ask("POST", SOURCE, data={"words": "Alle in einem Boot", "use.0": filled}, headers={"X-Part": "form"})
    assert answer.status_code in {200, 422} and "<script>" not in answer.text
    assert contents(register) == before
