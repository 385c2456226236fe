"""From the sources to the named graphs: reading, expanding evidence and links, reasoning, digest."""

from vertragsgraph.graph.collect import collect
from vertragsgraph.graph.graphs import Graphs

__all__ = ["Graphs", "collect"]
