"""A state of a register that can be compared with another: a release, or the graphs that a build would make one of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

from vertragsgraph.graph import Graphs
from vertragsgraph.graph.digest import sorted_quads
from vertragsgraph.linked_data.terms import Labels, labels_of, ontology_labels
from vertragsgraph.rdf.sorted_files import beginning_with, blocks
from vertragsgraph.register import ASSERTED_ROLES, ROLES, Kinds, Register
from vertragsgraph.register.names import kind_of
from vertragsgraph.release import Release

Facts: TypeAlias = list[tuple[str, str]]
"""The predicates (IRIs) and objects (terms of N-Triples) of a resource."""

TOMBSTONES: Final = "tombstones"
LINKS: Final = "links"
ENTAILED: Final = ROLES[-1]
_TELLING: Final = frozenset({*ASSERTED_ROLES} - {TOMBSTONES, LINKS})
_DESCRIBING: Final = _TELLING - {"evidence"}
ONTOLOGY: Final = "ontology.ttl"


@dataclass(frozen=True)
class State:
    """What a register says at some time: its N-Quads in order, its table of kinds, what its vocabulary calls things."""

    name: str
    quads: Path
    register: Register
    kinds: Kinds
    vocabulary: Labels

    @classmethod
    def of_release(cls, release: Release) -> State:
        """Return the state that a release keeps; what it lacks, as the manifest says, is left out."""
        named = ONTOLOGY in release.manifest.files and (release.folder / ONTOLOGY).is_file()
        vocabulary = ontology_labels(release.folder / ONTOLOGY) if named else Labels()
        return cls(release.id, release.dump("nq"), release.register, release.kinds, vocabulary)

    @classmethod
    def of_graphs(cls, name: str, register: Register, graphs: Graphs) -> State:
        """Return the state that is in graphs; beside them a file is written, with which it ends."""
        path = graphs.folder / "state.nq"
        with path.open("wb") as out:
            out.writelines(sorted_quads({role: graphs.path(role) for role in graphs.roles}, register))
        return cls(name, path, register, graphs.kinds, labels_of(graphs.ontology))

    @property
    def base(self) -> str:
        """The register's base IRI."""
        return self.register.base

    def kind(self, iri: str) -> str:
        """Return the kind of a resource of the register, "" for any other IRI."""
        return kind_of(iri, self.base)

    def stands_alone(self, iri: str) -> bool:
        """Tell whether a resource is told of by itself, and not as a part of another."""
        kind = self.kind(iri)
        return kind != "" and not self.kinds.is_part(kind)

    def about(self, iri: str) -> Facts:
        """Return what is asserted of a resource, links to other registers and tombstones left out."""
        return list(self._lines(iri, _TELLING))

    def tombstone(self, iri: str) -> Facts:
        """Return what a tombstone says of a resource."""
        return list(self._lines(iri, {TOMBSTONES}))

    def describes(self, iri: str) -> bool:
        """Tell whether anything is asserted of a resource."""
        return any(True for _ in self._lines(iri, _TELLING))

    def pointing(self, targets: Collection[str]) -> dict[str, Facts]:
        """Return for each of some resources the properties that lead to it, each with its subject (an IRI).

        The whole file is read once; evidence is left out.
        """
        found: defaultdict[str, Facts] = defaultdict(list)
        kinds = "|".join(sorted({re.escape(self.kind(iri)) for iri in targets}))
        graphs = "|".join(re.escape(self.register.graph(role)) for role in sorted(_DESCRIBING))
        # From the predicate's end on: what begins with so much that is fixed is found in a tenth of the time.
        end = re.compile(rf"> <({re.escape(self.base)}id/(?:{kinds})/[^>]*)> <(?:{graphs})> \.\n".encode())
        for block in blocks(self.quads) if targets else ():
            for match in end.finditer(block):
                if (target := match[1].decode()) in targets:
                    start = block.rfind(b"\n", 0, match.start()) + 1
                    subject, _, predicate = block[start : match.start()].decode().partition("> <")
                    found[target].append((predicate, subject[1:]))
        return dict(found)

    @cached_property
    def _roles(self) -> dict[str, str]:
        return {f"<{self.register.graph(role)}>": role for role in ASSERTED_ROLES}

    def _lines(self, iri: str, roles: Collection[str]) -> Iterator[tuple[str, str]]:
        for line in beginning_with(self.quads, f"<{iri}> ".encode()):
            _, predicate, rest = line.decode()[:-3].split(" ", 2)
            value, _, graph = rest.rpartition(" ")
            if self._roles.get(graph) in roles:
                yield predicate[1:-1], value
