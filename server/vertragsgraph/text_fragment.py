"""Links that lead to a passage of a page: the WICG's draft "URL Fragment Text Directives".

    #:~:text=[prefix-,]start[,end][,-suffix]

Each of the four terms matches within one block of the page and begins and ends with a whole word, together with the term
beside it. What the draft recommends for those who make such links (its section "Generating Text Fragment Directives") is
followed but for one point: what stands around a quotation is always told where it is known, since whoever makes the link
doesn't have the text at hand and can't tell whether the words stand there twice.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

LONGEST: Final = 300
"""Characters up to which a quotation is told in full; of a longer one its beginning and its end."""
ENDS: Final = 100
"""Characters, at most, by which beginning and end of a long quotation are told, unless more are needed to tell its end."""


def is_web_address(address: str) -> bool:
    """Return whether an address leads to the web."""
    return address.startswith(("http://", "https://"))


def passage_address(url: str, exact: str, prefix: str = "", suffix: str = "") -> str:
    """Return the address of a page, leading to the words `exact` in it; `prefix` and `suffix` stand right around them.

    Without words it is the address as it is.

    >>> passage_address("https://example.org/", "3. Juni", prefix="schloss am ")
    'https://example.org/#:~:text=schloss%20am-,3.%20Juni'
    """
    directive = text_directive(exact, prefix, suffix) if url else ""
    return f"{url}{'' if '#' in url else '#'}:~:{directive}" if directive else url


def text_directive(exact: str, prefix: str = "", suffix: str = "") -> str:
    r"""Return the text directive for a quotation as its source has it, line breaks included; `""` where there are no words.

    What goes over several lines, which may be as many blocks, is a range.

    >>> text_directive("Ziele\nmit - und, ohne & Komma")
    'text=Ziele,mit%20%2D%20und%2C%20ohne%20%26%20Komma'
    """
    start, end = _start_and_end(_lines(exact))
    if not start:
        return ""
    before, after = _last(prefix), _first(suffix)
    terms = (f"{_encoded(before)}-" if before else "", _encoded(start), _encoded(end))
    return "text=" + ",".join((*filter(None, terms), *([f"-{_encoded(after)}"] if after else [])))


def _encoded(term: str) -> str:
    return quote(term, safe="").replace("-", "%2D")


def _lines(text: str) -> list[str]:
    """Return the lines of a text that are not empty, each with single blanks as a page shows it."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _start_and_end(lines: Sequence[str]) -> tuple[str, str]:
    """Return the terms `start` and `end` for a quotation of these lines; where there is no `end`, it is told in full."""
    if not lines or (len(lines) == 1 and len(lines[0]) <= LONGEST):
        return "".join(lines), ""
    first, *others = lines
    start = first[: _cut(first)]
    rest = " ".join((first[len(start) :], *others)).strip()
    return start, _end(others[-1] if others else rest, rest)


def _cut(line: str) -> int:
    """Return after how many characters the words end that begin a line and are not too many."""
    if len(line) <= ENDS:
        return len(line)
    blank = line.rfind(" ", 0, ENDS + 1)
    return blank if blank > 0 else (line + " ").index(" ")


def _end(line: str, rest: str) -> str:
    """Return the words that end a quotation, as many as it takes that they don't stand in the rest of it before."""
    words, folded = line.split(), _folded(rest)
    for count in range(1, len(words) + 1):
        end = " ".join(words[-count:])
        following = len(end) + 1 + len(words[-count - 1]) if count < len(words) else len(end)
        if following > ENDS or count == len(words):
            known = _folded(end)
            if folded.find(known) == len(folded) - len(known):
                return _with_words(end)
    return _with_words(line)


def _folded(text: str) -> str:
    """Return a text as browsers compare it: without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


def _last(prefix: str) -> str:
    """Return what of a prefix stands in the same block as the quotation, or ends the block before."""
    return _with_words(next(reversed(_lines(prefix)), ""))


def _first(suffix: str) -> str:
    """Return what of a suffix stands in the same block as the quotation, or begins the next."""
    line = next(iter(_lines(suffix)), "")
    words = _with_words(line)
    begins_next_block = not "".join(suffix.splitlines()[:1]).strip()
    return words if begins_next_block or not words else line


def _with_words(line: str) -> str:
    """Return a line from its first word on; before it, the text of a list has bullets, which are no text of the page."""
    words = line.split()
    while words and not any(map(str.isalnum, words[0])):
        del words[0]
    return " ".join(words)
