"""The contracts at a glance: the newest of them with partners and dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from vertragsgraph.linked_data.resources import Ask, solutions
from vertragsgraph.linked_data.terms import LABEL_PROPERTIES, Labels
from vertragsgraph.register import ONTOLOGY_IRI

_LABELS: Final = " ".join(f"<{label}>" for label in LABEL_PROPERTIES)
_TOTAL: Final = (
    f"PREFIX vg: <{ONTOLOGY_IRI}#> SELECT (COUNT(DISTINCT ?contract) AS ?total) WHERE {{ ?contract a vg:Contract }}"
)
# The newest are chosen first, so that labels and partners are looked up for them only. Dates of different precision
# are ordered as texts: 2019-06-03 before 2018.
_NEWEST: Final = """
PREFIX vg: <{ontology}#>
SELECT ?contract ?date ?partner ?about ?property ?label WHERE {{
  {{ SELECT ?contract (SAMPLE(?when) AS ?date) WHERE {{
       ?contract a vg:Contract .
       OPTIONAL {{ ?act vg:concerns ?contract ; a vg:Signing ; vg:date ?when }}
     }} GROUP BY ?contract ORDER BY DESC(STR(?date)) ?contract LIMIT {limit} }}
  {{ BIND(?contract AS ?about) }} UNION {{ ?contract vg:partner ?partner BIND(?partner AS ?about) }}
  VALUES ?property {{ {labels} }}
  ?about ?property ?label
}}"""


@dataclass(frozen=True)
class ContractGlance:
    """A contract in a list: its IRI, the IRIs of its partners, the date of its signing at the precision known (or None)."""

    iri: str
    partners: tuple[str, ...]
    date: Literal | None


@dataclass(frozen=True)
class Contracts:
    """The newest contracts, how many there are in all, and the labels of everything named."""

    newest: tuple[ContractGlance, ...]
    total: int
    labels: Labels


async def contracts(ask: Ask, limit: int) -> Contracts:
    """Return the newest `limit` contracts and the number of all."""
    total = next(solutions(await ask(_TOTAL)))["total"]
    labels = Labels()
    dates: dict[str, Literal | None] = {}
    partners: dict[str, set[str]] = {}
    query = _NEWEST.format(ontology=ONTOLOGY_IRI, labels=_LABELS, limit=limit)
    for row in solutions(await ask(query)):
        contract, date, partner = row["contract"], row["date"], row["partner"]
        about, label_property, label = row["about"], row["property"], row["label"]
        if not isinstance(contract, NamedNode):
            continue
        dates[contract.value] = date if isinstance(date, Literal) else None
        named = partners.setdefault(contract.value, set())
        if isinstance(partner, NamedNode):
            named.add(partner.value)
        if isinstance(about, NamedNode) and isinstance(label_property, NamedNode) and isinstance(label, Literal):
            labels.add(about.value, label_property.value, label)
    newest = [ContractGlance(iri, tuple(sorted(partners[iri])), date) for iri, date in dates.items()]
    newest.sort(key=lambda contract: contract.iri)
    newest.sort(key=lambda contract: contract.date.value if contract.date else "", reverse=True)
    return Contracts(tuple(newest), int(total.value) if isinstance(total, Literal) else 0, labels)
