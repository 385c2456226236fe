"""What no shape can state: that every term that is used is known, and that every resource that is named is described.

Shapes look at nodes of known classes. A misspelt class or property, an IRI that leads nowhere, a resource without a type
would slip past them. Everything is read as a stream, so that the size of the register matters to time only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final, TypeAlias

from pyoxigraph import NamedNode, Triple

from vertragsgraph.finding import Finding, Severity
from vertragsgraph.gate.checks.namespaces import Namespaces, misspelt_kinds
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import first, first_of_kinds, more_of
from vertragsgraph.graph import Graphs
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.curie import namespace_of
from vertragsgraph.rdf.namespaces import VG, WELL_KNOWN
from vertragsgraph.rdf.sorted_files import lines_of, only_in_first, sorting
from vertragsgraph.rdf.syntax.ntriples import triple_of
from vertragsgraph.register import ASSERTED_ROLES, Register
from vertragsgraph.register.names import LONGEST, is_resource
from vertragsgraph.register.names import RESERVED as RESERVED_KINDS
from vertragsgraph.sources.folder import ROLE_OF
from vertragsgraph.sources.term_names import by_kind, compact, nearest
from vertragsgraph.texts import Language, both, marked

RULE: Final = "graph"
NAMES: Final = "names"
PLACES: Final = "folders"
OWN_TERMS: Final = VG
REMEMBERED: Final = 10_000
"""IRIs that have been looked at lately."""

TYPE: Final = str(terms.TYPE).encode()
QUOTED: Final = frozenset(str(term).encode() for term in (terms.SUBJECT, terms.PREDICATE, terms.OBJECT))
"""Properties that lead from a statement node to the parts of the statement; whether it stands, evidence.py tells."""

Kind: TypeAlias = str
"""What sort of complaint it is, the rule of its finding."""

FOLDERS: Final = {
    "contracts": "Contract IntegrationContract Programme Aim Measure Commitment Grant Signing Presentation Utterance",
    "agents": "Organisation Ministry Partner Person Office MinisterialOffice Tenure",
    "topics": "Topic",
    "sources": "SourceDocument",
}
"""The role of the graph for the classes of the vocabulary."""
RESERVED: Final = tuple(f"{kind}/" for kind in RESERVED_KINDS)
_ROLES: Final = {f"<{OWN_TERMS}{name}>".encode(): role for role, classes in FOLDERS.items() for name in classes.split()}

Message: TypeAlias = dict[Language, str]


def check_graphs(register: Register, graphs: Graphs, places: Places) -> list[Finding]:
    """Return what is wrong with the terms and names in the asserted graphs.

    Found are: unknown terms of the vocabulary; prefixed names in angle brackets; resources outside of id/, or whose names
    are not made as names are, or are reserved; resources in a file for another graph, or described in two files; resources
    without a type; IRIs of resources that nothing describes. Where a namespace, a kind or the base is wrong as a whole,
    that is all that is told (`vertragsgraph.gate.checks.namespaces`).
    """
    with TemporaryDirectory(dir=graphs.folder) as folder:
        used, described = Path(folder, "used"), Path(folder, "described")
        with sorting(used) as used_file, sorting(described) as described_file:
            reader = _Reader(register, graphs, used_file, described_file)
            wrong, more = first_of_kinds(
                (kind, (kind, triple, message))
                for role in ASSERTED_ROLES
                if role in graphs.roles
                for kind, triple, message in reader.complaints(graphs.path(role), role)
            )
        lost, more_lost = first(NamedNode(name[1:-1]) for name in only_in_first(used, described))
        misspelt = [*reader.namespaces.findings(places)]
        quoted = reader.namespaces.quoted
        misspelt += misspelt_kinds(lost, quoted, lambda: _iris(described), reader.terms, places, register)
        known = by_kind(_iris(described), {namespace_of(node.value) for node in lost}) if lost else {}
    if misspelt:
        return misspelt
    places.look_up(triples=[triple for _, triple, _ in wrong], nodes=[*lost, *graphs.twice])
    return [
        *(
            Finding(text, places.of_triple(triple), _severity(kind), rule=kind, focus=str(triple.subject))
            for kind, triple, text in wrong
        ),
        *(_lost_finding(node, known.get(namespace_of(node.value), ()), places, register) for node in lost),
        *(_twice_finding(node, places, register) for node in graphs.twice),
        *(more_of(kind, count, _severity(kind)) for kind, count in more.items()),
        *([more_of(RULE, more_lost)] if more_lost else []),
    ]


class _Reader:
    """Reads graphs line by line, notes the names of resources that are used or described, and complains."""

    def __init__(self, register: Register, graphs: Graphs, used: IO[bytes], described: IO[bytes]) -> None:
        self._register = register
        self._base = f"<{register.base}".encode()
        self._below = f"<{register.iri('id/')}".encode()
        self._used = used
        self._described = described
        self.terms = {str(getattr(triple.subject, "value", "")) for triple in graphs.ontology}
        self._judged = lru_cache(REMEMBERED)(self._judge)
        self.namespaces = Namespaces(register, self.terms)

    def complaints(self, path: Path, role: str) -> Iterator[tuple[Kind, Triple, Message]]:
        """Yield the triples of a graph (sorted N-Triples) in which a term or name is wrong, or that are in the wrong graph."""
        before = b""
        for line in lines_of(path):
            subject, predicate, target = line[:-3].split(b" ", 2)
            messages: list[tuple[Kind, Message | None]] = [(RULE, self._judged(predicate))]
            self.namespaces.note(predicate, line)
            if subject != before:
                before = subject
                messages += [(RULE, self._judged(subject)), (NAMES, self._judge_name(subject, role))]
                self._note(subject)
            if predicate == TYPE:
                self._described.write(subject + b"\n")
                self.namespaces.note_type(subject, line, target)
                messages.append((PLACES, self._judge_role(subject, target, role)))
            if target.startswith(b"<"):
                messages.append((RULE, self._judged(target)))
                if predicate in QUOTED:
                    self.namespaces.note_quoted(target)
                else:
                    self._note(target)
            for kind, message in messages:
                if message:
                    yield kind, triple_of(line), message

    def _note(self, term: bytes) -> None:
        if term.startswith(self._below):
            self._used.write(term + b"\n")

    def _judge_name(self, subject: bytes, role: str) -> Message | None:
        """Say what is wrong with the IRI of a resource of this register."""
        if not subject.startswith(self._base):
            return None
        if not subject.startswith(self._below):
            return both(
                "{resource} is no IRI of a resource; those of this register begin with {start}",
                resource=subject.decode(),
                start=self._below.decode() + "…",
            )
        path = subject[len(self._below) : -1].decode()
        if path.startswith(RESERVED) and role not in {"evidence", "links"}:
            text = marked("{resource} is an IRI that the build gives; give this resource another kind")
        elif not is_resource(path):
            text = marked(
                "{resource} is no name of a resource: it consists of lower-case letters a–z, digits and hyphens (ä becomes ae)"
            )
        elif len(path) > LONGEST:
            text = marked("{resource} is longer than {most} characters; shorten the name")
        else:
            return None
        return both(text, resource=compact(NamedNode(subject[1:-1].decode()), self._register), most=LONGEST)

    def _judge_role(self, subject: bytes, target: bytes, role: str) -> Message | None:
        """Say that a resource belongs into another graph."""
        wanted = _ROLES.get(target, role)
        if wanted == role:
            return None
        return both(
            "{resource} is a {type} and stands in a file for {graph}; move it into one of {folders}",
            resource=compact(NamedNode(subject[1:-1].decode()), self._register),
            type=compact(NamedNode(target[1:-1].decode()), self._register),
            graph=f"graph/{role}",
            folders=", ".join(f"data/{name}" for name, its in ROLE_OF.items() if its == wanted),
        )

    def _judge(self, term: bytes) -> Message | None:
        """Say what is wrong with an IRI as such."""
        iri = term[1:-1].decode()
        prefix = iri.partition(":")[0]
        if prefix in WELL_KNOWN:
            return both("{term} is a prefixed name in angle brackets; write {name}", term=term.decode(), name=iri)
        if not iri.startswith(OWN_TERMS) or iri in self.terms:
            return None
        name = compact(NamedNode(iri), self._register)
        if meant := nearest(iri, self.terms, self._register):
            return both("the vocabulary has no {term}; did you mean {near}?", term=name, near=meant)
        return both("the vocabulary has no {term}; docs/model.md shows what there is", term=name)


def _severity(kind: Kind) -> Severity:
    return Severity.WARNING if kind == PLACES else Severity.VIOLATION


def _iris(names: Path) -> Iterator[str]:
    return (line[1:-2].decode() for line in lines_of(names))


def _lost_finding(node: NamedNode, same_kind: Iterable[str], places: Places, register: Register) -> Finding:
    name = compact(node, register)
    if places.is_described(node):
        message = both("{resource} has no type; say what it is: a vg:…", resource=name)
    elif meant := nearest(node.value, same_kind, register):
        message = both("{resource} is described nowhere; did you mean {near}?", resource=name, near=meant)
    else:
        message = both("{resource} is described nowhere; describe it, or name one that is", resource=name)
    return Finding(message, places.of_node(node), rule=RULE, focus=str(node))


def _twice_finding(node: NamedNode, places: Places, register: Register) -> Finding:
    found = places.types_of(node)
    one, other = (found.first, found.last) if found else (None, None)
    message = both(
        "{resource} is described in two files, here and in {place}; put it together, or give one of them another name",
        resource=compact(node, register),
        place=other,
    )
    return Finding(message, one, Severity.WARNING, rule="twice", focus=str(node))
