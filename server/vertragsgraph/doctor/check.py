"""Checks as data, and the runner: what was asked, what came, and what to mend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from vertragsgraph.doctor.answer import Answer, NoAnswerError
from vertragsgraph.doctor.deployment import Deployment
from vertragsgraph.texts import Language, marked, translate


class Verdict(StrEnum):
    """What a check comes to. A fault is met by somebody who does nothing wrong; a warning may be meant so."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Observation:
    """What a check has seen: the request and its answer as text, and what to mend (a text's key; by default the check's)."""

    verdict: Verdict
    asked: str = ""
    came: str = ""
    mend: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


Observations: TypeAlias = Iterator[Observation]


@dataclass(frozen=True)
class Check:
    """One check: its name (a text's key), the standard's section or the behaviour it is about, its function, what to mend.

    The function yields what is worth saying; where it yields nothing, all is well.
    """

    name: str
    about: str
    run: Callable[[Deployment], Observations]
    mend: str = ""


@dataclass(frozen=True)
class Result:
    """An observation and the check that made it."""

    check: Check
    observed: Observation

    def document(self, language: Language) -> dict[str, str]:
        """Return the result as an object of JSON, its texts in a language."""
        seen = self.observed
        mend = seen.mend or (self.check.mend if seen.asked else "")
        return {
            "check": translate(self.check.name, language),
            "about": self.check.about,
            "verdict": str(seen.verdict),
            "asked": seen.asked,
            "came": seen.came,
            "mend": translate(mend, language, **seen.values) if mend else "",
        }


def fault(answer: Answer, *shown: str, mend: str = "", **values: object) -> Observation:
    """Return a fault seen in an answer; `shown` are the headers that show it."""
    return Observation(Verdict.FAULT, answer.asked, answer.came(*shown), mend, values)


def warning(answer: Answer, *shown: str, mend: str = "", **values: object) -> Observation:
    """Return a warning about an answer; `shown` are the headers that show it."""
    return Observation(Verdict.WARNING, answer.asked, answer.came(*shown), mend, values)


def note(answer: Answer, text: str, **values: object) -> Observation:
    """Return what is good to know where nothing is wrong."""
    return Observation(Verdict.OK, answer.asked, answer.came(), text, values)


def inapplicable(why: str) -> Observation:
    """Return that a check has nothing to say about this deployment, and why."""
    return Observation(Verdict.NOT_APPLICABLE, mend=why)


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
            yield Result(check, Observation(Verdict.FAULT, error.asked, error.reason, NO_ANSWER))
        except (AttributeError, LookupError, TypeError, ValueError) as error:  # of what came, not of what was asked
            said = True
            yield Result(check, Observation(Verdict.FAULT, "", f"{type(error).__name__}: {error}", NO_SENSE))
        if not said:
            yield Result(check, Observation(Verdict.OK))


NO_DUMP: Final = marked("The release names no dump that is small enough to be fetched for this.")
NO_SENSE: Final = marked(
    "What came has another form than this command knows. See whether it and the server are of the same version, and whether the "
    "proxy changes documents."
)
NO_ANSWER: Final = marked(
    "No answer came that could be read. See the logs of the proxy and of the server at this time: one of them closed the "
    "connection or took too long."
)
