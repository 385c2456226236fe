"""Statements in the form of QuickStatements (https://www.wikidata.org/wiki/Help:QuickStatements): V1 and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from vertragsgraph.links.statements import Entry, Reference, Statement


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
    columns = _columns(entries)
    languages = sorted(
        {language for entry in entries if not entry.item for language in (*entry.labels, *entry.aliases)}
    )
    heads = ["qid", *(f"L{language}" for language in languages), *(f"A{language}" for language in languages)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*heads, *(cell for name, place in columns for cell in _heads(entries, name, place))])
    for entry in entries:
        new = not entry.item
        row = [entry.item]
        row += [entry.labels.get(language, "") if new else "" for language in languages]
        row += [next(iter(entry.aliases.get(language, [])), "") if new else "" for language in languages]
        for name, place in columns:
            found = [statement for statement in entry.statements if statement.property == name]
            row += _cells(entries, name, place, found[place] if place < len(found) else None)
        writer.writerow(row)
    return out.getvalue()


def _parts(statement: Statement) -> list[str]:
    parts = [statement.property, statement.value]
    for name, value in statement.qualifiers:
        parts += [name, value]
    for place, reference in enumerate(statement.references):
        # An exclamation mark begins another reference.
        parts += ["S854" if place == 0 else "!S854", _quoted(reference.url)]
        if reference.title and reference.language:
            parts += ["S1476", f"{reference.language}:{_quoted(reference.title)}"]
        if reference.day:
            parts += ["S813", f"+{reference.day}T00:00:00Z/11"]
    return parts


def _columns(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    """Return the columns that statements need: each property as often as an item has it at most."""
    most: dict[str, int] = {}
    for entry in entries:
        for name in [statement.property for statement in entry.statements]:
            most[name] = max(most.get(name, 0), sum(statement.property == name for statement in entry.statements))
    return [(name, place) for name, count in most.items() for place in range(count)]


def _qualifiers(entries: Sequence[Entry], name: str) -> list[str]:
    found = [q for entry in entries for s in entry.statements if s.property == name for q, _ in s.qualifiers]
    return list(dict.fromkeys(found))


def _heads(entries: Sequence[Entry], name: str, _: int) -> list[str]:
    return [name, *(f"qal{q.removeprefix('P')}" for q in _qualifiers(entries, name)), "S854", "S1476", "S813"]


def _cells(entries: Sequence[Entry], name: str, place: int, statement: Statement | None) -> list[str]:
    if statement is None:
        return [""] * len(_heads(entries, name, place))
    qualifiers = dict(statement.qualifiers)
    reference: Reference = statement.references[0]
    return [
        statement.value,
        *(qualifiers.get(q, "") for q in _qualifiers(entries, name)),
        _quoted(reference.url),
        f"{reference.language}:{_quoted(reference.title)}" if reference.title and reference.language else "",
        f"+{reference.day}T00:00:00Z/11" if reference.day else "",
    ]


def _quoted(text: str) -> str:
    """Return a text in the quotes of QuickStatements, which knows no escapes: its own quotes become typographic ones."""
    return '"' + " ".join(text.replace('"', "”").split()) + '"'
