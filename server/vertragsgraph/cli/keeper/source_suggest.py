"""`source suggest`: what the text of a source may tell, for a keeper to look at."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import typer
from pyoxigraph import NamedNode
from rich.box import SIMPLE
from rich.table import Column, Table

from vertragsgraph.authoring.names import read_names
from vertragsgraph.authoring.suggestions import AMOUNT, Suggestion, suggestions
from vertragsgraph.cli.keeper.evidence import source_named, text_of
from vertragsgraph.cli.options import LanguageOption, RegisterOption
from vertragsgraph.cli.session import Session
from vertragsgraph.documents.document import page_at
from vertragsgraph.graph import collect
from vertragsgraph.sources.term_names import compact
from vertragsgraph.texts import marked

SuggestionForm: TypeAlias = Literal["text", "json"]
_COLUMNS: Final = (marked("Line"), marked("Position"), marked("Passage"), marked("Perhaps"), marked("Score"))


def suggest(
    source: Annotated[str, typer.Argument(help="The source: its key (S1), its name (source:s1) or its IRI.")],
    sources: Annotated[
        Path | None,
        typer.Option(help="Folder with the texts of the sources. Default: texts or sources beside register.toml."),
    ] = None,
    form: Annotated[SuggestionForm, typer.Option("--format", "-f", help="Text, or JSON.")] = "text",
    register: RegisterOption = None,
    lang: LanguageOption = None,
) -> None:
    """Mark in the text of a source what the register knows by name, dates and amounts; nothing is written.

    These are suggestions, no facts: each is to be looked at.
    """
    session = Session(register, None, lang)
    with session.refusals(), session.progress() as progress, tempfile.TemporaryDirectory() as folder:
        named = source_named(session, source)
        text = text_of(session, named, sources)
        names = read_names(collect(session.register, Path(folder), progress=progress), session.register.base)
    found = suggestions(text, names, [*filter(None, [named.language]), *session.register.languages])
    if form == "json":
        written = [
            {**asdict(each), "passage": text[each.start : each.end], "page": page_at(text, each.start)}
            for each in found
        ]
        typer.echo(json.dumps(written, ensure_ascii=False, indent=1))
    elif found:
        session.out.print(_table(session, text, found))
    session.count("{count} suggestion, to be looked at", "{count} suggestions, to be looked at", len(found))


def _table(session: Session, text: str, found: list[Suggestion]) -> Table:
    table = Table(*(Column(session.text(name), overflow="fold") for name in _COLUMNS), box=SIMPLE)
    for each in found:
        passage = " ".join(text[each.start : each.end].split())
        line = str(text.count("\n", 0, each.start) + 1)
        table.add_row(line, f"{each.start}–{each.end}", passage, _meant(session, each), str(each.score))
    return table


def _meant(session: Session, each: Suggestion) -> str:
    """Return what is suggested, in the words of the data files."""
    if each.iri:
        return f"{compact(NamedNode(each.iri), session.register)} “{each.label}”"
    if each.kind == AMOUNT:
        return " ".join(filter(None, (each.property, each.value, each.currency, each.per)))
    return each.value
