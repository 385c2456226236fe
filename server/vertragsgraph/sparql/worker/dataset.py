"""Which graphs of a store a query is asked of (SPARQL 1.1, section 13; docs/querying.md, "Graphs")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from vertragsgraph.rdf.store import has_default_graph
from vertragsgraph.sparql.query import scan
from vertragsgraph.sparql.query.dataset_clause import dataset_clause
from vertragsgraph.sparql.query.iris import (
    asks_about_the_register,
    names_graphs,
    names_graphs_by_variable,
    speaks_rdf_12,
)


class Dataset:
    """The graphs of a store; `beside` are the files that those beside the data came from, by the IRI of the graph.

    Most queries ask for the data only: `data` is a store that holds them as its default graph, maybe the same one. In
    memory it is another one, where a look-up meets no triple twice. A store of an earlier release has no such graph:
    there the default graph is the union of the named graphs.
    """

    def __init__(self, store: ox.Store, data: ox.Store, beside: Mapping[str, str], base: str) -> None:
        self.store = store
        self.data = data if has_default_graph(data) else None
        self._base = base
        self._about = [ox.NamedNode(graph) for graph, file in beside.items() if file.endswith(".ttl")]
        self._reifiers = [ox.NamedNode(graph) for graph, file in beside.items() if graph and file.endswith(".nq")]
        others = {*self._about, *self._reifiers}
        self._named = [graph for graph in store.named_graphs() if graph not in self._reifiers]
        in_graphs = [graph for graph in self._named if graph not in others]
        self._default = [ox.DefaultGraph()] if has_default_graph(store) else in_graphs

    def chosen(self, request: Mapping[str, Any], query: str) -> tuple[ox.Store, dict[str, Any]]:
        """Return the store that a query is to be asked of, and its dataset as pyoxigraph wants it.

        A dataset in the request wins over FROM (SPARQL 1.1 Protocol, section 2.1.4). A graph that FROM names twice
        pyoxigraph would count twice: then the dataset is given to it as the set that it is.
        """
        if request["default"] is not None:
            default, named = request["default"], request["named"]
        elif not scan.has_dataset_clause(query):
            if self.data is None:
                return self.store, {"use_default_graph_as_union": True}
            return self._usual(query, self.data)
        elif (clause := dataset_clause(query, self._base)) and any(len(set(graphs)) < len(graphs) for graphs in clause):
            default, named = (list(dict.fromkeys(graphs)) for graphs in clause)
        else:
            return self.store, {}
        return self.store, {
            "default_graph": [ox.NamedNode(iri) for iri in default],
            "named_graphs": [ox.NamedNode(iri) for iri in named],
        }

    def _usual(self, query: str, data: ox.Store) -> tuple[ox.Store, dict[str, Any]]:
        """Choose for a query that names no dataset: the data, and what else its words show that it is meant for."""
        about = self._about if asks_about_the_register(query, self._base) else []
        reifiers = self._reifiers if speaks_rdf_12(query, self._base) else []
        if not (about or reifiers or names_graphs(query)):
            return data, {}
        arguments: dict[str, Any] = {"default_graph": [*self._default, *about, *reifiers]}
        # Clients that know RDF 1.1 only must never meet a triple term.
        if not reifiers and names_graphs_by_variable(query):
            arguments["named_graphs"] = self._named
        return self.store, arguments
