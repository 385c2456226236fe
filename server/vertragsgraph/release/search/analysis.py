"""Words as search compares them: without case, umlauts and endings; names without legal forms.

The same analysis is applied when the index is written and when it is asked, so `Öffnung`, `Oeffnung` and `Offnung` meet.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Final

# Letters that Unicode doesn't decompose into a base letter and a mark.
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "a", "œ": "o", "ð": "d", "þ": "th"})
_UMLAUT_IN_TWO: Final = re.compile("([aou])e")
_WORD: Final = re.compile(r"[^\W_]+")
_ENDINGS: Final = ("ern", "em", "en", "er", "es", "e", "s", "n")
_SHORTEST_STEM: Final = 3

_LEGAL_FORMS: Final = (
    ("ev", r"\be\s?\.\s?v\b\.?|\bev$|\beingetragener verein\b|\bregistered association\b"),
    ("ggmbh", r"\bggmbh\b|\bgemeinn.tzige (gmbh|gesellschaft mit beschrankter haftung)\b"),
    ("gmbh", r"\bgmbh\b|\bgesellschaft mit beschrankter haftung\b"),
    ("ug", r"\bg?ug( \(haftungsbeschrankt\))?$"),
    ("eg", r"\be\s?\.\s?g\b\.?|\beg$|\beingetragene genossenschaft\b"),
    ("ag", r"\bag$"),
    ("kdor", r"\bk\.?\s?d\.?\s?o\.?\s?r\b\.?|\bkorperschaft des offentlichen rechts\b"),
    ("aor", r"\ba\.?\s?o\.?\s?r\b\.?$|\banstalt des offentlichen rechts\b"),
    ("ltd", r"\bltd\b\.?$|\blimited$"),
)
_ANY_FORM: Final = re.compile("|".join(f"(?P<{code}>{pattern})" for code, pattern in _LEGAL_FORMS))
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


def stem(word: str) -> str:
    """Return a folded word without its German ending.

    >>> stem("hessischen"), stem("hessischer"), stem("vertrage"), stem("kreuzes"), stem("drk")
    ('hessisch', 'hessisch', 'vertrag', 'kreuz', 'drk')
    """
    if word.isalpha():
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                return word[: -len(ending)]
    return word


def words(text: str) -> list[str]:
    """Return the stems of all words of a text, in their order.

    >>> words("Interkulturelle Öffnung, 2018")
    ['interkulturell', 'offnung', '2018']
    """
    return [stem(word) for word in _WORD.findall(fold(text))]


@dataclass(frozen=True)
class Name:
    """A name as names are compared.

    `tokens` are the stems of its words without legal form and weak words; `short` are the positions of those that were
    abbreviated with a full stop; `form` is the code of its legal form or "".
    """

    tokens: tuple[str, ...]
    form: str = ""
    short: frozenset[int] = frozenset()

    @cached_property
    def flat(self) -> str:
        """The tokens without anything between them, so that a split compound equals the whole one."""
        return "".join(self.tokens)


def analyse(text: str) -> Name:
    """Return a name as it is compared.

    >>> analyse("Deutsches Rotes Kreuz, LV Hessen e. V.")
    Name(tokens=('deutsch', 'rot', 'kreuz', 'landesverband', 'hess'), form='ev', short=frozenset())
    """
    folded = fold(text).strip()
    found = _ANY_FORM.search(folded)
    form = ""
    if found and found.start() > 0:
        form = found.lastgroup or ""
        folded = f"{folded[: found.start()]} {folded[found.end() :]}"
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
