"""SPARQL 1.1 Service Description, with VoID partitions and example queries, for clients and editors."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pyoxigraph as ox

from vertragsgraph.problem import Problem
from vertragsgraph.sparql import compression, scan
from vertragsgraph.sparql.engine import Engine, answering
from vertragsgraph.sparql.examples import Example
from vertragsgraph.sparql.exchange import COMMON, Exchange, length
from vertragsgraph.sparql.negotiation import GRAPHS, SOLUTIONS, best_format
from vertragsgraph.sparql.output import GRAPH_FORMATS
from vertragsgraph.sparql.protocol import PreparedRequest, not_acceptable
from vertragsgraph.sparql.service import VARY, is_known, not_modified, validators

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
SPEX: Final = "https://purl.expasy.org/sparql-examples/ontology#"
SH: Final = "http://www.w3.org/ns/shacl#"
FORMATS: Final = "http://www.w3.org/ns/formats/"
PREFIXES: Final = {
    "sd": SD,
    "void": VOID,
    "sh": SH,
    "spex": SPEX,
    "schema": "https://schema.org/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG",
)  # fmt: skip
_CLASSES: Final = "SELECT ?g ?of (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s a ?of } } GROUP BY ?g ?of ORDER BY ?g ?of"
_PROPERTIES: Final = "SELECT ?g ?of (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?of ?o } } GROUP BY ?g ?of ORDER BY ?g ?of"
_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_COMMENT: Final = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
_TARGET: Final = ox.NamedNode("https://schema.org/target")
_FEDERATES: Final = ox.NamedNode(SPEX + "federatesWith")
_INTEGER: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_ANY_URI: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#anyURI")

Node = ox.NamedNode | ox.BlankNode
Partition = dict[str, dict[str, int]]


class ServiceDescription:
    """Sends the service description of an engine; `endpoint` is the IRI under which it is reached.

    `federates` tells whether there are other endpoints that queries may ask.
    The partitions are counted by two queries, once for each dataset.
    """

    def __init__(self, engine: Engine, endpoint: str, examples: Sequence[Example], *, federates: bool = False) -> None:
        self._engine = engine
        self._endpoint = endpoint
        self._examples = tuple(examples)
        self._federates = federates
        self._counted: dict[str, asyncio.Task[tuple[Partition, Partition]]] = {}

    async def __call__(self, exchange: Exchange) -> None:
        """Send the description in the RDF format that is asked for; raise `Problem` (400, 406) where there is none."""
        accept = exchange.header(b"accept")
        chosen = best_format(accept, GRAPHS)
        if chosen is None and best_format(accept, SOLUTIONS):
            detail = "There is no “query” parameter. Was the query posted, and the POST redirected and become a GET?"
            raise Problem(400, detail)
        if chosen is None:
            raise not_acceptable("graph")
        triples = list(await self.triples())
        described = "\n".join((chosen.media_type, *map(str, triples)))
        key = hashlib.blake2b(described.encode(), digest_size=16).hexdigest()
        if is_known(exchange, key, exists=True):
            await exchange.send(304, not_modified(key))
            return
        prefixes = PREFIXES if chosen.name in {"ttl", "trig", "rdf"} else None
        body = ox.serialize(triples, format=GRAPH_FORMATS[chosen.name], prefixes=prefixes) or b""
        headers = [*COMMON, VARY, (b"content-type", chosen.content_type.encode()), *validators(key)]
        coding = compression.choose(exchange.header(b"accept-encoding"))
        if coding and len(body) >= compression.LEAST:
            body = await compression.compress(body, coding)
            headers.append((b"content-encoding", coding.encode()))
        await exchange.send(200, [*headers, length(body)], body)

    async def triples(self) -> Iterator[ox.Triple]:
        """Return the description as triples; raise `Problem` where the partitions can't be counted."""
        identity = self._engine.dataset.identity
        task = self._counted.get(identity)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.get_running_loop().create_task(self._count())
            self._counted = {identity: task}
        classes, properties = await asyncio.shield(task)
        return self._describe(classes, properties)

    async def _count(self) -> tuple[Partition, Partition]:
        return await self._partition(_CLASSES), await self._partition(_PROPERTIES)

    async def _partition(self, query: str) -> Partition:
        async with answering(self._engine, PreparedRequest(query)) as answer:
            result = json.loads(b"".join([data async for data in answer]))
        partition: Partition = {}
        for row in result["results"]["bindings"]:
            if row:
                partition.setdefault(row["g"]["value"], {})[row["of"]["value"]] = int(row["n"]["value"])
        return partition

    def _describe(self, classes: Partition, properties: Partition) -> Iterator[ox.Triple]:
        service = ox.NamedNode(self._endpoint)
        yield _typed(service, SD + "Service")
        yield _link(service, "endpoint", service)
        yield _link(service, "supportedLanguage", ox.NamedNode(SD + "SPARQL11Query"))
        yield _link(service, "feature", ox.NamedNode(SD + "UnionDefaultGraph"))
        if self._federates:
            yield _link(service, "feature", ox.NamedNode(SD + "BasicFederatedQuery"))
        for name in _RESULT_FORMATS:
            yield _link(service, "resultFormat", ox.NamedNode(FORMATS + name))
        dataset = ox.NamedNode(self._endpoint + "#dataset")
        yield _link(service, "defaultDataset", dataset)
        yield _typed(dataset, SD + "Dataset")
        default = ox.NamedNode(self._endpoint + "#default")
        yield _link(dataset, "defaultGraph", default)
        yield from _graph(default, _total(classes), _total(properties))
        for iri in self._engine.dataset.graphs:
            named = ox.NamedNode(f"{self._endpoint}#named-{_digest(iri)}")
            graph = ox.NamedNode(f"{self._endpoint}#graph-{_digest(iri)}")
            yield _link(dataset, "namedGraph", named)
            yield _typed(named, SD + "NamedGraph")
            yield _link(named, "name", ox.NamedNode(iri))
            yield _link(named, "graph", graph)
            yield from _graph(graph, classes.get(iri, {}), properties.get(iri, {}))
        yield from self._describe_examples(service)

    def _describe_examples(self, service: ox.NamedNode) -> Iterator[ox.Triple]:
        declarations = ox.NamedNode(self._endpoint + "#prefixes")
        prefixes = {prefix: iri for example in self._examples for prefix, iri in scan.prefixes(example.text).items()}
        for prefix, iri in sorted(prefixes.items()):
            declaration = ox.NamedNode(f"{self._endpoint}#prefix-{prefix}")
            yield ox.Triple(declarations, ox.NamedNode(SH + "declare"), declaration)
            yield ox.Triple(declaration, ox.NamedNode(SH + "prefix"), ox.Literal(prefix))
            yield ox.Triple(declaration, ox.NamedNode(SH + "namespace"), ox.Literal(iri, datatype=_ANY_URI))
        for example in self._examples:
            form = example.form
            node = ox.NamedNode(f"{self._endpoint}#example-{example.name}")
            terms = SPEX if form == "DESCRIBE" else SH  # which SHACL has no terms for
            yield _typed(node, SH + "SPARQLExecutable")
            yield _typed(node, f"{terms}SPARQL{form.capitalize()}Executable")
            yield ox.Triple(node, ox.NamedNode(terms + form.lower()), ox.Literal(example.text))
            yield ox.Triple(node, ox.NamedNode(SH + "prefixes"), declarations)
            yield ox.Triple(node, _TARGET, service)
            for iri in sorted(example.services):
                yield ox.Triple(node, _FEDERATES, ox.NamedNode(iri))
            for language, title in example.titles.items():
                yield ox.Triple(node, _COMMENT, ox.Literal(title, language=language))


def _graph(graph: ox.NamedNode, classes: dict[str, int], properties: dict[str, int]) -> Iterator[ox.Triple]:
    """Yield a graph with its VoID statistics: triples, class partitions, property partitions."""
    yield _typed(graph, SD + "Graph")
    yield _typed(graph, VOID + "Dataset")
    yield _number(graph, "triples", sum(properties.values()))
    for iri, count in sorted(classes.items()):
        partition = ox.NamedNode(f"{graph.value}-class-{_digest(iri)}")
        yield _void(graph, "classPartition", partition)
        yield _void(partition, "class", ox.NamedNode(iri))
        yield _number(partition, "entities", count)
    for iri, count in sorted(properties.items()):
        partition = ox.NamedNode(f"{graph.value}-property-{_digest(iri)}")
        yield _void(graph, "propertyPartition", partition)
        yield _void(partition, "property", ox.NamedNode(iri))
        yield _number(partition, "triples", count)


def _total(partition: Partition) -> dict[str, int]:
    total: dict[str, int] = {}
    for counts in partition.values():
        for iri, count in counts.items():
            total[iri] = total.get(iri, 0) + count
    return total


def _typed(node: Node, iri: str) -> ox.Triple:
    return ox.Triple(node, _TYPE, ox.NamedNode(iri))


def _link(node: Node, name: str, to: Any) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(SD + name), to)


def _void(node: Node, name: str, to: Any) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(VOID + name), to)


def _number(node: Node, name: str, number: int) -> ox.Triple:
    return _void(node, name, ox.Literal(str(number), datatype=_INTEGER))


def _digest(iri: str) -> str:
    return hashlib.blake2b(iri.encode(), digest_size=6).hexdigest()
