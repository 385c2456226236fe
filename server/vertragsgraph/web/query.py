"""`/sparql` in a browser: the page with the query form and the examples."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from pyoxigraph import NamedNode, RdfFormat, parse
from starlette.responses import Response

from vertragsgraph.texts import Language, marked
from vertragsgraph.web.assets import asset
from vertragsgraph.web.language import language_of
from vertragsgraph.web.site import site_of
from vertragsgraph.web.templating import page

FORMATS: Final = ("json", "csv", "tsv", "xml", "ttl", "jsonld", "nt", "rdf")
_VOID: Final = "http://rdfs.org/ns/void#"
# Titles and descriptions stand in comments at the head of a query; the page shows them as such.
_HEAD: Final = re.compile(r"^# (title|description)@\w+: .*\n", re.MULTILINE)
_ANYTHING: Final = "SELECT * WHERE { ?s ?p ?o } LIMIT 10"
# What the script of the page says, by name; `{places}` are filled in there.
_SCRIPT_TEXTS: Final = {
    "editor": marked("Query; Ctrl+Space completes, Tab leaves the field"),
    "running": marked("The query is running …"),
    "stop": marked("Stop"),
    "stopped": marked("Stopped."),
    "failed": marked("The server can't be reached. Try again later."),
    "rows": marked("Rows: {count}, in {seconds} s"),
    "cut": marked("The first {count} are shown; the download has all."),
    "empty": marked("The query has no results."),
    "download": marked("Download as"),
    "share": marked("Link to this query"),
    "table": marked("Table"),
    "chart": marked("Chart"),
    "result": marked("Result"),
    "place": marked("Line {line}, column {column}"),
    "yes": marked("Yes"),
    "no": marked("No"),
}


def query_page(request: Request) -> Response:
    """Return the page with the query form; a built script, where there is one, adds the editor and the results."""
    site, language = site_of(request), language_of(request)
    shown = [
        {
            "title": example.titles.get(language, example.name),
            "text": _HEAD.sub("", example.text).strip() + "\n",
            "description": _described(example.text, language),
            "services": sorted(example.services),
        }
        for example in site.examples
    ]
    return page(
        request,
        "query.html",
        site,
        query=shown[0]["text"] if shown else _ANYTHING,
        examples=shown,
        formats=FORMATS,
        script=asset("query.js"),
        styles=asset("query.css"),
        script_texts=_SCRIPT_TEXTS,
        terms={"base": site.release.base, "prefixes": dict(site.release.prefixes), **_terms(site.release.folder)},
    )


def _described(text: str, language: Language) -> str:
    found = re.search(rf"^# description@{language}: (.+)$", text, re.MULTILINE)
    return found[1] if found else ""


@lru_cache(maxsize=4)
def _terms(folder: Path) -> dict[str, Any]:
    """Return the classes and properties that the data of a release use, as its description says (VoID, section 4.5)."""
    found: dict[str, set[str]] = {"class": set(), "property": set()}
    for quad in parse(path=folder / "void.ttl", format=RdfFormat.TURTLE):
        name = quad.predicate.value.removeprefix(_VOID)
        if name in found and isinstance(quad.object, NamedNode):
            found[name].add(quad.object.value)
    return {"classes": sorted(found["class"]), "properties": sorted(found["property"])}
