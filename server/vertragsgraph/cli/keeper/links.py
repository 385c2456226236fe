"""`link wikidata` and `export quickstatements`: links found, reviewed, checked; statements for Wikidata."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import platformdirs
import typer

from vertragsgraph.cli.console import NO_ANSWER, USAGE, Progress
from vertragsgraph.cli.options import LanguageOption, RegisterOption, ReleasesOption
from vertragsgraph.cli.session import Session
from vertragsgraph.links import quickstatements
from vertragsgraph.links.accepting import accept, sssom_file, undecided
from vertragsgraph.links.candidates import candidates_file, is_iri, read, surely_none, write
from vertragsgraph.links.finding import find
from vertragsgraph.links.http_client import FRESH_SECONDS, KEPT_SECONDS, ForeignError, PoliteClient
from vertragsgraph.links.register_entities import Local
from vertragsgraph.links.review import review
from vertragsgraph.links.statements import Teller, missing
from vertragsgraph.links.verify import verify
from vertragsgraph.links.wikidata_entities import Foreign
from vertragsgraph.rdf.namespaces import WD
from vertragsgraph.search import Resource
from vertragsgraph.search.identifiers import AUTHORITIES
from vertragsgraph.texts import marked

WIKIDATA: Final = AUTHORITIES[0]
Form: TypeAlias = Literal["v1", "csv"]

app = typer.Typer(help="Find, review and check links to other registers.", no_args_is_help=True)
export_app = typer.Typer(help="Write what the register knows for others to take over.", no_args_is_help=True)


@app.command(name="wikidata")
def link_wikidata(
    resource: Annotated[
        str, typer.Argument(help="A resource, such as organisation/iaf. Default: all that have no link.")
    ] = "",
    review_only: Annotated[
        bool, typer.Option("--review", help="Ask nobody; decide on candidates found before, also on those skipped.")
    ] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Ask nobody; publish what the file of candidates accepts.")
    ] = False,
    check: Annotated[bool, typer.Option("--verify", help="Check the published links against Wikidata.")] = False,
    author: Annotated[str, typer.Option(help="IRI of who decides. Default: the register's publisher.")] = "",
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Find candidates on Wikidata for resources without a link, let you decide on them, and publish what you accept.

    Nothing is accepted by itself. The candidates stand in candidates/wikidata.tsv, where they may be decided as well.
    """
    session = Session(register, releases, lang)
    if author and not is_iri(author):
        session.fail(USAGE, "--author takes an IRI, such as https://orcid.org/0000-0002-1825-0097")
    local = Local(session.release())
    file = candidates_file(session.register.folder, WIKIDATA.key)
    with session.refusals():
        if check:
            _verify(session, local)
            return
        if not review_only and not apply:
            _find(session, local, resource, file)
        if not apply and sys.stdin.isatty() and session.err.is_terminal:
            _review(session, file, skipped=review_only)
        _publish(session, file, author or session.register.publisher.iri)


@export_app.command(name="quickstatements")
def export_quickstatements(
    form: Annotated[Form, typer.Option("--format", help="The form: v1 (commands) or csv.")] = "v1",
    kinds: Annotated[
        list[str] | None, typer.Option("--kind", help="Only resources of this kind; may be repeated.")
    ] = None,
    check: Annotated[bool, typer.Option("--missing", help="Ask Wikidata, and leave out what it has already.")] = False,
    unseen: Annotated[
        bool, typer.Option("--all-new", help="Also create items for resources that nobody has looked for there yet.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write. Default: standard output.")
    ] = None,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Write statements for Wikidata's QuickStatements: each with references, at the precision known; nothing without evidence."""
    session = Session(register, releases, lang)
    local = Local(session.release())
    if unknown := [kind for kind in kinds or () if kind not in local.kinds]:
        session.fail(
            USAGE,
            "{kind} is no kind that Wikidata has items for; known are: {known}",
            kind=unknown[0],
            known=", ".join(local.kinds),
        )
    teller = Teller(local)
    entries = teller.entries(kinds or ())
    with session.refusals():
        none = surely_none(read(candidates_file(session.register.folder, WIKIDATA.key)))
    unsure = [entry for entry in entries if not entry.item and local.release.base + entry.resource.path not in none]
    if unsure and not unseen:
        # An item made twice is worse than none: first somebody has to look whether it is there.
        entries = [entry for entry in entries if entry not in unsure]
        session.count(
            "{count} resource may have an item that nobody has looked for; use link wikidata first",
            "{count} resources may have an item that nobody has looked for; use link wikidata first",
            len(unsure),
        )
    if check:
        with _asking(session):
            known = _foreign(session, fresh=True).items({WD + entry.item for entry in entries if entry.item})
        entries = missing(entries, known)
    text = quickstatements.v1(entries) if form == "v1" else quickstatements.as_csv(entries)
    if output:
        output.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    session.say(
        "{statements} statements on {entries} items, {new} of them new; left out: {evidence} without evidence, {items} whose "
        "value has no item yet, {open} without an end, which Wikidata would take for what lasts today",
        statements=sum(len(entry.statements) for entry in entries),
        entries=len(entries),
        new=sum(not entry.item for entry in entries),
        evidence=teller.without_evidence,
        items=teller.without_item,
        open=teller.without_qualifier,
    )


@contextmanager
def _asking(session: Session) -> Iterator[Progress]:
    """Show how far the asking of others has come; where they can't be asked, say so and end the command."""
    with session.progress() as progress:
        try:
            yield progress
        except ForeignError as error:
            session.show(error.findings)
            raise typer.Exit(NO_ANSWER) from error


def _foreign(session: Session, *, fresh: bool = False) -> Foreign:
    register, settings = session.register, session.settings
    cache = settings.link_cache or platformdirs.user_cache_path("vertragsgraph") / "links"
    keep = FRESH_SECONDS if fresh else KEPT_SECONDS
    client = PoliteClient(register.agent, cache, pause=settings.link_pause_seconds, keep=keep)
    return Foreign(client, settings.wikidata_reconciliation, settings.wikidata_sparql, register.languages)


def _find(session: Session, local: Local, name: str, file: Path) -> None:
    resources = [_named(session, local, name)] if name else local.unlinked(WIKIDATA.key)
    with _asking(session) as progress:

        def tell(done: int, of: int) -> None:
            progress(session.text(marked("{done} of {of} resources"), done=done, of=of))

        new = find(local, _foreign(session), resources, file, session.language, tell)
    shown = session.register.shown(file)
    session.say("{new} new candidates for {count} resources in {file}", new=new, count=len(resources), file=shown)


def _named(session: Session, local: Local, name: str) -> Resource:
    path = f"id/{name.removeprefix(local.release.base).removeprefix('id/')}"
    return local.index.resource(path) or session.fail(USAGE, "there is no {name} in the current release", name=name)


def _review(session: Session, file: Path, *, skipped: bool) -> None:
    candidates = read(file)
    waiting = undecided(candidates, skipped=skipped)
    review(waiting, session.err, session.err.input, session.language, lambda: write(file, candidates))


def _publish(session: Session, file: Path, author: str) -> None:
    candidates = read(file)
    for item in accept(session.register, WIKIDATA, candidates, author, datetime.now(UTC).date()):
        session.say(
            "published: {ours} – {theirs}", ours=item.subject_label, theirs=f"{item.object_label} ({item.object})"
        )
    if waiting := undecided(candidates):
        session.count(
            "{count} resource waits for a decision: write accept, reject or skip in {file}, then --apply",
            "{count} resources wait for a decision: write accept, reject or skip in {file}, then --apply",
            len(waiting),
            file=session.register.shown(file),
        )


def _verify(session: Session, local: Local) -> None:
    with _asking(session):
        findings = verify(local, _foreign(session, fresh=True), sssom_file(session.register, WIKIDATA))
    session.show(findings)
    session.conclude(findings)
