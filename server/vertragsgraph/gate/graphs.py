"""What no shape can state: that every term that is used is known, and that every resource that is named is described.

Shapes look at nodes of known classes. A misspelt class or property, an IRI that leads nowhere, a resource without a type
would slip past them. Everything is read as a stream, so that the size of the register matters to time only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final, TypeAlias

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from vertragsgraph.finding import Finding
from vertragsgraph.gate.lines import only_in_first
from vertragsgraph.gate.near import by_kind, kind_of, nearest
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import first, more_of
from vertragsgraph.gate.words import compact
from vertragsgraph.graph import Graphs, terms
from vertragsgraph.graph.documents import read_document
from vertragsgraph.graph.sorting import sort_file
from vertragsgraph.register import ASSERTED_ROLES, ONTOLOGY_IRI, Register
from vertragsgraph.sources.syntax import WELL_KNOWN
from vertragsgraph.texts import Language, both

RULE: Final = "graph"
OWN_TERMS: Final = f"{ONTOLOGY_IRI}#"
REMEMBERED: Final = 10_000
"""IRIs that have been looked at lately."""

TYPE: Final = str(terms.TYPE).encode()
QUOTED: Final = frozenset(str(term).encode() for term in (terms.SUBJECT, terms.PREDICATE, terms.OBJECT))
"""Properties that lead from a statement node to the parts of the statement; whether it stands, evidence.py tells."""

NAME: Final = re.compile(rb"[a-z]+(-[a-z]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+")
"""Kind and name of a resource, and what may follow for its parts."""

Message: TypeAlias = dict[Language, str]


def check_graphs(
    register: Register, graphs: Graphs, places: Places, misnamed: Collection[object] = ()
) -> list[Finding]:
    """Return what is wrong with the terms and names in the asserted graphs.

    Found are: unknown terms of the vocabulary; prefixed names in angle brackets; resources outside of id/, or whose names
    are not made as names are (but for those in `misnamed`, which a shape complains about); resources without a type;
    IRIs of resources that nothing describes.
    """
    with TemporaryDirectory(dir=graphs.folder) as folder:
        used_as_read, described_as_read = Path(folder, "used.read"), Path(folder, "described.read")
        used, described = Path(folder, "used"), Path(folder, "described")
        with used_as_read.open("wb") as used_file, described_as_read.open("wb") as described_file:
            reader = _Reader(register, used_file, described_file, {str(node).encode() for node in misnamed})
            paths = [graphs.path(role) for role in ASSERTED_ROLES if role in graphs.roles]
            wrong, more_wrong = first(complaint for path in paths for complaint in reader.complaints(path))
        sort_file(used_as_read, used)
        sort_file(described_as_read, described)
        lost, more_lost = first(NamedNode(name[1:-1]) for name in only_in_first(used, described))
        known = by_kind(_iris(described), {kind_of(node.value) for node in lost}) if lost else {}
    places.look_up(triples=[triple for triple, _ in wrong], nodes=lost)
    return [
        *(Finding(text, places.of_triple(triple), rule=RULE, focus=str(triple.subject)) for triple, text in wrong),
        *(_lost_finding(node, known.get(kind_of(node.value), ()), places, register) for node in lost),
        *([more_of(RULE, more_wrong + more_lost)] if more_wrong + more_lost else []),
    ]


class _Reader:
    """Reads graphs line by line, notes the names of resources that are used or described, and complains."""

    def __init__(self, register: Register, used: IO[bytes], described: IO[bytes], misnamed: set[bytes]) -> None:
        self._register = register
        self._base = f"<{register.base}".encode()
        self._below = f"<{register.iri('id/')}".encode()
        self._used = used
        self._described = described
        self._misnamed = misnamed
        ontology = read_document(register, register.ontology)
        self._own = {str(getattr(triple.subject, "value", "")) for triple in ontology}
        self._judged = lru_cache(REMEMBERED)(self._judge)

    def complaints(self, path: Path) -> Iterator[tuple[Triple, Message]]:
        """Yield the triples of a file of sorted N-Triples in which a term or name is wrong."""
        before = b""
        with path.open("rb") as lines:
            for line in lines:
                subject, predicate, target = line[:-3].split(b" ", 2)
                messages = [self._judged(predicate)]
                if subject != before:
                    before = subject
                    messages += [self._judged(subject), self._judge_name(subject)]
                    self._note(subject)
                if predicate == TYPE:
                    self._described.write(subject + b"\n")
                if target.startswith(b"<"):
                    messages.append(self._judged(target))
                    if predicate not in QUOTED:
                        self._note(target)
                for message in messages:
                    if message:
                        yield next(parse(line, RdfFormat.N_TRIPLES)).triple, message

    def _note(self, term: bytes) -> None:
        if term.startswith(self._below):
            self._used.write(term + b"\n")

    def _judge_name(self, subject: bytes) -> Message | None:
        """Say what is wrong with the IRI of a resource of this register."""
        if not subject.startswith(self._base) or subject in self._misnamed:
            return None
        if not subject.startswith(self._below):
            return both(
                "{resource} is no IRI of a resource; those of this register begin with {start}",
                resource=subject.decode(),
                start=self._below.decode() + "…",
            )
        if not NAME.fullmatch(subject, len(self._below), len(subject) - 1):
            return both(
                "{resource} is no name of a resource: it consists of lower-case letters a–z, digits and hyphens (ä becomes ae)",
                resource=compact(NamedNode(subject[1:-1].decode()), self._register),
            )
        return None

    def _judge(self, term: bytes) -> Message | None:
        """Say what is wrong with an IRI as such."""
        iri = term[1:-1].decode()
        prefix = iri.partition(":")[0]
        if prefix in WELL_KNOWN:
            return both("{term} is a prefixed name in angle brackets; write {name}", term=term.decode(), name=iri)
        if not iri.startswith(OWN_TERMS) or iri in self._own:
            return None
        name = compact(NamedNode(iri), self._register)
        if meant := nearest(iri, self._own, self._register):
            return both("the vocabulary has no {term}; did you mean {near}?", term=name, near=meant)
        return both("the vocabulary has no {term}; docs/model.md shows what there is", term=name)


def _iris(names: Path) -> Iterator[str]:
    with names.open(encoding="utf-8") as lines:
        yield from (line[1:-2] for line in lines)


def _lost_finding(node: NamedNode, same_kind: Iterable[str], places: Places, register: Register) -> Finding:
    name = compact(node, register)
    if places.is_described(node):
        message = both("{resource} has no type; say what it is: a vg:…", resource=name)
    elif meant := nearest(node.value, same_kind, register):
        message = both("{resource} is described nowhere; did you mean {near}?", resource=name, near=meant)
    else:
        message = both("{resource} is described nowhere; describe it, or name one that is", resource=name)
    return Finding(message, places.of_node(node), rule=RULE, focus=str(node))
