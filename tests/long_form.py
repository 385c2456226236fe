"""A register written the long way: each statement with its resource, and its evidence in `data/evidence` (`vg:supports`).

Faults are seeded into that form, since in it a property stands in one place; that its graphs are the same is a test.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import NamedNode, Triple

from vertragsgraph.finding import Complaints
from vertragsgraph.graph.entries import Entry, is_of_entry, read_entries
from vertragsgraph.rdf import terms
from vertragsgraph.rdf.syntax.turtle import Terms
from vertragsgraph.register import Register
from vertragsgraph.sources import common_prefixes, read_turtle, source_files

Values: TypeAlias = dict[str, list[str]]


def write_long_form(register: Register, data: Path) -> None:
    """Write the Turtle files of a register in the long form below a folder that has them all so far."""
    common = common_prefixes(register)
    written = Terms(common)
    prologue = "".join(
        f"@prefix {name}: <{space.removeprefix(register.base)}> .\n" for name, space in sorted(common.items())
    )
    resources: dict[str, dict[NamedNode, Values]] = {}
    entries: defaultdict[str, list[str]] = defaultdict(list)
    asserted: list[Triple] = []
    for file in source_files(register):
        name = file.path.relative_to(register.shown(register.data)).as_posix()
        if file.role == "tombstones":
            (data / name).write_text(prologue + file.path.read_text("utf-8"), "utf-8")
        if not file.may_prove:
            continue
        about = resources.setdefault(name, {})
        for triple, _ in read_turtle(file.path, register.base, file.prefixes):
            if not is_of_entry(triple.subject, file, register.base) and isinstance(triple.subject, NamedNode):
                _add(about.setdefault(triple.subject, {}), triple, written)
        for entry in read_entries(file, register.base, Complaints()):
            assert isinstance(entry, Entry)
            asserted += (triple for triple, *_ in entry.asserted)
            entries[file.path.stem].append(_entry(entry, written))
    described = {subject: about for file in resources.values() for subject, about in file.items()}
    for triple in asserted:
        assert isinstance(triple.subject, NamedNode)
        _add(described[triple.subject], triple, written)
    for name, blocks in resources.items():
        text = "\n".join(_block(written.iri(str(subject)), values) for subject, values in blocks.items())
        (data / name).write_text(f"{prologue}\n{text}", "utf-8")
    for stem, texts in entries.items():
        (data / f"evidence/{stem}.ttl").write_text(prologue + "\n" + "\n".join(texts), "utf-8")
    (data / "prefixes.ttl").unlink()


def _add(values: Values, triple: Triple, written: Terms) -> None:
    verb = "a" if triple.predicate == terms.TYPE else written.iri(str(triple.predicate))
    objects, value = values.setdefault(verb, []), written.object(str(triple.object))
    if value not in objects:
        objects.append(value)


def _block(subject: str, values: Values) -> str:
    return f"{subject} " + " ;\n    ".join(f"{verb} {' , '.join(objects)}" for verb, objects in values.items()) + " .\n"


def _entry(entry: Entry, written: Terms) -> str:
    brackets = [
        f"[ rdf:subject {written.iri(str(s))} ; rdf:predicate {written.iri(str(p))} ; rdf:object {written.object(str(o))} ]"
        for (s, p, o), *_ in entry.statements
    ]
    supporting = "vg:between" if entry.one(terms.TYPE) == terms.DISAGREEMENT else "vg:supports"
    values: Values = {"a": []}
    for predicate, found in entry.values.items():
        if predicate == terms.TYPE and brackets:
            values[supporting] = [" ,\n        ".join(brackets)]
        for value, _ in () if predicate in {terms.SUPPORTS, terms.BETWEEN} else found:
            assert not isinstance(value, Triple)
            _add(values, Triple(entry.node, predicate, value), written)
    if "oa:end" in values:
        values["oa:start"][0] += f" ; oa:end {values.pop('oa:end')[0]}"
    return _block(written.iri(str(entry.node)), values)
