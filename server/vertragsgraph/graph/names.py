"""IRIs that are made of triples: of what is said about a statement or a link, so that they last as long as it is the same."""

from __future__ import annotations

import hashlib
from typing import Final

from pyoxigraph import NamedNode, Triple

HEX_DIGITS: Final = 16


def digits(triple: Triple) -> str:
    """Return the first 16 hexadecimal digits (lower case) of the SHA-256 of a triple.

    It is taken of the triple as a canonical N-Triples line (RDF 1.2 N-Triples, section 4) in UTF-8 without the line feed.

    >>> a, b, c = (NamedNode(f"https://example.org/{name}") for name in "abc")
    >>> digits(Triple(a, b, c))
    '4e82e508620cbc8f'
    """
    return hashlib.sha256(f"{triple} .".encode()).hexdigest()[:HEX_DIGITS]


def statement_iri(triple: Triple, base: str) -> NamedNode:
    """Return the IRI of the node that stands for a statement; the same triple has the same IRI in every release."""
    return NamedNode(f"{base}id/statement/{digits(triple)}")


def mapping_iri(link: Triple, base: str) -> NamedNode:
    """Return the IRI of the node that tells how a link came about; the same link has the same IRI in every release."""
    return NamedNode(f"{base}id/mapping/{digits(link)}")
