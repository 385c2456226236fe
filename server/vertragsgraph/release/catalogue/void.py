"""The VoID description of a release: statistics, partitions, examples, vocabularies, link sets (W3C note "VoID")."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from vertragsgraph.graph import Graphs
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import namespace_of
from vertragsgraph.rdf.namespaces import VOID, VOID_EXT
from vertragsgraph.rdf.sorted_files import lines_of, sorting
from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.register import Register
from vertragsgraph.register.names import dataset_iri
from vertragsgraph.release.catalogue.description import Description, iri, typed
from vertragsgraph.release.contents import dumps
from vertragsgraph.release.contents.formats import FORMATS
from vertragsgraph.release.contents.objects import Objects, objects
from vertragsgraph.release.contents.statistics import Class, Property, Survey

FILE_NAME: Final = "void.ttl"
_LINKING: Final = frozenset(map(str, terms.LINKS))


def describe(register: Register, graphs: Graphs, found: Survey, prefixes: Mapping[str, str], work: Path) -> Description:
    """Describe the dataset of all named graphs; `work` is where a passing file may lie."""
    void = _Void(register, prefixes, objects(dumps.merged_lines(graphs.paths()), work))
    void.description.state(
        dataset_iri(register.base),
        "void:Dataset",
        dcterms__title=register.title,
        dcterms__license=iri(register.licence.iri),
        void__uriSpace=typed(f"{register.base}id/", "string"),
        void__sparqlEndpoint=iri(f"{register.services}sparql"),
        void__dataDump=[
            iri(f"{register.url}{item.file(register.key)}")
            for item in FORMATS
            if item.name != "csv" and item.rdf == "1.1"
        ],
        void__exampleResource=[
            iri(kind.example)
            for _, kind in sorted(found.classes.items())
            if kind.example.startswith(f"{register.base}id/")
        ],
        void__vocabulary=[
            iri(name) for name in sorted({namespace_of(name) for name in (*found.properties, *found.classes)})
        ],
        void__triples=_count(found.triples),
        void__entities=_count(found.subjects),
        void__distinctSubjects=_count(found.subjects),
        void__distinctObjects=_count(_distinct_objects(graphs, work)),
        void__classes=_count(len(found.classes)),
        void__properties=_count(len(found.properties)),
        void__classPartition=[void.class_partition(*item) for item in sorted(found.classes.items())],
        void__propertyPartition=[void.property_partition(*item) for item in sorted(found.properties.items())],
        void__subset=[*void.named_graphs(graphs), *void.link_sets(graphs)],
    )
    return void.description


def link_counts(lines: Iterable[str], base: str) -> Counter[tuple[str, str]]:
    """Count the links from the register's resources to others, by property and namespace of the target (both IRIs)."""
    counts: Counter[tuple[str, str]] = Counter()
    for subject, group in nt.grouped(lines):
        if subject.startswith(f"<{base}"):
            counts.update(
                (predicate[1:-1], namespace_of(value[1:-1]))
                for predicate, value in group
                if predicate in _LINKING and value[0] == "<" and not value.startswith(f"<{base}")
            )
    return counts


class _Void:
    def __init__(self, register: Register, prefixes: Mapping[str, str], leads_to: Objects) -> None:
        self.description = Description()
        self._leads_to = leads_to
        self.register = register
        self._names = {namespace: name for name, namespace in prefixes.items()}

    def class_partition(self, name: str, found: Class) -> NamedNode:
        """Describe the instances of a class, and how many triples they have of which property."""
        node = self._node("class", name)
        properties = []
        for iri_, number in sorted(found.properties.items()):
            partition = self.description.state(
                f"{node}.{self._short(iri_)}", "void:Dataset", void__property=iri(iri_), void__triples=_count(number)
            )
            self._objects(partition, "class", self._leads_to.classes.get((name, iri_), ()), VOID)
            self._objects(partition, "datatype", self._leads_to.datatypes.get((name, iri_), ()), VOID_EXT)
            properties.append(partition)
        return self.description.state(
            node,
            "void:Dataset",
            void__class=iri(name),
            void__entities=_count(found.entities),
            void__triples=_count(found.properties.total()),
            void__properties=_count(len(found.properties)),
            void__propertyPartition=properties,
        )

    def _objects(self, partition: NamedNode, of: str, found: Iterable[str], vocabulary: str) -> None:
        """Say what kinds of objects the triples of a partition have, as SIB's void-generator does, by nodes without names."""
        for name in found:
            label = hashlib.sha256(f"{partition.value} {name}".encode()).hexdigest()
            part = BlankNode(label[:16])
            self.description.triples.add(Triple(partition, NamedNode(f"{vocabulary}{of}Partition"), part))
            self.description.triples.add(Triple(part, NamedNode(f"{vocabulary}{of}"), NamedNode(name)))

    def property_partition(self, name: str, found: Property) -> NamedNode:
        """Describe the triples of a property."""
        return self.description.state(
            self._node("property", name),
            "void:Dataset",
            void__property=iri(name),
            void__triples=_count(found.triples),
            void__distinctSubjects=_count(found.subjects),
        )

    def named_graphs(self, graphs: Graphs) -> list[NamedNode]:
        """Describe each named graph as a part of the dataset."""
        return [
            self.description.state(
                self.register.graph(role),
                "void:Dataset",
                dcterms__title={"en": role},
                void__triples=_count(count),
            )
            for role, count in graphs.counts.items()
        ]

    def link_sets(self, graphs: Graphs) -> list[NamedNode]:
        """Describe the links to each other dataset, by property."""
        if "links" not in graphs.roles:
            return []
        counts = link_counts(nt.read(graphs.path("links")), self.register.base)
        return [
            self.description.state(
                f"{self._node('links', predicate)}.{self._short(target)}",
                "void:Linkset",
                void__linkPredicate=iri(predicate),
                void__subjectsTarget=iri(dataset_iri(self.register.base)),
                void__objectsTarget=self.description.state(
                    self._node("dataset", target), "void:Dataset", void__uriSpace=typed(target, "string")
                ),
                void__triples=_count(number),
            )
            for (predicate, target), number in sorted(counts.items())
        ]

    def _node(self, kind: str, name: str) -> str:
        return f"{self.register.base}void#{kind}.{self._short(name)}"

    def _short(self, name: str) -> str:
        """Return a short name for an IRI, for use in a fragment: its prefixed name with a hyphen, else its SHA-256's start."""
        namespace = namespace_of(name)
        prefix, local = self._names.get(namespace), name[len(namespace) :]
        if prefix and re.fullmatch(r"[A-Za-z0-9_-]*", local):
            return f"{prefix}-{local}" if local else prefix
        return hashlib.sha256(name.encode()).hexdigest()[:16]


def _count(number: int) -> Literal:
    return typed(str(number), "integer")


def _distinct_objects(graphs: Graphs, work: Path) -> int:
    """Count the different objects of all triples, in bounded memory."""
    objects = work / "objects"
    with sorting(objects) as out:
        out.writelines(line.split(b" ", 2)[2] for line in lines_of(*graphs.paths()))
    return sum(1 for _ in lines_of(objects))
