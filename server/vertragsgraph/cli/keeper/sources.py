"""`source`: its commands, of which `source check` is here: which quotations the pages of the sources still have."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

import typer

from vertragsgraph.cli.console import NO_ANSWER, USAGE
from vertragsgraph.cli.keeper.source_add import add_source
from vertragsgraph.cli.keeper.source_suggest import suggest
from vertragsgraph.cli.options import LanguageOption, RegisterOption
from vertragsgraph.cli.session import Session
from vertragsgraph.documents import UnreadableError
from vertragsgraph.finding import Finding, Severity
from vertragsgraph.graph import collect
from vertragsgraph.rereading.pages import Fetcher, Folder, Page, Reader
from vertragsgraph.rereading.quotations import Outcome, Source, State, compare, quoted_sources
from vertragsgraph.texts import Language, both

RULE: Final = "source"
ReportFormat: TypeAlias = Literal["text", "json"]

app = typer.Typer(help="Look after the sources.", no_args_is_help=True)


@app.callback()
def sources() -> None:
    """Look after the sources."""


app.command("add")(add_source)
app.command("suggest")(suggest)


@dataclass(frozen=True)
class _Reread:
    """A source with its page, or with why there is none, and what came of its quotations."""

    source: Source
    page: Page | None
    problem: dict[Language, str] | None
    outcomes: tuple[Outcome, ...]


@app.command(name="check")
def check_sources(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Sources, such as S1. Default: all that are quoted."),
    ] = None,
    pages: Annotated[
        Path | None,
        typer.Option(help="Folder with the pages, saved as s1.html or s1.txt. Default: they are fetched from the web."),
    ] = None,
    form: Annotated[ReportFormat, typer.Option("--format", "-f", help="Text, or JSON.")] = "text",
    register: RegisterOption = None,
    lang: LanguageOption = None,
) -> None:
    """Look which quotations the pages of the sources still have; nothing is written."""
    session = Session(register, None, lang)
    if pages and not pages.is_dir():
        session.fail(USAGE, "there is no such folder: {folder}", folder=pages)
    with session.refusals(), tempfile.TemporaryDirectory() as folder:
        found = quoted_sources(session.register, collect(session.register, Path(folder)))
    read: Reader = Folder(pages) if pages else Fetcher(session.register.agent, session.settings.link_pause_seconds)
    with session.progress() as progress:
        reread = []
        for source in _chosen(session, found, names or ()):
            progress(source.url or source.key)
            reread.append(_reread(source, read))
    if form == "json":
        typer.echo(json.dumps([_document(each, session.language) for each in reread], ensure_ascii=False, indent=1))
    findings = [finding for each in reread for finding in _findings(each)]
    if form == "text":
        session.show(findings)
    for each in reread:
        _tell(session, each)
    session.conclude(findings)
    if any(each.problem for each in reread):
        raise typer.Exit(NO_ANSWER)


def _chosen(session: Session, found: Sequence[Source], names: Sequence[str]) -> list[Source]:
    """Return the sources that are named by identifier, name or IRI, all where none is named; end the command for others."""
    by_name = {name.casefold(): source for source in found for name in (source.key, source.name, source.iri)}
    wanted = [name.removeprefix("source:").removeprefix("source/").casefold() for name in names]
    for name, given in zip(wanted, names, strict=True):
        if name not in by_name:
            known = ", ".join(source.key for source in found)
            session.fail(USAGE, "{name} is no source that is quoted; quoted are: {known}", name=given, known=known)
    return [source for source in found if source in [by_name[name] for name in wanted]] if wanted else list(found)


def _reread(source: Source, read: Reader) -> _Reread:
    try:
        page = read(source)
    except UnreadableError as error:
        return _Reread(source, None, error.message, ())
    return _Reread(source, page, None, tuple(compare(page.text, source)))


def _findings(reread: _Reread) -> list[Finding]:
    if reread.problem:
        return [Finding(reread.problem, None, Severity.WARNING, RULE, reread.source.iri)]
    return [finding for outcome in reread.outcomes if (finding := _finding(reread.source, outcome))]


def _finding(source: Source, outcome: Outcome) -> Finding | None:
    """Return what is to be said of a quotation; nothing where the page has it as it is quoted."""
    severity = Severity.WARNING
    if outcome.state is State.MISSING:
        severity = Severity.VIOLATION
        if outcome.there:
            message = both(
                "{source} doesn't have this quotation any more; nearest to it comes: {there}",
                source=source.key,
                there=outcome.there,
            )
        else:
            message = both("{source} doesn't have this quotation any more, nor anything like it", source=source.key)
    elif outcome.state is State.ELSEWHERE:
        message = both(
            "{source} has this quotation, but between other words than oa:prefix and oa:suffix: {there}",
            source=source.key,
            there=outcome.there,
        )
    elif outcome.difference:
        severity = Severity.INFO
        message = both(
            "{source} has this quotation in other characters: {difference}",
            source=source.key,
            difference=outcome.difference,
        )
    else:
        return None
    return Finding(message, outcome.quotation.place, severity, RULE, outcome.quotation.entry)


def _tell(session: Session, reread: _Reread) -> None:
    """Say of a source how many quotations there are still."""
    if reread.page:
        states = Counter(outcome.state for outcome in reread.outcomes)
        session.say(
            "{source} ({address}): of {count} quotations {found} as quoted, {elsewhere} between other words, {missing} missing",
            source=reread.source.key,
            address=reread.page.address,
            count=len(reread.outcomes),
            found=states[State.AS_QUOTED],
            elsewhere=states[State.ELSEWHERE],
            missing=states[State.MISSING],
        )


def _document(reread: _Reread, language: Language) -> dict[str, Any]:
    return {
        "source": reread.source.iri,
        "key": reread.source.key,
        "url": reread.source.url,
        "read": reread.page.address if reread.page else None,
        "problem": reread.problem[language] if reread.problem else None,
        "quotations": [
            {
                "evidence": outcome.quotation.entry,
                "place": str(outcome.quotation.place),
                "exact": outcome.quotation.exact,
                "state": outcome.state,
                "there": outcome.there,
                "difference": outcome.difference[language] if outcome.difference else None,
            }
            for outcome in reread.outcomes
        ],
    }
