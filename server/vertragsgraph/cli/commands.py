"""`check`, `build`, `serve`, and where the other commands are.

Exit codes: 0 done · 1 the gate found violations · 2 wrong usage, or register or releases can't be read or written ·
3 the server can't start · 4 a query was refused or failed · 5 something unexpected · 130 Ctrl-C (`docs/commands.md`).
"""

from __future__ import annotations

import errno
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from vertragsgraph import __version__
from vertragsgraph.cli import diff as diff_command
from vertragsgraph.cli import doctor as doctor_command
from vertragsgraph.cli import query as query_command
from vertragsgraph.cli import releases as releases_commands
from vertragsgraph.cli.console import NO_SERVER, TEXT, USAGE, FindingsForm
from vertragsgraph.cli.keeper import edit as edit_command
from vertragsgraph.cli.keeper import evidence as evidence_commands
from vertragsgraph.cli.keeper import init as init_command
from vertragsgraph.cli.keeper import links as link_commands
from vertragsgraph.cli.keeper import sources as source_commands
from vertragsgraph.cli.keeper import withdraw as withdraw_command
from vertragsgraph.cli.options import CompareOption, LanguageOption, RegisterOption, ReleasesOption
from vertragsgraph.cli.session import Session
from vertragsgraph.finding import Finding
from vertragsgraph.gate import Quotations, quotations
from vertragsgraph.gate.checks.quotations import RULE as QUOTATION
from vertragsgraph.gate.places import left_of_example
from vertragsgraph.gate.report import in_order
from vertragsgraph.graph import collect
from vertragsgraph.register import unconfirmed
from vertragsgraph.release import Release, all_releases, inspect, released

app = typer.Typer(
    name="vertragsgraph",
    help="Registers of contracts as validated, versioned, citable linked data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


app.command()(init_command.init)
app.command()(diff_command.diff)
app.command()(query_command.query)
app.command()(evidence_commands.quote)
app.command()(evidence_commands.evidence)
app.command()(edit_command.edit)
app.command()(doctor_command.doctor)
app.command(context_settings=withdraw_command.SETTINGS)(withdraw_command.withdraw)
app.add_typer(releases_commands.app, name="releases")
app.add_typer(source_commands.app, name="source")
app.add_typer(link_commands.app, name="link")
app.add_typer(link_commands.export_app, name="export")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that come before a command."""


@app.command()
def check(
    sources: Annotated[
        Path | None, typer.Option(help="Folder with the texts of the sources, to compare every quotation with.")
    ] = None,
    fixed: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="First write into the files what can be told: where quotations stand, their author and date, checksums.",
        ),
    ] = False,
    form: Annotated[
        FindingsForm,
        typer.Option("--format", "-f", help="Text, JSON, SARIF 2.1.0, or annotations of GitHub's workflows."),
    ] = TEXT,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    compare: CompareOption = True,
    lang: LanguageOption = None,
) -> None:
    """Read the register and hold it against the gate; nothing is written, unless with --fix."""
    session = Session(register, releases, lang, form)
    open_ends = evidence_commands.fix_sources(session, sources) if fixed else []
    with session.refusals(), session.progress() as progress, tempfile.TemporaryDirectory() as folder:
        graphs = collect(session.register, Path(folder), progress=progress)
        before = released(session.register, session.releases) if compare else ()
        report = inspect(session.register, graphs, released=before, examine=session.examine, progress=progress)
        quoted = quotations(session.register, graphs, sources) if sources else None
    findings = _with_quotations(report.findings, quoted) if quoted else report.findings
    findings = in_order([*findings, *open_ends]) if open_ends else findings
    session.show(findings)
    if quoted:
        _tell(session, quoted)
    session.mind_draft(session.register.is_draft)
    session.conclude(findings)


def _tell(session: Session, quoted: Quotations) -> None:
    """Say how far the evidence goes, how many texts are at hand, and how many quotations could be compared."""
    evidence_commands.tell_coverage(session, quoted.coverage)
    session.say(
        "{at_hand} of {sources} sources at hand, {matched} of {compared} quotations from them match",
        **vars(quoted),
    )
    if quoted.missing:
        session.say("not at hand: {sources}", sources=", ".join(quoted.missing))
    if quoted.from_paper:
        session.say(
            "quotations from scans or paper, with no text to compare them with: {count}", count=quoted.from_paper
        )


def _with_quotations(findings: Sequence[Finding], quoted: Quotations) -> Sequence[Finding]:
    """Return the gate's findings and those on quotations; of an entry on which both have something to say, the latter."""
    told = {finding.focus for finding in quoted.findings if finding.rule == QUOTATION}
    others = [finding for finding in findings if finding.rule != QUOTATION or finding.focus not in told]
    return in_order([*others, *quoted.findings])


@app.command()
def build(
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    activate: Annotated[bool, typer.Option(help="Make the release the current one.")] = True,
    compare: CompareOption = True,
    lang: LanguageOption = None,
) -> None:
    """Check the register, build its release and make it the current one; nothing is done where nothing changed."""
    session = Session(register, releases, lang)
    session.mind_draft(session.build(activate=activate, compare=compare).is_draft)


@app.command()
def serve(
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. Default: 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes any free one. Default: 8000.")] = None,
    processes: Annotated[
        int | None, typer.Option(help="Web processes; 0 means as many as there are cores. Default: 1.", min=0)
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Refuse to start while the register isn't fit for the public.")
    ] = False,
    lang: LanguageOption = None,
) -> None:
    """Serve the current release; one is built only where there is none."""
    from vertragsgraph.web.rendering.assets import asset  # noqa: PLC0415 - the other commands start in half the time without these
    from vertragsgraph.web.server.server import run  # noqa: PLC0415

    session = Session(register, releases, lang, host=host, port=port, processes=processes)
    release = _public_release(session) if public else session.release()
    session.mind_draft(release.is_draft)
    with _listen(session) as listener:
        title = release.manifest.title.in_language(session.language)
        if not asset("explore.js"):
            session.say(
                "the scripts of the pages were not built, the pages do without them; in a checkout, run: make frontend"
            )
        session.say("{title}: release {id} at {url} (end with Ctrl-C)", title=title, id=release.id, url=_url(listener))
        if not run(release, session.settings, listener):
            raise typer.Exit(NO_SERVER)


def _public_release(session: Session) -> Release:
    """Return the release to serve to the public; end the command where anything that it would show isn't fit for that."""
    if findings := [*unconfirmed(session.register), *left_of_example(session.register)]:
        session.show(findings)
        session.fail(USAGE, "this register isn't fit for the public yet; mend what is named, or serve without --public")
    release = session.release()
    if release.is_draft or unconfirmed(release.register):
        session.fail(
            USAGE,
            "release {id} was built before that was mended; build another one: {command}",
            id=release.id,
            command="vertragsgraph build",
        )
    if drafts := [other for other in all_releases(session.releases) if other.is_draft]:
        session.fail(
            USAGE,
            "beside the release to be served there are drafts, which would be shown among the past ones: {names}. Remove "
            "them: {command}",
            names=", ".join(draft.id for draft in drafts),
            command="vertragsgraph releases prune --drafts",
        )
    return release


def _listen(session: Session) -> socket.socket:
    """Open the listening socket before anything is started, so that a port in use is told at once."""
    host, port = session.settings.host, session.settings.port
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(place[:2], family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            session.fail(
                NO_SERVER, "port {port} is in use; end what listens there or choose another with --port", port=port
            )
        reason = error.strerror or str(error)
        session.fail(NO_SERVER, "can't listen on {host}:{port}: {reason}", host=host, port=port, reason=reason)


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
