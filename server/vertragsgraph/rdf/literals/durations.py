"""How long something lasts, in words (xsd:duration of years, months and days)."""

from __future__ import annotations

import re
from typing import Final

from babel.lists import format_list
from babel.units import format_unit

from vertragsgraph.texts import Language, locale_of

_DURATION: Final = re.compile(r"P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?")


def duration(value: str) -> tuple[int, int]:
    """Return months and days of a duration; (0, 0) for what is none.

    >>> duration("P1Y6M"), duration("P7D"), duration("PT1H")
    ((18, 0), (0, 7), (0, 0))
    """
    found = _DURATION.fullmatch(value)
    years, months, days = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return 12 * years + months, days


def duration_text(value: str, language: Language) -> str:
    """Return a duration in the words of a language; what is none as it is written.

    >>> duration_text("P1Y", "de"), duration_text("P1Y6M", "en"), duration_text("PT1H", "en")
    ('1 Jahr', '1 year and 6 months', 'PT1H')
    """
    found = _DURATION.fullmatch(value)
    parts = (
        [(int(number), unit) for number, unit in zip(found.groups(), _UNITS, strict=True) if number] if found else []
    )
    locale = locale_of(language)
    said = [format_unit(number, f"duration-{unit}", "long", locale=locale) for number, unit in parts]
    return format_list(said, locale=locale) if said else value


_UNITS: Final = ("year", "month", "day")
