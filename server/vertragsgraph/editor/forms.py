"""Forms, read from the shapes (`shapes/forms.ttl`): what is asked for, in which order and under which names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from vertragsgraph.gate.shacl.paths import FIRST, REST, Index, index_of
from vertragsgraph.rdf.curie import local_name
from vertragsgraph.rdf.namespaces import RDF, RDFS, SH, SKOS
from vertragsgraph.rdf.terms import TYPE, Node

LABELS: Final = (NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"))
LANG_STRING: Final = RDF + "langString"


@dataclass(frozen=True)
class Field:
    """A property that a form asks for; `key` is its name in the form's data.

    What it takes is told by one of these: the IRI of a `form`, a class (`kind`), `choices`, a `datatype`. With `inverse` the
    statement is about its value.
    """

    key: str
    path: NamedNode
    inverse: bool
    names: Mapping[str, str]
    group: str
    form: str
    kind: NamedNode | None
    choices: tuple[Node, ...]
    datatype: str
    least: int
    most: int | None


@dataclass(frozen=True)
class Form:
    """What is asked for of resources of some classes; `name` is the field with their name, `choice` that with their class.

    What has a name is chosen by it; what has none is filled in where it stands.
    """

    names: Mapping[str, str]
    classes: tuple[NamedNode, ...]
    fields: tuple[Field, ...]
    name: Field | None
    choice: Field | None

    @property
    def kind(self) -> str:
        """The kind of the resources, as it stands in their IRIs."""
        return _kebab(local_name(self.classes[0].value))


@dataclass(frozen=True)
class Group:
    """Fields that belong together."""

    iri: str
    names: Mapping[str, str]


class Forms:
    """The forms of a register; `root` is that for contracts."""

    def __init__(self, shapes: Sequence[Triple], root: NamedNode) -> None:
        self._index = index_of(shapes)
        self._forms = {str(node): self._form(node) for node in self._index if self._is_form(node)}
        self.groups = tuple(
            Group(str(node), _texts(self._index, node, RDFS + "label"))
            for node in sorted(self._of_type("PropertyGroup"), key=self._order)
        )
        self.root = next((form for form in self._forms.values() if root in form.classes), None)

    @property
    def all(self) -> tuple[Form, ...]:
        """All forms, in the order of the file."""
        return tuple(self._forms.values())

    def __getitem__(self, iri: str) -> Form:
        return self._forms[iri]

    def _is_form(self, node: Node) -> bool:
        about = self._index[node]
        return Literal(True) in about.get(_sh("deactivated"), ()) and _sh("targetClass") in about

    def _of_type(self, name: str) -> list[Node]:
        return [node for node, about in self._index.items() if _sh(name) in about.get(TYPE, ())]

    def _order(self, node: Node) -> float:
        value = self._one(node, "order")
        return float(value.value) if isinstance(value, Literal) else 0

    def _one(self, node: Node, name: str) -> Node | None:
        return next(iter(self._index.get(node, {}).get(_sh(name), ())), None)

    def _form(self, node: Node) -> Form:
        shapes = sorted(self._index[node].get(_sh("property"), ()), key=self._order)
        fields = [self._field(shape) for shape in shapes]
        classes = tuple(each for each in self._index[node][_sh("targetClass")] if isinstance(each, NamedNode))
        name = next((field for field in fields if field.path in LABELS), None)
        choice = next((field for field in fields if field.path == TYPE), None)
        own = tuple(field for field in fields if field not in (name, choice))
        return Form(_texts(self._index, node, RDFS + "label"), classes, own, name, choice)

    def _field(self, shape: Node) -> Field:
        path = self._one(shape, "path")
        inverse = isinstance(path, BlankNode)
        way = self._one(path, "inversePath") if isinstance(path, BlankNode) else path
        form, kind, datatype = (self._one(shape, name) for name in ("node", "class", "datatype"))
        if not isinstance(way, NamedNode):
            raise ValueError(f"a form has a field with a path that is no property: {shape}")
        beside = (
            f"-{_kebab(local_name(form.value)).removesuffix('-form')}"
            if inverse and isinstance(form, NamedNode)
            else ""
        )
        return Field(
            key=_kebab(local_name(way.value)) + beside,
            path=way,
            inverse=inverse,
            names=_texts(self._index, shape, SH + "name"),
            group=str(self._one(shape, "group") or ""),
            form=str(form or ""),
            kind=kind if isinstance(kind, NamedNode) else None,
            choices=tuple(self._list(self._one(shape, "in"))),
            datatype=datatype.value if isinstance(datatype, NamedNode) else "",
            least=int(_number(self._one(shape, "minCount")) or 0),
            most=_number(self._one(shape, "maxCount")),
        )

    def _list(self, node: Node | None) -> Iterable[Node]:
        while node is not None and FIRST in (about := self._index.get(node, {})):
            yield about[FIRST][0]
            node = about[REST][0]


def _number(value: Node | None) -> int | None:
    return int(value.value) if isinstance(value, Literal) else None


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


def _texts(index: Index, node: Node, predicate: str) -> dict[str, str]:
    values = index.get(node, {}).get(NamedNode(predicate), ())
    return {text.language or "": text.value for text in values if isinstance(text, Literal)}


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
