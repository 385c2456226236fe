"""Turtle and TriG, written subject by subject: prefixes, one predicate a line, types and labels first.

pyoxigraph writes them in the order in which triples come, and so what a thing is and is called would stand anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, TextIO

import pyoxigraph

from vertragsgraph.rdf.namespaces import XSD
from vertragsgraph.rdf.syntax import ntriples as nt

WIDTH: Final = 100
"""Up to this many characters, the objects of a predicate stand in one line."""

_LOCAL_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?").fullmatch
# Only the canonical lexical forms: readers that work with values then give back the same literal.
_ABBREVIATED: Final = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*").fullmatch,
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])").fullmatch,
    XSD + "boolean": re.compile(r"true|false").fullmatch,
}


class Terms:
    """Turns N-Triples terms into Turtle terms; `used` holds the prefixes that came to use."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Take prefixes (name to namespace); only namespaces that end in `/` or `#` serve to shorten IRIs."""
        self._names = {namespace: name for name, namespace in prefixes.items() if namespace.endswith(("/", "#"))}
        self.used: set[str] = set()

    def iri(self, term: str) -> str:
        """Shorten an IRI (`<…>`) where its last part is a plain local name; leave anything else as it is.

        >>> Terms({"ex": "http://example.org/"}).iri("<http://example.org/a>")
        'ex:a'
        >>> Terms({"ex": "http://example.org/"}).iri("<http://example.org/a%2Fb>")
        '<http://example.org/a%2Fb>'
        """
        end = max(term.rfind("/"), term.rfind("#")) + 1
        name = self._names.get(term[1:end])
        if name is None or not _LOCAL_NAME(term, end, len(term) - 1):
            return term
        self.used.add(name)
        return f"{name}:{term[end:-1]}"

    def object(self, term: str) -> str:
        """Return a term as Turtle writes it, in a triple term (RDF 1.2) too; canonical numbers and booleans go without quotes."""
        if term.startswith("<<("):
            subject, predicate, value = term[4:-4].split(" ", 2)
            return f"<<( {self.iri(subject)} {self.iri(predicate)} {self.object(value)} )>>"
        if term[0] == "<":
            return self.iri(term)
        if term[0] != '"' or term[-1] != ">":
            return term
        end = term.rindex('"')
        lexical, datatype = term[1:end], term[end + 3 :]
        canonical = _ABBREVIATED.get(datatype[1:-1])
        if canonical and canonical(lexical):
            return lexical
        return f"{term[: end + 1]}^^{self.iri(datatype)}"


def declarations(prefixes: Mapping[str, str]) -> str:
    """Return the `@prefix` lines for prefixes (name to namespace)."""
    return "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in prefixes.items())


def blocks(lines: Iterable[str], terms: Terms, indent: str = "") -> Iterator[str]:
    """Yield the text of each subject, from N-Triples lines that stand subject by subject."""
    inner = f"{indent}    "
    for subject, group in nt.grouped(lines):
        yield f"\n{indent}{terms.iri(subject)}\n{inner}{properties(group, terms, terms.object, inner)} .\n"


def properties(group: nt.Group, terms: Terms, text_of: Callable[[str], str], indent: str) -> str:
    """Return what is said of a subject, one property a line; `text_of` writes the objects."""
    own_line = f",\n{indent}    "
    parts = []
    for predicate, objects in nt.by_predicate(group):
        verb = "a" if predicate == nt.RDF_TYPE else terms.iri(predicate)
        values = [text_of(value) for value in objects]
        parts.append(f"{verb} {(', ' if len(values) == 1 or fit_a_line(values) else own_line).join(values)}")
    return f" ;\n{indent}".join(parts)


def fit_a_line(values: Sequence[str]) -> bool:
    """Tell whether values may stand in one line."""
    return sum(map(len, values)) < WIDTH and not any("\n" in value for value in values)


def write_lines(lines: Iterable[str], out: TextIO, prefixes: Mapping[str, str]) -> None:
    """Write sorted N-Triples lines as Turtle, in the memory of one subject; all prefixes are declared."""
    terms = Terms(prefixes)
    out.writelines(chain([declarations(prefixes)], blocks(lines, terms)))


def write(triples: Iterable[pyoxigraph.Triple], out: TextIO, prefixes: Mapping[str, str]) -> None:
    """Write the triples of a small document (held in memory) as Turtle; only the prefixes in use are declared."""
    terms = Terms(prefixes)
    body = "".join(blocks(nt.from_triples(triples), terms))
    out.write(declarations({name: namespace for name, namespace in prefixes.items() if name in terms.used}))
    out.write(body)
