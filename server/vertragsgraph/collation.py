"""The order of texts for people: the Unicode Collation Algorithm (UTS 10), with numbers in the order of their size.

Its default order is that of German (DIN 5007-1), English, French and most other languages in Latin script: `ä` beside `a`,
capitals beside small letters. By code points `Ärzte` would stand after `Zoo`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, TypeAlias

from pyuca import Collator

SortKey: TypeAlias = tuple[tuple[int, ...], str]

_DIGITS: Final = re.compile(r"[0-9]+")


@cache
def _collator() -> Collator:
    return Collator()  # reads its table, which takes a tenth of a second


@lru_cache(maxsize=16_384)
def sort_key(text: str) -> SortKey:
    """Return the key by which a text is sorted; texts that differ have keys that differ.

    >>> sorted(["Zoo", "Öffnung", "Vertrag 10", "Oase", "Vertrag 9", "öffnen"], key=sort_key)
    ['Oase', 'öffnen', 'Öffnung', 'Vertrag 9', 'Vertrag 10', 'Zoo']
    """
    return tuple(_collator().sort_key(_DIGITS.sub(_sized, text))), text


def _sized(digits: re.Match[str]) -> str:
    """Return a number with its length before it: of two numbers the longer one is the greater one."""
    number = digits[0].lstrip("0")
    return f"{len(number):03}{number}"
