"""The kinds of resources, as the table beside the ontology (`kinds.toml`) says what is done with each of them.

Every key is explained in `docs/kinds.md`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated, Any, Final, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationInfo

from vertragsgraph.rdf.namespaces import OWL, WELL_KNOWN
from vertragsgraph.rdf.paths import PropertyPath, Step, iri_of
from vertragsgraph.register import names
from vertragsgraph.register.addresses import RESERVED
from vertragsgraph.register.values import Iri, Line, Slug, like, one_of
from vertragsgraph.texts import marked

T = TypeVar("T")

FILE_NAME: Final = "kinds.toml"
TERM: Final = marked("a term of a vocabulary whose prefix is known, such as vg:Contract, or an IRI in angle brackets")
PATH: Final = marked("a path of properties, such as vg:topic/skos:broader* or ^vg:concerns[vg:Signing]/vg:date")


def _read(read: Callable[[str, Mapping[str, str]], T], wanted: str) -> BeforeValidator:
    def validate(value: object, info: ValidationInfo) -> T:
        try:
            return read(str(value), cast(dict[str, Any], info.context)["prefixes"])
        except ValueError:
            raise ValueError(wanted) from None

    return BeforeValidator(validate)


Term = Annotated[str, _read(iri_of, TERM)]
Path = Annotated[PropertyPath, _read(PropertyPath.read, PATH)]
Texts = Annotated[dict[str, Line], Field(min_length=1)]
KindName = Annotated[
    str, like(names.KIND, marked("the first part of a path below id/: lower-case letters and hyphens"))
]
_PREFIX: Final = marked("a prefix of lower-case letters and digits that no well-known vocabulary has")
Prefix = Annotated[str, like(rf"(?!(?:{'|'.join(WELL_KNOWN)})$)[a-z][a-z0-9]*", _PREFIX)]
Key = Annotated[
    str, like("[a-z]+([_-][a-z]+)*", marked("lower-case letters, with hyphens or underscores between them"))
]
Item = Annotated[str, like("Q[1-9][0-9]*", marked("the number of an item on Wikidata, such as Q5"))]
Property = Annotated[str, like("P[1-9][0-9]*", marked("the number of a property on Wikidata, such as P39"))]
_LIST: Final = marked("the path of a list: lower-case letters and hyphens, and nothing that is served already")
ListPath = Annotated[str, like(rf"(?!(?:{'|'.join(sorted(RESERVED))})$){names.KIND}", _LIST)]
PageName = Annotated[
    str,
    one_of(
        "contract organisation person office topic source evidence statement", marked("a page that is made by hand")
    ),
]
Shape = Annotated[str, one_of("page square circle triangle diamond hexagon", marked("a shape for the graph"))]
Links = Annotated[str, one_of("wanted possible", marked("how much links to other registers are wanted"))]
Datatype = Annotated[str, one_of("string date decimal anyURI", marked("a datatype for a column"))]
Form = Annotated[str, one_of("value name year", marked("a form in which values are shown"))]
TableForm = Annotated[str, one_of("value label", marked("a form in which values are shown"))]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Choice(_Table):
    """A value of a facet: it is that of everything from which the path leads somewhere."""

    key: Slug
    path: Path
    title: Texts


class InForce(_Table):
    """Paths to the days between which beginning and end lie, and to whether there is no end; `day` is it in addresses."""

    day: Slug
    begins: tuple[Path, ...]
    ends: tuple[Path, ...]
    indefinitely: Path | None = None


class Facet(_Table):
    """A facet of a list: the ends of a path (`kind` says what they are), `values` of its own, or both; or the status on a day."""

    key: Slug
    path: Path | None = None
    title: Texts | None = None
    kind: KindName = ""
    form: Form = "value"
    values: tuple[Choice, ...] = ()
    period: InForce | None = None


class Column(_Table):
    """A column of a list's files: the ends of a path, in a form."""

    name: Key
    path: Path
    form: Form = "value"
    title: Texts | None = None


class Listing(_Table):
    """A page with all resources of a kind, and its files: where, in which order, with which facets and columns."""

    path: ListPath
    title: Texts | None = None
    navigation: bool = True
    order: Path | None = None
    facets: tuple[Facet, ...] = ()
    columns: tuple[Column, ...] = ()


class Derived(_Table):
    """A property that only reconciliation knows, since it follows from several triples."""

    key: Key
    path: Path
    title: Texts
    comment: Texts | None = None
    form: Form = "value"


class Reconciliation(_Table):
    """What reconciliation offers: `place` is that of the class among those which are offered first, from 1 on."""

    place: int = 0
    properties: tuple[Derived, ...] = ()


class Told(_Table):
    """What Wikidata is told: a property with the ends of a path, or an `item`, where the last step has evidence.

    `qualifiers` are properties of the node from which the last step leads; nothing is told that lacks one of those in `needs`.
    """

    property: Property
    path: Path
    item: Item = ""
    qualifiers: dict[Property, Term] = {}
    needs: tuple[Property, ...] = ()


class TableColumn(_Table):
    """A column of the register's table: the ends of a path (of none, the resource itself) or, as `label`, their names."""

    name: Key
    title: Texts
    path: Path | None = None
    form: TableForm = "value"
    datatype: Datatype = "string"

    @property
    def is_address(self) -> bool:
        """Whether it has the IRIs of what another column has by name."""
        return self.datatype == "anyURI"

    def shows(self, iri: str) -> bool:
        """Tell whether it has the values of a property in words."""
        ways = self.path.sequences if self.path and not self.is_address else ()
        return any(len(way) == 1 and way[0].property == iri and not way[0].inverse for way in ways)


class Kind(_Table):
    """What is done with the resources of one kind."""

    cls: Term = Field("", alias="class")
    title: Texts | None = None
    page: PageName = ""
    main: bool = False
    part: bool = False
    shape: Shape = ""
    links: Links = ""
    same: Term = OWL + "sameAs"
    schema_org: Term = Field("", alias="schema")
    list: Listing | None = None
    reconciliation: Reconciliation = Reconciliation()
    wikidata: tuple[Told, ...] = ()
    table: tuple[TableColumn, ...] = ()

    _name: str = PrivateAttr(default="")

    @property
    def name(self) -> str:
        """The first part of the paths of its resources below id/."""
        return self._name

    @property
    def iri(self) -> str:
        """The class of its resources."""
        return self.cls or names.class_named(self._name)


class Connection(_Table):
    """A line of the graph from the resources of one kind to those of another.

    `name` is the property, or the class of what stands between the two; `inverse` what it is called from the other end.
    `path` leads from one to the other by what is asserted and what follows from it, `asserted` without what follows.
    """

    start: KindName = Field(alias="from")
    end: KindName = Field(alias="to")
    name: Term
    inverse: Term = ""
    path: Path | None = None
    asserted: Path | None = None

    @property
    def direct(self) -> PropertyPath:
        """The path, which by default is the property that gives the name."""
        return self.path or PropertyPath(((Step(self.name),),))


class Kinds(_Table):
    """The table: kinds in the order in which people look at them, and the lines between them."""

    extends: bool = False
    prefixes: dict[Prefix, Iri] = {}
    kinds: dict[KindName, Kind] = {}
    lines: tuple[Connection, ...] = ()

    _values: Mapping[str, object] = PrivateAttr(default={})

    def model_post_init(self, _context: object, /) -> None:
        """Tell each kind its name."""
        for name, kind in self.kinds.items():
            kind._name = name

    @classmethod
    def of(cls, values: Mapping[str, object], **options: Any) -> Kinds:
        """Return the table that TOML or JSON holds; raises `ValidationError`. `options` are those of pydantic."""
        own = values.get("prefixes")
        prefixes = WELL_KNOWN | {
            name: iri for name, iri in (own if isinstance(own, dict) else {}).items() if isinstance(iri, str)
        }
        table = cls.model_validate(values, context={"prefixes": prefixes}, **options)
        table._values = values
        return table

    def canonical(self) -> str:
        """Return the table in one form, as releases hold it; the order of its parts is part of what it says."""
        return json.dumps(self._values, ensure_ascii=False, separators=(",", ":"))

    def __getitem__(self, name: str) -> Kind:
        """Return a kind by its name; one of which the table says nothing is a kind with nothing to say of."""
        if name in self.kinds:
            return self.kinds[name]
        kind = Kind()
        kind._name = name
        return kind

    @cached_property
    def listed(self) -> dict[str, Kind]:
        """The kinds that have a list, by its path; of two with one path the first."""
        found: dict[str, Kind] = {}
        for kind in self.kinds.values():
            if kind.list:
                found.setdefault(kind.list.path, kind)
        return found

    def with_page(self, page: str) -> Kind | None:
        """Return the first kind with a list whose pages are made by hand in one way."""
        return next((kind for kind in self.listed.values() if kind.page == page), None)

    @cached_property
    def nodes(self) -> dict[str, Kind]:
        """The kinds whose resources are drawn in graphs, by class."""
        return {kind.iri: kind for kind in self.kinds.values() if kind.shape}

    @property
    def main(self) -> frozenset[str]:
        """The kinds that people look for: search finds them first."""
        return frozenset(name for name, kind in self.kinds.items() if kind.main)

    def is_part(self, name: str) -> bool:
        """Tell whether resources of a kind are parts of what they are connected with: so are those that have no place here."""
        return self[name].part or name not in self.kinds

    @property
    def linked(self) -> list[str]:
        """The kinds whose resources may be described elsewhere, in Wikidata say."""
        return [name for name, kind in self.kinds.items() if kind.links]

    @property
    def wanting_links(self) -> list[str]:
        """The classes whose instances are counted where they have no link; those that come from elsewhere needn't have one."""
        return [kind.iri for kind in self.kinds.values() if kind.links == "wanted"]

    @property
    def table(self) -> Kind:
        """The kind whose resources are the rows of the register's table."""
        return next(kind for kind in self.kinds.values() if kind.table)
