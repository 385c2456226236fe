"""The gold list: noisy names, whom they mean, and names that mean nobody here.

`expected` is the identifier of an entity of the shipped register, `=` and the label of an invented organisation, or
empty where the register has nothing of that name (and type).
"""

from __future__ import annotations

import asyncio
import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from vertragsgraph.reconcile import Service
from vertragsgraph.reconcile.model import BATCH_SIZE, Candidate, Query

GOLD = Path(__file__).parent / "gold.tsv"


@dataclass(frozen=True)
class Line:
    name: str
    type: str
    expected: str
    noise: str


@dataclass(frozen=True)
class Outcome:
    line: Line
    found: str
    first: Candidate | None

    def __str__(self) -> str:
        score = f"{self.first.score} {'match' if self.first.match else ''}" if self.first else ""
        return f"{self.line.noise}: {self.line.name!r} as {self.line.type or 'anything'}: {self.found or 'nothing'} {score}"


def read() -> list[Line]:
    with GOLD.open(encoding="utf-8", newline="") as file:
        return [Line(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.fixture(scope="module")
def outcomes(large: Service) -> list[Outcome]:
    lines = read()
    found = []
    for start in range(0, len(lines), BATCH_SIZE):
        batch = lines[start : start + BATCH_SIZE]
        queries = [Query((line.name,), (line.type,) if line.type else ()) for line in batch]
        for line, candidates in zip(batch, asyncio.run(large.match(queries)), strict=True):
            first = candidates[0] if candidates else None
            found.append(Outcome(line, _named(large, first, line), first))
    return found


def _named(service: Service, first: Candidate | None, line: Line) -> str:
    if first is None:
        return ""
    if line.expected.startswith("="):
        return "=" + service.index.label(first.number, "de")
    return service.index.resources([first.number])[first.number].path.removeprefix("id/")


def test_the_list_is_long_and_varied() -> None:
    noises = Counter(line.noise for line in read())
    assert sum(noises.values()) >= 150
    assert {"typo", "ASCII", "abbreviation", "inflected", "reordered", "English", "wrong type", "not here"} <= set(
        noises
    )
    assert len({(line.name, line.type) for line in read()}) == sum(noises.values())


def test_those_that_exist_come_first(outcomes: list[Outcome]) -> None:
    existing = [outcome for outcome in outcomes if outcome.line.expected]
    missed = [outcome for outcome in existing if outcome.found != outcome.line.expected]
    assert 1 - len(missed) / len(existing) >= 0.95, "\n".join(map(str, missed))


def test_nothing_is_matched_that_does_not_exist(outcomes: list[Outcome]) -> None:
    wrong = [outcome for outcome in outcomes if not outcome.line.expected and outcome.first and outcome.first.match]
    assert not wrong, "\n".join(map(str, wrong))


def test_no_match_is_a_wrong_one(outcomes: list[Outcome]) -> None:
    wrong = [o for o in outcomes if o.first and o.first.match and o.found != o.line.expected]
    assert not wrong, "\n".join(map(str, wrong))


def test_most_that_exist_are_matched_without_asking(outcomes: list[Outcome]) -> None:
    existing = [outcome for outcome in outcomes if outcome.line.expected]
    matched = [outcome for outcome in existing if outcome.first and outcome.first.match]
    assert len(matched) / len(existing) >= 0.7, "\n".join(str(o) for o in existing if o not in matched)


def test_names_of_the_same_make_are_not_matched(large: Service, made_up: list[str]) -> None:
    queries = [Query((name,), ("Organisation",)) for name in made_up]
    batches = [queries[start : start + BATCH_SIZE] for start in range(0, len(queries), BATCH_SIZE)]
    found = [candidates for batch in batches for candidates in asyncio.run(large.match(batch))]
    assert len(found) > 300
    assert [name for name, candidates in zip(made_up, found, strict=True) if candidates and candidates[0].match] == []
