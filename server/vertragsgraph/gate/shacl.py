"""The graphs held against the shapes (SHACL), with the findings as keepers can use them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.finding import Finding, Place
from vertragsgraph.gate.paths import shown
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import MOST, more_of
from vertragsgraph.gate.results import Result, first_of_each
from vertragsgraph.gate.shapes import Shapes
from vertragsgraph.gate.sound import unsound_in
from vertragsgraph.gate.words import compact
from vertragsgraph.graph import Graphs
from vertragsgraph.graph.documents import read_document
from vertragsgraph.register import ASSERTED_ROLES, Register, shipped_folder
from vertragsgraph.sources.syntax import WELL_KNOWN
from vertragsgraph.texts import LANGUAGES, Language, both

RULE: Final = "shapes"
SUBCLASS: Final = NamedNode(WELL_KNOWN["rdfs"] + "subClassOf")


@dataclass(frozen=True)
class Validation:
    """The results of holding the graphs against the shapes: of each shape the first `MOST`."""

    results: Sequence[Result]
    findings: Sequence[Finding]


def validate(register: Register, graphs: Graphs, places: Places, *, fast: bool | None = None) -> Validation:
    """Hold the union of the asserted graphs against the register's shapes.

    What is entailed is left out: by domains and ranges a misplaced resource would be taken for what it ought to be.
    Only that classes are parts of others counts, as SHACL (section 1.5) wants it. pyshacl validates small registers,
    shacl large ones; `fast` decides otherwise. Raises `FindingsError` for shapes with syntax errors; shapes that make
    no sense to the engine are a finding.
    """
    # Here, since it takes a fifth of a second that no other command has to spend.
    from vertragsgraph.gate import engines  # noqa: PLC0415

    shapes = Shapes.of(register)
    roles = [role for role in graphs.roles if role in ASSERTED_ROLES]
    ontology = read_document(register, register.ontology)
    data = engines.DataGraph(
        files=[graphs.path(role) for role in roles],
        subclasses=[triple for triple in ontology if triple.predicate == SUBCLASS],
        size=sum(graphs.counts[role] for role in roles),
    )
    engine = engines.engine_for(data) if fast is None else engines.by_shacl if fast else engines.by_pyshacl
    if unsound := [_shapes_finding(message, register) for message in unsound_in(shapes, register)]:
        return Validation((), unsound)
    try:
        if register.shapes.is_relative_to(register.folder) and register.folder != shipped_folder():
            engines.check_shapes(shapes)
        results, more = first_of_each(data.stand_ins.told(engine(shapes, data)), MOST)
    except engines.ShapesError as error:
        return Validation((), (_shapes_finding(both("the shapes can't be used: {reason}", reason=error), register),))
    places.look_up(results)
    findings = [_finding(result, places, register) for result in results]
    return Validation(
        results, [*findings, *(more_of(rule, count, severity) for (rule, severity), count in more.items())]
    )


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
        own = result.message(language)
        text = own or (_own_words().get(result.component) or other)[language]
        message[language] = f"{focus}: {text}" + (f" ({about})" if value or (path and not own) else "")
    return Finding(message, places.of_result(result), result.severity, rule=result.shape.value, focus=str(result.focus))


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
