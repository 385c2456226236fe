"""The IRIs that a query names, and what they and its signs tell of the graphs that it is meant for.

Imported by worker processes: nothing but the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final
from urllib.parse import urljoin

from vertragsgraph.rdf.namespaces import DCAT, OWL, RDF, RDFS, SD, SH, SPEX, VOID, VOID_EXT, XSD
from vertragsgraph.sparql.query import scan

_LOCAL_ESCAPE: Final = re.compile(r"\\([^\w\s])")
_SCHEMA: Final = {
    OWL: "AnnotationProperty Class DatatypeProperty ObjectProperty Ontology equivalentClass equivalentProperty inverseOf",
    RDF: "Property",
    RDFS: "Class Datatype domain isDefinedBy range subClassOf subPropertyOf",
}
_WORDS: Final = re.compile(
    "|".join(
        [re.escape(namespace) for namespace in (DCAT, SD, SH, SPEX, VOID, VOID_EXT)]
        + [f"{re.escape(namespace)}(?:{names.replace(' ', '|')})$" for namespace, names in _SCHEMA.items()]
    )
)
# What all of them begin with comes first, since a text is searched for it more quickly than for alternatives.
_NAMESPACES: Final = re.compile(
    "http(?:"
    + "|".join(re.escape(each.removeprefix("http")) for each in (DCAT, SD, SH, SPEX, VOID, VOID_EXT, *_SCHEMA))
    + ")"
)
_REIFIES: Final = f"{RDF}reifies"
_GRAPH: Final = re.compile(r"\bGRAPH\b(?!/)", re.IGNORECASE)
_RDF_12: Final = re.compile(r"\{\||<<|~")


def iris(query: str, base: str) -> Iterator[tuple[str, str, int]]:
    """Yield the IRIs that stand for terms of the data, each as it is written, in full, and where.

    `base` resolves relative ones. Left out: declarations, datatypes, functions, and what another endpoint is asked.
    """
    prefixes, before, depth, elsewhere = scan.prefixes(query), ["", "", ""], 0, 0
    end = 0
    for token in scan.code(query):
        kind, text = token.lastgroup, token[0]
        depth += (kind == "open") - (kind == "close")
        if kind == "open" and "SERVICE" in before and not elsewhere:
            elsewhere = depth
        elif kind == "close" and depth < elsewhere:
            elsewhere = 0
        is_declared = before[2] == "BASE" or "PREFIX" in before[1:]
        is_datatype = query[end : token.start()].rstrip().endswith("^^")
        is_function = query[token.end() : token.end() + 1] == "("
        if kind in {"iri", "name"} and not (
            is_declared or is_datatype or is_function or elsewhere or "SERVICE" in before
        ):
            prefix, _, local = text.partition(":")
            known = kind == "iri" or prefix in prefixes
            iri = (
                urljoin(base, text[1:-1])
                if kind == "iri"
                else prefixes.get(prefix, "") + _LOCAL_ESCAPE.sub(r"\1", local)
            )
            if known and not iri.startswith(XSD):  # datatypes are compared in filters, and occur in no triple
                yield text, iri, token.start()
        before, end = [*before[1:], text.upper()], token.end()


def asks_about_the_register(query: str, base: str) -> bool:
    """Tell whether a query is meant for the graphs that say what the register is and what it is said with.

    It uses their vocabulary: VoID, SHACL, SPEX, DCAT, the service description, or what OWL and RDFS say about classes and
    properties. Or it has nothing but IRIs described.

    >>> asks_about_the_register("PREFIX sh: <http://www.w3.org/ns/shacl#> ASK { ?s sh:prefix ?p }", "http://a/")
    True
    >>> asks_about_the_register("PREFIX sh: <http://www.w3.org/ns/shacl#> ASK { ?s ?p 'sh:prefix' }", "http://a/")
    False
    """
    if _NAMESPACES.search(query) and any(_WORDS.match(iri) for _, iri, _ in iris(query, base)):
        return True
    return "{" not in query and scan.form(query) == "DESCRIBE"


def speaks_rdf_12(query: str, base: str) -> bool:
    """Tell whether a query speaks of triple terms: by `{|`, `<<`, `~` or `rdf:reifies` (SPARQL 1.2, section 4.3).

    >>> speaks_rdf_12("ASK { ?s ?p ?o {| ?q ?v |} }", ""), speaks_rdf_12("ASK { ?s ?p '{| ~' }", "")
    (True, False)
    """
    if _RDF_12.search(query):
        bare, end = [], 0
        for token in scan.tokens(query):
            bare += [query[end : token.start()], token[0] if token.lastgroup in {"open", "close"} else " "]
            end = token.end()
        if _RDF_12.search("".join([*bare, query[end:]])):
            return True
    return "reifies" in query and any(iri == _REIFIES for _, iri, _ in iris(query, base))


def names_graphs(query: str) -> bool:
    """Tell whether a query may ask named graphs (GRAPH); the word in a string or an IRI counts, too."""
    return _GRAPH.search(query) is not None


def names_graphs_by_variable(query: str) -> bool:
    """Tell whether a query asks whatever graphs there are (`GRAPH ?g`)."""
    return any(
        scan.is_word(token, "GRAPH") and following.lastgroup == "variable"
        for token, following in pairwise(scan.code(query))
    )
