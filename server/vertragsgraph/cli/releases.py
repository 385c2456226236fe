"""`releases list|verify|sign|activate|compare|prune|takedown`: what can be done with releases that are built."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from vertragsgraph.changes import State, changes_between, tell
from vertragsgraph.cli.console import REFUSED, USAGE
from vertragsgraph.cli.keeper.diff import show
from vertragsgraph.cli.options import LanguageOption, RegisterOption, ReleasesOption
from vertragsgraph.cli.session import Session
from vertragsgraph.finding import Finding, Severity
from vertragsgraph.release import (
    Plan,
    ReleaseError,
    Request,
    activate,
    current_release,
    open_release,
    others_that_hold,
    plan,
    release_folders,
    takedown,
    verify,
)
from vertragsgraph.release import all_releases as every_release
from vertragsgraph.release.activate import prune
from vertragsgraph.release.chain import verify_chain
from vertragsgraph.release.compare import as_rdf_patch, as_text, compare
from vertragsgraph.release.manifest import SIGNATURE
from vertragsgraph.texts import marked

app = typer.Typer(help="List, verify, sign, activate, compare, prune, redact releases.", no_args_is_help=True)

ComparisonFormat: TypeAlias = Literal["text", "html", "json", "nquads", "patch"]


@app.command(name="list")
def list_releases(
    register: RegisterOption = None, releases: ReleasesOption = None, lang: LanguageOption = None
) -> None:
    """List all releases, the newest first; the current one is marked, and so are drafts and what was redacted."""
    session = Session(register, releases, lang)
    with session.refusals():
        found = every_release(session.releases)
    served, wrong = "", list[Finding]()
    try:
        current = current_release(session.releases)
        served = current.id if current else ""
    except ReleaseError as error:
        wrong += error.findings
    for release in found:
        mark = "*" if release.id == served else " "
        line = f"{mark} {release.id}  {release.created:%Y-%m-%d %H:%M} UTC  {release.manifest.triples:>12,}"
        notes = [session.text(marked("draft"))] if release.is_draft else []
        if release.manifest.redactions:
            notes.append(session.text(marked("redacted {day}"), day=f"{release.manifest.modified:%Y-%m-%d}"))
        session.out.print("  ".join([line, *notes]))
    session.show(replace(finding, severity=Severity.WARNING) for finding in wrong)
    session.say("releases in {folder}: {count}", count=len(found), folder=session.register.shown(session.releases))


@app.command(name="verify")
def verify_releases(
    names: Annotated[list[str] | None, typer.Argument(help="Releases. Default: all.")] = None,
    key: Annotated[Path | None, typer.Option(help="The keeper's public key (PEM), to check the signatures by.")] = None,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Compare every byte of releases with their manifests, the manifests with each other and with their signatures."""
    from vertragsgraph.release import signature  # noqa: PLC0415 - takes a while, and the other commands don't need it

    session = Session(register, releases, lang)
    findings: list[Finding] = []
    with session.refusals(), session.progress() as progress:
        public = signature.public_key(key) if key else None
        folders = [session.releases / name for name in names] if names else release_folders(session.releases)
        for folder in folders:
            try:
                release = open_release(folder)
                findings += verify(release, progress=progress)
                findings += signature.check(release, public) if public else ()
            except ReleaseError as error:
                if names and not folder.is_dir():
                    raise
                findings += error.findings
        findings += verify_chain(every_release(session.releases), names or ())
    session.show(findings)
    if any(finding.severity is Severity.VIOLATION for finding in findings):
        raise typer.Exit(REFUSED)
    session.count("{count} release is intact", "{count} releases are intact", len(folders))


@app.command(name="sign")
def sign_releases(
    key: Annotated[Path, typer.Option(help="Your private key for Ed25519 (PEM).")],
    names: Annotated[list[str] | None, typer.Argument(help="Releases. Default: all that it hasn't signed.")] = None,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Sign the manifests of releases, so that others can check that they are yours."""
    from vertragsgraph.release import signature  # noqa: PLC0415 - takes a while, and the other commands don't need it

    session = Session(register, releases, lang)

    def passphrase() -> str:
        return str(typer.prompt(session.text(marked("Passphrase")), hide_input=True, err=True))

    with session.refusals():
        signed = signature.sign(session.releases, names or (), signature.private_key(key, passphrase))
    for release in signed:
        session.out.print(release.id)
    session.count("{count} release was signed", "{count} releases were signed", len(signed))


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
    form: Annotated[
        ComparisonFormat,
        typer.Option("--format", "-f", help="Sentences as text, HTML or JSON; all statements, or an RDF patch."),
    ] = "text",
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Show what changed from one release to another: in sentences, or every statement, what follows included."""
    session = Session(register, releases, lang)
    with session.refusals():
        earlier, later = (open_release(session.releases / name) for name in (before, after))
        if form == "patch":
            sys.stdout.writelines(as_rdf_patch(compare(earlier, later), earlier.manifest, later.manifest))
        elif form == "nquads":
            sys.stdout.writelines(as_text(compare(earlier, later)))
        else:
            changes = changes_between(State.of_release(earlier), State.of_release(later))
            show(session, tell(changes, session.language), form)


@app.command(name="prune")
def prune_releases(
    keep: Annotated[int | None, typer.Option(help="How many of the newest releases to keep.", min=1)] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Remove the drafts.")] = False,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Remove old releases, or drafts; the current one always stays."""
    session = Session(register, releases, lang)
    if keep is None and not drafts:
        session.fail(USAGE, "say what to remove: --drafts, or all but the newest, with --keep")
    with session.refusals():
        removed = prune(session.releases, keep, drafts=drafts)
    for name in removed:
        session.out.print(name)
    session.count("{count} release was removed", "{count} releases were removed", len(removed))


@app.command(name="takedown")
def take_down(
    name: Annotated[str, typer.Argument(help="The release.")],
    targets: Annotated[
        list[str] | None,
        typer.Argument(help="What has to vanish: IRIs, also with a prefix of the register; statements in Turtle."),
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option(help="Words to take out of every text. May be given several times.")
    ] = None,
    leave: Annotated[
        list[str] | None,
        typer.Option(help="What may go on naming it: the IRI of a resource, or a name. May be given several times."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; the reason is published with the release.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")] = False,
    all_releases: Annotated[
        bool, typer.Option("--all-releases", help="Take it out of every release at hand, not only the one named.")
    ] = False,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Take resources, statements or words out of past releases for legal reasons; they say openly that they were redacted.

    Nothing is done while something else still names what has to go, unless it is taken down, too, or may be left.
    """
    session = Session(register, releases, lang)
    if not dry_run and not reason.strip():
        session.fail(USAGE, "say why with --reason; it is published with the release")
    request = Request(targets or [], text or [], leave or [])
    with session.refusals(), session.progress() as progress:
        progress(session.text(marked("Looking for what names it …")))
        others = [item.id for item in every_release(session.releases) if item.id != name] if all_releases else []
        planned = plan(session.releases, [name, *others], request)
        held = others_that_hold(session.releases, planned)
    for item in planned:
        _show(session, item)
    if held:
        session.say(
            "it stands in other releases, too; name each, or add --all-releases: {names}", names=", ".join(held)
        )
    undecided = [item for item in planned if item.undecided]
    if undecided:
        further = shlex.join(dict.fromkeys(part for item in undecided for part in item.further()))
        session.fail(
            REFUSED,
            "nothing was done: take down, too, what still names it ({further}), or say with --leave IRI or --leave NAME "
            "what may stay",
            further=further or "–",
        )
    if dry_run:
        session.say("nothing was done (--dry-run)")
        return
    with session.refusals(), session.progress() as progress:
        names = [item.release.id for item in planned]
        signed = [item.release.id for item in planned if (item.release.folder / SIGNATURE).is_file()]
        for release in takedown(session.releases, names, request, reason, progress=progress):
            session.say("release {id} was redacted", id=release.id)
    if signed:
        session.say(
            "their signatures were of what is gone; sign anew: {command}",
            command=f"vertragsgraph releases sign --key … {' '.join(signed)}",
        )
    session.say("what proxies, CDNs and search engines keep of it is to be purged by hand, see docs/deploying.md")


def _show(session: Session, item: Plan) -> None:
    session.show(item.findings())
    session.say(
        "release {id}: statements that go: {removed}, that lose words: {changed}; what may go on naming it: {left}; not "
        "decided: {undecided}",
        id=item.release.id,
        removed=item.removed,
        changed=item.changed,
        left=len(item.left),
        undecided=len(item.undecided),
    )
