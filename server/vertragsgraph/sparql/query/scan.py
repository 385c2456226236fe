"""A look at a query's tokens before a parser sees it: nesting, SERVICE, FROM, functions that differ from call to call.

Not a parser. Strings, IRIs, comments, variables and names are told from keywords and brackets (SPARQL 1.1, section 19.8),
which is all that is asked here. Engines are more lenient (`trueSERVICE`): safety never rests on this scan alone.
Imported by worker processes: nothing but the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import takewhile
from typing import Final

from vertragsgraph.message import Message

MAX_NESTING: Final = 256
"""Levels of brackets of any kind. pyoxigraph took 1,000 of every kind on a worker's stack, 20,000 braces ended it."""

# What names begin with beside the letters of ASCII, and what else may follow (SPARQL 1.1, section 19.8, rules 164 to 167).
_LETTERS: Final = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARKS: Final = "\u00b7\u0300-\u036f\u203f\u2040"
_OTHER: Final = re.compile(r"&&|\|\||[!<>]=|\^\^|\S")
_CHEAP: Final = 16_384  # a query above is not looked through where others wait for it
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_VOLATILE: Final = re.compile("now|rand|uuid|bnode|service", re.IGNORECASE)  # parts of the keywords that make it so
_CALLED: Final = re.compile(r"(?:now|rand|uuid|bnode)\s*[(\#]|service", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")
PROLOGUE: Final = frozenset({"BASE", "PREFIX", "VERSION"})
UPDATES: Final = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})
"""The words that an update begins with (SPARQL 1.1 Update, section 3)."""
_PROLOGUE: Final = re.compile(
    r"(?:\s|\#[^\n\r]*)*+(?:BASE\s*<[^<>\s]*>|PREFIX\s+(?P<prefix>[^\s:]*)\s*:\s*<(?P<iri>[^<>\"{}|^`\\\s]*)>)",
    re.IGNORECASE,
)


class ScanError(ValueError):
    """A query is refused unparsed, with a status of HTTP; `line` and `column` (from 1) say where, 0 where there is no place."""

    def __init__(self, message: Message, query: str = "", position: int = -1, status: int = 403) -> None:
        self.message, self.status = message, status
        self.line, self.column = place(query, position) if position >= 0 else (0, 0)
        super().__init__(message)


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column (from 1) of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


@cache
def _patterns(*, is_ascii: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a token and of a word in what looks like the beginning of a name, for two kinds of text.

    Nothing is given back once it is read (possessive quantifiers): each character is looked at a few times at most. The
    classes of characters take long to compile, so that is done when they are needed.
    """
    base = "A-Za-z" + ("" if is_ascii else _LETTERS)
    inner = f"{base}_0-9" + ("" if is_ascii else _MARKS)
    prefix = rf"(?>[{base}][{inner}\-]*+(?:\.++[{inner}\-]++)*+)"
    escaped = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
    local = rf"(?:[{base}_:0-9]|{escaped})(?:\.*+(?:[{inner}\-:]|{escaped}))*+"
    token = rf"""(?=\S) (?:
      (?P<comment>  \#[^\n\r]*+ )
    | (?P<iri>      <[^<>"{{}}|^`\x00-\x20]*+> )
    | (?P<string>   \"{{3}} (?:[^"\\]|\\.|"(?!""))*+ \"{{3}} | '{{3}} (?:[^'\\]|\\.|'(?!''))*+ '{{3}}
                  | "(?!"") (?:[^"\\\n\r]|\\[^\n\r])*+" | '(?!'') (?:[^'\\\n\r]|\\[^\n\r])*+' )
    | (?P<unclosed> \"{{3}} (?:[^"\\]|\\.|"(?!""))*+ | '{{3}} (?:[^'\\]|\\.|'(?!''))*+
                  | "(?:[^"\\\n\r]|\\[^\n\r])*+ | '(?:[^'\\\n\r]|\\[^\n\r])*+ )
    | (?P<variable> [?$][{base}_0-9][{inner}]*+ )
    | (?P<tag>      @[A-Za-z]++(?:--?[A-Za-z0-9]++)*+ )
    | (?P<blank>    _:[{base}_0-9](?:\.*+[{inner}\-])*+ )
    | (?P<name>     (?:{prefix})?:(?:{local})? )
    | (?P<words>    {prefix} )
    | (?P<number>   (?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)[eE][+-]?[0-9]++ | [0-9]*+\.[0-9]++ | [0-9]++ )
    | (?P<open>     [{{(\[] )
    | (?P<close>    [}})\]] )
    )"""
    return re.compile(token, re.VERBOSE | re.DOTALL), re.compile(rf"(?P<word>[{base}][^.\-]*+)")


def tokens(query: str) -> Iterator[re.Match[str]]:
    """Yield the tokens; `lastgroup` names the kind. Operators and blanks are passed over.

    Takes time in proportion to the text, whatever it is. A string that is never closed is one token (`unclosed`), to the end
    of its line or, begun by three quotation marks, of the text.

    >>> [token[0] for token in tokens("?s a c:.SERVICE <http://example.org/>")]
    ['?s', 'a', 'c:', 'SERVICE', '<http://example.org/>']
    """
    of_token, of_word = _patterns(is_ascii=query.isascii())
    for token in of_token.finditer(query):
        if token.lastgroup == "words":  # no colon follows, so this is no name
            yield from of_word.finditer(query, *token.span())
        else:
            yield token


def code(query: str) -> Iterator[re.Match[str]]:
    """Yield the tokens that aren't comments."""
    return (token for token in tokens(query) if token.lastgroup != "comment")


def all_tokens(query: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each token, operators included; what a comment says is passed over.

    Of a string that is never closed, the quotation mark is the token.
    """
    position = 0
    for token in tokens(query):
        yield from (
            (position + part.start(), position + part.end())
            for part in _OTHER.finditer(query[position : token.start()])
        )
        if token.lastgroup == "unclosed":
            yield token.start(), token.start() + 1
        elif token.lastgroup != "comment":
            yield token.span()
        position = token.end()
    yield from ((position + part.start(), position + part.end()) for part in _OTHER.finditer(query[position:]))


def form(query: str) -> str:
    r"""Return the first keyword after the prologue, in capitals: `SELECT`, `INSERT` …; nothing where there is none.

    >>> form("PREFIX a: <http://a/> # ASK\n select * {}")
    'SELECT'
    """
    word = form_word(query)
    return word[0].upper() if word else ""


def form_word(query: str) -> re.Match[str] | None:
    """Return the first keyword after the prologue; None where there is none."""
    words = (token for token in tokens(query) if token.lastgroup == "word")
    return next((word for word in words if word[0].upper() not in PROLOGUE), None)


def check_nesting(query: str) -> None:
    """Raise `ScanError` at the bracket that is nested deeper than `MAX_NESTING` levels.

    >>> check_nesting('SELECT * { ?s ?p "' + "{" * 1000 + '" }')
    """
    if query.count("{") + query.count("(") + query.count("[") <= MAX_NESTING:
        return
    depth = 0
    for token in tokens(query):
        if token.lastgroup == "open":
            depth += 1
            if depth > MAX_NESTING:
                message = Message("The query is nested deeper than {levels} levels.", levels=MAX_NESTING)
                raise ScanError(message, query, token.start(), 400)
        elif token.lastgroup == "close":
            depth -= 1


def has_dataset_clause(query: str) -> bool:
    """Tell whether the query names its dataset itself (FROM, FROM NAMED; SPARQL 1.1, section 13.2).

    >>> has_dataset_clause("SELECT ?from FROM <http://example.org/g> { ?from ?p 'FROM' }")
    True
    >>> has_dataset_clause("SELECT ?from { ?from ?p 'FROM' }")
    False
    """
    return "from" in query.lower() and any(is_word(token, "FROM") for token in tokens(query))


def is_volatile(query: str) -> bool:
    """Tell whether the query's answer may differ from one call to the next (or can't be told cheaply).

    Where the engine may read the text in another way than this scan, it may.
    """
    if len(query) > _CHEAP or "\\u" in query or "\\U" in query:
        return True
    lowered = query.casefold()  # a fifth of the time that the expression takes which tells it more exactly
    if not ("now" in lowered or "rand" in lowered or "uuid" in lowered or "bnode" in lowered or "service" in lowered):
        return False
    return bool(_CALLED.search(query)) and any(_may_be_volatile(token) for token in tokens(query))


def check_service(query: str, allowed: Collection[str]) -> bool:
    r"""Tell whether the query asks another endpoint (SERVICE); raise `ScanError` unless each one asked is in `allowed`.

    Escapes (`\u0053ERVICE`) are looked through, whatever the engine makes of them. Only an IRI written out can be
    allowed: what a variable or a prefixed name stands for is not known here.

    >>> check_service("SELECT * { ?s ?p 'SERVICE' }", ())
    False
    """
    if not mentions_service(query):
        return False
    asked = False
    for text in {query, unescape(query)}:
        for service, endpoint in services(text):
            asked = True
            if endpoint is None or endpoint.lastgroup != "iri" or endpoint[0][1:-1] not in allowed:
                raise ScanError(_refusal(allowed), text, service.start())
    return asked


def services(query: str) -> Iterator[tuple[re.Match[str], re.Match[str] | None]]:
    """Yield each SERVICE with the token that names its endpoint; None where the query ends before it."""
    found = code(query)
    for token in found:
        if is_word(token, "SERVICE"):
            endpoint = next(found, None)
            if endpoint and is_word(endpoint, "SILENT"):
                endpoint = next(found, None)
            yield token, endpoint


def mentions_service(query: str) -> bool:
    """Tell whether the word stands anywhere in the query, be it in a string."""
    return "service" in unescape(query).lower()


def unescape(query: str) -> str:
    r"""Resolve the escapes of code points (SPARQL 1.1, section 19.2).

    >>> unescape(r"\u0053ERVICE")
    'SERVICE'
    """
    return _ESCAPE.sub(lambda match: _character(match[1] or match[2]), query) if "\\" in query else query


def prologue(query: str) -> str:
    r"""Return the declarations at the beginning of a query (SPARQL 1.1, section 4), which Turtle has, too.

    >>> prologue("PREFIX a: <http://a/> # a\nASK { PREFIX }")
    'PREFIX a: <http://a/>'
    """
    declared = takewhile(lambda token: token.lastgroup != "word" or token[0].upper() in PROLOGUE, code(query))
    return " ".join(token[0] for token in declared)


def prefixes(query: str) -> dict[str, str]:
    """Return the prefixes that a query declares, as far as their IRIs are absolute.

    >>> prefixes("PREFIX ex: <http://example.org/> SELECT * { ?s ex:p 'PREFIX x: <http://x/>' }")
    {'ex': 'http://example.org/'}
    """
    found: dict[str, str] = {}
    position = 0
    while match := _PROLOGUE.match(query, position):
        position = match.end()
        if match["iri"] and ":" in match["iri"]:
            found[match["prefix"]] = match["iri"]
    return found


def is_word(token: re.Match[str], word: str) -> bool:
    """Tell whether a token is a keyword, in whatever case."""
    return token.lastgroup == "word" and token[0].upper() == word


def _may_be_volatile(token: re.Match[str]) -> bool:
    if token.lastgroup == "word":  # the engine takes keywords written together, as in DISTINCTRAND()
        return bool(_VOLATILE.search(token[0]))
    if token.lastgroup == "iri":  # or `<` is an operator: ?a<NOW()&&?b>?c
        text = token[0]
        return not _ABSOLUTE.match(text) and ("#" in text or "'" in text or bool(_VOLATILE.search(text)))
    return token.lastgroup == "unclosed"


def _refusal(allowed: Collection[str]) -> Message:
    if not allowed:
        return Message("SERVICE is refused here.")
    known = tuple(f"<{iri}>" for iri in sorted(allowed))
    return Message(
        "SERVICE is refused here. Only these endpoints may be asked, their IRIs written in full: {known}.", known=known
    )


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
