"""`/sparql` in a browser: the page with the query form and the examples."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from pyoxigraph import NamedNode, RdfFormat, parse
from starlette.responses import Response

from vertragsgraph.rdf.namespaces import VG, VOID
from vertragsgraph.release import Release
from vertragsgraph.texts import Language
from vertragsgraph.web.rendering.assets import asset
from vertragsgraph.web.rendering.language import language_of
from vertragsgraph.web.rendering.templating import page
from vertragsgraph.web.site.site import site_of

FORMATS: Final = ("json", "csv", "tsv", "xml", "ttl", "jsonld", "nt", "rdf")
# Titles and descriptions stand in comments at the head of a query; the page shows them as such.
_HEAD: Final = re.compile(r"^# (title|description)@\w+: .*\n", re.MULTILINE)
_NAMES_IN: Final = re.compile(r'(\bLANG *\(\?\w+\) *= *)"(?:de|en)"', re.IGNORECASE)
_ANYTHING: Final = "SELECT * WHERE { ?s ?p ?o } LIMIT 10"


def query_page(request: Request, asked: Release | None = None) -> Response:
    """Return the page with the query form; a built script, where there is one, adds the editor and the results.

    `asked` is the release that is asked, None for the current one at any time.
    """
    site, language = site_of(request), language_of(request)
    shown = [
        {
            "name": example.name,
            "title": example.titles.get(language, example.name),
            "text": in_language(_HEAD.sub("", example.text).strip() + "\n", language),
            "description": _described(example.text, language),
            "services": sorted(example.services),
        }
        for example in site.examples
    ]
    return page(
        request,
        "query.html",
        site,
        asked=asked,
        query=request.query_params.get("query") or (shown[0]["text"] if shown else _ANYTHING),
        examples=shown,
        formats=FORMATS,
        script=asset("query.js"),
        styles=asset("query.css"),
        terms={
            "base": site.release.base,
            "vocabulary": VG,
            "prefixes": dict(site.release.prefixes),
            **_terms(site.release.folder),
        },
    )


def in_language(query: str, language: Language) -> str:
    """Return a query that asks for names in a language as one that asks for them in the language of the page."""
    return _NAMES_IN.sub(rf'\g<1>"{language}"', query)


def _described(text: str, language: Language) -> str:
    found = re.search(rf"^# description@{language}: (.+)$", text, re.MULTILINE)
    return found[1] if found else ""


@lru_cache(maxsize=4)
def _terms(folder: Path) -> dict[str, Any]:
    """Return the classes and properties that the data of a release use, as its description says (VoID, section 4.5)."""
    found: dict[str, set[str]] = {"class": set(), "property": set()}
    for quad in parse(path=folder / "void.ttl", format=RdfFormat.TURTLE):
        name = quad.predicate.value.removeprefix(VOID)
        if name in found and isinstance(quad.object, NamedNode):
            found[name].add(quad.object.value)
    return {"classes": sorted(found["class"]), "properties": sorted(found["property"])}
