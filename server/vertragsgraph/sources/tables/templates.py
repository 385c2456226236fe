"""URI templates: the IRIs that a description makes of the cells of a row (RFC 6570; CSV on the Web, Metadata, 5.1.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias
from urllib.parse import urljoin

from csvw.metadata_utils import NAMESPACES
from uritemplate import URITemplate

from vertragsgraph.rdf.namespaces import WELL_KNOWN
from vertragsgraph.register.names import slug

Values: TypeAlias = Mapping[str, str | tuple[str, ...]]
"""The cells of a row by the names of their columns; one that is empty is left out."""

PREFIXES: Final[Mapping[str, str]] = {**NAMESPACES, **WELL_KNOWN}
"""Prefixes that a description may use: those that CSV on the Web knows, and where these differ, those of every release."""
RESOURCES: Final = "id/"
REMEMBERED: Final = 10_000
_NO_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')


class NoIriError(ValueError):
    """What a template makes of a row is no IRI."""


class Template:
    """A template, its prefix expanded, resolved against the address of the table.

    Below `id/` of the register it makes names of resources: a value becomes lower-case ASCII letters, digits and hyphens, and
    where one is missing, there is no IRI. Elsewhere values are encoded as RFC 6570 has it.
    """

    def __init__(self, text: str, url: str, base: str, prefixes: Mapping[str, str] = PREFIXES) -> None:
        prefix, colon, rest = text.partition(":")
        if colon and prefix in prefixes and not rest.startswith("//"):
            text = prefixes[prefix] + rest
        own = text if text.startswith(base) else base + text
        self.names_resource = own.startswith(base + RESOURCES)
        self.text = own if self.names_resource else text
        self._template = URITemplate(self.text)
        self.variables: tuple[str, ...] = tuple(self._template.variable_names)
        self._url = url
        self._made = lru_cache(REMEMBERED)(self._make)

    def term(self, values: Values) -> str | None:
        """Return the IRI for a row as N-Triples has it; nothing where a value that it needs is missing. Raises `NoIriError`."""
        return self._made(*[values.get(name) for name in self.variables])

    def _make(self, *given: str | tuple[str, ...] | None) -> str | None:
        values = dict(zip(self.variables, given, strict=True))
        if not self.names_resource:
            known: dict[str, Any] = {name: _plain(value) for name, value in values.items() if value is not None}
            return _checked(urljoin(self._url, self._template.expand(known)))
        if None in given:
            return None
        names: dict[str, Any] = {
            name: slug(value if isinstance(value, str) else "-".join(value or ())) for name, value in values.items()
        }
        if not all(names.values()):
            raise NoIriError
        return _checked(self._template.expand(names))


def _plain(value: str | tuple[str, ...]) -> str | list[str]:
    return value if isinstance(value, str) else list(value)


def _checked(iri: str) -> str:
    if _NO_IRI.search(iri) or ":" not in iri:
        raise NoIriError
    return f"<{iri}>"
