"""Words as search compares them: without case, umlauts and endings; names without legal forms.

The same analysis is applied when the index is written and when it is asked, so `Öffnung`, `Oeffnung` and `Offnung` meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

# Letters that Unicode doesn't decompose into a base letter and a mark.
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "a", "œ": "o", "ð": "d", "þ": "th"})
_UMLAUT_IN_TWO: Final = re.compile("([aou])e")
_WORD: Final = re.compile(r"[^\W_]+")
_ENDINGS: Final = ("ern", "em", "en", "er", "es", "e", "s", "n")
# Of languages with endings of their own: none that isn't cut off above, too, so that what is asked for, whose language nobody
# knows, has no more letters left than what is in the index.
_ENDINGS_OF: Final = {"fr": ("es", "s", "e")}
_SHORTEST_STEM: Final = 3

# Words that stand for nothing by themselves, folded: articles, prepositions, conjunctions, forms of address.
_WEAK: Final = frozenset(
    word
    for language in (
        "der die das des dem den ein eine einer eines fur f in im am an auf bei von vom zu zum zur mit und u",
        "the of and for a to with",
        "dr prof herr frau mr mrs ms",
    )
    for word in language.split()
)
_SHORT_FORMS: Final = {
    "lv": "landesverband",
    "kv": "kreisverband",
    "ov": "ortsverband",
    "bv": "bezirksverband",
    "dt": "deutsch",
    "st": "sankt",
}


def fold(text: str) -> str:
    """Return a text in small letters without marks; an umlaut written as two letters becomes one.

    >>> fold("Öffnung"), fold("OEFFNUNG"), fold("Offnung"), fold("Straße")
    ('offnung', 'offnung', 'offnung', 'strasse')
    """
    folded = text.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded.translate(_LETTERS))
        # Some characters (ᴬ, ℌ) are capitals once they are decomposed.
        folded = "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()
    return _UMLAUT_IN_TWO.sub(r"\1", folded)


def stem(word: str, language: str = "") -> str:
    """Return a folded word without its ending: that of its language (BCP 47), where it has some of its own, else a German one.

    >>> stem("hessischen"), stem("hessischer"), stem("vertrage"), stem("kreuzes"), stem("drk")
    ('hessisch', 'hessisch', 'vertrag', 'kreuz', 'drk')
    >>> stem("associations", "fr"), stem("association", "fr"), stem("communales", "fr-BE")
    ('association', 'association', 'communal')
    """
    if word.isalpha():
        for ending in _ENDINGS_OF.get(language.partition("-")[0].lower(), _ENDINGS):
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                return word[: -len(ending)]
    return word


def stems(word: str) -> set[str]:
    """Return what a folded word may be in the index, whatever its language."""
    return {stem(word), *(stem(word, language) for language in _ENDINGS_OF)}


def has_own_endings(language: str) -> bool:
    """Tell whether texts in a language (BCP 47) have endings of their own."""
    return language.partition("-")[0].lower() in _ENDINGS_OF


def words(text: str, language: str = "") -> list[str]:
    """Return the stems of all words of a text, in their order.

    >>> words("Interkulturelle Öffnung, 2018")
    ['interkulturell', 'offnung', '2018']
    """
    return [stem(word, language) for word in _WORD.findall(fold(text))]


class LegalForms:
    """The legal forms that a register knows, by code, with what they are called; names are compared without them.

    >>> forms = LegalForms({"ev": ["eingetragener Verein", "e.V."], "asbl": ["asbl"]})
    >>> forms.cut_off(fold("Turnverein e. V.")), forms.cut_off("sport pour tous asbl"), forms.cut_off("ev. kirche")
    (('turnverein ', 'ev'), ('sport pour tous ', 'asbl'), ('ev. kirche', ''))
    """

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self.names = {code: tuple(texts) for code, texts in names.items()}
        self._codes = tuple(self.names)
        of_each = (sorted(filter(None, map(_pattern, texts)), key=len, reverse=True) for texts in self.names.values())
        self._any = re.compile("|".join(f"({'|'.join(patterns) or '(?!)'})" for patterns in of_each) or "(?!)")

    def cut_off(self, folded: str) -> tuple[str, str]:
        """Return a folded name without the legal form in it, and the code of that."""
        found = self._any.search(folded)
        if not found:
            return folded, ""
        return folded[: found.start()] + folded[found.end() :], self._codes[(found.lastindex or 1) - 1]


def _pattern(form: str) -> str:
    """Return the pattern of a legal form in folded names.

    An abbreviation may have blanks between its letters, which have full stops then; one of letters alone may be a word by
    itself (a working group, "ev." for Protestant): it is none at the beginning, and without full stops only one at the end.
    """
    parts = _WORD.findall(fold(form))
    if not parts:
        return ""
    if max(map(len, parts)) > 2:
        return r"\b" + r"\W+".join(parts) + r"\b\.?"
    dotted = r"(?!^)\b" + r"\s?\.\s?".join(parts) + r"\b\.?|" if len(parts) > 1 else ""
    return dotted + r"(?!^)\b" + "".join(parts) + "$"


NO_FORMS: Final = LegalForms({})


def telling_words(text: str, forms: LegalForms = NO_FORMS) -> list[str]:
    """Return the folded words of a text, but legal form and weak words, which names are compared without; else all of them.

    >>> telling_words("Verband binationaler Familien und Partnerschaften, iaf e.V.", LegalForms({"ev": ["e. V."]}))
    ['verband', 'binationaler', 'familien', 'partnerschaften', 'iaf']
    >>> telling_words("und")
    ['und']
    """
    folded = fold(text).strip()
    rest, _ = forms.cut_off(folded)
    return [word for word in _WORD.findall(rest) if word not in _WEAK] or _WORD.findall(folded)


@dataclass(frozen=True)
class Name:
    """A name as names are compared.

    `tokens` are the stems of its words without legal form and weak words; `short` are the positions of those that were
    abbreviated with a full stop; `form` is the code of its legal form or "", `recorded` has those of what bears the name.
    """

    tokens: tuple[str, ...]
    form: str = ""
    short: frozenset[int] = frozenset()
    recorded: frozenset[str] = frozenset()

    @cached_property
    def flat(self) -> str:
        """The tokens without anything between them, so that a split compound equals the whole one."""
        return "".join(self.tokens)


def analyse(text: str, forms: LegalForms = NO_FORMS) -> Name:
    """Return a name as it is compared.

    >>> name = analyse("Deutsches Rotes Kreuz, LV Hessen e. V.", LegalForms({"ev": ["e.V."]}))
    >>> name.tokens, name.form
    (('deutsch', 'rot', 'kreuz', 'landesverband', 'hess'), 'ev')
    """
    folded, form = forms.cut_off(fold(text).strip())
    tokens: list[str] = []
    short: set[int] = set()
    for match in _WORD.finditer(folded):
        word = match[0]
        if word in _WEAK:
            continue
        if word in _SHORT_FORMS:
            word = _SHORT_FORMS[word]
        elif folded[match.end() : match.end() + 1] == "." and word.isalpha():
            short.add(len(tokens))
        # An abbreviated word has lost its ending already.
        tokens.append(stem(word) if len(tokens) not in short else word)
    if not tokens:
        return Name(tuple(words(text)), form)
    return Name(tuple(tokens), form, frozenset(short))


class Token(NamedTuple):
    """A word of a text as `Name` has those of names, and where it stands: `text[start:end]`."""

    stem: str
    start: int
    end: int


# A word with the marks that stand by themselves in decomposed text, with soft hyphens, and across the end of a line.
_WORD_IN_TEXT: Final = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad]|-[ \t]*\n[ \t]*(?=[a-zß-öø-ÿ]))*")
_WITHIN_WORD: Final = re.compile(r"\u00ad|-?\s+")


def tokens(text: str) -> Iterator[Token]:
    r"""Yield the words of a text as they are compared with those of names, but for weak words.

    >>> [(token.stem, text[token.start : token.end]) for text in ["Das Deut-\nsche Rote Kreuz"] for token in tokens(text)]
    [('deutsch', 'Deut-\nsche'), ('rot', 'Rote'), ('kreuz', 'Kreuz')]
    """
    for match in _WORD_IN_TEXT.finditer(text):
        if word := _token(match[0]):
            yield Token(word, match.start(), match.end())


@lru_cache(100_000)
def _token(word: str) -> str:
    folded = fold(_WITHIN_WORD.sub("", word))
    return "" if folded in _WEAK else stem(_SHORT_FORMS.get(folded, folded))
