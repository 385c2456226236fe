r"""Finding names in text, however it is written: in capitals, composed or decomposed, escaped as any of the formats escapes.

Text is compared folded (NFKC, case folding, without invisible characters) and read several times, each time with one more
layer undone: `\u00F6` of Turtle and JSON, `&#246;` of XML, `%C3%B6` of IRIs, `""` of CSV.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import copy
from itertools import takewhile
from typing import Final, Literal, NamedTuple, TypeAlias
from urllib.parse import unquote

from vertragsgraph.register.names import KIND

MARK: Final = "[…]"
"""What stands in the place of words that were taken out."""
AROUND: Final = 24
"""Characters before and after a name by which a place that may keep it is known."""

_LAYERS: Final = 4
_WHOLE_WORD: Final = 4
"""A name whose last word is shorter is looked for as it is; longer ones are found with endings, too ("Musters")."""
_WORD: Final = re.compile(r"[^\W_]+")
_BETWEEN: Final = r"[\s._,;+'’()\u2010-\u2015-]{1,4}"
_START: Final = r"(?<![^\W_])"
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})|(.))", re.DOTALL)
_ESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_IN_TWO_LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
# What every format writes as it is; a place is known by these only.
_PLAIN: Final = re.compile(r"[^\W_]|[ .,;()-]")


Kept: TypeAlias = Collection[tuple[str, str, str]]
"""Names that may stay where they are, each with what stands before and after it (`Hit.around`)."""


class Hit(NamedTuple):
    """A name that was found: the folded text, and where in it."""

    text: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """The name as it was found, folded."""
        return self.text[self.start : self.end]

    @property
    def around(self) -> tuple[str, str]:
        """What stands before and after the name, as far as all formats write it alike."""
        before = reversed(self.text[max(0, self.start - AROUND) : self.start])
        after = self.text[self.end : self.end + AROUND]
        return "".join(reversed(_plain(before))), "".join(_plain(after))


class _Pattern(NamedTuple):
    """An expression, and a part that stands in all that it matches: looked for first, which is many times as fast."""

    part: str
    expression: re.Pattern[str]


class Names:
    """Names of something: words, and IRIs in all their forms. It is falsy where there are none."""

    def __init__(
        self,
        words: Iterable[str],
        iris: Iterable[str] = (),
        slugs: Iterable[str] = (),
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        """Take words as people write them, absolute IRIs, and slugs that IRIs of the register's resources may hold.

        A word is also found in the spellings that IRIs and typewriters have for it ("Soedler", "Sodler" for "Södler").
        `prefixes` are those by which files shorten IRIs.
        """
        prefixes = prefixes or {}
        self._layers = _LAYERS
        self._patterns = [
            *(pattern for word in words for pattern in _of_words(word)),
            *(pattern for iri in iris for pattern in _of_iri(iri, prefixes)),
            *(_of_slug(fold(slug), prefixes) for slug in slugs),
        ]

    def loosely(self) -> Names:
        """Return the names as they are to be found in binary files, where texts follow each other without a gap.

        There they stand as they are: nothing is unescaped.
        """
        found = copy(self)
        found._layers = 0
        found._patterns = [
            pattern._replace(expression=re.compile(pattern.expression.pattern.replace(_START, f"{_START}[^\\W_]*")))
            for pattern in self._patterns
        ]
        return found

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def hits(self, text: str, kept: Kept = frozenset()) -> Iterator[Hit]:
        """Yield where the names stand in a text and may not, for each reading of it; a place may come several times."""
        for reading in readings(text, self._layers):
            folded = fold(reading)
            hits = (Hit(folded, *span) for span in self._spans(folded))
            yield from (hit for hit in hits if not (kept and _may_stay(hit, kept)))

    def found(self, text: str, kept: Kept = frozenset()) -> Hit | None:
        """Return the first place where one of the names stands and may not, None where there is none."""
        return next(self.hits(text, kept), None)

    def without(self, text: str) -> str:
        """Return a text with `MARK` in the place of each name; all of it is replaced where a name hides in escapes."""
        if not self.found(text):
            return text
        folded, starts, ends = _mapped(text)
        parts, last = [], 0
        for start, end in sorted(self._spans(folded)):
            if starts[start] >= last:
                parts += [text[last : starts[start]], MARK]
            last = max(last, ends[end - 1])
        result = "".join([*parts, text[last:]])
        return MARK if self.found(result) else result

    def _spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Yield where in a folded text the names stand, one name after the other."""
        for part, expression in self._patterns:
            if part in folded:
                yield from (match.span() for match in expression.finditer(folded))


def readings(text: str, layers: int = _LAYERS) -> Iterator[str]:
    r"""Yield a text as it stands, then with one layer of escapes after the other undone.

    >>> list(readings(r"S%C3%B6dler"))
    ['S%C3%B6dler', 'Södler']
    """
    yield text
    for _ in range(layers):
        before = text
        for mark, undo in _UNDO.items():
            if mark in text and (undone := undo(text)) != text:
                text = undone
                yield text
        if text == before:
            return


def fold(text: str) -> str:
    """Return a text in the form in which texts are compared.

    >>> fold("So\u0308dler"), fold("SÖD\u00adLER"), fold("Groß")
    ('södler', 'södler', 'gross')
    """
    if text.isascii():
        return text.lower()
    return _normal("NFC", _normal("NFKC", _INVISIBLE.sub("", text)).casefold())


def _normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    # Nearly all text is, and to tell that is several times as fast.
    return text if unicodedata.is_normalized(form, text) else unicodedata.normalize(form, text)


def _may_stay(hit: Hit, kept: Kept) -> bool:
    return any(
        hit.name == name and hit.text.endswith(before, 0, hit.start) and hit.text.startswith(after, hit.end)
        for name, before, after in kept
    )


def _of_words(words: str) -> Iterator[_Pattern]:
    folded = fold(words)
    bare = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    for spelling in sorted({folded, folded.translate(_IN_TWO_LETTERS), bare}):
        if parts := _WORD.findall(spelling):
            end = "[^\\W_]*" if len(parts[-1]) >= _WHOLE_WORD else "(?![^\\W_])"
            text = f"{_START}{_BETWEEN.join(map(re.escape, parts))}{end}"
            yield _Pattern(max(parts, key=len), re.compile(text))


def _of_iri(iri: str, prefixes: Mapping[str, str]) -> Iterator[_Pattern]:
    short = [f"{name}:{iri.removeprefix(ns)}" for name, ns in prefixes.items() if iri.startswith(ns) and iri != ns]
    below = re.search(r"(?<=/)id/[^/]+/[^/#]+$", iri)  # the search index has no more of an IRI of the register
    for form in map(fold, [iri, *short, *([below[0]] if below else [])]):
        # What goes on with a letter, digit, hyphen or % is another IRI.
        yield _Pattern(form, re.compile(f"{_START}{re.escape(form)}(?![\\w%-])"))


def _of_slug(slug: str, prefixes: Mapping[str, str]) -> _Pattern:
    kinds = "|".join(sorted(re.escape(name) for name, ns in prefixes.items() if ns.endswith(f"/id/{name}/")))
    before = rf"id/{KIND}/" + (f"|(?<![\\w-])(?:{kinds}):" if kinds else "")
    expression = re.compile(f"(?:{before})(?:[a-z0-9]+-)*{re.escape(slug)}(?![a-z0-9])")
    return _Pattern(slug, expression)


def _unescaped(text: str) -> str:
    text = _ESCAPE.sub(_character, text)
    # JSON writes what lies beyond U+FFFF as two.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _SURROGATE.search(text) else text


def _character(escape: re.Match[str]) -> str:
    if code := escape[1] or escape[2]:
        return chr(int(code, 16))
    return _ESCAPED.get(escape[3], escape[3])


_UNDO: Final[Mapping[str, Callable[[str], str]]] = {
    "\\": _unescaped,
    "&": html.unescape,
    "%": lambda text: unquote(text, errors="replace"),
    '""': lambda text: text.replace('""', '"'),
}
"""A mark by which each kind of escapes is known, and how to undo them."""


def _plain(characters: Iterable[str]) -> list[str]:
    return list(takewhile(lambda character: character.isascii() and _PLAIN.match(character), characters))


def _mapped(text: str) -> tuple[str, list[int], list[int]]:
    """Return a text folded, and for each character of that where in the text it begins and ends."""
    folded, starts, ends = [], [], []
    for match in re.finditer(r".[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]*", text, re.DOTALL):
        part = fold(match[0])
        folded.append(part)
        starts += [match.start()] * len(part)
        ends += [match.end()] * len(part)
    return "".join(folded), starts, ends
