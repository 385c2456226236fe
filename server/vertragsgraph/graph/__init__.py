"""From the sources to the named graphs: reading, expanding evidence and links, entailment, digest, contradictions."""

from vertragsgraph.graph.collect import Graphs, collect
from vertragsgraph.graph.contradictions import Contradiction, contradictions

__all__ = ["Contradiction", "Graphs", "collect", "contradictions"]
