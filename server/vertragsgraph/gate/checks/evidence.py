"""Evidence behind every statement: none without, and none for a statement that nobody asserts (docs/evidence.md).

A statement node has an IRI that is derived from its triple, so whether a triple has evidence can be told from its
hash. The hashes of the asserted triples are sorted and read beside those of the statement nodes, which are sorted
already: memory stays flat whatever the size of the register.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from vertragsgraph.finding import Finding
from vertragsgraph.gate.datatypes import fault
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import MOST, Coverage, more_of
from vertragsgraph.graph import Graphs
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.namespaces import VG
from vertragsgraph.rdf.sorted_files import in_both, lines_of, only_in_first, sorting
from vertragsgraph.rdf.syntax.ntriples import triple_of
from vertragsgraph.rdf.terms import Node
from vertragsgraph.register import Register
from vertragsgraph.register.names import HEX_DIGITS
from vertragsgraph.sources.term_names import compact
from vertragsgraph.texts import both

RULE: Final = "evidence"
IN_SCOPE: Final = ("contracts", "agents", "topics", "sources")
MOST_RIVALS: Final = 5
HAS_EVIDENCE: Final = str(terms.HAS_EVIDENCE).encode()
SELECTOR, DERIVED_FROM = (str(term).encode() for term in (terms.HAS_SELECTOR, terms.DERIVED_FROM))
DEMANDS: Final = NamedNode(VG + "demandsEvidence")


@dataclass(frozen=True)
class _Comparison:
    """Statements beside evidence: how far it goes, and the hashes of statements without it and of evidence without one."""

    coverage: Coverage
    bare: list[str]
    unfounded: list[str]


def coverage(register: Register, graphs: Graphs) -> Coverage:
    """Return how far the evidence goes; that is counted here and nowhere else."""
    return _compare(register, graphs).coverage


def _compare(register: Register, graphs: Graphs) -> _Comparison:
    with TemporaryDirectory(dir=graphs.folder) as folder:
        names = ("asserted", "demanding", "named", "supported", "quoted", "comparable")
        asserted, demands, named, supported, quoted, comparable = (Path(folder, name) for name in names)
        demanded = _write_asserted(graphs, asserted, demands)
        _write_nodes(register, graphs, named, supported)
        _write_quoted(register, graphs, quoted, comparable)
        with_quotation, with_text = (sum(1 for _ in in_both(demands, some)) for some in (quoted, comparable))
        bare = list(only_in_first(demands, supported))
        unfounded = list(only_in_first(named, asserted))
    cited = demanded - len(bare) - with_quotation
    return _Comparison(Coverage(with_quotation, cited, len(bare), with_text), bare, unfounded)


def check_evidence(register: Register, graphs: Graphs, places: Places) -> tuple[Coverage, list[Finding]]:
    """Compare the asserted statements with those that have evidence; return how far it goes, and what is wrong."""
    compared = _compare(register, graphs)
    bare, unfounded = compared.bare, compared.unfounded
    without_evidence = _asserted(graphs, bare[:MOST])
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
    return compared.coverage, findings


def unproved(register: Register, graphs: Graphs) -> tuple[Coverage, list[Triple]]:
    """Return how far the evidence goes, and all statements that demand some and have none."""
    compared = _compare(register, graphs)
    return compared.coverage, _asserted(graphs, compared.bare)


def _asserted(graphs: Graphs, hashes: Iterable[str]) -> list[Triple]:
    """Return the asserted triples with these hashes, in the order of the graphs."""
    wanted = set(hashes)
    lines = lines_of(*graphs.paths(IN_SCOPE)) if wanted else ()
    return [triple_of(line) for line in lines if _hash(line) in wanted]


def _hash(line: bytes) -> str:
    """Return the last part of the IRI of the statement node for a line of canonical N-Triples."""
    return hashlib.sha256(line[:-1]).hexdigest()[:HEX_DIGITS]


def _write_asserted(graphs: Graphs, asserted: Path, demands: Path) -> int:
    """Write the hashes of what is asserted, and of what of it demands evidence, sorted; return how many those are.

    The ontology marks the properties whose statements demand evidence.
    """
    yes = Literal(True)
    predicates = {str(term).encode() for term, mark, value in graphs.ontology if mark == DEMANDS and value == yes}
    count = 0
    with sorting(asserted) as every, sorting(demands) as some:
        for line in lines_of(*graphs.paths(IN_SCOPE)):
            text = f"{_hash(line)}\n".encode()
            every.write(text)
            if line.split(b" ", 2)[1] in predicates:
                some.write(text)
                count += 1
    return count


def _write_nodes(register: Register, graphs: Graphs, named: Path, supported: Path) -> None:
    """Write the last parts of the IRIs of statement nodes: of all, and of those with evidence. They are sorted already."""
    start = f"<{register.iri('id/statement/')}".encode()
    with named.open("wb") as every, supported.open("wb") as some:
        for name, lines in groupby(_evidence_lines(graphs, start), lambda line: line[len(start) :].partition(b">")[0]):
            every.write(name + b"\n")
            if any(line.split(b" ", 2)[1] == HAS_EVIDENCE for line in lines):
                some.write(name + b"\n")


def _write_quoted(register: Register, graphs: Graphs, quoted: Path, comparable: Path) -> None:
    """Write the last parts of the IRIs of statement nodes that a quotation supports, or an inference from some, sorted.

    `comparable` are those that a quotation with its place in a text supports, or an inference from none but such. The shapes
    see to it that premises are quotations.
    """
    start = f"<{register.iri('id/statement/')}".encode()
    pairs, quoting, placed = (quoted.with_name(name) for name in ("pairs", "quoting", "placed"))
    with sorting(pairs) as out:
        for line in _evidence_lines(graphs, start):
            node, predicate, entry = line[:-3].split(b" ", 2)
            if predicate == HAS_EVIDENCE:
                out.write(b"%b %b\n" % (entry, node[len(start) : -1]))
    _write_entries(graphs, quoting, placed)
    for entries, target in ((quoting, quoted), (placed, comparable)):
        with sorting(target) as out:
            out.writelines(name for _, name in _joined(pairs, entries))


def _write_entries(graphs: Graphs, quoting: Path, placed: Path) -> None:
    """Write the IRIs of entries that quote or are inferred, sorted, and of those whose quotations all have a place in a text.

    A row of a table is its own words, in their place.
    """
    premises, positions, inferred = (quoting.with_name(name) for name in ("premises", "positions", "inferred"))
    with sorting(premises) as by_premise, sorting(quoting) as quotes, sorting(positions) as with_position:
        for line in lines_of(*graphs.paths(["evidence"])):
            entry, predicate, value = line[:-3].split(b" ", 2)
            if predicate == DERIVED_FROM:
                by_premise.write(b"%b %b\n" % (value, entry))
            selects = value.rpartition(b"/")[2] if predicate == SELECTOR else b""
            if predicate == DERIVED_FROM or selects in {b"quote>", b"row>"}:
                quotes.write(entry + b"\n")
            if selects in {b"position>", b"row>"}:
                with_position.write(entry + b"\n")
    with sorting(inferred) as out:
        every, some = Counter[bytes](), Counter[bytes]()
        every.update(pair.split(b" ")[1] for pair in lines_of(premises))
        some.update(entry for _, entry in _joined(premises, positions))
        out.writelines(entry for entry, count in every.items() if some[entry] == count)
    with sorting(placed) as out:
        out.writelines(lines_of(positions, inferred))


def _joined(pairs: Path, entries: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield the pairs whose first part is among the entries; both files are sorted."""
    known = lines_of(entries)
    current = next(known, None)
    for pair in lines_of(pairs):
        entry, other = pair.split(b" ")
        while current is not None and current[:-1] < entry:
            current = next(known, None)
        if current is not None and current[:-1] == entry:
            yield entry, other


def _evidence_lines(graphs: Graphs, start: bytes) -> Iterator[bytes]:
    return (line for line in lines_of(*graphs.paths(["evidence"])) if line.startswith(start))


def statements_named(names: Iterable[str], register: Register, graphs: Graphs) -> dict[NamedNode, Triple]:
    """Return the statement nodes with these last parts of their IRIs, each with the triple that it stands for."""
    wanted = {register.iri(f"id/statement/{name}") for name in names}
    if not wanted:
        return {}
    parts: defaultdict[str, dict[NamedNode, Node]] = defaultdict(dict)
    for line in _evidence_lines(graphs, f"<{register.iri('id/statement/')}".encode()):
        if line[1:].partition(b">")[0].decode() in wanted:
            subject, predicate, target = triple_of(line)
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
    for line in lines_of(*graphs.paths(IN_SCOPE)):
        subject, predicate, _ = line.split(b" ", 2)
        if b"%b %b " % (subject, predicate) in wanted:
            triple = triple_of(line)
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


def _written(triple: Triple, register: Register) -> str:
    return " ".join(compact(term, register) for term in triple)


def _bare_finding(triple: Triple, places: Places, register: Register) -> Finding:
    message = both(
        "there is no evidence for this statement: {statement}; write an entry under data/evidence, or complete what "
        "evidence --missing prints",
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
