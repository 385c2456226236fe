"""The graphs held against the shapes (SHACL), with the findings as keepers can use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from vertragsgraph.finding import Finding, Place
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import MOST, more_of
from vertragsgraph.gate.shacl.paths import shown
from vertragsgraph.gate.shacl.results import Result, first_of_each
from vertragsgraph.gate.shacl.shapes import Shapes
from vertragsgraph.gate.shacl.sound import unsound_in
from vertragsgraph.graph import Graphs
from vertragsgraph.rdf.namespaces import RDFS
from vertragsgraph.rdf.syntax.ntriples import canonical
from vertragsgraph.register import ASSERTED_ROLES, Register, shipped_folder
from vertragsgraph.sources import documents
from vertragsgraph.sources.term_names import compact
from vertragsgraph.texts import ENGLISH, LANGUAGES, Language, both, in_catalogue

RULE: Final = "shapes"
SUBCLASS: Final = NamedNode(RDFS + "subClassOf")


@dataclass(frozen=True)
class Validation:
    """The results of holding the graphs against the shapes: of each shape the first `MOST`."""

    results: Sequence[Result]
    findings: Sequence[Finding]


def validate(register: Register, graphs: Graphs, places: Places, *, fast: bool | None = None) -> Validation:
    """Hold the union of the asserted graphs against the register's shapes.

    What is entailed is left out: by domains and ranges a misplaced resource would be taken for what it ought to be.
    Only that classes are parts of others counts, as SHACL (section 1.5) wants it. pyshacl validates small registers,
    shacl large ones; `fast` decides otherwise, as far as shacl is installed. Shapes that make no sense to the engine are a finding.
    """
    # Here, since it takes a fifth of a second that no other command has to spend.
    from vertragsgraph.gate.shacl import engines  # noqa: PLC0415

    shapes = Shapes(graphs.shapes)
    data = engines.DataGraph(
        files=graphs.paths(ASSERTED_ROLES),
        subclasses=[triple for triple in graphs.ontology if triple.predicate == SUBCLASS],
        size=sum(graphs.counts.get(role, 0) for role in ASSERTED_ROLES),
    )
    engine = (
        engines.engine_for(data)
        if fast is None
        else engines.by_shacl
        if fast and engines.has_shacl()
        else engines.by_pyshacl
    )
    if unsound := [_shapes_finding(message, register) for message in unsound_in(shapes, register)]:
        return Validation((), unsound)
    try:
        if not are_shipped(register):
            _check_shapes(canonical(graphs.shapes))
        results, more = first_of_each(data.stand_ins.told(engine(shapes, data)), MOST)
    except engines.ShapesError as error:
        return Validation((), (_shapes_finding(both("the shapes can't be used: {reason}", reason=error), register),))
    places.look_up(results)
    findings = [_finding(result, places, register) for result in results]
    return Validation(
        results, [*findings, *(more_of(rule, count, severity) for (rule, severity), count in more.items())]
    )


def are_shipped(register: Register) -> bool:
    """Tell whether a register's shapes are the shipped ones: to check them takes longer than all the rest here; tests do so."""
    own, shipped = (
        [path.read_bytes() for path in documents(register, folder)]
        for folder in (register.shapes, shipped_folder() / "shapes")
    )
    return own == shipped


@lru_cache(maxsize=4)
def _check_shapes(lines: bytes) -> None:
    from vertragsgraph.gate.shacl import engines  # noqa: PLC0415

    engines.check_shapes(Shapes([quad.triple for quad in parse(lines, RdfFormat.N_TRIPLES)]))


def _shapes_finding(message: Mapping[Language, str], register: Register) -> Finding:
    return Finding(message, Place(register.shown(register.shapes)), rule=RULE)


def _finding(result: Result, places: Places, register: Register) -> Finding:
    """Return a result as a finding: focus node, message, and what the message is about."""
    focus = compact(result.focus, register)
    path = shown(result.path, lambda iri: compact(iri, register)) if result.path else ""
    value = compact(result.value, register) if result.value not in {None, result.focus} and result.value else ""
    about = " ".join(part for part in (path, value) if part)
    other = both("{component} does not hold", component=f"sh:{result.component}")
    message: dict[Language, str] = {}
    for language in LANGUAGES:
        own = result.message(language) or _translated(result, language)
        text = own or (_own_words().get(result.component) or other)[language]
        message[language] = f"{focus}: {text}" + (f" ({about})" if value or (path and not own) else "")
    return Finding(message, places.of_result(result), result.severity, rule=result.shape.value, focus=str(result.focus))


def _translated(result: Result, language: Language) -> str | None:
    """Return the English message of a result in another language, if the catalogue has it."""
    english = result.message(ENGLISH)
    return in_catalogue(english, language) if english else None


@cache
def _own_words() -> Mapping[str, Mapping[Language, str]]:
    """Return what to say of a constraint component where the shape has no message."""
    return {
        "MinCount": both("a value is missing here"),
        "MaxCount": both("there are more values than there may be"),
        "Class": both("this is not of the class that is asked for"),
        "Datatype": both("this is not of the datatype that is asked for"),
        "NodeKind": both("this is not the kind of term that is asked for (IRI, literal)"),
        "Pattern": both("this does not have the form that is asked for"),
        "In": both("this is none of the values that are allowed"),
        "Closed": both("this property has no place here"),
        "UniqueLang": both("there are several values in one language"),
        "LanguageIn": both("this is in none of the languages that are allowed"),
    }
