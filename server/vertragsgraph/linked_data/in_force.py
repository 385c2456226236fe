"""Whether something is in force on a day, as far as that is known: worked out when somebody asks, since tomorrow it may not be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

Day: TypeAlias = tuple[int, int, int]

NAMES: Final = (
    *(f"vg:inForce{end}{bound}" for end in ("From", "Until") for bound in ("", "Earliest", "Latest")),
    "vg:inForceIndefinitely",
)
"""The properties of contracts that tell it, as SPARQL writes them with the usual prefixes."""
_DAY: Final = re.compile(r"(-?\d{4,})-(\d\d)-(\d\d)")


class Status(StrEnum):
    """What is known of something on a day."""

    NOT_YET = "not-yet"
    IN_FORCE = "in-force"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Period:
    """From when until when something is in force: the days between which beginning and end lie, None where nothing is known.

    `indefinitely` says that it has no end.
    """

    from_earliest: Day | None = None
    from_latest: Day | None = None
    until_earliest: Day | None = None
    until_latest: Day | None = None
    indefinitely: bool = False

    @classmethod
    def of(cls, begins: Iterable[str], ends: Iterable[str], *, indefinitely: bool = False) -> Period:
        """Return the period between some days (xsd:date) each; what is no day counts for nothing."""
        first, last = sorted(filter(None, map(day_of, begins))), sorted(filter(None, map(day_of, ends)))
        return cls(*_both_ends(first), *_both_ends(last), indefinitely=indefinitely)

    def status(self, on: date) -> Status:
        """Return whether it is in force on a day; that is known only where it is so whatever the dates mean exactly."""
        day = (on.year, on.month, on.day)
        if self.from_earliest and day < self.from_earliest:
            return Status.NOT_YET
        if self.until_latest and day > self.until_latest:
            return Status.ENDED
        has_begun = self.from_latest is not None and self.from_latest <= day
        goes_on = self.indefinitely or (self.until_earliest is not None and day <= self.until_earliest)
        return Status.IN_FORCE if has_begun and goes_on else Status.UNKNOWN


def day_of(text: str) -> Day | None:
    """Return a day (xsd:date) as it can be compared; None for what is none.

    >>> day_of("2019-06-03"), day_of("2019-06")
    ((2019, 6, 3), None)
    """
    found = _DAY.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _both_ends(days: list[Day]) -> tuple[Day | None, Day | None]:
    return (days[0], days[-1]) if days else (None, None)
