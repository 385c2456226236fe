"""Statements in the form of QuickStatements (https://www.wikidata.org/wiki/Help:QuickStatements): V1 and CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from vertragsgraph.links.statements import Entry, Reference, Statement

_REFERENCE: Final = ("S854", "S1476", "S813")
"""Where it is said: address, title, day of reading."""


def v1(entries: Sequence[Entry]) -> str:
    """Return entries in V1 form: tab-separated commands, new items by CREATE; each reference is a group of its own."""
    lines: list[str] = []
    for entry in entries:
        name = entry.item or "LAST"
        if not entry.item:
            lines.append("CREATE")
            lines += [f"LAST\tL{language}\t{_quoted(text)}" for language, text in sorted(entry.labels.items())]
            lines += [
                f"LAST\tA{language}\t{_quoted(text)}"
                for language, texts in sorted(entry.aliases.items())
                for text in texts
            ]
        lines += ["\t".join([name, *_parts(statement)]) for statement in entry.statements]
    return "".join(f"{line}\n" for line in lines)


def as_csv(entries: Sequence[Entry]) -> str:
    """Return entries in CSV form: one row an item; of several references the first, for which the form has place."""
    most, qualifiers = Counter[str](), defaultdict[str, dict[str, None]](dict)
    for entry in entries:
        most |= Counter(statement.property for statement in entry.statements)
        for statement in entry.statements:
            qualifiers[statement.property].update(dict.fromkeys(name for name, _ in statement.qualifiers))
    new = [entry for entry in entries if not entry.item]
    languages = sorted({language for entry in new for language in (*entry.labels, *entry.aliases)})
    heads = ["qid", *(f"L{language}" for language in languages), *(f"A{language}" for language in languages)]
    for name, count in most.items():
        heads += [name, *(f"qal{each.removeprefix('P')}" for each in qualifiers[name]), *_REFERENCE] * count
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    for entry in entries:
        labels, aliases = ({}, {}) if entry.item else (entry.labels, entry.aliases)
        row = [entry.item, *(labels.get(language, "") for language in languages)]
        row += [next(iter(aliases.get(language, [])), "") for language in languages]
        for name, count in most.items():
            told = [_cells(statement, qualifiers[name]) for statement in entry.statements if statement.property == name]
            empty = [""] * (1 + len(qualifiers[name]) + len(_REFERENCE))
            row += [cell for cells in [*told, *[empty] * (count - len(told))] for cell in cells]
        writer.writerow(row)
    return out.getvalue()


def _parts(statement: Statement) -> list[str]:
    parts = [statement.property, statement.value]
    for name, value in statement.qualifiers:
        parts += [name, value]
    for place, reference in enumerate(statement.references):
        for name, cell in zip(_REFERENCE, _reference(reference), strict=True):
            if cell:  # an exclamation mark begins another reference
                parts += [f"!{name}" if place and name == _REFERENCE[0] else name, cell]
    return parts


def _cells(statement: Statement, qualifiers: Iterable[str]) -> list[str]:
    told = dict(statement.qualifiers)
    return [statement.value, *(told.get(name, "") for name in qualifiers), *_reference(statement.references[0])]


def _reference(reference: Reference) -> tuple[str, str, str]:
    """Return what stands under `_REFERENCE`; nothing for what is not known."""
    title = f"{reference.language}:{_quoted(reference.title)}" if reference.title and reference.language else ""
    return _quoted(reference.url), title, f"+{reference.day}T00:00:00Z/11" if reference.day else ""


def _quoted(text: str) -> str:
    """Return a text in the quotes of QuickStatements, which knows no escapes: its own quotes become typographic ones."""
    return '"' + " ".join(text.replace('"', "”").split()) + '"'
