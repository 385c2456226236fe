"""`/openapi.json`: the routes of FastAPI, and the SPARQL endpoint and graph store that stand before them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from vertragsgraph.rdf.media_types import GRAPHS, SOLUTIONS, Format
from vertragsgraph.release.contents.queries import Example
from vertragsgraph.texts import ENGLISH, text_in
from vertragsgraph.web.routes.asking import queries
from vertragsgraph.web.routes.asking.form import FORMATS

_BRACES: Final = str.maketrans("", "", "{}")


def describe(app: FastAPI) -> None:
    """Let an application describe the lists of the release, the endpoint and the graph store, too (OpenAPI 3.1)."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = _routes(app)
            release = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
            past = {"parameters": [release], **_sparql("Release")}
            document["paths"] |= {"/sparql": _sparql(), "/releases/{name}/sparql": past, "/graphs": _graphs()}
            app.openapi_schema = document
        for path in ("/{name}", "/{name}.{extension}"):
            for operation in app.openapi_schema["paths"][path].values():
                operation["parameters"][0]["schema"]["enum"] = list(app.state.site.kinds.listed)
        examples = {queries.PATH.replace("{name}", example.name): example for example in app.state.site.examples}
        described = {path: _example(example, app.state.site.register.languages) for path, example in examples.items()}
        return {**app.openapi_schema, "paths": {**app.openapi_schema["paths"], **described}}

    app.openapi = openapi  # type: ignore[method-assign]


def _routes(app: FastAPI) -> dict[str, Any]:
    """Return FastAPI's own description; it names the operations of a path alike, after one of its methods, any."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate Operation ID")
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["operationId"] = method + re.sub(r"\W", "_", path.translate(_BRACES))
    return document


def _sparql(of: str = "") -> dict[str, Any]:
    text = {"type": "string"}
    many = {"type": "array", "items": text}
    parameters = [
        _parameter("query", text, "The query (SPARQL 1.1). Without it, the service description."),
        _parameter("default-graph-uri", many, "Graphs that make up the default graph; they win over FROM."),
        _parameter("named-graph-uri", many, "Graphs that GRAPH may name; they win over FROM NAMED."),
        *_common(),
    ]
    form = {
        "type": "object",
        "required": ["query"],
        "properties": {item["name"]: item["schema"] for item in parameters},
    }
    bodies = {"application/x-www-form-urlencoded": {"schema": form}, "application/sparql-query": {"schema": text}}
    return {
        "get": {
            "summary": "Ask a query (SPARQL 1.1 Protocol)",
            "operationId": f"query{of}",
            "parameters": parameters,
            "responses": _responses((*SOLUTIONS, *GRAPHS), "400", "403", "406", "413", "429", "503"),
        },
        "post": {
            "summary": "Ask a query (SPARQL 1.1 Protocol)",
            "operationId": f"postQuery{of}",
            "parameters": parameters[1:],
            "requestBody": {"required": True, "content": bodies},
            "responses": _responses((*SOLUTIONS, *GRAPHS), "400", "403", "406", "413", "415", "429", "503"),
        },
    }


def _example(example: Example, languages: Sequence[str]) -> dict[str, Any]:
    text = {"type": "string"}
    extension = {"name": "extension", "in": "path", "required": True, "schema": {**text, "enum": list(FORMATS)}}
    narrowing = [
        _parameter(name, text, "What this variable is to be: an IRI, or a text.") for name in queries.variables(example)
    ]
    others = ("502", "504") if example.services else ()
    language = _parameter("lang", {**text, "enum": list(languages)}, "Language of the names.")
    return {
        "get": {
            "summary": text_in(example.titles, ENGLISH) if example.titles else example.name,
            "operationId": f"query_{re.sub(r'[^A-Za-z0-9]', '_', example.name)}",
            "parameters": [extension, *narrowing, language, _common()[1]],
            "responses": _responses((*SOLUTIONS, *GRAPHS), "400", "404", "429", *others, "503"),
        }
    }


def _graphs() -> dict[str, Any]:
    parameters = [
        _parameter("graph", {"type": "string", "format": "uri"}, "IRI of a named graph."),
        _parameter("default", {"type": "string"}, "The default graph: the union of all named graphs."),
        *_common(),
    ]
    return {
        "get": {
            "summary": "Fetch a graph (SPARQL 1.1 Graph Store HTTP Protocol, read only)",
            "operationId": "graph",
            "parameters": parameters,
            "responses": _responses(GRAPHS, "400", "404", "406", "429", "503"),
        }
    }


def _common() -> list[dict[str, Any]]:
    return [
        _parameter("format", {"type": "string"}, "Format of the result, for clients that can't set Accept."),
        _parameter("timeout", {"type": "number", "exclusiveMinimum": 0}, "Seconds; less than the server grants."),
    ]


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _responses(formats: tuple[Format, ...], *problems: str) -> dict[str, Any]:
    content = {form.media_type: {"schema": {"type": "string"}} for form in formats}
    problem = {"application/problem+json": {"schema": {"type": "object"}}}
    return {
        "200": {"description": "The result", "content": content},
        **{status: {"description": "A problem (RFC 9457)", "content": problem} for status in problems},
    }
