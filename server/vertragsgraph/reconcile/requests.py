"""Reading what clients send: JSON of both versions, checked before anything is done with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from vertragsgraph.http.problem import Problem
from vertragsgraph.reconcile.model import BATCH_SIZE, EXTEND_SIZE, LIMIT, Condition, Query, Wanted
from vertragsgraph.texts import both, marked

MOST_CONDITIONS: Final = 10
MOST_VALUES: Final = 20
_QUANTIFIERS: Final = frozenset({"any", "all", "none"})


def parse(text: str | bytes, name: str) -> Any:
    """Return the JSON value that a text holds; raises `Problem` (400) with line and column where it is none."""
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # an escaped half of a surrogate pair is no text
        return value
    except json.JSONDecodeError as error:
        message = both(
            "{name} is no JSON: line {line}, column {column}", name=name, line=error.lineno, column=error.colno
        )
        raise Problem(400, message, line=error.lineno, column=error.colno) from error
    except (ValueError, RecursionError) as error:  # also numbers that are longer than any that is meant
        raise Problem(400, both("{name} is no JSON in UTF-8", name=name)) from error


def queries_02(value: Any) -> dict[str, Query]:
    """Read a batch of Reconciliation 0.2 (section 4.1); raises `Problem` (400, 413).

    A query that asks nothing, as that of an empty cell, stays in the batch; nobody is a candidate for it.
    """
    if not isinstance(value, dict):
        _refuse("queries", marked("an object of queries by name"))
    check_size(len(value))
    return {str(name): _query_02(query, f"queries.{name}") for name, query in value.items()}


def queries_1(value: Any) -> list[Query]:
    """Read a batch of Reconciliation 1.0 draft; raises `Problem` (400, 413)."""
    if not isinstance(value, dict) or not isinstance(value.get("queries"), list):
        _refuse("queries", marked("a list of queries"))
    check_size(len(value["queries"]))
    return [_query_1(query, f"queries.{place}") for place, query in enumerate(value["queries"])]


def extension(value: Any) -> tuple[list[str], list[tuple[str, Mapping[str, Any]]]]:
    """Read a data extension query: identifiers, and properties with settings; raises `Problem` (400, 413)."""
    if not isinstance(value, dict):
        _refuse("extend", marked("an object with ids and properties"))
    ids, properties = value.get("ids"), value.get("properties")
    if not isinstance(ids, list) or not all(isinstance(item, str) for item in ids):
        _refuse("ids", marked("a list of identifiers"))
    if not isinstance(properties, list) or not all(
        isinstance(p, dict) and isinstance(p.get("id"), str) for p in properties
    ):
        _refuse("properties", marked('a list of objects with an "id"'))
    if len(ids) > EXTEND_SIZE or len(properties) > MOST_VALUES:
        message = both(
            "at most {ids} entities and {properties} properties at once", ids=EXTEND_SIZE, properties=MOST_VALUES
        )
        raise Problem(413, message)
    return ids, [
        (item["id"], item["settings"] if isinstance(item.get("settings"), dict) else {}) for item in properties
    ]


def check_size(count: int) -> None:
    """Raise `Problem` (413) where a batch holds too many queries."""
    if count > BATCH_SIZE:
        message = both("{count} queries at once are too many; send at most {most}", count=count, most=BATCH_SIZE)
        raise Problem(413, message, limit=BATCH_SIZE)


def _query_02(query: Any, place: str) -> Query:
    if not isinstance(query, dict):
        _refuse(place, marked("an object"))
    text = _text(query.get("query"), f"{place}.query")
    types = query.get("type") or []
    types = [types] if isinstance(types, str) else types
    conditions = [
        Condition(_property(item, "pid", f"{place}.properties"), _values(item.get("v"), f"{place}.properties"))
        for item in _list(query.get("properties"), f"{place}.properties")
    ]
    names = [_type(item, f"{place}.type") for item in _list(types, f"{place}.type")]
    return Query((text,) if text else (), tuple(names), _said(conditions), _limit(query, place))


def _query_1(query: Any, place: str) -> Query:
    if not isinstance(query, dict):
        _refuse(place, marked('an object with "conditions"'))
    texts: list[str] = []
    conditions: list[Condition] = []
    for item in _list(query.get("conditions"), f"{place}.conditions"):
        if not isinstance(item, dict):
            _refuse(f"{place}.conditions", marked("an object"))
        values = _values(item.get("propertyValue"), f"{place}.conditions")
        match item.get("matchType"):
            case "name" | "id":
                texts.extend(value.text or value.id for value in values)
            case "property":
                quantifier = item.get("matchQuantifier", "any")
                if quantifier not in _QUANTIFIERS:
                    _refuse(f"{place}.conditions.matchQuantifier", marked("any, all or none"))
                name = _property(item, "propertyId", f"{place}.conditions")
                conditions.append(Condition(name, values, item.get("required") is True, quantifier))
            case _:
                _refuse(f"{place}.conditions.matchType", marked("name, id or property"))
    types = (_type(query["type"], f"{place}.type"),) if query.get("type") else ()
    return Query(tuple(texts), types, _said(conditions), _limit(query, place))


def _said(conditions: list[Condition]) -> tuple[Condition, ...]:
    """Return the conditions that say something: an empty cell says nothing for or against anybody."""
    return tuple(condition for condition in conditions if condition.values)


def _list(value: Any, place: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_CONDITIONS:
        _refuse(place, marked("a list of at most 10"))
    return value


def _type(value: Any, place: str) -> str:
    name = value.get("id") if isinstance(value, dict) else value
    if not isinstance(name, str):
        _refuse(place, marked("an identifier of a type"))
    return name


def _property(item: Any, key: str, place: str) -> str:
    name = item.get(key) if isinstance(item, dict) else None
    if not isinstance(name, str):
        _refuse(f"{place}.{key}", marked("an identifier of a property"))
    return name


def _values(value: Any, place: str) -> tuple[Wanted, ...]:
    values = value if isinstance(value, list) else [value]
    wanted = []
    for item in values[:MOST_VALUES]:
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            wanted.extend([Wanted(str(item.get("name", "")), item["id"])] if item["id"] else [])
        elif text := _text(item, place):
            wanted.append(Wanted(text))
    return tuple(wanted)


def _text(value: Any, place: str) -> str:
    """Return what stands in a cell, which may be a number; `""` for an empty one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str | int | float):
        _refuse(place, marked("texts, numbers, truth values or entities"))
    return str(value).strip()


def _limit(query: Mapping[str, Any], place: str) -> int:
    limit = query.get("limit")
    if limit is None:
        return LIMIT
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 1:
        _refuse(f"{place}.limit", marked("a number from 1"))
    return int(min(limit, 1_000))


def _refuse(place: str, wanted: str) -> NoReturn:
    raise Problem(400, both('"{place}" must be {wanted}', place=place, wanted=both(wanted)))
