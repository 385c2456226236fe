"""`/sparql` in a browser: the page with the query form and the examples."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from pyoxigraph import NamedNode, RdfFormat, parse
from starlette.responses import Response

from vertragsgraph.linked_data.names import VG
from vertragsgraph.texts import Language, marked, untouched
from vertragsgraph.web.assets import asset
from vertragsgraph.web.language import language_of
from vertragsgraph.web.site import site_of
from vertragsgraph.web.templating import page

FORMATS: Final = ("json", "csv", "tsv", "xml", "ttl", "jsonld", "nt", "rdf")
_VOID: Final = "http://rdfs.org/ns/void#"
# Titles and descriptions stand in comments at the head of a query; the page shows them as such.
_HEAD: Final = re.compile(r"^# (title|description)@\w+: .*\n", re.MULTILINE)
_NAMES_IN: Final = re.compile(r'(\bLANG *\(\?\w+\) *= *)"(?:de|en)"', re.IGNORECASE)
_ANYTHING: Final = "SELECT * WHERE { ?s ?p ?o } LIMIT 10"
# What the script of the page says, by name; `{places}` are filled in there.
_SCRIPT_TEXTS: Final = {
    "editor": marked("Query; Ctrl+Space completes, Ctrl+Enter runs it, Tab leaves the field"),
    "complete": marked("Ctrl+Space completes"),
    "completions": marked("Completions"),
    "mistaken": marked("The syntax goes wrong in line {line}."),
    "running": marked("The query is running …"),
    "stop": marked("Stop"),
    "stopped": marked("Stopped."),
    "failed": marked("The server can't be reached. Try again later."),
    "rows": marked("Rows: {count}, in {seconds} s"),
    "took": marked("Computed in {seconds} s"),
    "large": marked("The result has more than {size} MB, too much to be shown here. Download it, or add a LIMIT."),
    "cut": marked("This is only the beginning; the download has all."),
    "empty": marked("The query has no results."),
    "absent": marked("{term} occurs nowhere in this register."),
    "meant": marked("{term} occurs nowhere in this register; did you mean {meant}?"),
    "download": marked("Download as"),
    "share": marked("Link to this query"),
    "view": marked("Shown as"),
    "table": marked("Table"),
    "chart": marked("Chart"),
    "graph": marked("Graph"),
    "filter": marked("Filter the rows"),
    "sort": marked("Sort by {name}"),
    "leaf": marked("Rows {first} to {last} of {count}"),
    "previous": marked("Previous rows"),
    "next": marked("Next rows"),
    "labels": marked("Bars for"),
    "values": marked("Length"),
    "count": marked("Number of rows"),
    "caption": marked("{values} by {labels}"),
    "first": marked("The first {shown} of {count} are shown."),
    "yes": marked("Yes"),
    "no": marked("No"),
    "place": marked("Line {line}, column {column}"),
    "number": marked("Status {status}, query {id}"),
    "mistake": marked("The query can't be read."),
    "forbidden": marked("The query asks for something that is not allowed here."),
    "limit_time": marked("The query took longer than it may."),
    "limit_memory": marked("The query needs more memory than it may have."),
    "limit_length": marked("The query is too long."),
    "too_many": marked("You ask too much at once. Wait a moment."),
    "busy": marked("The server has too much to do. Try again in a moment."),
    "refused": marked("The query can't be answered."),
}


def query_page(request: Request) -> Response:
    """Return the page with the query form; a built script, where there is one, adds the editor and the results."""
    site, language = site_of(request), language_of(request)
    shown = [
        {
            "title": example.titles.get(language, example.name),
            "text": _speaking(_HEAD.sub("", example.text).strip() + "\n", language),
            "description": _described(example.text, language),
            "services": sorted(example.services),
        }
        for example in site.examples
    ]
    return page(
        request,
        "query.html",
        site,
        query=request.query_params.get("query") or (shown[0]["text"] if shown else _ANYTHING),
        examples=shown,
        formats=FORMATS,
        script=asset("query.js"),
        styles=asset("query.css"),
        script_texts={name: untouched(text, language) for name, text in _SCRIPT_TEXTS.items()},
        terms={
            "base": site.release.base,
            "vocabulary": VG,
            "prefixes": dict(site.release.prefixes),
            **_terms(site.release.folder),
        },
    )


def _speaking(query: str, language: Language) -> str:
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
        name = quad.predicate.value.removeprefix(_VOID)
        if name in found and isinstance(quad.object, NamedNode):
            found[name].add(quad.object.value)
    return {"classes": sorted(found["class"]), "properties": sorted(found["property"])}
