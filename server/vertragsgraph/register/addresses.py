"""The addresses of a site that no list of a register may have: those of its routes, and those where legal pages are looked for."""

from __future__ import annotations

from typing import Final

from vertragsgraph.texts import LANGUAGES, marked, translate

_LEGAL: Final = {
    "imprint": marked("legal-notice"),
    "privacy": marked("privacy-policy data-protection"),
    "accessibility": marked("accessibility-statement"),
}
USUAL: Final = {
    page: frozenset(each for language in LANGUAGES for each in translate(text, language).split()) - {page}
    for page, text in _LEGAL.items()
}
"""By legal page, the addresses where people and authorities look for it; the catalogue of each language has those usual there."""

RESERVED: Final = frozenset((
    "accessibility", "catalog", "catalog-all", "citation", "cite", "context", "doc", "dumps", "explore", "graph", "graphs",
    "health", "id", "imprint", "links", "linkset", "llms", "logo", "metrics", "ontology", "openapi", "privacy", "quality",
    "queries", "reconcile", "releases", "robots", "same-as", "search", "shapes", "sitemap", "sparql", "static", "timemap", "void",
)).union(*USUAL.values())  # fmt: skip
"""Paths at which something else is served than a list."""
