"""Gathering what a page about a resource is made from: a few waves of queries, each about nodes that are known by then.

Whatever a register holds, a page asks for a bounded number of nodes, and each query begins at them: VALUES, then one index
look-up after the other. A node is asked for properties by name where others may say much about it (some have a million
triples by entailment). Joins of subqueries, or of two VALUES, would lead the planner astray.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from vertragsgraph.linked_data.in_force import NAMES as IN_FORCE
from vertragsgraph.linked_data.names import ABOUT_STATEMENTS, LABEL, LINKS, PROLOGUE, TYPE
from vertragsgraph.linked_data.neighbourhood import Cut, Fact, Neighbourhood
from vertragsgraph.linked_data.terms import Labels
from vertragsgraph.rdf.asking import Ask, solutions
from vertragsgraph.rdf.edtf import order_expression
from vertragsgraph.rdf.namespaces import OA, PROV, RDF, VG

LIMIT: Final = 100
"""At most so many contracts, offices, passages … of a kind are named on the page of a resource, and how many there are."""

_TYPES: Final = "?s rdf:type ?o BIND (rdf:type AS ?p)"
STATEMENTS: Final = "?s ?p ?o FILTER (?p IN (rdf:type, rdf:subject, rdf:predicate, rdf:object, vg:evidence))"
_DISAGREEMENTS: Final = "?s ?p ?o FILTER (?p IN (rdf:type, rdfs:label, rdfs:comment, vg:between))"
_PASSAGES: Final = "?s ?p ?o FILTER (?p != vg:supports)"
_SELECTORS: Final = "?f oa:hasSelector ?s . ?s ?p ?o"
_OF_SOURCES: Final = ("rdfs:label", "dcterms:identifier", "schema:url", "schema:inLanguage")
_OF_CONTRACTS: Final = (
    "?s rdf:type vg:Contract BIND (vg:Contract AS ?o) BIND (rdf:type AS ?p)",
    *(
        f"?s {name} ?o BIND ({name} AS ?p)"
        for name in (
            *("rdfs:label", "vg:fundingStatus", "vg:contractingParty", "vg:topic"),
            *("vg:partner", "vg:personPartner", "vg:partnerNotPublic", *IN_FORCE),
        )
    ),
    "?act vg:concerns ?s ; rdf:type vg:Signing ; vg:date ?o BIND (dcterms:date AS ?p)",
)
NAMES: Final = ("rdfs:label",)
_NAMES_AND_LINKS: Final = (*NAMES, *(f"<{link}>" for link in LINKS))


# What comes first where there are more than `LIMIT`: the newest contracts, passages from the beginning of the text.
_NEWEST: Final = (
    "OPTIONAL { ?order_act vg:concerns ?f ; rdf:type vg:Signing ; vg:date ?order_date }",
    f"DESC(MAX({order_expression('?order_date')}))",
)
_FROM_THE_BEGINNING: Final = (
    "OPTIONAL { ?f oa:hasSelector ?order_selector . ?order_selector oa:start ?order_start }",
    "MIN(?order_start)",
)
_BY_NAME: Final = ("", "")


@dataclass(frozen=True)
class Wanted:
    """What a page shows beside the statements of its own node, as graph patterns (SPARQL 1.1, section 5).

    In them `{node}` stands for the node, `{asserted}` for the named graphs that hold what is asserted.
    `focus`, `contracts` and `passages` bind `?f`: nodes whose statements are shown with their evidence, contracts that are
    listed, and evidence that is shown in full; with `supported`, along with the statements that it supports. `members` are
    properties (IRIs), each with a pattern that binds `?f`: what has the node as their value; with `mentions`, everything
    of which that is asserted. At most `LIMIT` of each come along, and it is said how many there are: in
    `Neighbourhood.cuts`, by pattern, by property for members. `extra` bind `?s ?p ?o`. With `links`, the links of everything
    that is mentioned come along.

    `listed` are those of the contracts that have the node as value of a property (IRI), by pattern: where a list of the release
    has these, nobody needs to go through all of them.
    """

    focus: Sequence[str] = ()
    contracts: Sequence[str] = ()
    passages: Sequence[str] = ()
    members: Mapping[str, str] = field(default_factory=dict)
    mentions: bool = False
    extra: Sequence[str] = ()
    supported: bool = False
    links: bool = False
    listed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """Nodes (IRIs) that are known without asking: how many there are, and the first `LIMIT` of them."""

    total: int
    first: Sequence[str]


@dataclass(frozen=True)
class Members:
    """The nodes that a pattern binds to `?f`: how many there are, and the query that gives them, the first if there are many.

    `first` are those, where they are known.
    """

    key: str
    pattern: str
    total: int
    order: tuple[str, str] = _BY_NAME
    first: Sequence[str] = ()

    def query(self) -> str:
        """Return the subquery for `?f`."""
        if self.first:
            return f"SELECT ?f WHERE {{ {values('f', self.first)} }}"
        if self.total <= LIMIT:
            return f"SELECT DISTINCT ?f WHERE {{ {self.pattern} }}"
        optional, by = self.order
        return f"SELECT ?f WHERE {{ {self.pattern} {optional} }} GROUP BY ?f ORDER BY {by} ?f LIMIT {LIMIT}"

    def cut(self) -> Cut:
        """Return how it was cut."""
        labels = "OPTIONAL { ?f rdfs:label ?label }"
        text = f"SELECT DISTINCT ?f ?label WHERE {{ {self.pattern} {labels} }} ORDER BY ?f ?label"
        used = (line for line in PROLOGUE.splitlines() if line.split()[1] in text)
        return Cut(self.total, "\n".join((*used, text)))


async def gather(
    ask: Ask, node: str, wanted: Wanted, asserted: Sequence[str], known: Mapping[str, Known] = MappingProxyType({})
) -> Neighbourhood:
    """Return a node (an IRI) and what surrounds it, as far as it is wanted.

    `asserted` are the IRIs of the named graphs that hold what is asserted, `known` is what needn't be asked for, by pattern.
    """
    graphs = " ".join(str(NamedNode(graph)) for graph in asserted)

    def put(pattern: str) -> str:
        return pattern.replace("{node}", str(NamedNode(node))).replace("{asserted}", graphs)

    kinds = ((wanted.focus, _BY_NAME), (wanted.contracts, _NEWEST), (wanted.passages, _FROM_THE_BEGINNING))
    patterns = [Members(key, put(key), 0, order) for keys, order in kinds for key in keys]
    patterns += [Members(key, put(pattern), 0) for key, pattern in wanted.members.items()]
    mentions = await _mentions(ask, node, graphs) if wanted.mentions else []
    asked = [each for each in patterns if each.key not in known]
    told = [replace(each, total=of.total, first=of.first) for each in patterns if (of := known.get(each.key))]
    members = {each.key: each for each in (*(await _counted(ask, asked)), *told, *mentions)}
    focus, contracts, quoted = await asyncio.gather(*(_found(ask, [members[key] for key in keys]) for keys, _ in kinds))
    nodes = [node, *(iri for iri in focus if iri != node)]
    having = [
        f"{{ {members[key].query()} }} BIND (?f AS ?s) BIND ({NamedNode(key)} AS ?p) BIND ({NamedNode(node)} AS ?o)"
        for key in (*wanted.members, *(each.key for each in mentions))
    ]
    (said, surrounding), *parts = await asyncio.gather(
        _statements(ask, nodes, [*having, *map(put, wanted.extra)], asserted, links=wanted.links),
        proofs(ask, nodes),
        contract_lines(ask, contracts),
        passages(ask, quoted),
        _supported(ask, quoted if wanted.supported else ()),
    )
    cuts = {key: each.cut() for key, each in members.items() if each.total > LIMIT}
    own = [fact for fact in said if fact.subject == NamedNode(node)]
    return Neighbourhood((fact for part in (said, surrounding, *parts) for fact in part), cuts, own)


async def contract_lines(ask: Ask, contracts: Sequence[str]) -> list[Fact]:
    """Return what a list of contracts (IRIs) shows of each; the date of its signing as `dcterms:date`."""
    if not contracts:
        return []
    these = values("s", contracts)
    found = await construct(ask, [f"{these} {part}" for part in _OF_CONTRACTS])
    partners = sorted({*objects(found, VG + "partner"), *objects(found, VG + "personPartner")})
    return [*found, *(await properties(ask, partners, NAMES))]


async def properties(ask: Ask, nodes: Sequence[str], names: Sequence[str]) -> list[Fact]:
    """Return the triples with some properties (as SPARQL writes them, with the usual prefixes) of some nodes (IRIs)."""
    these = values("s", nodes)
    return await construct(ask, [f"{these} ?s {name} ?o BIND ({name} AS ?p)" for name in names] if nodes else [])


async def labelled(ask: Ask, nodes: Sequence[str], labels: Labels | None = None) -> Labels:
    """Return the labels of some nodes (IRIs), together with those that are given."""
    labels = labels or Labels()
    for fact in await properties(ask, nodes, NAMES):
        if isinstance(fact.subject, NamedNode) and isinstance(fact.object, Literal):
            labels.add(fact.subject.value, LABEL, fact.object)
    return labels


def values(variable: str, nodes: Iterable[str]) -> str:
    """Return the pattern that binds a variable to each of some nodes (IRIs)."""
    return f"VALUES ?{variable} {{ {' '.join(str(NamedNode(node)) for node in nodes)} }}"


async def _counted(ask: Ask, patterns: Sequence[Members]) -> list[Members]:
    """Return how many nodes each of some patterns binds: then those that are few need not be put in order."""
    if not patterns:
        return []
    parts = " UNION ".join(
        f"{{ SELECT ({number} AS ?pattern) (COUNT(DISTINCT ?f) AS ?n) WHERE {{ {each.pattern} }} }}"
        for number, each in enumerate(patterns)
    )
    rows = solutions(await ask(f"{PROLOGUE}\nSELECT ?pattern ?n WHERE {{ {parts} }}"))
    totals = {_number(row["pattern"]): _number(row["n"]) for row in rows}
    return [replace(each, total=totals.get(number, 0)) for number, each in enumerate(patterns)]


async def _mentions(ask: Ask, node: str, graphs: str) -> list[Members]:
    """Return what has a node as a value, by property, in the graphs of what is asserted: what follows says the same again."""
    end = NamedNode(node)

    def having(predicate: object) -> str:
        return f"VALUES ?g {{ {graphs} }} GRAPH ?g {{ ?f {predicate} {end} }}"

    where = f"{having('?p')} FILTER (?p NOT IN ({', '.join(f'<{name}>' for name in ABOUT_STATEMENTS)}))"
    rows = solutions(await ask(f"{PROLOGUE}\nSELECT ?p (COUNT(DISTINCT ?f) AS ?n) WHERE {{ {where} }} GROUP BY ?p"))
    found = ((row["p"], _number(row["n"])) for row in rows)
    return [Members(p.value, having(p), number) for p, number in found if isinstance(p, NamedNode)]


async def _found(ask: Ask, patterns: Sequence[Members]) -> list[str]:
    parts = " UNION ".join(f"{{ {each.query()} }}" for each in patterns if each.total)
    if not parts:
        return []
    rows = solutions(await ask(f"{PROLOGUE}\nSELECT DISTINCT ?f WHERE {{ {parts} }}"))
    return sorted(row["f"].value for row in rows if isinstance(row["f"], NamedNode))


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, Literal) else 0


async def construct(ask: Ask, patterns: Sequence[str]) -> list[Fact]:
    """Return all `?s ?p ?o` that one of the patterns binds."""
    if not patterns:
        return []
    branches = "\n  UNION ".join(f"{{ {pattern} }}" for pattern in patterns)
    answer = await ask(f"{PROLOGUE}\nCONSTRUCT {{ ?s ?p ?o }} WHERE {{\n  {branches}\n}}")
    return [quad.triple for quad in parse(answer, format=RdfFormat.N_TRIPLES)]


async def _statements(
    ask: Ask, nodes: Sequence[str], extra: Iterable[str], graphs: Iterable[str], *, links: bool
) -> tuple[list[Fact], list[Fact]]:
    """Return what is asserted about nodes; and their classes, what else is wanted, and the names of all that is mentioned."""
    these = values("s", nodes)
    asserted = " UNION ".join(f"{{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}" for graph in graphs)
    said, found = await asyncio.gather(
        construct(ask, [f"{these} {{ {asserted} }}"]),
        construct(ask, [f"{these} {_TYPES}", *extra]),
    )
    mentioned = {
        end.value
        for fact in (*said, *found)
        for end in (fact.subject, fact.object)
        if isinstance(end, NamedNode) and (fact.predicate.value != TYPE or end is fact.subject)
    }
    return said, [*found, *(await properties(ask, sorted(mentioned), _NAMES_AND_LINKS if links else NAMES))]


async def proofs(ask: Ask, nodes: Sequence[str]) -> list[Fact]:
    """Return the statements about nodes that have evidence, the evidence, and how sources differ on them."""
    these = values("f", nodes)
    about = f"{these} ?s rdf:subject ?f . {STATEMENTS}"
    differing = f"{these} ?statement rdf:subject ?f . ?s vg:between ?statement . {_DISAGREEMENTS}"
    found = await construct(ask, [about, differing])
    return [*found, *(await passages(ask, objects(found, VG + "evidence")))]


async def passages(ask: Ask, evidence: Sequence[str]) -> list[Fact]:
    """Return what is shown of evidence: how it supports, the quotation and its place, the source; of inferences the premises."""
    if not evidence:
        return []
    found = await _passages(ask, evidence)
    if premises := set(objects(found, PROV + "wasDerivedFrom")).difference(evidence):
        found += await _passages(ask, sorted(premises))
    sources = await properties(ask, objects(found, OA + "hasSource"), _OF_SOURCES)
    return [*found, *sources, *(await properties(ask, objects(found, VG + "seenBy"), NAMES))]


async def _passages(ask: Ask, evidence: Sequence[str]) -> list[Fact]:
    return await construct(ask, [f"{values('s', evidence)} {_PASSAGES}", f"{values('f', evidence)} {_SELECTORS}"])


async def _supported(ask: Ask, evidence: Sequence[str]) -> list[Fact]:
    """Return the statements that evidence supports or is a premise for, with the names of their subjects and values."""
    if not evidence:
        return []
    these = values("f", evidence)
    inferred = f"{these} ?i prov:wasDerivedFrom ?f . ?s vg:evidence ?i . {STATEMENTS}"
    leading = f"{these} ?s prov:wasDerivedFrom ?f BIND (prov:wasDerivedFrom AS ?p) BIND (?f AS ?o)"
    found = await construct(ask, [f"{these} ?s vg:evidence ?f . {STATEMENTS}", inferred, leading])
    named = {*objects(found, RDF + "subject"), *objects(found, RDF + "object")}
    return [*found, *(await properties(ask, sorted(named), NAMES))]


def objects(facts: Iterable[Fact], predicate: str) -> list[str]:
    """Return the IRIs that are values of a property."""
    values_of = (fact.object for fact in facts if fact.predicate.value == predicate)
    return sorted({value.value for value in values_of if isinstance(value, NamedNode)})
