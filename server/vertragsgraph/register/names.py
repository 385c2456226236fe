"""How the IRIs of resources are made: `id/{kind}/{slug}` below the base, and what follows for parts.

Gate, routes and reports rest on the same form: what it lets pass is carried as it is by paths, prefixed names of Turtle,
files and headers. The IRI of what is said about a statement or a link is made of the triple: a number or a blank node
would be another in each release, and nobody could cite it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode, Triple

from vertragsgraph.rdf.namespaces import VG, WELL_KNOWN

KIND: Final = "[a-z]+(?:-[a-z]+)*"
SLUG: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
IN_KIND: Final = re.compile(rf"id/({KIND})/")
_RESOURCE: Final = re.compile(rf"{KIND}(?:/{SLUG})+")

LONGEST: Final = 200
"""Characters that a path of a resource may have, so that gateways and headers carry its address."""

HEX_DIGITS: Final = 16
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

RESERVED: Final = ("statement", "mapping")
"""Kinds whose IRIs are derived from triples by the build."""


def kind_of(iri: str, base: str) -> str:
    """Return the kind of a resource of the register with a base IRI, "" for any other IRI.

    >>> kind_of("https://example.org/id/contract/a", "https://example.org/"), kind_of("https://example.org/", "x:")
    ('contract', '')
    """
    return iri.removeprefix(f"{base}id/").partition("/")[0] if iri.startswith(f"{base}id/") else ""


def dataset_iri(base: str) -> str:
    """Return the IRI of a register as a dataset."""
    return f"{base}catalog#dataset"


def is_resource(path: str) -> bool:
    """Tell whether a path below `id/` is made as those of resources are.

    >>> is_resource("contract/drk-hessen"), is_resource("contract/a--b"), is_resource("contract2/a")
    (True, False, False)
    """
    return _RESOURCE.fullmatch(path) is not None


def slug(name: str) -> str:
    """Return a name as lower-case ASCII letters, digits and single hyphens; nothing where it has none of them.

    >>> slug("Verträge Rheinland-Pfalz (2026)")
    'vertraege-rheinland-pfalz-2026'
    """
    ascii_only = unicodedata.normalize("NFKD", name.lower().translate(_GERMAN)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def digits(triple: Triple) -> str:
    """Return the first 16 hexadecimal digits (lower case) of the SHA-256 of a triple.

    It is taken of the triple as a canonical N-Triples line (RDF 1.2 N-Triples, section 4) in UTF-8 without the line feed.

    >>> a, b, c = (NamedNode(f"https://example.org/{name}") for name in "abc")
    >>> digits(Triple(a, b, c))
    '4e82e508620cbc8f'
    """
    return line_digits(f"{triple} .".encode())


def line_digits(line: bytes) -> str:
    """Return what `digits` does for a triple that is a canonical N-Triples line, without the line feed."""
    return hashlib.sha256(line).hexdigest()[:HEX_DIGITS]


def statement_iri(triple: Triple, base: str) -> NamedNode:
    """Return the IRI of the node that stands for a statement; the same triple has the same IRI in every release."""
    return NamedNode(f"{base}id/statement/{digits(triple)}")


def mapping_iri(link: Triple, base: str) -> NamedNode:
    """Return the IRI of the node that tells how a link came about; the same link has the same IRI in every release."""
    return NamedNode(f"{base}id/mapping/{digits(link)}")


def prefixes_for(base: str, kinds: Iterable[str]) -> dict[str, str]:
    """Return the prefixes of a register with these kinds of resources, name to namespace.

    A kind that has the name of a well-known vocabulary gets no prefix.

    >>> prefixes_for("https://example.org/", ["contract"])["contract"]
    'https://example.org/id/contract/'
    """
    own = {kind: f"{base}id/{kind}/" for kind in sorted(kinds)}
    return WELL_KNOWN | {name: namespace for name, namespace in own.items() if name not in WELL_KNOWN}


def class_named(kind: str) -> str:
    """Return the class of our own vocabulary that is named as a kind is.

    >>> class_named("legal-form")
    'https://w3id.org/vertragsgraph/ontology#LegalForm'
    """
    return VG + "".join(part.capitalize() for part in kind.split("-"))
