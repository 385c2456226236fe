"""The sentences of a text, so that one can be chosen without a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vertragsgraph.authoring.passages import Span

_LINE: Final = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_END: Final = re.compile(r"[.!?…]+[\"“”»«)\]’']*\s+(?=[\"„“”»«(\[‚‘]*[^\W\d_a-zß-öø-ÿ])")
_ABBREVIATED: Final = re.compile(
    r"(?:(?:^|[\s(\"„])(?:\w|Dr|Prof|Nr|St|Str|bzw|ca|vgl|Abs|Art|inkl|Hr|Fr|Mr|Mrs|Ms|Mme|No)|\d|\.\w)\.\s+$",
    re.IGNORECASE,
)
"""What a full stop ends that is no sentence: initials, usual abbreviations, ordinal numbers, abbreviations with several stops."""


def paragraphs(text: str) -> list[list[Span]]:
    r"""Return the sentences of a text, line by line, each as `text[start:end]` in code points; blank lines are left out.

    >>> text = "Am 3. Juni kam Dr. Muster zum Verein e.V. nach Kassel. „Gut so.“ Alle gingen."
    >>> [text[start:end] for start, end in paragraphs(text)[0]]
    ['Am 3. Juni kam Dr. Muster zum Verein e.V. nach Kassel.', '„Gut so.“', 'Alle gingen.']
    """
    lines = (list(_sentences(line[0], line.start())) for line in _LINE.finditer(text))
    return [line for line in lines if line]


def _sentences(line: str, offset: int) -> Iterator[Span]:
    start = 0
    ends = [match.end() for match in _END.finditer(line) if not _ABBREVIATED.search(line, 0, match.end())]
    for end in (*ends, len(line)):
        words = line[start:end]
        if words.strip():
            first = start + len(words) - len(words.lstrip())
            yield offset + first, offset + first + len(words.strip())
        start = end
