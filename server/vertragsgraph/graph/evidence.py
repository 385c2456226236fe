"""Evidence entries expanded into nodes that every SPARQL 1.1 engine can query (docs/evidence.md, "What the build makes of it")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Final, TypeAlias

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from vertragsgraph.finding import Complaints, Finding, Place
from vertragsgraph.graph.entries import APART, RULE, Annotation, Entry, read_entries
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.terms import Node
from vertragsgraph.register import Register
from vertragsgraph.register.names import statement_iri
from vertragsgraph.sources import SourceFile
from vertragsgraph.texts import Language, both, marked, text_in, translate

QUOTED: Final = marked("{source}: “{quotation}”")
INFERRED: Final = marked("Inferred: {reasoning}")

PDF_FRAGMENTS: Final = NamedNode("https://www.rfc-editor.org/info/rfc8118")
"""What the fragments of the addresses of PDF documents conform to (RFC 8118, section 3)."""
_QUOTE: Final = (terms.EXACT, terms.PREFIX, terms.SUFFIX)
_REPLACED: Final = frozenset({terms.SUPPORTS, terms.BETWEEN, *_QUOTE, terms.START, terms.END, terms.PDF_PAGE})

Labels: TypeAlias = Mapping[str, Mapping[str, str]]
"""For each IRI its labels by language."""


def read_labels(path: Path) -> Labels:
    """Return the `rdfs:label`s that stand in a file of N-Triples."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in parse(path=path, format=RdfFormat.N_TRIPLES):
        if quad.predicate == terms.LABEL and isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            labels[quad.subject.value][quad.object.language or ""] = quad.object.value
    return labels


class Expander:
    """Turns the entries of one or several files into triples; `labels` are those of the sources that they cite.

    What entries assert is written into `asserted`, one triple a line.
    """

    def __init__(self, register: Register, labels: Labels, complaints: Complaints, asserted: IO[bytes]) -> None:
        self._register = register
        self._labels = labels
        self._complaints = complaints
        self._asserted = asserted
        self._seen: set[str] = set()
        self._annotated: set[str] = set()
        self._idle: dict[str, Place] = {}  # entries with a kind of support that name no statement
        self._kindless: dict[str, Place] = {}  # premises; and what annotations name must be none

    def triples(self, file: SourceFile) -> Iterator[Triple]:
        """Yield the triples for the entries of a file; what is wrong with it goes into the complaints."""
        for entry in read_entries(file, self._register.base, self._complaints):
            if isinstance(entry, Annotation):
                self._annotated.add(entry.entry.value)
                yield from self._statement(entry.statement.triple)
                yield Triple(self._node_of(entry.statement.triple), terms.HAS_EVIDENCE, entry.entry)
                continue
            name, place = entry.node.value, Place(file.path, entry.line)
            if name in self._seen:
                message = both("there is an entry with this IRI before; give this one another, or write both as one")
                self._complain(message, place, name)
                continue
            self._seen.add(name)
            if terms.SUPPORT_KIND not in entry.values:
                self._kindless[name] = place
            elif not entry.statements:
                self._idle[name] = place
            self._asserted.writelines(f"{triple} .\n".encode() for triple, *_ in entry.asserted)
            yield from self._statements(entry)
            yield from self._node(entry)

    def finish(self) -> None:
        """Complain about entries that support nothing, and about those that annotations name and no kind of support."""
        for entries, wrong in ((self._idle, self._idle.keys() - self._annotated), (self._kindless, self._annotated)):
            for name, place in entries.items():
                if name in wrong:
                    self._complain(both(APART), place, name)

    def _complain(self, message: Mapping[Language, str], place: Place, name: str) -> None:
        self._complaints.extend([Finding(message, place, rule=RULE, focus=f"<{name}>")])

    def _statements(self, entry: Entry) -> Iterator[Triple]:
        disagreement = entry.one(terms.TYPE) == terms.DISAGREEMENT
        for triple, *_ in entry.statements:
            node = self._node_of(triple)
            yield from self._statement(triple)
            yield (
                Triple(entry.node, terms.BETWEEN, node)
                if disagreement
                else Triple(node, terms.HAS_EVIDENCE, entry.node)
            )

    def _node_of(self, triple: Triple) -> NamedNode:
        return statement_iri(triple, self._register.base)

    def _statement(self, triple: Triple) -> Iterator[Triple]:
        node = self._node_of(triple)
        yield Triple(node, terms.TYPE, terms.STATEMENT)
        yield Triple(node, terms.TYPE, terms.RDF_STATEMENT)  # no axiom of the ontology: OWL 2 DL reserves rdf:
        yield Triple(node, terms.SUBJECT, triple.subject)
        yield Triple(node, terms.PREDICATE, triple.predicate)
        yield Triple(node, terms.OBJECT, triple.object)

    def _node(self, entry: Entry) -> Iterator[Triple]:
        for predicate, values in entry.values.items():
            if predicate not in _REPLACED:
                yield from (Triple(entry.node, predicate, value) for value, _ in values)
        if (source := entry.one(terms.HAS_SOURCE)) is not None:
            yield Triple(
                entry.node, terms.TYPE, terms.SPECIFIC_RESOURCE
            )  # as no inference is: it has no source of its own
            yield from self._with_quotation(entry, source)
        elif terms.DERIVED_FROM in entry.values:
            yield from self._inference_labels(entry)

    def _with_quotation(self, entry: Entry, source: Node) -> Iterator[Triple]:
        """Yield label and selectors of an evidence node (Web Annotation Data Model, sections 4.2.1, 4.2.4, 4.2.5)."""
        exact, start, end = (entry.one(predicate) for predicate in (terms.EXACT, terms.START, terms.END))
        for language in self._register.languages:
            label = self._label(source, language)
            if isinstance(exact, Literal):
                label = translate(QUOTED, self._register.speaks(language), source=label, quotation=exact.value)
            yield Triple(entry.node, terms.LABEL, Literal(label, language=language))
        if isinstance(page := entry.one(terms.PDF_PAGE), Literal):
            yield Triple(entry.node, terms.PDF_PAGE, Literal(page.value, datatype=terms.INTEGER))
            parts: dict[NamedNode, Node] = {
                terms.VALUE: Literal(f"page={page.value}"),
                terms.CONFORMS_TO: PDF_FRAGMENTS,
            }
            yield from _selector(entry, "page", terms.FRAGMENT_SELECTOR, parts)
        if exact is not None:
            words = {part: value for part in _QUOTE if (value := entry.one(part)) is not None}
            yield from _selector(entry, "quote", terms.TEXT_QUOTE_SELECTOR, words)
        if start is not None and end is not None:
            position = {terms.START: start, terms.END: end}
            yield from _selector(entry, "position", terms.TEXT_POSITION_SELECTOR, position)

    def _inference_labels(self, entry: Entry) -> Iterator[Triple]:
        """Yield what an inference is called in each language: by its reasoning."""
        reasons = [value for value, _ in entry.values.get(terms.COMMENT, ()) if isinstance(value, Literal)]
        for language in self._register.languages:
            reason = next((text for text in reasons if text.language == language), next(iter(reasons), entry.node))
            spoken = self._register.speaks(language)
            label = translate(INFERRED, spoken, reasoning=reason.value.removesuffix("."))
            yield Triple(entry.node, terms.LABEL, Literal(label, language=language))

    def _label(self, source: Node, language: str) -> str:
        """Return the label of a source: in the language, else in any, else the IRI itself."""
        iri = source.value if isinstance(source, NamedNode) else str(source)
        labels = self._labels.get(iri)
        return text_in(labels, language) if labels else iri


def _selector(entry: Entry, name: str, kind: NamedNode, parts: Mapping[NamedNode, Node]) -> Iterator[Triple]:
    """Yield a selector of an entry, whose IRI continues the entry's own."""
    node = NamedNode(f"{entry.node.value}/{name}")
    yield Triple(entry.node, terms.HAS_SELECTOR, node)
    yield Triple(node, terms.TYPE, kind)
    yield from (Triple(node, part, value) for part, value in parts.items())
