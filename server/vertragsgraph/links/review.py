"""Deciding on candidates in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from vertragsgraph.links.candidates import ACCEPT, REJECT, SKIP, Candidate
from vertragsgraph.texts import Language, marked, translate

QUIT: Final = "q"


def review(
    waiting: Mapping[str, Sequence[Candidate]],
    console: Console,
    ask: Callable[[str], str],
    language: Language,
    save: Callable[[], None],
) -> int:
    """Show the candidates of each resource and take the keeper's decision; returns how many resources were decided.

    Those come first that have candidates. A number accepts that candidate and rejects the others, `n` rejects all (or
    says that there is no item), `s` or nothing leaves them for later, `q` ends. `save` is called after each decision.
    """

    def say(text: str, **values: object) -> str:
        return translate(text, language, **values)

    decided = 0
    # Sorting keeps the order of equals.
    ordered = sorted(waiting.items(), key=lambda entry: not any(item.object for item in entry[1]))
    for place, (subject, candidates) in enumerate(ordered, 1):
        console.print()
        console.print(f"{place}/{len(waiting)}  {candidates[0].subject_label}", style="bold", markup=False)
        console.print(subject, style="dim", markup=False)
        most = sum(bool(item.object) for item in candidates)
        if most:
            console.print(_table(candidates, language))
            question = say("number to accept, n none of them, s skip, q quit: ")
            mistaken = say("answer with a number from 1 to {most}, n, s or q", most=most)
        else:
            console.print(candidates[0].why, markup=False)
            question = say("n there is no such item, s skip, q quit: ")
            mistaken = say("answer with n, s or q")
        while not _is_answer(answer := ask(question).strip().lower(), most):
            console.print(mistaken, markup=False)
        if answer == QUIT:
            break
        _decide(candidates, answer)
        decided += answer not in {"s", ""}
        save()
    return decided


def _is_answer(answer: str, most: int) -> bool:
    return answer in {"n", "s", "", QUIT} or (answer.isdigit() and 1 <= int(answer) <= most)


def _decide(candidates: Sequence[Candidate], answer: str) -> None:
    for number, candidate in enumerate(candidates, 1):
        if answer in {"s", ""}:
            candidate.decision = SKIP
        else:
            candidate.decision = ACCEPT if answer == str(number) else REJECT


def _table(candidates: Sequence[Candidate], language: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    for heading in (marked("Item"), marked("Score"), marked("Why")):
        table.add_column(translate(heading, language), overflow="fold")
    for number, item in enumerate(candidates, 1):
        name = "\n".join(part for part in (item.object_label, item.object_description, item.object) if part)
        table.add_row(str(number), _plain(name), item.score, _plain(item.why.replace("; ", "\n")))
    return table


def _plain(text: str) -> str:
    """Return a text that is shown as it is, whatever brackets it has."""
    return text.replace("[", r"\[")
