"""Checks as data, and the runner: what was asked, what came, and what to mend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from vertragsgraph.doctor.answer import Answer, NoAnswerError
from vertragsgraph.doctor.deployment import Deployment
from vertragsgraph.doctor.texts import TEXTS
from vertragsgraph.texts import Language, marked, translate


class Verdict(StrEnum):
    """What a check comes to. A fault is met by somebody who does nothing wrong; a warning may be meant so."""

    OK = marked("ok")
    WARNING = marked("warning")
    FAULT = marked("fault")
    NOT_APPLICABLE = marked("not applicable")


@dataclass(frozen=True)
class Observation:
    """What a check has seen: the request and its answer as text; `when` leads to what to mend, by default to the check's."""

    verdict: Verdict
    asked: str = ""
    came: str = ""
    when: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


Observations: TypeAlias = Iterator[Observation]
Run: TypeAlias = Callable[[Deployment], Observations]


@dataclass(frozen=True)
class Check:
    """One check: its name, the standard's section or the behaviour it is about, its function, what it says by occasion.

    The function yields what is worth saying; where it yields nothing, all is well.
    """

    name: str
    about: str
    run: Run
    texts: Mapping[str, str] = field(default_factory=dict)


def checks(group: str, *functions: Run) -> tuple[Check, ...]:
    """Return the checks that functions make, with what `checks.toml` says of them under their names."""
    told = {function: TEXTS[group][function.__name__.removeprefix("_")] for function in functions}
    return tuple(Check(texts["name"], texts["about"], run, texts) for run, texts in told.items())


@dataclass(frozen=True)
class Result:
    """An observation and the check that made it."""

    check: Check
    observed: Observation

    def document(self, language: Language) -> dict[str, str]:
        """Return the result as an object of JSON, its texts in a language."""
        seen = self.observed
        when = seen.when or ("mend" if seen.asked else "")
        mend = {**TEXTS["common"], **self.check.texts}[when] if when else ""
        return {
            "check": translate(self.check.name, language),
            "about": self.check.about,
            "verdict": str(seen.verdict),
            "asked": seen.asked,
            "came": seen.came,
            "mend": translate(mend, language, **seen.values) if mend else "",
        }


def fault(answer: Answer, *shown: str, when: str = "", **values: object) -> Observation:
    """Return a fault seen in an answer; `shown` are the headers that show it."""
    return Observation(Verdict.FAULT, answer.asked, answer.came(*shown), when, values)


def warning(answer: Answer, *shown: str, when: str = "", **values: object) -> Observation:
    """Return a warning about an answer; `shown` are the headers that show it."""
    return Observation(Verdict.WARNING, answer.asked, answer.came(*shown), when, values)


def note(answer: Answer, when: str, **values: object) -> Observation:
    """Return what is good to know where nothing is wrong."""
    return Observation(Verdict.OK, answer.asked, answer.came(), when, values)


def inapplicable(when: str) -> Observation:
    """Return that a check has nothing to say about this deployment, and why."""
    return Observation(Verdict.NOT_APPLICABLE, when=when)


def examine(deployment: Deployment, checks: Iterable[Check]) -> Iterator[Result]:
    """Yield the results of checks, one after the other; at least one for each.

    A check that gets no answer, or none that it can read, is a fault.
    """
    for check in checks:
        said = False
        try:
            for observed in check.run(deployment):
                said = True
                yield Result(check, observed)
        except NoAnswerError as error:
            said = True
            yield Result(check, Observation(Verdict.FAULT, error.asked, error.reason, "no_answer"))
        except (AttributeError, LookupError, TypeError, ValueError) as error:  # of what came, not of what was asked
            said = True
            yield Result(check, Observation(Verdict.FAULT, "", f"{type(error).__name__}: {error}", "no_sense"))
        if not said:
            yield Result(check, Observation(Verdict.OK))
