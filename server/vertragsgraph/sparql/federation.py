"""Federated queries: which other endpoints a query may ask by SERVICE (SPARQL 1.1 Federated Query)."""

from __future__ import annotations

from vertragsgraph.settings import Settings
from vertragsgraph.sparql.dataset import Dataset


def allowed(dataset: Dataset, settings: Settings) -> tuple[str, ...]:
    """Return the IRIs of the endpoints that may be asked, sorted: those of the register and those of the installation."""
    if not settings.federated_queries:
        return ()
    return tuple(sorted({*dataset.federation, *settings.service_allowed}))
