"""Ways to ask a release our own queries, on the account of whose page they are for."""

from __future__ import annotations

from functools import partial
from typing import Final

from vertragsgraph.rdf.asking import Ask
from vertragsgraph.rdf.media_types import DIGEST, GRAPHS, SOLUTIONS, Format, by_name
from vertragsgraph.release import Release
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.engine.archive import Archive
from vertragsgraph.sparql.engine.dataset import dataset_of
from vertragsgraph.sparql.engine.engine import Engine, answering
from vertragsgraph.sparql.engine.request import PreparedRequest
from vertragsgraph.web.site.visits import Spend, on_account

_TRIPLES: Final = by_name("nt", GRAPHS)


def asking(service: Service, archive: Archive, release: Release) -> Ask:
    """Return a way to ask a release, which need not be the current one, or may no longer be it by then."""
    return on_account(service, partial(_whole, archive.engine(dataset_of(release)), SOLUTIONS[0], _TRIPLES))


def asking_for_digest(service: Service, archive: Archive, release: Release) -> Ask:
    """Return a way to ask a release for the digest of what a query gives."""
    return on_account(service, partial(_whole, archive.engine(dataset_of(release)), DIGEST, DIGEST))


async def _whole(engine: Engine, solutions: Format, graph: Format | None, query: str, spend: Spend) -> bytes:
    async with answering(engine, PreparedRequest(query, solutions=solutions, graph=graph), spend) as answer:
        if answer.dataset.identity == engine.dataset.identity:
            return answer.whole or b"".join([chunk async for chunk in answer])
    # Another release took its place while the query waited; what was begun is not made from two.
    return await _whole(engine, solutions, graph, query, spend)
