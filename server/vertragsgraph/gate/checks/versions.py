"""A version of a vocabulary stays as it was released: what it says otherwise bears another version (OWL 2 Syntax, section 3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from vertragsgraph.finding import Finding, Place
from vertragsgraph.gate.checks.withdrawals import Released
from vertragsgraph.graph.languages import untranslated
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.syntax.ntriples import canonical
from vertragsgraph.register import Register
from vertragsgraph.sources import documents, read_turtle
from vertragsgraph.texts import both

RULE: Final = "versions"


def check_versions(register: Register, ontology: Sequence[Triple], released: Iterable[Released]) -> list[Finding]:
    """Compare the ontology of a register with those of releases.

    Where the versions are all the same, everything must be; where only some are, because a register has vocabularies of its
    own beside the shipped one, then the terms below the IRIs of those. How a release has written it doesn't matter, nor
    what catalogues have of it in further languages: that is what they say, not the vocabulary.
    """
    versions = _versions(ontology)
    seen: set[bytes] = set()
    for release in released if versions else ():
        text = release.ontology.read_bytes()
        if text not in seen and (changes := _changes(versions, ontology, text)):
            return [_changed(register, release, versions, min(changes).decode())]
        seen.add(text)
    return []


def _changes(versions: Mapping[str, str], ontology: Sequence[Triple], text: bytes) -> set[bytes]:
    """Return the lines that stand in one of two ontologies only and should stand in both; none where a release is damaged."""
    try:
        then = [quad.triple for quad in parse(text, RdfFormat.TURTLE)]
    except SyntaxError:
        return set()
    before = _versions(then)
    shared = [ontology for ontology, version in before.items() if versions.get(ontology) == version]
    same = tuple(f"<{ontology}{end}".encode() for ontology in shared for end in ">#/")
    changes = _lines(untranslated(ontology)) ^ _lines(untranslated(then)) if same else set()
    if versions == before:
        return changes
    return {line for line in changes if line.startswith(same) and b"_:" not in line}


def _lines(ontology: Iterable[Triple]) -> set[bytes]:
    return set(canonical(ontology).splitlines())


def _versions(ontology: Iterable[Triple]) -> dict[str, str]:
    """Return the IRI of each ontology's version."""
    found = (triple for triple in ontology if triple.predicate == terms.VERSION_IRI)
    return {
        name.value: version.value
        for name, _, version in found
        if isinstance(name, NamedNode) and isinstance(version, NamedNode)
    }


def _changed(register: Register, release: Released, versions: Mapping[str, str], change: str) -> Finding:
    message = both(
        "the vocabulary has changed since release {release}, and bears the same version {versions}; a version that was "
        "released stays as it is: give the vocabulary a new owl:versionIRI, owl:versionInfo and dcterms:modified, and name "
        "the one before in owl:priorVersion; terms of your own beside it belong to an owl:Ontology of theirs, with a version "
        "(or call with --no-compare, as long as no release has been public). The first difference: {change}",
        release=release.id,
        versions=", ".join(sorted(versions.values())),
        change=change,
    )
    return Finding(message, _place(register, versions), rule=RULE)


def _place(register: Register, versions: Mapping[str, str]) -> Place:
    for path in documents(register, register.ontology):
        for triple, line in read_turtle(path, register.base):
            if triple.predicate == terms.VERSION_IRI and getattr(triple.object, "value", "") in versions.values():
                return Place(register.shown(path), line)
    return Place(register.shown(register.ontology))
