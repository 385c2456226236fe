"""A look at a query's tokens before a parser sees it: nesting, SERVICE, FROM, functions that differ from call to call.

Not a parser. Strings, IRIs, comments, variables and prefixed names are told from keywords and brackets (SPARQL 1.1,
section 19.8), which is all that is asked here. Imported by worker processes: nothing but the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

MAX_NESTING: Final = 256
"""Levels of brackets of any kind. pyoxigraph took 1,000 of every kind on a worker's stack, 20,000 braces ended it."""

_TOKEN: Final = re.compile(
    r"""
      (?P<comment>  \#[^\n\r]* )
    | (?P<iri>      <[^<>"{}|^`\x00-\x20]*> )
    | (?P<string>   \"{3} (?:[^"\\]|\\.|"(?!""))* \"{3} | '{3} (?:[^'\\]|\\.|'(?!''))* '{3}
                  | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<variable> [?$]\w+ )
    | (?P<tag>      @[A-Za-z][A-Za-z0-9-]* )
    | (?P<name>     (?:[^\W\d_][\w.\-]*)?:(?:[\w.\-:]|%[0-9A-Fa-f]{2}|\\[^\w\s])* )
    | (?P<word>     [^\W\d]\w* )
    | (?P<open>     [{(\[] )
    | (?P<close>    [})\]] )
    """,
    re.VERBOSE | re.DOTALL,
)
_OTHER: Final = re.compile(r"[\d.]+(?:[eE][+-]?\d+)?|&&|\|\||[!<>]=|\^\^|\S")
_CHEAP: Final = 16_384  # a query above is not looked through where others wait for it
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_VOLATILE: Final = ("now", "rand", "uuid", "struuid", "bnode", "service")
_PROLOGUE: Final = re.compile(
    r"(?:\s|\#[^\n\r]*)*+(?:BASE\s*<[^<>\s]*>|PREFIX\s+(?P<prefix>[^\s:]*)\s*:\s*<(?P<iri>[^<>\"{}|^`\\\s]*)>)",
    re.IGNORECASE,
)


class ScanError(ValueError):
    """A query is refused unparsed; `line` and `column` (from 1) say where, 0 where there is no place."""

    def __init__(self, message: str, query: str = "", position: int = -1) -> None:
        self.line = query.count("\n", 0, position) + 1 if position >= 0 else 0
        self.column = position - query.rfind("\n", 0, position) if position >= 0 else 0
        super().__init__(message)


def tokens(query: str) -> Iterator[re.Match[str]]:
    """Yield the tokens that matter; `lastgroup` names the kind. Operators, numbers and blanks are passed over."""
    return _TOKEN.finditer(query)


def all_tokens(query: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each token, operators and numbers included; what a comment says is passed over."""
    position = 0
    for token in tokens(query):
        yield from (
            (position + part.start(), position + part.end())
            for part in _OTHER.finditer(query[position : token.start()])
        )
        if token.lastgroup != "comment":
            yield token.span()
        position = token.end()
    yield from ((position + part.start(), position + part.end()) for part in _OTHER.finditer(query[position:]))


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
                message = f"The query is nested deeper than {MAX_NESTING} levels."
                raise ScanError(message, query, token.start())
        elif token.lastgroup == "close":
            depth -= 1


def has_dataset_clause(query: str) -> bool:
    """Tell whether the query names its dataset itself (FROM, FROM NAMED; SPARQL 1.1, section 13.2).

    >>> has_dataset_clause("SELECT ?from FROM <http://example.org/g> { ?from ?p 'FROM' }")
    True
    >>> has_dataset_clause("SELECT ?from { ?from ?p 'FROM' }")
    False
    """
    return "from" in query.lower() and any(_is_word(token, "FROM") for token in tokens(query))


def is_volatile(query: str) -> bool:
    """Tell whether the query's answer may differ from one call to the next (or can't be told cheaply)."""
    if len(query) > _CHEAP:
        return True
    lower = query.lower()
    if "\\u" in lower:
        return True
    for word in _VOLATILE:
        if word in lower:
            return any(token.lastgroup == "word" and token[0].lower() in _VOLATILE for token in tokens(query))
    return False


def check_service(query: str, allowed: Collection[str]) -> bool:
    r"""Tell whether the query asks another endpoint (SERVICE); raise `ScanError` unless each one asked is in `allowed`.

    Escapes (`\u0053ERVICE`) are looked through, whatever the engine makes of them. Only an IRI written out can be
    allowed: what a variable or a prefixed name stands for is not known here.

    >>> check_service("SELECT * { ?s ?p 'SERVICE' }", ())
    False
    """
    plain = unescape(query)
    if "service" not in plain.lower():
        return False
    found = [_services(text, allowed) for text in {query, plain}]
    return any(found)


def unescape(query: str) -> str:
    r"""Resolve the escapes of code points (SPARQL 1.1, section 19.2).

    >>> unescape(r"\u0053ERVICE")
    'SERVICE'
    """
    return _ESCAPE.sub(lambda match: _character(match[1] or match[2]), query) if "\\" in query else query


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


def _services(query: str, allowed: Collection[str]) -> bool:
    asked = ambiguous = False
    after_service: re.Match[str] | None = None
    for token in tokens(query):
        if token.lastgroup == "comment":
            continue
        if after_service and not _is_word(token, "SILENT"):
            if token.lastgroup != "iri" or token[0][1:-1] not in allowed:
                raise ScanError(_refusal(allowed), query, after_service.start())
            after_service = None
        elif _is_word(token, "SERVICE"):
            asked, after_service = True, token
        elif token.lastgroup == "iri" and ("#" in token[0] or "'" in token[0]) and "://" not in token[0]:
            ambiguous = True
    if after_service:
        raise ScanError(_refusal(allowed), query, after_service.start())
    # `?a <#>` may be an IRI or a comparison and a comment, behind which a SERVICE could hide from this scan.
    if ambiguous and not asked:
        message = "This query can't be told from one that uses SERVICE; write its relative IRIs out in full."
        raise ScanError(message)
    return asked


def _refusal(allowed: Collection[str]) -> str:
    known = ", ".join(f"<{iri}>" for iri in sorted(allowed))
    return "SERVICE is refused here." + (
        f" Only these endpoints may be asked, their IRIs written in full: {known}." if known else ""
    )


def _is_word(token: re.Match[str], word: str) -> bool:
    return token.lastgroup == "word" and token[0].upper() == word


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
