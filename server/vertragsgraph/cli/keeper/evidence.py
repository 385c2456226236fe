"""`quote` and `evidence`: entries of evidence, as far as they can be written without knowing what a keeper knows."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Annotated, Final

import typer
from pyoxigraph import NamedNode, Triple

from vertragsgraph.authoring.entries import Entries
from vertragsgraph.authoring.fixing import fix
from vertragsgraph.authoring.passages import Span, nearest, passages, says_something
from vertragsgraph.cli.console import REFUSED, USAGE
from vertragsgraph.cli.options import LanguageOption, RegisterOption
from vertragsgraph.cli.session import Session
from vertragsgraph.finding import Finding
from vertragsgraph.gate.checks.evidence import unproved
from vertragsgraph.gate.places import Places
from vertragsgraph.gate.report import Coverage
from vertragsgraph.graph import Graphs, collect
from vertragsgraph.graph.quotations import read_quotations
from vertragsgraph.rdf.sorted_files import lines_of
from vertragsgraph.rdf.terms import Node
from vertragsgraph.register import Register
from vertragsgraph.sources import common_prefixes
from vertragsgraph.sources.term_names import compact
from vertragsgraph.sources.texts import DescribedSource, described_sources, files_below, read_texts

FOLDERS: Final = ("texts", "sources")
"""Where the texts are looked for beside register.toml, unless a folder is named."""
AROUND: Final = 60
"""Characters of a text that are shown before and after a passage."""


def quote(
    source: Annotated[str, typer.Argument(help="The source: its key (S1), its name (source:s1) or its IRI.")],
    words: Annotated[str, typer.Argument(help="What it says; […] stands for what is left out.")],
    sources: Annotated[
        Path | None,
        typer.Option(help="Folder with the texts of the sources. Default: texts or sources beside register.toml."),
    ] = None,
    register: RegisterOption = None,
    lang: LanguageOption = None,
) -> None:
    """Find words in the text of a source, and print the entry of evidence that quotes them; nothing is written.

    Quotation marks, hyphens, blanks, capitals and composed letters may be others than in the text.
    """
    session = Session(register, None, lang)
    words = os.fsencode(words).decode("utf-8", "replace")  # also where Python takes the locale's encoding for ASCII
    if not says_something(words):
        session.fail(USAGE, "give words to look for")
    with session.refusals():
        found = source_named(session, source)
        text = text_of(session, found, sources)
        known = list(read_quotations(session.register))
    places = passages(text, words)
    if not places:
        _tell_nearest(session, found.name, text, words)
        raise typer.Exit(REFUSED)
    taken = {quotation.entry for quotation in known}
    entries = Entries(session.register, [found.iri.value], taken, declared=common_prefixes(session.register))
    written = [entries.quoting(found.iri, text, place) for place in places]
    if prologue := entries.prologue():
        typer.echo(prologue)
    for place, entry in zip(places, written, strict=True):
        session.say(
            "{source}, line {line}: {there}", source=found.name, line=_line(text, place), there=_shown(text, place)
        )
        for quotation in known:
            if (quotation.source, quotation.start, quotation.end) == (found.iri, *place):
                other = compact(NamedNode(quotation.entry), session.register)
                session.say("{entry} quotes it already ({place})", entry=other, place=quotation.place)
        typer.echo(entry)
    session.say("fill in, in place of …, what the passage says, and how: vg:states, vg:implies or vg:reports")


def evidence(
    missing: Annotated[
        bool, typer.Option("--missing", help="Print entries for the statements that have none, to be completed.")
    ] = False,
    register: RegisterOption = None,
    lang: LanguageOption = None,
) -> None:
    """Tell how far the evidence of a register goes, and write the entries that are missing; nothing is changed."""
    session = Session(register, None, lang)
    with session.refusals(), session.progress() as progress, tempfile.TemporaryDirectory() as folder:
        graphs = collect(session.register, Path(folder), progress=progress)
        coverage, bare = unproved(session.register, graphs)
        groups = _by_file_and_subject(session.register, bare) if missing else {}
        taken = _entries_of(session.register, graphs)
    if groups:
        declared = common_prefixes(session.register)
        entries = Entries(session.register, _iris(bare), taken, graphs.kinds.prefixes, declared)
        _print_missing(session, groups, entries)
    tell_coverage(session, coverage)


def fix_sources(session: Session, folder: Path | None) -> list[Finding]:
    """Write into the sources what need not be written by hand, say in which files, and return what stays open."""
    with session.refusals():
        try:
            changed, findings = fix(session.register, _folders(session, folder))
        except OSError as error:
            session.fail(USAGE, "can't be written: {reason}", reason=error.strerror or error)
    for path in changed:
        session.say("written: {file}", file=session.register.shown(path))
    return findings


def tell_coverage(session: Session, coverage: Coverage) -> None:
    """Say how far the evidence goes."""
    session.say(
        "of {statements} statements {quoted} have a quotation ({comparable} one that can be compared with a text), {cited} a "
        "reference only, {unproved} neither",
        **vars(coverage),
        statements=coverage.statements,
    )


def source_named(session: Session, name: str) -> DescribedSource:
    """Return the source that is named, which has a text; end the command where there is none."""
    described = described_sources(session.register)
    found = next((source for source in described if source.is_called(name)), None)
    if not found:
        known = ", ".join(source.key or source.name for source in described if source.sha256)
        session.fail(
            USAGE, "{name} is no source of this register; those with a text are: {known}", name=name, known=known
        )
    if not found.sha256:
        session.fail(
            USAGE,
            "{source} has no text to look in (schema:sha256); quotations from scans and paper are written by hand, with "
            "vg:page, vg:seenBy and vg:seenOn (docs/evidence.md)",
            source=found.name,
        )
    return found


def text_of(session: Session, source: DescribedSource, folder: Path | None) -> str:
    """Return the text of a source; end the command where it isn't at hand."""
    folders = folders_of_texts(session, folder)
    files = [file for each in folders for file in files_below(each)]
    text = next((text for _, text in read_texts(files, source.sha256)), None)
    if text is None:
        session.fail(
            USAGE,
            "no file in {folder} has the SHA-256 of the text of {source}; name the folder that has it: --sources DIR",
            folder=", ".join(str(session.register.shown(each)) for each in folders),
            source=source.name,
        )
    return text


def folders_of_texts(session: Session, folder: Path | None) -> list[Path]:
    """Return the folders with the texts: the one named, else those beside register.toml; end the command without any."""
    folders = _folders(session, folder)
    if not folders:
        session.fail(USAGE, "name the folder with the texts of the sources: --sources DIR")
    return folders


def _folders(session: Session, folder: Path | None) -> list[Path]:
    """Return the folders with texts: the one that is named, else those beside register.toml."""
    if folder and not folder.is_dir():
        session.fail(USAGE, "there is no such folder: {folder}", folder=folder)
    return [folder] if folder else [path for name in FOLDERS if (path := session.register.folder / name).is_dir()]


def _tell_nearest(session: Session, source: str, text: str, words: str) -> None:
    if place := nearest(text, words):
        session.say(
            "{source} doesn't have these words; nearest to them, in line {line}, from {start} to {end}: {there}",
            source=source,
            line=_line(text, place),
            start=place[0],
            end=place[1],
            there=_shown(text, place),
        )
    else:
        session.say("{source} doesn't have these words, nor anything like them", source=source)


def _line(text: str, place: Span) -> int:
    return text.count("\n", 0, place[0]) + 1


def _shown(text: str, place: Span) -> str:
    """Return a passage in brackets, with what stands around it, in one line."""
    start, end = place
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    cut = "…" if start > AROUND else "", "…" if end + AROUND < len(text) else ""
    return " ".join(f"{cut[0]}{before}[{text[start:end]}]{after}{cut[1]}".split())


def _by_file_and_subject(register: Register, statements: list[Triple]) -> dict[tuple[Path, Node], list[Triple]]:
    """Return statements by the file that asserts them and by their subjects, in the order in which they stand there."""
    places = Places(register)
    places.look_up(triples=statements)
    placed = [(place, triple) for triple in statements if (place := places.of_triple(triple))]
    groups: defaultdict[tuple[Path, Node], list[Triple]] = defaultdict(list)
    for place, triple in sorted(placed, key=lambda each: each[0]):
        groups[place.file, triple.subject].append(triple)
    return groups


def _entries_of(register: Register, graphs: Graphs) -> set[str]:
    """Return the IRIs of the entries that there are."""
    start = f"<{register.iri('id/evidence/')}".encode()
    lines = lines_of(*graphs.paths(["evidence"]))
    return {line[1 : line.index(b">")].decode() for line in lines if line.startswith(start)}


def _iris(statements: list[Triple]) -> set[str]:
    return {term.value for triple in statements for term in triple if isinstance(term, NamedNode)}


def _print_missing(session: Session, groups: dict[tuple[Path, Node], list[Triple]], entries: Entries) -> None:
    """Print an entry for each subject in each file, below the prefixes that they use."""
    written = [(file, entries.supporting(statements)) for (file, _), statements in groups.items()]
    typer.echo(entries.prologue(), nl=False)
    file = Path()
    for each, entry in written:
        if each != file:
            typer.echo(f"\n# {session.register.shown(each)}")
        file = each
        typer.echo(f"\n{entry}", nl=False)
    session.say(
        "fill in, in place of …, how it is proved (vg:states, vg:implies, vg:reports, vg:infers or vg:cites) and the source; what "
        "it says is found by: {command}",
        command='vertragsgraph quote SOURCE "…"',
    )
