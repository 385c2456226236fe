"""From the sources to the named graphs: reading, expanding evidence and links, entailment, digest."""

from vertragsgraph.graph.collect import Graphs, collect
from vertragsgraph.graph.digest import FORMAT

__all__ = ["FORMAT", "Graphs", "collect"]
