"""The rows of tables as evidence: nodes like those that entries of keepers are expanded to (docs/evidence.md), as N-Triples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.graph.evidence import Labels
from vertragsgraph.rdf import terms
from vertragsgraph.register import Register
from vertragsgraph.register.names import line_digits
from vertragsgraph.sources.tables import Description
from vertragsgraph.texts import marked, text_in, translate

READ: Final = marked("{source}, row {row}")
ROWS: Final = NamedNode("https://www.rfc-editor.org/info/rfc7111")
"""What the fragments of the addresses of tables conform to (RFC 7111, section 2.1)."""


_NODE: Final = "".join(
    f"%s {part} {value} .\n"
    for part, value in (
        (terms.TYPE, terms.STATEMENT),
        (terms.TYPE, terms.RDF_STATEMENT),
        (terms.SUBJECT, "%s"),
        (terms.PREDICATE, "%s"),
        (terms.OBJECT, "%s"),
        (terms.HAS_EVIDENCE, "<%s>"),
    )
).encode()
_ROW: Final = "\ue000"
"""Stands in the lines of an entry for the number of its row: a character for private use, which no name has."""


def entry_iri(register: Register, described: Description, row: int | str) -> str:
    """Return the IRI of the evidence that a row of a table is."""
    return register.iri(f"id/evidence/{described.slug}-row-{row}")


def statement_lines(register: Register, line: bytes, entry: str) -> bytes:
    """Return the node that stands for a statement (a line of canonical N-Triples) and has an entry as its evidence."""
    node = f"<{register.iri('id/statement/')}{line_digits(line[:-1])}>".encode()
    subject, predicate, target = line[:-3].split(b" ", 2)
    return _NODE % (node, node, node, subject, node, predicate, node, target, node, entry.encode())


class RowEvidence:
    """Makes the entries for the rows of a table; `labels` are those of its source by language."""

    def __init__(self, register: Register, described: Description, labels: Labels) -> None:
        self._register = register
        self._described = described
        source = labels.get(described.source) or {}
        self._names: Mapping[str, str] = {
            language: text_in(source, language) if source else described.source for language in register.languages
        }
        day = Literal(described.day, datatype=terms.DATE)
        self._same = (
            (terms.TYPE, terms.EVIDENCE),
            (terms.TYPE, terms.SPECIFIC_RESOURCE),
            (terms.SUPPORT_KIND, terms.STATED),
            (terms.HAS_SOURCE, NamedNode(described.source)),
            (terms.CREATOR, NamedNode(described.creator)),
            (terms.DAY, day),
        )

        self._template = self._lines(_ROW)

    def lines(self, row: int) -> bytes:
        """Return the entry for a row: what it is called, where it stands, by whose judgement (Web Annotation, section 4.2.1)."""
        return self._template.replace(_ROW, str(row)).encode()

    def _lines(self, row: str) -> str:
        node = f"<{entry_iri(self._register, self._described, row)}>"
        selector = f"{node[:-1]}/row>"
        own = (
            *((terms.LABEL, Literal(self._called(row, language), language=language)) for language in self._names),
            (terms.ROW, Literal(row, datatype=terms.INTEGER)),
            (terms.HAS_SELECTOR, selector),
        )
        fragment = (
            (terms.TYPE, terms.FRAGMENT_SELECTOR),
            (terms.VALUE, Literal(f"row={row}")),
            (terms.CONFORMS_TO, ROWS),
        )
        lines = [f"{node} {part} {value} .\n" for part, value in (*self._same, *own)]
        return "".join([*lines, *(f"{selector} {part} {value} .\n" for part, value in fragment)])

    def _called(self, row: str, language: str) -> str:
        return translate(READ, self._register.speaks(language), source=self._names[language], row=row)
