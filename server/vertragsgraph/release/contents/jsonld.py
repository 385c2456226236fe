"""JSON-LD 1.1, written subject by subject: an inline context of readable keys, one node object for each subject.

A key is coerced to a type only where every value of its property has that type; languages become language maps. A value
that doesn't fit its key (in a document written with another release's context) goes under the property's IRI, written out
in full, so no value is ever bent. pyoxigraph writes JSON-LD without such a context, of little use to who reads JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final, Self, TextIO

import pyoxigraph

from vertragsgraph.rdf.curie import namespace_of, relative
from vertragsgraph.rdf.namespaces import XSD
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.release.contents.statistics import IRI, PLAIN, TAGGED, Survey, kind

_MIXED: Final = "mixed"
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*").fullmatch
_SCHEMES: Final = frozenset({"http", "https", "urn", "mailto", "tel"})
# Only what JSON and RDF read back as the same literal; longer integers would lose digits in many readers.
_NATIVE: Final = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,14}").fullmatch,
    XSD + "boolean": re.compile(r"true|false").fullmatch,
}


@dataclass(frozen=True)
class Key:
    """The key of a property, and the kind that all its values have ("@id", "@language", a datatype IRI), else "mixed".

    Plain strings need no coercion, so they count as mixed.
    """

    name: str
    kind: str


@dataclass(frozen=True)
class Context:
    """Keys by property IRI and names by class IRI; in a document with a base, IRIs are relative to it."""

    keys: Mapping[str, Key]
    classes: Mapping[str, str]
    base: str = ""

    @classmethod
    def of(cls, survey: Survey, prefixes: Mapping[str, str]) -> Self:
        """Choose keys for everything in `survey`: local names; where two collide, the later vocabulary shows its prefix.

        No key has the name of an IRI scheme in use, as an IRI could be taken for a compact one.
        """
        names = _names([*survey.properties, *survey.classes], prefixes, _SCHEMES | survey.schemes)
        keys = {
            iri: Key(names[iri], _common(found.kinds))
            for iri, found in sorted(survey.properties.items())
            if iri in names and iri != nt.RDF_TYPE[1:-1]
        }
        return cls(keys, {iri: names[iri] for iri in sorted(survey.classes) if iri in names})

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Return the context that `document()` gave."""
        keys, classes = {}, {}
        for name, value in document["@context"].items():
            if isinstance(value, str):
                classes[value] = name
            elif "@container" in value:
                keys[value["@id"]] = Key(name, TAGGED)
            else:
                keys[value["@id"]] = Key(name, value.get("@type", _MIXED))
        return cls(keys, classes)

    def document(self) -> dict[str, Any]:
        """Return the context as JSON-LD: `{"@context": …}`."""
        terms: dict[str, Any] = {name: iri for iri, name in self.classes.items()}
        for iri, key in self.keys.items():
            terms[key.name] = {"@id": iri} | _coercion(key.kind)
        return {"@context": ({"@base": self.base} if self.base else {}) | dict(sorted(terms.items()))}

    def along(self, links: Iterable[str], classes: Iterable[str], prefixes: Mapping[str, str]) -> Self:
        """Return the context with names for further properties, whose values are IRIs, and classes."""
        taken = _SCHEMES | {key.name for key in self.keys.values()} | set(self.classes.values())
        names = _names([iri for iri in (*links, *classes) if iri not in {*self.keys, *self.classes}], prefixes, taken)
        keys = {iri: Key(names[iri], IRI) for iri in links if iri in names}
        return type(self)(
            {**self.keys, **keys}, {**self.classes, **{iri: names[iri] for iri in classes if iri in names}}
        )

    def only(self, used: set[str]) -> Self:
        """Return the part of the context for the properties and classes whose IRIs are `used`."""
        keys = {iri: key for iri, key in self.keys.items() if iri in used}
        return type(self)(keys, {iri: name for iri, name in self.classes.items() if iri in used})

    def against(self, base: str) -> Self:
        """Return the context for a document in which IRIs are relative to a base."""
        return replace(self, base=base)


def _common(kinds: set[str]) -> str:
    return next(iter(kinds)) if len(kinds) == 1 and PLAIN not in kinds else _MIXED


def _coercion(of_kind: str) -> dict[str, str]:
    if of_kind == TAGGED:
        return {"@container": "@language"}
    return {} if of_kind == _MIXED else {"@type": of_kind}


def _names(iris: Iterable[str], prefixes: Mapping[str, str], reserved: frozenset[str] | set[str]) -> dict[str, str]:
    rank = {namespace: (number, name) for number, (name, namespace) in enumerate(prefixes.items())}
    split = {iri: namespace_of(iri) for iri in iris}
    names: dict[str, str] = {}
    taken = set(reserved)
    for iri, namespace in sorted(split.items(), key=lambda item: (rank.get(item[1], (len(rank), "")), item[0])):
        local = iri[len(namespace) :]
        prefix = rank[namespace][1] if namespace in rank else ""
        for name in (local, f"{prefix}_{local}"):
            if _NAME(name) and name not in taken:
                names[iri] = name
                taken.add(name)
                break
    return names


def _string(escaped: str) -> str:
    # The escapes of canonical N-Triples are JSON's, but for \U, which stands for characters outside the basic plane.
    return json.dumps(nt.unescaped(escaped), ensure_ascii=False) if "\\U" in escaped else f'"{escaped}"'


def _reference(term: str, base: str = "") -> str:
    return f'"{relative(term[1:-1], base)}"' if term[0] == "<" else f'"{term}"'


def _native(lexical: str, datatype: str) -> bool:
    native = _NATIVE.get(datatype)
    return bool(native and native(lexical))


def _full(term: str, base: str) -> str:
    """Return an object written out: nothing depends on the key it stands under."""
    if term[0] != '"':
        return f'{{"@id": {_reference(term, base)}}}'
    escaped, language, datatype = nt.literal(term)
    if language:
        tag, _, direction = language.partition("--")
        directed = f', "@direction": "{direction}"' if direction else ""
        return f'{{"@value": {_string(escaped)}, "@language": "{tag}"{directed}}}'
    if not datatype:
        return _string(escaped)
    return escaped if _native(escaped, datatype) else f'{{"@value": {_string(escaped)}, "@type": "{datatype}"}}'


def _short(term: str, of_kind: str, base: str) -> str | None:
    """Return an object as it stands under a key that is coerced to a kind; None where it is of another kind."""
    if of_kind == IRI:
        return None if term[0] == '"' else _reference(term, base)
    suffix = f'"^^<{of_kind}>'
    if not term.endswith(suffix):
        return None
    escaped = term[1 : -len(suffix)]
    return escaped if _native(escaped, of_kind) else _string(escaped)


def _list(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def _by_language(values: list[str]) -> str:
    texts: dict[str, list[str]] = {}
    for value in values:
        escaped, language, _ = nt.literal(value)
        texts.setdefault(language, []).append(_string(escaped))
    return "{" + ", ".join(f'"{language}": {_list(texts[language])}' for language in sorted(texts)) + "}"


def _members(predicate: str, values: list[str], context: Context) -> Iterator[str]:
    """Yield the members of a node object for the values of one property: one, or two where some don't fit the key."""
    iri = predicate[1:-1]
    key = context.keys.get(iri) or Key(iri, _MIXED)
    if key.kind == _MIXED:
        yield f'"{key.name}": {_list([_full(value, context.base) for value in values])}'
        return
    if key.kind == TAGGED:
        unfit = [value for value in values if kind(value) != TAGGED or "--" in nt.literal(value).language]
        fitting = [value for value in values if value not in unfit] if unfit else values
        if fitting:
            yield f'"{key.name}": {_by_language(fitting)}'
    else:
        short = [_short(value, key.kind, context.base) for value in values]
        unfit = [value for value, text in zip(values, short, strict=True) if text is None]
        if len(unfit) < len(values):
            yield f'"{key.name}": {_list([text for text in short if text is not None])}'
    if unfit:
        yield f'"{iri}": {_list([_full(value, context.base) for value in unfit])}'


def _node(subject: str, group: nt.Group, context: Context) -> str:
    members = [f'"@id": {_reference(subject, context.base)}']
    for predicate, values in nt.by_predicate(group):
        if predicate != nt.RDF_TYPE:
            members += _members(predicate, values, context)
            continue
        types = [value for value in values if value[0] != '"']
        if types:
            names = [
                f'"{name}"' if (name := context.classes.get(value[1:-1])) else _reference(value) for value in types
            ]
            members.append(f'"@type": {_list(names)}')
        if literals := [value for value in values if value[0] == '"']:
            members.append(f'"{predicate[1:-1]}": {_list([_full(value, context.base) for value in literals])}')
    return "{\n      " + ",\n      ".join(members) + "\n    }"


def _document(nodes: Iterator[str], context: Context) -> Iterator[str]:
    head = json.dumps(context.document(), ensure_ascii=False, indent=2)
    yield head[: -len("\n}")] + ',\n  "@graph": ['
    first = next(nodes, None)
    if first is not None:
        yield "\n    " + first
    yield from (",\n    " + node for node in nodes)
    yield "\n  ]\n}\n"


def write_lines(lines: Iterable[str], out: TextIO, context: Context) -> None:
    """Write sorted N-Triples lines as JSON-LD, in the memory of one subject."""
    out.writelines(_document((_node(subject, group, context) for subject, group in nt.grouped(lines)), context))


def write(triples: Iterable[pyoxigraph.Triple], out: TextIO, context: Context) -> None:
    """Write the triples of a small document (held in memory) as JSON-LD; the context holds only the keys in use."""
    lines = nt.from_triples(triples)
    used = set(
        chain.from_iterable(
            (predicate[1:-1], value[1:-1]) for _, group in nt.grouped(lines) for predicate, value in group
        )
    )
    write_lines(lines, out, context.only(used))
