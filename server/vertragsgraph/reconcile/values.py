"""Values of properties, asked of the release's engine, and how well they fit what was wanted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rapidfuzz import fuzz

from vertragsgraph.rdf import edtf
from vertragsgraph.rdf.asking import Ask
from vertragsgraph.reconcile.model import Condition, Value, Values, Wanted
from vertragsgraph.reconcile.schema import Schema, Term
from vertragsgraph.search import SearchIndex
from vertragsgraph.search.analysis import fold
from vertragsgraph.search.identifiers import key, keys
from vertragsgraph.search.matching import likeness
from vertragsgraph.texts import Language, distance

CHUNK: Final = 400
NOT_KNOWN: Final = 50.0
"""What a missing value counts: not known is neither right nor wrong."""
FITS: Final = 80.0
_LESS_PRECISE: Final = 70.0
_QUERY: Final = "SELECT DISTINCT ?s ?v WHERE {{ VALUES ?s {{ {subjects} }} {pattern} }}"
_INTEGERS: Final = frozenset({"integer", "int", "long", "nonNegativeInteger", "positiveInteger"})


def pattern(term: Term) -> str:
    """Return the graph pattern that binds ?v to the values of a property of ?s."""
    return term.pattern or f"?s <{term.iri}> ?v ."


async def values_of(ask: Ask, index: SearchIndex, term: Term, paths: Iterable[str], language: Language) -> Values:
    """Return the values of a property for entities (paths below the base IRI), sorted by their text."""
    found: Values = {path: [] for path in paths}
    for chunk in _chunks(list(found)):
        subjects = " ".join(f"<{index.base}{path}>" for path in chunk)
        results = json.loads(await ask(_QUERY.format(subjects=subjects, pattern=pattern(term))))
        for row in results["results"]["bindings"]:
            found[row["s"]["value"].removeprefix(index.base)].append(_value(index, row["v"], term, language))
    return {
        path: sorted(values, key=lambda value: (distance(value.language, language), value.text))
        for path, values in found.items()
    }


def fit(values: Sequence[Value], condition: Condition, index: SearchIndex) -> float:
    """Return how well the values of an entity fit a condition, from 0 to 100."""
    if not values:
        return NOT_KNOWN
    fits = [max(_alike(value, wanted, index) for value in values) for wanted in condition.values]
    if condition.quantifier == "all":
        return min(fits)
    return 100 - max(fits) if condition.quantifier == "none" else max(fits)


def _chunks(paths: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(paths), CHUNK):
        yield paths[start : start + CHUNK]


def _value(index: SearchIndex, binding: dict[str, str], term: Term, language: Language) -> Value:
    text = binding["value"]
    if binding["type"] != "uri":
        return Value(
            text, language=binding.get("xml:lang", ""), datatype=binding.get("datatype", "").rpartition("#")[2]
        )
    if term.authority:
        return Value(key(text).removeprefix(f"{term.authority.key}:"), iri=text)
    if text.startswith(index.base) and (resource := index.resource(text)):
        return Value(index.label(resource.number, language), path=resource.path, iri=text)
    return Value(text, iri=text)


def _alike(value: Value, wanted: Wanted, index: SearchIndex) -> float:
    if wanted.id and value.path:
        return 100.0 if wanted.id in {value.path, value.path.removeprefix("id/"), value.iri} else 0.0
    text = wanted.text or wanted.id
    if value.iri and (text == value.iri or {key(value.iri)} & set(keys(text))):
        return 100.0
    if fold(text).strip() == fold(value.text).strip():
        return 100.0
    if value.path:
        resource = index.resource(value.path)
        names = index.names(resource.number) if resource else ()
        return max((likeness(index.analyse(text), name.name, index.name_words).score for name in names), default=0.0)
    rough = value.datatype == edtf.DATATYPE
    if rough or text[:1].isdigit() or value.text[:1].isdigit():
        return (_alike_dates if rough else _alike_numbers)(text.strip(), value.text)
    return fuzz.ratio(fold(text), fold(value.text))


def _alike_numbers(wanted: str, known: str) -> float:
    """Compare numbers and dates: a less precise date is right as far as it goes."""
    if known.startswith(f"{wanted}-"):
        return 100.0
    return _LESS_PRECISE if wanted.startswith(f"{known}-") else 0.0


def _alike_dates(wanted: str, known: str) -> float:
    """Compare with a date that is known only roughly: where it leaves open which day is meant, one of its days fits in part."""
    asked, rough = edtf.read(wanted), edtf.read(known)
    if asked is None or rough is None or asked.span[1] < rough.span[0] or rough.span[1] < asked.span[0]:
        return 0.0
    within = None not in rough.bounds and asked.span[0] <= rough.span[0] and rough.span[1] <= asked.span[1]
    return 100.0 if within else _LESS_PRECISE


def holders(schema: Schema, condition: Condition, paths: Sequence[str], index: SearchIndex) -> str:
    """Return the query for the entities whose property has a value: one of the resources `paths`, or an equal text."""
    term = schema.property(condition.property)
    if term is None:
        return ""
    iris = [f"<{index.base}{path}>" for path in paths]
    texts = [json.dumps(wanted.text or wanted.id, ensure_ascii=False) for wanted in condition.values]
    equal = [f"?v IN ({', '.join(iris)})"] if iris else []
    equal.append(f"STR(?v) IN ({', '.join(texts)})")
    return f"SELECT DISTINCT ?s WHERE {{ {pattern(term)} FILTER({' || '.join(equal)}) }} ORDER BY ?s LIMIT 200"


def is_integer(value: Value) -> bool:
    """Return whether a value is a whole number."""
    return value.datatype in _INTEGERS
