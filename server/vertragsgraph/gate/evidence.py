"""Evidence behind every statement: none without, and none for a statement that nobody asserts (docs/evidence.md).

A statement node has an IRI that is derived from its triple, so whether a triple has evidence can be told from its
hash. The hashes of the asserted triples are sorted and read beside those of the statement nodes, which are sorted
already: memory stays flat whatever the size of the register.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from vertragsgraph.finding import Finding
from vertragsgraph.gate.datatypes import fault
from vertragsgraph.gate.lines import only_in_first
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import MOST, more_of
from vertragsgraph.gate.words import compact
from vertragsgraph.graph import Graphs, terms
from vertragsgraph.graph.documents import read_document
from vertragsgraph.graph.names import HEX_DIGITS
from vertragsgraph.graph.sorting import sort_file
from vertragsgraph.register import Register
from vertragsgraph.sources.locate import Node
from vertragsgraph.sources.syntax import WELL_KNOWN
from vertragsgraph.texts import both

RULE: Final = "evidence"
IN_SCOPE: Final = ("contracts", "agents", "topics", "sources")
MOST_RIVALS: Final = 5
HAS_EVIDENCE: Final = str(terms.HAS_EVIDENCE).encode()
DEMANDS: Final = NamedNode(WELL_KNOWN["vg"] + "demandsEvidence")


@dataclass(frozen=True)
class Coverage:
    """How many asserted statements demand evidence, how many of them have it, and what is wrong."""

    statements: int
    with_evidence: int
    findings: list[Finding]


def demanding(register: Register) -> frozenset[NamedNode]:
    """Return the properties whose statements demand evidence, as the ontology marks them."""
    yes = Literal(True)
    ontology = read_document(register, register.ontology)
    return frozenset(
        subject
        for subject, predicate, target in ontology
        if predicate == DEMANDS and target == yes and isinstance(subject, NamedNode)
    )


def check_evidence(register: Register, graphs: Graphs, places: Places) -> Coverage:
    """Compare the asserted statements with those that have evidence."""
    with TemporaryDirectory(dir=graphs.folder) as folder:
        names = ("asserted", "demanding", "named", "supported")
        asserted, demands, named, supported = (Path(folder, name) for name in names)
        demanded = _write_asserted(register, graphs, asserted, demands)
        _write_nodes(register, graphs, named, supported)
        bare = list(only_in_first(demands, supported))
        unfounded = list(only_in_first(named, asserted))
    without_evidence = list(_triples_of(set(bare[:MOST]), graphs)) if bare else []
    without_statement = statements_named(unfounded[:MOST], register, graphs) if unfounded else {}
    rivals = _same_beginning(without_statement.values(), graphs) if without_statement else {}
    spoilt = _spoilt([*without_evidence, *without_statement.values()], rivals)
    without_evidence = [triple for triple in without_evidence if _beginning(triple) not in spoilt]
    without_statement = {node: triple for node, triple in without_statement.items() if _beginning(triple) not in spoilt}
    places.look_up(triples=without_evidence, nodes=without_statement)
    findings = [_bare_finding(triple, places, register) for triple in without_evidence]
    findings += [
        _unfounded_finding(node, triple, rivals.get(_beginning(triple), []), places, register)
        for node, triple in without_statement.items()
    ]
    if more := len(bare[MOST:]) + len(unfounded[MOST:]):
        findings.append(more_of(RULE, more))
    return Coverage(demanded, demanded - len(bare), findings)


def _hash(line: bytes) -> str:
    """Return the last part of the IRI of the statement node for a line of canonical N-Triples."""
    return hashlib.sha256(line[:-1]).hexdigest()[:HEX_DIGITS]


def _asserted_lines(graphs: Graphs) -> Iterator[bytes]:
    for role in IN_SCOPE:
        if role in graphs.roles:
            with graphs.path(role).open("rb") as lines:
                yield from lines


def _write_asserted(register: Register, graphs: Graphs, asserted: Path, demands: Path) -> int:
    """Write the hashes of what is asserted, and of what of it demands evidence, sorted; return how many those are."""
    predicates = {str(predicate).encode() for predicate in demanding(register)}
    as_read = [path.with_suffix(".read") for path in (asserted, demands)]
    count = 0
    with as_read[0].open("w") as every, as_read[1].open("w") as some:
        for line in _asserted_lines(graphs):
            text = _hash(line) + "\n"
            every.write(text)
            if line.split(b" ", 2)[1] in predicates:
                some.write(text)
                count += 1
    for source, target in zip(as_read, (asserted, demands), strict=True):
        sort_file(source, target)
    return count


def _write_nodes(register: Register, graphs: Graphs, named: Path, supported: Path) -> None:
    """Write the last parts of the IRIs of statement nodes: of all, and of those with evidence. They are sorted already."""
    start = f"<{register.iri('id/statement/')}".encode()
    with named.open("wb") as every, supported.open("wb") as some:
        last_named = last_supported = b""
        for line in _evidence_lines(graphs, start):
            node, predicate, _ = line.split(b" ", 2)
            name = node[len(start) : -1] + b"\n"
            if name != last_named:
                every.write(name)
                last_named = name
            if predicate == HAS_EVIDENCE and name != last_supported:
                some.write(name)
                last_supported = name


def _evidence_lines(graphs: Graphs, start: bytes) -> Iterator[bytes]:
    if "evidence" in graphs.roles:
        with graphs.path("evidence").open("rb") as lines:
            yield from (line for line in lines if line.startswith(start))


def _triples_of(hashes: set[str], graphs: Graphs) -> Iterator[Triple]:
    """Yield the asserted triples with these hashes."""
    return (_triple(line) for line in _asserted_lines(graphs) if _hash(line) in hashes)


def statements_named(names: Iterable[str], register: Register, graphs: Graphs) -> dict[NamedNode, Triple]:
    """Return the statement nodes with these last parts of their IRIs, each with the triple that it stands for."""
    wanted = {register.iri(f"id/statement/{name}") for name in names}
    if not wanted:
        return {}
    parts: defaultdict[str, dict[NamedNode, Node]] = defaultdict(dict)
    for line in _evidence_lines(graphs, f"<{register.iri('id/statement/')}".encode()):
        if line[1:].partition(b">")[0].decode() in wanted:
            subject, predicate, target = _triple(line)
            parts[getattr(subject, "value", "")][predicate] = target
    triples: dict[NamedNode, Triple] = {}
    for iri, about in parts.items():
        subject, predicate, target = (about.get(part) for part in (terms.SUBJECT, terms.PREDICATE, terms.OBJECT))
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and target is not None:
            triples[NamedNode(iri)] = Triple(subject, predicate, target)
    return triples


def _same_beginning(triples: Iterable[Triple], graphs: Graphs) -> Mapping[tuple[Node, Node], list[Node]]:
    """Return what is asserted with the subjects and predicates of these triples: the objects for each pair."""
    wanted = {f"{triple.subject} {triple.predicate} ".encode() for triple in triples}
    found: defaultdict[tuple[Node, Node], list[Node]] = defaultdict(list)
    for line in _asserted_lines(graphs):
        subject, predicate, _ = line.split(b" ", 2)
        if b"%b %b " % (subject, predicate) in wanted:
            triple = _triple(line)
            found[_beginning(triple)].append(triple.object)
    return found


def _spoilt(triples: Iterable[Triple], rivals: Mapping[tuple[Node, Node], list[Node]]) -> set[tuple[Node, Node]]:
    """Return the subjects and predicates of statements whose object is no literal of its datatype on one side or the other.

    That is a finding of its own, and that statement and evidence differ only follows from it.
    """
    objects = [*((_beginning(triple), triple.object) for triple in triples)]
    objects += [(pair, rival) for pair, known in rivals.items() for rival in known]
    return {pair for pair, term in objects if isinstance(term, Literal) and fault(term)}


def _beginning(triple: Triple) -> tuple[Node, Node]:
    return triple.subject, triple.predicate


def _triple(line: bytes) -> Triple:
    triple: Triple = next(parse(line, RdfFormat.N_TRIPLES)).triple
    return triple


def _written(triple: Triple, register: Register) -> str:
    return " ".join(compact(term, register) for term in triple)


def _bare_finding(triple: Triple, places: Places, register: Register) -> Finding:
    message = both(
        "there is no evidence for this statement: {statement}; write an entry under data/evidence",
        statement=_written(triple, register),
    )
    return Finding(message, places.of_triple(triple), rule=RULE, focus=str(triple.subject))


def _unfounded_finding(
    node: NamedNode, triple: Triple, rivals: list[Node], places: Places, register: Register
) -> Finding:
    statement = _written(triple, register)
    if rivals:
        message = both(
            "evidence for a statement that nobody asserts: {statement}; asserted is {objects}",
            statement=statement,
            objects=", ".join(compact(rival, register) for rival in rivals[:MOST_RIVALS]),
        )
    else:
        message = both(
            "evidence for a statement that nobody asserts: {statement}; assert it, or take the entry away",
            statement=statement,
        )
    return Finding(message, places.of_statement(node), rule=RULE, focus=str(node))
