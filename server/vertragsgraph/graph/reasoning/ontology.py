"""From an ontology to rules: what follows from the data (OWL 2 RL), and what excludes each other in them.

The ontology is closed once by owlrl. Every axiom on classes and properties that then stands in it becomes a rule, so
that the ontology has no part in what follows, and the rules can be applied to any amount of data. What annotations declare
(`declared`) becomes rules, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.graph.reasoning.declared import declared_rules
from vertragsgraph.graph.reasoning.rules import ANONYMOUS, TYPE, Atom, Rule, Rules
from vertragsgraph.rdf.namespaces import OWL, RDF, RDFS, XSD
from vertragsgraph.rdf.syntax.ntriples import canonical
from vertragsgraph.rdf.terms import renamed
from vertragsgraph.register import Register
from vertragsgraph.texts import both

if TYPE_CHECKING:
    import rdflib

RULE: Final = "ontology"

_ONTOLOGY: Final = NamedNode(f"{OWL}Ontology")
_SCHEMA: Final = frozenset(
    {f"{RDF}first", f"{RDF}rest", *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range"))}
)
_NO_SCHEMA: Final = frozenset(
    OWL + name
    for name in ("sameAs", "differentFrom", "distinctMembers", "imports", "versionIRI", "versionInfo", "deprecated")
)
_NO_CLASSES: Final = tuple(f"<{namespace}" for namespace in (OWL, RDFS, XSD))  # owl:Thing, rdfs:Resource, datatypes
_NO_PROPERTIES: Final = (f"<{OWL}", *(f"<{name}>" for name in _SCHEMA))


class Kind(StrEnum):
    """In which way statements exclude each other."""

    CLASSES = "disjoint classes"
    PROPERTIES = "disjoint properties"
    FUNCTIONAL = "functional property"
    INVERSE_FUNCTIONAL = "inverse functional property"
    ASYMMETRIC = "asymmetric property"
    IRREFLEXIVE = "irreflexive property"


@dataclass(frozen=True, order=True)
class Exclusion:
    """An axiom that statements can contradict: `terms` are the disjoint classes or properties, or the one property."""

    kind: Kind
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Logic:
    """What an ontology says about data: rules and exclusions. `ontologies` are the IRIs of what it is made of."""

    rules: Rules
    exclusions: tuple[Exclusion, ...]
    ontologies: tuple[str, ...] = ()


def logic_of(ontology: Iterable[Triple], register: Register) -> Logic:
    """Return what the triples of an ontology say about data.

    Rules on what goes without saying (every resource is an `owl:Thing`) and on `owl:sameAs` are left out. The last results
    are kept, since closing takes a moment. Raises `FindingsError` for an ontology that contradicts itself, or has lists
    without an end.
    """
    try:
        return _logic_of(canonical(ontology))
    except _ContradictionError as error:
        message = both("the ontology contradicts itself: {reason}", reason=error)
    except ValueError as error:  # from rdflib
        message = both("the ontology can't be understood: {reason}", reason=error)
    raise FindingsError([Finding(message, Place(register.shown(register.ontology)), rule=RULE)])


class _ContradictionError(Exception):
    pass


@lru_cache(maxsize=4)
def _logic_of(ontology: bytes) -> Logic:
    triples = [quad.triple for quad in parse(ontology, RdfFormat.N_TRIPLES)]
    ontologies = {str(it.subject) for it in triples if it.object == _ONTOLOGY and isinstance(it.subject, NamedNode)}
    graph = _closed(triples)
    rules = Rules(_useful(rule for rule in _rules(graph) if _says_something(rule)), declared_rules(triples))
    return Logic(rules, tuple(sorted(set(_exclusions(graph)))), tuple(sorted(ontologies)))


def _closed(ontology: Iterable[Triple]) -> rdflib.Graph:
    """Return what the ontology says about classes and properties, closed by owlrl; blank nodes get an IRI."""
    from owlrl.OWLRL import OWLRL_Semantics  # noqa: PLC0415 – not needed by those who only read graphs

    from vertragsgraph.rdf.rdflib_graph import rdflib_graph  # noqa: PLC0415

    about_terms = (triple for triple in ontology if _about_terms(triple))
    graph = rdflib_graph(renamed(triple, lambda node: NamedNode(ANONYMOUS + node.value)) for triple in about_terms)
    semantics = OWLRL_Semantics(graph, axioms=False, daxioms=False)
    semantics.closure()
    if semantics.error_messages:
        raise _ContradictionError("; ".join(sorted(semantics.error_messages)))
    return graph


def _about_terms(triple: Triple) -> bool:
    predicate = triple.predicate.value
    if predicate == f"{RDF}type":
        return isinstance(triple.object, NamedNode) and triple.object.value.startswith(OWL)
    if isinstance(triple.object, Literal) and predicate != f"{OWL}hasValue":
        return False
    return predicate in _SCHEMA or (predicate.startswith(OWL) and predicate not in _NO_SCHEMA)


def _rules(graph: rdflib.Graph) -> Iterator[Rule]:
    """Yield the rules for the axioms of a closed ontology (OWL 2 Profiles, section 4.3)."""
    from rdflib import OWL, RDF, RDFS  # noqa: PLC0415

    for sub, sup in graph.subject_objects(RDFS.subClassOf):
        yield Rule((_is_a("?x", sub),), _is_a("?x", sup))  # cax-sco
    for sub, sup in graph.subject_objects(RDFS.subPropertyOf):
        yield Rule((_has("?x", sub, "?y"),), _has("?x", sup, "?y"))  # prp-spo1
    for prop, target in graph.subject_objects(RDFS.domain):
        yield Rule((_has("?x", prop, "?y"),), _is_a("?x", target))  # prp-dom
    for prop, target in graph.subject_objects(RDFS.range):
        yield Rule((_has("?x", prop, "?y"),), _is_a("?y", target))  # prp-rng
    for prop, inverse in graph.subject_objects(OWL.inverseOf):
        yield Rule((_has("?x", prop, "?y"),), _has("?y", inverse, "?x"))  # prp-inv1
        yield Rule((_has("?x", inverse, "?y"),), _has("?y", prop, "?x"))  # prp-inv2
    for prop in graph.subjects(RDF.type, OWL.SymmetricProperty):
        yield Rule((_has("?x", prop, "?y"),), _has("?y", prop, "?x"))  # prp-symp
    for prop in graph.subjects(RDF.type, OWL.TransitiveProperty):
        yield Rule((_has("?x", prop, "?y"), _has("?y", prop, "?z")), _has("?x", prop, "?z"))  # prp-trp
    for prop, chain in graph.subject_objects(OWL.propertyChainAxiom):
        steps = [_has(f"?v{number}", step, f"?v{number + 1}") for number, step in enumerate(graph.items(chain))]
        yield Rule(tuple(steps), _has("?v0", prop, f"?v{len(steps)}"))  # prp-spo2
    for target, parts in graph.subject_objects(OWL.intersectionOf):
        yield Rule(tuple(_is_a("?x", part) for part in graph.items(parts)), _is_a("?x", target))  # cls-int1
    yield from _restriction_rules(graph)


def _restriction_rules(graph: rdflib.Graph) -> Iterator[Rule]:
    from rdflib import OWL  # noqa: PLC0415

    for target, prop in graph.subject_objects(OWL.onProperty):
        for part in graph.objects(target, OWL.someValuesFrom):
            some = (_has("?x", prop, "?y"), *(() if part == OWL.Thing else (_is_a("?y", part),)))
            yield Rule(some, _is_a("?x", target))  # cls-svf1, cls-svf2
        for part in graph.objects(target, OWL.allValuesFrom):
            yield Rule((_is_a("?x", target), _has("?x", prop, "?y")), _is_a("?y", part))  # cls-avf
        for value in graph.objects(target, OWL.hasValue):
            yield Rule((_is_a("?x", target),), ("?x", _term(prop), _term(value)))  # cls-hv1
            yield Rule((("?x", _term(prop), _term(value)),), _is_a("?x", target))  # cls-hv2


def _says_something(rule: Rule) -> bool:
    if not rule.body or rule.head in rule.body or any(_is_trivial(atom) for atom in (*rule.body, rule.head)):
        return False
    return rule.head[1] != TYPE or not rule.head[2].startswith("?")


def _is_trivial(atom: Atom) -> bool:
    _, predicate, target = atom
    return target.startswith(_NO_CLASSES) if predicate == TYPE else predicate.startswith(_NO_PROPERTIES)


def _useful(rules: Iterable[Rule]) -> list[Rule]:
    """Leave out rules that only say that something is in a class without a name, if no other rule asks for that class."""
    kept = list(rules)
    while True:
        asked = {term for rule in kept for atom in rule.body for term in atom if ANONYMOUS in term}
        useful = [rule for rule in kept if all(term in asked for term in rule.head if ANONYMOUS in term)]
        if len(useful) == len(kept):
            return kept
        kept = useful


def _exclusions(graph: rdflib.Graph) -> Iterator[Exclusion]:
    from rdflib import OWL, RDF  # noqa: PLC0415

    for predicate in (OWL.disjointWith, OWL.complementOf):
        for one, other in graph.subject_objects(predicate):
            yield _disjoint(Kind.CLASSES, (one, other))
    for one, other in graph.subject_objects(OWL.propertyDisjointWith):
        yield _disjoint(Kind.PROPERTIES, (one, other))
    for kind, name in ((Kind.CLASSES, OWL.AllDisjointClasses), (Kind.PROPERTIES, OWL.AllDisjointProperties)):
        for axiom in graph.subjects(RDF.type, name):
            for members in graph.objects(axiom, OWL.members):
                yield _disjoint(kind, graph.items(members))
    for kind, name in (
        (Kind.FUNCTIONAL, OWL.FunctionalProperty),
        (Kind.INVERSE_FUNCTIONAL, OWL.InverseFunctionalProperty),
        (Kind.ASYMMETRIC, OWL.AsymmetricProperty),
        (Kind.IRREFLEXIVE, OWL.IrreflexiveProperty),
    ):
        for prop in graph.subjects(RDF.type, name):
            yield Exclusion(kind, (_term(prop),))


def _disjoint(kind: Kind, members: Iterable[rdflib.term.Node]) -> Exclusion:
    return Exclusion(kind, tuple(sorted(_term(member) for member in members)))


def _has(subject: str, prop: rdflib.term.Node, target: str) -> Atom:
    return (subject, _term(prop), target)


def _is_a(subject: str, target: rdflib.term.Node) -> Atom:
    return (subject, TYPE, _term(target))


def _term(node: rdflib.term.Node) -> str:
    """Return a term of rdflib as canonical N-Triples write it."""
    import rdflib  # noqa: PLC0415

    if isinstance(node, rdflib.Literal):
        if node.language:
            return str(Literal(str(node), language=node.language))
        return str(Literal(str(node), datatype=NamedNode(node.datatype)) if node.datatype else Literal(str(node)))
    return f"<{node}>"
