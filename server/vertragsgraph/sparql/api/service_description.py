"""SPARQL 1.1 Service Description, with VoID partitions and example queries, for clients and editors."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from vertragsgraph.http import encoding
from vertragsgraph.http.accept import best_format, quality
from vertragsgraph.http.problem import Problem
from vertragsgraph.http.quality import members
from vertragsgraph.message import Message
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.media_types import GRAPHS, SOLUTIONS
from vertragsgraph.rdf.namespaces import (
    DCTERMS,
    FORMATS,
    GEOSPARQL_FUNCTIONS,
    RDFS,
    SD,
    SPEX,
    VOID,
    WELL_KNOWN,
)
from vertragsgraph.release.contents.queries import Example, about, describe
from vertragsgraph.sparql.api.exchange import Exchange, compressed
from vertragsgraph.sparql.engine.engine import Engine, answering
from vertragsgraph.sparql.engine.request import PreparedRequest, not_acceptable
from vertragsgraph.sparql.worker.results import write_graph
from vertragsgraph.texts import Language, in_each, marked, spoken

PREFIXES: Final = {**WELL_KNOWN, "sd": SD, "spex": SPEX, "format": FORMATS}
_RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG",
)  # fmt: skip
_RESULTS: Final = {offer.media_type for offer in SOLUTIONS} - {offer.media_type for offer in GRAPHS}
_CLASSES: Final = "SELECT ?g ?of (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s a ?of } } GROUP BY ?g ?of ORDER BY ?g ?of"
_PROPERTIES: Final = "SELECT ?g ?of (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?of ?o } } GROUP BY ?g ?of ORDER BY ?g ?of"
# What pyoxigraph has of GeoSPARQL (a test asks each).
_FUNCTIONS: Final = (
    "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "difference", "dimension", "distance", "ehContains",
    "ehCoveredBy", "ehCovers", "ehDisjoint", "ehEquals", "ehInside", "ehMeet", "ehOverlap", "envelope", "getSRID",
    "intersection", "isEmpty", "isSimple", "rcc8dc", "rcc8ec", "rcc8eq", "rcc8ntpp", "rcc8ntppi", "rcc8po", "rcc8tpp",
    "rcc8tppi", "relate", "sfContains", "sfCrosses", "sfDisjoint", "sfEquals", "sfIntersects", "sfOverlaps", "sfTouches",
    "sfWithin", "symDifference", "union",
)  # fmt: skip
_LABELS: Final = {
    "contracts": marked("Contracts, conclusions, presentations, utterances"),
    "agents": marked("Organisations, people, offices, places"),
    "topics": marked("Topics"),
    "sources": marked("Sources"),
    "evidence": marked("Statements and their evidence"),
    "links": marked("Links to other registers"),
    "tombstones": marked("What was withdrawn"),
    "entailed": marked("What follows from the ontology"),
    "reifiers": marked("Statements as triple terms (RDF 1.2)"),
    "ontology": marked("Classes and properties, with labels and definitions"),
    "shapes": marked("Rules that the data keep to (SHACL)"),
    "catalog": marked("Dataset, release, licence, distributions (DCAT)"),
    "void": marked("Statistics of classes and properties (VoID)"),
    "queries": marked("Example queries and prefixes"),
}
_DEFAULT: Final = marked(
    "The data. A query that uses the vocabulary of a graph beside them (VoID, SHACL, SPEX, DCAT, service description, "
    "classes and properties in OWL and RDFS) is asked of those graphs, too, and one that speaks RDF 1.2 of the reifiers."
)
_TYPE: Final = terms.TYPE.value

Partition = dict[str, dict[str, int]]


class ServiceDescription:
    """Sends the service description of an engine; `endpoint` is the IRI under which it is reached.

    `federates` tells whether there are other endpoints that queries may ask, `licence` is the IRI of the data's.
    The partitions are counted by two queries, once for each dataset.
    """

    def __init__(
        self, engine: Engine, endpoint: str, examples: Sequence[Example], *, federates: bool = False, licence: str = ""
    ) -> None:
        self._engine = engine
        self._endpoint = endpoint
        self._examples = tuple(examples)
        self._federates = federates
        self._licence = licence
        self._counted: dict[str, asyncio.Task[tuple[Partition, Partition]]] = {}

    async def __call__(self, exchange: Exchange) -> str:
        """Send the description in the RDF format that is asked for; return the outcome.

        Raise `Problem` (400, 406) where there is none.
        """
        accept = exchange.header(b"accept")
        chosen = best_format(accept, GRAPHS)
        if _awaits_results(accept) or (chosen is None and best_format(accept, SOLUTIONS)):
            detail = Message(
                "No query arrived: there is no “query” parameter. Was it posted, and the POST redirected, so that it became a "
                "GET? Then post it to {endpoint}",
                endpoint=self._endpoint,
            )
            raise Problem(400, detail)
        if chosen is None:
            raise not_acceptable("graph")
        triples = list(await self.triples())
        described = "\n".join((chosen.media_type, *map(str, triples)))
        key = hashlib.blake2b(described.encode(), digest_size=16).hexdigest()
        response = exchange.known(key, exists=True)
        if response is None:
            body = io.BytesIO()
            write_graph(triples, body, chosen.name, PREFIXES)
            coding = encoding.choose(exchange.header(b"accept-encoding"))
            response = await compressed(self._engine.dataset, chosen.content_type, key, body.getvalue(), coding)
        return await exchange.send(response)

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
        service, dataset = self._endpoint, f"{self._endpoint}#dataset"
        data = self._engine.dataset
        features = ["UnionDefaultGraph"] * (not data.beside) + ["BasicFederatedQuery"] * self._federates
        licence = [(f"{DCTERMS}license", self._licence)] if self._licence else []
        yield from about(
            service,
            (_TYPE, SD + "Service"),
            (SD + "endpoint", service),
            (SD + "supportedLanguage", SD + "SPARQL11Query"),
            *((SD + "feature", SD + name) for name in features),
            *((SD + "extensionFunction", GEOSPARQL_FUNCTIONS + name) for name in _FUNCTIONS),
            *((SD + "resultFormat", FORMATS + name) for name in _RESULT_FORMATS),
            (SD + "defaultDataset", dataset),
            *licence,
        )
        default = f"{self._endpoint}#default"
        yield from about(dataset, (_TYPE, SD + "Dataset"), (SD + "defaultGraph", default), *licence)
        of_data = [{iri: counts.get(iri, {}) for iri in data.counts} for counts in (classes, properties)]
        yield from _graph(default, *map(_total, of_data))
        if data.beside:
            yield from about(default, *_texts(f"{RDFS}comment", _DEFAULT, spoken(data.languages)))
        for iri in data.graphs:
            named, graph = (f"{self._endpoint}#{kind}-{_digest(iri)}" for kind in ("named", "graph"))
            yield from about(dataset, (SD + "namedGraph", named))
            yield from about(named, (_TYPE, SD + "NamedGraph"), (SD + "name", iri), (SD + "graph", graph))
            if label := _LABELS.get(iri.rpartition("/")[2]):
                yield from about(named, *_texts(f"{RDFS}label", label, spoken(data.languages)))
            if iri in properties:  # what triple terms stand for isn't counted
                yield from _graph(graph, classes.get(iri, {}), properties[iri])
        yield from describe(service, self._examples, {})


def _awaits_results(accept: str | None) -> bool:
    """Tell whether a client names a format of results and wants it no less than RDF: it means to have asked a query."""
    wanted = max((member.quality for member in members(accept) if member.name in _RESULTS), default=0.0)
    return wanted > 0 and wanted >= max(quality(accept, offer.media_type) for offer in GRAPHS)


def _graph(graph: str, classes: dict[str, int], properties: dict[str, int]) -> Iterator[ox.Triple]:
    """Yield a graph with its VoID statistics: triples, class partitions, property partitions."""
    triples = sum(properties.values())
    yield from about(graph, (_TYPE, SD + "Graph"), (_TYPE, VOID + "Dataset"), (VOID + "triples", triples))
    for kind, counts, number in (("class", classes, "entities"), ("property", properties, "triples")):
        for iri, count in sorted(counts.items()):
            partition = f"{graph}-{kind}-{_digest(iri)}"
            yield from about(graph, (f"{VOID}{kind}Partition", partition))
            yield from about(partition, (VOID + kind, iri), (VOID + number, count))


def _texts(predicate: str, text: str, languages: Sequence[Language]) -> list[tuple[str, ox.Literal]]:
    return [(predicate, ox.Literal(said, language=language)) for language, said in in_each(languages, text).items()]


def _total(partition: Partition) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counts in partition.values():
        total.update(counts)
    return total


def _digest(iri: str) -> str:
    return hashlib.blake2b(iri.encode(), digest_size=6).hexdigest()
