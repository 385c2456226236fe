"""`releases list|verify|activate|compare|prune|takedown`: what can be done with releases that are built."""

from __future__ import annotations

import sys
from typing import Annotated, Literal, TypeAlias

import typer

from vertragsgraph.cli.options import LanguageOption, RegisterOption, ReleasesOption
from vertragsgraph.cli.session import Session
from vertragsgraph.cli.talk import REFUSED
from vertragsgraph.release import Release, activate, all_releases, current_release, open_release, verify
from vertragsgraph.release.compare import as_rdf_patch, as_text, compare
from vertragsgraph.release.prune import prune
from vertragsgraph.release.takedown import takedown

app = typer.Typer(help="List, verify, activate, compare, prune, redact releases.", no_args_is_help=True)

ComparisonFormat: TypeAlias = Literal["text", "patch"]


@app.command(name="list")
def list_releases(
    register: RegisterOption = None, releases: ReleasesOption = None, lang: LanguageOption = None
) -> None:
    """List all releases, the newest first; the current one is marked."""
    session = Session(register, releases, lang)
    with session.refusals():
        served = current_release(session.releases)
        for release in all_releases(session.releases):
            mark = "*" if served and served.id == release.id else " "
            session.out.print(
                f"{mark} {release.id}  {release.created:%Y-%m-%d %H:%M} UTC  {release.manifest.triples:>12,}"
            )


@app.command(name="verify")
def verify_releases(
    names: Annotated[list[str] | None, typer.Argument(help="Releases. Default: all.")] = None,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Compare every byte of releases with the checksums of their manifests."""
    session = Session(register, releases, lang)
    findings = []
    with session.refusals(), session.progress() as progress:
        chosen = [_named(session, name) for name in names] if names else all_releases(session.releases)
        for release in chosen:
            findings += verify(release, progress=progress)
    session.show(findings)
    if findings:
        raise typer.Exit(REFUSED)
    session.count("{count} release is intact", "{count} releases are intact", len(chosen))


@app.command(name="activate")
def activate_release(
    name: Annotated[str, typer.Argument(help="The release to serve from now on.")],
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Serve a release from now on; running servers notice by themselves."""
    session = Session(register, releases, lang)
    with session.refusals():
        release = activate(session.releases, name)
    session.say("release {id} is current", id=release.id)


@app.command(name="compare")
def compare_releases(
    before: Annotated[str, typer.Argument(help="The earlier release.")],
    after: Annotated[str, typer.Argument(help="The later release.")],
    form: Annotated[ComparisonFormat, typer.Option("--format", "-f", help="Text, or an RDF patch.")] = "text",
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Show which statements one release has that another has not."""
    session = Session(register, releases, lang)
    with session.refusals():
        earlier, later = _named(session, before), _named(session, after)
        changes = compare(earlier, later)
        if form == "patch":
            sys.stdout.writelines(as_rdf_patch(changes, earlier.manifest, later.manifest))
        else:
            sys.stdout.writelines(as_text(changes))


@app.command(name="prune")
def prune_releases(
    keep: Annotated[int, typer.Option(help="How many of the newest releases to keep.", min=1)],
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Remove old releases; the current one always stays."""
    session = Session(register, releases, lang)
    with session.refusals():
        removed = prune(session.releases, keep)
    for name in removed:
        session.out.print(name)
    session.count("{count} release was removed", "{count} releases were removed", len(removed))


@app.command(name="takedown")
def take_down(
    name: Annotated[str, typer.Argument(help="The release.")],
    targets: Annotated[list[str], typer.Argument(help="IRIs, or statements in N-Triples, that have to vanish.")],
    reason: Annotated[str, typer.Option(help="Why; the reason is published with the release.")],
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Take IRIs or statements out of a past release for legal reasons; it says openly that and when it was redacted."""
    session = Session(register, releases, lang)
    with session.refusals(), session.progress() as progress:
        release = takedown(session.releases, name, targets, reason, progress=progress)
    session.say("release {id} was redacted", id=release.id)


def _named(session: Session, name: str) -> Release:
    return open_release(session.releases / name)
