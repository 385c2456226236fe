"""What is asked of the service and what it answers, whatever the version of the protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

BATCH_SIZE: Final = 100
"""Queries in one request; more are refused (413)."""
EXTEND_SIZE: Final = 1_000
LIMIT: Final = 10
MOST_CANDIDATES: Final = 50


@dataclass(frozen=True)
class Wanted:
    """A value to compare with: a text, or (`id`) an entity that was reconciled before."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class Condition:
    """What a property should be. `quantifier` is any, all or none (Reconciliation 1.0, "conditions")."""

    property: str
    values: tuple[Wanted, ...]
    required: bool = False
    quantifier: str = "any"


@dataclass(frozen=True)
class Query:
    """One query of a batch: names or identifiers (any of `texts`), types (any of `types`), conditions, greatest number."""

    texts: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    limit: int = LIMIT


@dataclass
class Candidate:
    """A resource that may be meant: its number in the search index, how alike, and what was compared (`features`)."""

    number: int
    score: float
    certain: bool
    exact: bool = False
    features: dict[str, float] = field(default_factory=dict)
    match: bool = False


@dataclass(frozen=True)
class Value:
    """A value of a property: an entity of the register (`path`), or a text with language or datatype."""

    text: str
    path: str = ""
    language: str = ""
    datatype: str = ""
    iri: str = ""


Values: TypeAlias = dict[str, list[Value]]
"""Values by the path of the entity that has them."""
