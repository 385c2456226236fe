"""`init`, `check`, `build`, `serve`, `query`.

Exit codes: 0 done · 1 the gate found violations · 2 wrong usage, or register or releases can't be read or written ·
3 the server can't start · 4 a query was refused or failed (`docs/commands.md`).
"""

from __future__ import annotations

import errno
import shlex
import socket
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from vertragsgraph import __version__
from vertragsgraph.cli import doctor as doctor_command
from vertragsgraph.cli import links as link_commands
from vertragsgraph.cli import releases as releases_commands
from vertragsgraph.cli.options import CompareOption, LanguageOption, RegisterOption, ReleasesOption
from vertragsgraph.cli.session import Session
from vertragsgraph.cli.talk import NO_ANSWER, NO_SERVER, REFUSED, USAGE, Talk
from vertragsgraph.finding import Severity
from vertragsgraph.gate import check as hold_against_the_gate
from vertragsgraph.gate import quotations
from vertragsgraph.graph import collect
from vertragsgraph.problem import Problem
from vertragsgraph.register import BASE, start_register, unconfirmed
from vertragsgraph.release import released
from vertragsgraph.sparql.dataset import dataset_of
from vertragsgraph.sparql.engine import run_once

app = typer.Typer(
    name="vertragsgraph",
    help="Registers of contracts as validated, versioned, citable linked data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


ResultFormat: TypeAlias = Literal["json", "xml", "csv", "tsv", "ttl", "nt", "jsonld", "rdf"]
"""The first four are for SELECT and ASK, the others for CONSTRUCT and DESCRIBE."""
app.command()(doctor_command.doctor)
app.add_typer(releases_commands.app, name="releases")
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
def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the register, made where it is missing.")] = Path(),
    key: Annotated[str | None, typer.Option(help="Short name of the register. Default: that of the folder.")] = None,
    base: Annotated[str, typer.Option(help="Base IRI of the register.")] = BASE,
    lang: LanguageOption = None,
) -> None:
    """Start a register: write register.toml and a small example that can be served at once."""
    talk = Talk(lang)
    with talk.refusals():
        files = start_register(folder, key, base)
    for file in files:
        talk.out.print(str(file))
    talk.say(
        "a register with one example; say in {file} what yours is, and look at it with: {command}",
        file=files[0],
        command=f"vertragsgraph serve --register {shlex.quote(str(folder))}",
    )


@app.command()
def check(
    sources: Annotated[
        Path | None, typer.Option(help="Folder with the texts of the sources, to compare every quotation with.")
    ] = None,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    compare: CompareOption = True,
    lang: LanguageOption = None,
) -> None:
    """Read the register and hold it against the gate; nothing is written."""
    session = Session(register, releases, lang)
    with session.refusals(), session.progress() as progress, tempfile.TemporaryDirectory() as folder:
        graphs = collect(session.register, Path(folder), progress=progress)
        before = released(session.register, session.releases) if compare else ()
        report = hold_against_the_gate(session.register, graphs, released=before, progress=progress)
        quoted = quotations(session.register, graphs, sources) if sources else None
    findings = list(report.findings)
    findings += [finding for finding in (quoted.findings if quoted else ()) if finding not in findings]
    session.show(findings)
    if quoted:
        session.say(
            "{with_evidence} of {statements} statements have evidence, {matched} of {quotations} quotations match the texts",
            with_evidence=quoted.with_evidence,
            statements=quoted.statements,
            matched=quoted.matched,
            quotations=quoted.quotations,
        )
    session.summarise(findings)
    if any(finding.severity is Severity.VIOLATION for finding in findings):
        raise typer.Exit(REFUSED)


@app.command()
def build(
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    activate: Annotated[bool, typer.Option(help="Make the release the current one.")] = True,
    compare: CompareOption = True,
    lang: LanguageOption = None,
) -> None:
    """Check the register, build its release and make it the current one; nothing is done where nothing changed."""
    Session(register, releases, lang).build(activate=activate, compare=compare)


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
        bool, typer.Option("--public", help="Refuse to start while register.toml holds placeholders.")
    ] = False,
    lang: LanguageOption = None,
) -> None:
    """Serve the current release; one is built only where there is none."""
    from vertragsgraph.web.assets import asset  # noqa: PLC0415 - the other commands start in half the time without these
    from vertragsgraph.web.server import run  # noqa: PLC0415

    session = Session(register, releases, lang, host=host, port=port, processes=processes)
    if public and (findings := unconfirmed(session.register)):
        session.show(findings)
        session.fail(USAGE, "this register isn't fit for the public yet; mend register.toml, or serve without --public")
    release = session.release()
    with _listen(session) as listener:
        title = release.manifest.title.in_language(session.language)
        if not asset("explore.js"):
            session.say(
                "the scripts of the pages were not built, the pages do without them; in a checkout, run: make frontend"
            )
        session.say("{title}: release {id} at {url} (end with Ctrl-C)", title=title, id=release.id, url=_url(listener))
        if not run(release, session.settings, listener):
            raise typer.Exit(NO_SERVER)


@app.command()
def query(
    query: Annotated[str, typer.Argument(help="SPARQL, the path of a file, or - for standard input.")],
    result_format: Annotated[ResultFormat | None, typer.Option("--format", "-f", help="Format of the result.")] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds the query may compute.", min=0.001)] = None,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Ask the current release a question in SPARQL."""
    session = Session(register, releases, lang)
    text = _query_text(session, query)
    release = session.release()
    try:
        run_once(
            dataset_of(release),
            text,
            sys.stdout.buffer,
            session.settings,
            result_format=result_format,
            seconds=timeout,
        )
    except Problem as problem:
        session.fail(NO_ANSWER, "the query gave no result: {reason}", reason=problem.detail)
    except BrokenPipeError:
        raise typer.Exit(NO_ANSWER) from None


def _query_text(session: Session, query: str) -> str:
    if query == "-":
        return sys.stdin.read()
    if any(character in query for character in "{}\n"):
        return query
    try:
        return Path(query).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        session.fail(USAGE, "{file} can't be read ({reason}); give a query, a file or -", file=query, reason=error)


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


def main() -> None:
    """Run the command line."""
    app()
