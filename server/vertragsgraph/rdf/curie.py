"""IRIs written shorter: with a prefix and back, and relative to a base."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from vertragsgraph.rdf.namespaces import WELL_KNOWN

# What every reader resolves to the same again: some take apart other characters, empty and dot segments in ways of their own.
_RELATIVE: Final = re.compile(r"[\w-]+(?:/[\w~-][\w.~%-]*)*(?:#[\w.-]+)?")


def shorten(iri: str, prefixes: Mapping[str, str] = WELL_KNOWN) -> str | None:
    """Return an IRI as `prefix:name` for people and for CURIEs, by the longest namespace that it begins with.

    None where no prefix fits, and for a namespace itself. What stands behind the colon may be more than Turtle allows in a
    name; `turtle.Terms` shortens only to what it does.

    >>> shorten("http://purl.org/dc/terms/source"), shorten("https://example.org/a")
    ('dcterms:source', None)
    """
    fitting = [(space, prefix) for prefix, space in prefixes.items() if iri.startswith(space) and iri != space]
    if not fitting:
        return None
    space, prefix = max(fitting)
    return f"{prefix}:{iri.removeprefix(space)}"


def local_name(iri: str) -> str:
    """Return the name at the end of an IRI.

    >>> local_name("https://w3id.org/vertragsgraph/ontology#Funded"), local_name("https://example.org/a/b")
    ('Funded', 'b')
    """
    return iri.removeprefix(namespace_of(iri))


def expand(name: str, prefixes: Mapping[str, str] = WELL_KNOWN) -> str:
    """Return the IRI of a prefixed name. Raises `KeyError` for an unknown prefix.

    >>> expand("dcat:Dataset")
    'http://www.w3.org/ns/dcat#Dataset'
    """
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + local


def namespace_of(iri: str) -> str:
    """Return an IRI without its last part: the namespace of a term, what the resources of a kind have in common.

    >>> namespace_of("https://example.org/id/person/kai-klose")
    'https://example.org/id/person/'
    """
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def relative(iri: str, base: str) -> str:
    """Return an IRI as a reference that resolves to it against a base (RFC 3986, section 5), as it is where none is shorter.

    >>> relative("https://example.org/id/a", "https://example.org/"), relative("https://example.org/", "https://example.org/")
    ('id/a', 'https://example.org/')
    >>> relative("https://example.org/id/../a", "https://example.org/")
    'https://example.org/id/../a'
    """
    rest = iri[len(base) :] if base and iri.startswith(base) else ""
    return rest if _RELATIVE.fullmatch(rest) else iri
