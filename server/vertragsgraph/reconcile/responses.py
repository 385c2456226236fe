"""What the service answers, as JSON of version 0.2 and of the 1.0 draft.

The texts of both: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/ and
https://reconciliation-api.github.io/specs/1.0-draft/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from vertragsgraph import __version__
from vertragsgraph.reconcile.model import BATCH_SIZE, Candidate, Value, Values
from vertragsgraph.reconcile.schema import Schema, Term
from vertragsgraph.reconcile.service import Service
from vertragsgraph.reconcile.values import is_integer
from vertragsgraph.register import Register
from vertragsgraph.search import Resource
from vertragsgraph.texts import Language, distance, language_name, translate

WIDTH: Final = 430
HEIGHT: Final = 180
ANY: Final = "any"
_NUMBERS: Final = frozenset({"decimal", "double", "float"})
_WIKIDATA_SERVICE: Final = "https://wikidata.reconci.link/en/api"

Json = dict[str, Any]


def manifest_02(service: Service, language: Language) -> Json:
    """Return the manifest (0.2, section 3.1); links to views are kept, so they are below `register.url`, not `services`."""
    register = service.register
    suggest = {
        name: {
            "service_url": register.services + "reconcile",
            "service_path": f"/suggest/{name}",
            "flyout_service_path": f"/flyout/{name}?id=${{id}}",
        }
        for name in ("entity", "property", "type")
    }
    return {
        "versions": ["0.2"],
        **_manifest(service, language),
        "identifierSpace": service.index.base + "id/",
        "schemaSpace": service.schema.main_types()[0].iri,
        # Clients encode the slash of an identifier, which not every server takes in a path.
        "view": {"url": register.url + "reconcile/view?id={{id}}"},
        "suggest": suggest,
        "preview": {"url": register.services + "reconcile/preview?id={{id}}", "width": WIDTH, "height": HEIGHT},
        "extend": {
            "propose_properties": {
                "service_url": register.services + "reconcile",
                "service_path": "/propose_properties",
            },
            "property_settings": [
                {
                    "name": setting["id"],
                    "label": setting["name"],
                    "help_text": setting["helpText"],
                    **{key: setting[key] for key in ("type", "default", "choices") if key in setting},
                }
                for setting in _settings(register, language)
            ],
        },
    }


def manifest_1(service: Service, language: Language) -> Json:
    """Return the manifest of the 1.0 draft."""
    return {
        "versions": ["1.0-draft"],
        **_manifest(service, language),
        "view": {"url": service.index.base + "id/{+id}"},
        "suggest": {"entity": True, "property": True, "type": True},
        "preview": {"width": WIDTH, "height": HEIGHT},
        "extend": {"proposeProperties": True, "propertySettings": _settings(service.register, language)},
        "standardizedScore": True,
        "lang": language,
    }


def candidate(service: Service, found: Candidate, resource: Resource, language: Language, *, named: bool) -> Json:
    """Return a candidate; `named` gives the features the names that the 1.0 draft asks for."""
    features = [{"id": name, "value": value} for name, value in found.features.items()]
    if named:
        features = [{**feature, "name": _feature(service.schema, str(feature["id"]), language)} for feature in features]
    return {
        "id": resource.path.removeprefix("id/"),
        "name": service.index.label(resource.number, language),
        "description": service.describe(resource, language),
        "type": types(service, resource, language),
        "score": found.score,
        "match": found.match,
        "features": features,
    }


def candidates(service: Service, found: Sequence[Candidate], language: Language, *, named: bool) -> list[Json]:
    """Return the candidates of one query."""
    resources = service.index.resources([item.number for item in found])
    return [candidate(service, item, resources[item.number], language, named=named) for item in found]


def types(service: Service, resource: Resource, language: Language) -> list[Json]:
    """Return the types of a resource with their names."""
    return [{"id": term.id, "name": term.name(language)} for term in service.schema.types_of(resource.types)]


def suggested_entities(service: Service, found: Iterable[Resource], language: Language) -> Json:
    """Return the answer of the suggest service for entities."""
    return {
        "result": [
            {
                "id": resource.path.removeprefix("id/"),
                "name": service.index.label(resource.number, language),
                "description": service.describe(resource, language),
                "notable": types(service, resource, language),
            }
            for resource in found
        ]
    }


def suggested_terms(found: Iterable[Term], language: Language) -> Json:
    """Return the answer of the suggest services for types and properties."""
    return {"result": [_term(term, language) for term in found]}


def proposed(found: Sequence[Term], type_name: str, limit: int | None, language: Language) -> Json:
    """Return the properties proposed for a type."""
    answer: Json = {"properties": [{"id": term.id, "name": term.name(language)} for term in found[:limit]]}
    if type_name:
        answer["type"] = type_name
    return answer if limit is None else {**answer, "limit": limit}


def meta(service: Service, term: Term, values: Values, language: Language) -> Json:
    """Return what a column of an extension holds."""
    described: Json = {"id": term.id, "name": term.name(language)}
    if term.authority and term.authority.key == "wikidata":
        return {**described, "service": _WIKIDATA_SERVICE}
    entities = any(value.path for found in values.values() for value in found)
    if entities and term.range in service.schema.types:
        described["type"] = {"id": term.range, "name": service.schema.types[term.range].name(language)}
    return described


def cells(
    values: Sequence[Value], settings: Mapping[str, Any], schema: Schema, language: Language, *, tagged: bool
) -> list[Json]:
    """Return the values of one property of one entity.

    `settings` may hold `limit` (0 for all) and `language` (of texts). `tagged` adds the language tags of the 1.0 draft.
    """
    wanted = settings.get("language")
    if isinstance(wanted, str) and wanted != ANY:
        values = [value for value in values if not value.language or distance(value.language, wanted) < 2]
    try:
        limit = int(settings.get("limit") or 0)
    except (TypeError, ValueError, OverflowError):
        limit = 0
    return [_cell(value, schema, language, tagged=tagged) for value in (values[:limit] if limit > 0 else values)]


def _cell(value: Value, schema: Schema, language: Language, *, tagged: bool) -> Json:
    if value.path:
        return {"id": value.path.removeprefix("id/"), "name": value.text}
    if value.iri:
        known = re.fullmatch(r"Q\d+", value.text)
        return {"id": value.text, "name": value.text} if known else {"str": _shown(value, schema, language)}
    if is_integer(value):
        return {"int": int(value.text)}
    if value.datatype in _NUMBERS and re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", value.text):
        return {"float": float(value.text)}
    # A year alone is no day: only dates that are known to the day become dates.
    if value.datatype == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", value.text):
        return {"date": f"{value.text}T00:00:00Z"}
    return {"str": value.text, "lang": value.language} if tagged and value.language else {"str": value.text}


def _shown(value: Value, schema: Schema, language: Language) -> str:
    return schema.label(value.iri, language) if value.text == value.iri else value.text


def _manifest(service: Service, language: Language) -> Json:
    register = service.register
    return {
        "name": register.title.in_language(language),
        "documentation": register.url,
        "serviceVersion": __version__,
        "defaultTypes": [{"id": term.id, "name": term.name(language)} for term in service.schema.main_types()],
        "batchSize": BATCH_SIZE,
    }


def _settings(register: Register, language: Language) -> list[Json]:
    def say(text: str) -> str:
        return translate(text, language)

    return [
        {
            "id": "limit",
            "type": "number",
            "default": 0,
            "name": say("Greatest number of values"),
            "helpText": say("How many values of an entity to fetch; 0 for all."),
        },
        {
            "id": "language",
            "type": "select",
            "default": ANY,
            "name": say("Language of texts"),
            "helpText": say("Fetch texts in this language only; identifiers and numbers have none."),
            "choices": [
                {"value": ANY, "name": say("any")},
                *({"value": tag, "name": language_name(tag, language)} for tag in register.languages),
            ],
        },
    ]


def _feature(schema: Schema, name: str, language: Language) -> str:
    term = schema.property(name)
    return term.name(language) if term else translate("likeness of the names", language)


def _term(term: Term, language: Language) -> Json:
    described: Json = {"id": term.id, "name": term.name(language)}
    if description := term.description(language):
        described["description"] = description
    return described
