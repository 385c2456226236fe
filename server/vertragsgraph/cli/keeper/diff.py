"""`diff`: what changed in the sources, or from one release to another, in sentences."""

from __future__ import annotations

import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from vertragsgraph.changes import FIRST, State, Telling, changes_between, tell
from vertragsgraph.cli.console import USAGE, Progress
from vertragsgraph.cli.options import LanguageOption, RegisterOption, ReleasesOption
from vertragsgraph.cli.session import Session
from vertragsgraph.graph import collect
from vertragsgraph.register import Register, load_register
from vertragsgraph.release import all_releases, open_release
from vertragsgraph.texts import marked

TellingForm: TypeAlias = Literal["text", "html", "json"]
FirstOption = Annotated[
    int,
    typer.Option("--first", help="How many resources of a kind to tell of one by one; the others are counted.", min=0),
]


def diff(
    release: Annotated[
        str | None, typer.Argument(help="A release to look at. Default: the sources, as a build would take them.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            help="What to compare with: a release, or a git revision of the register. Default: the last release."
        ),
    ] = None,
    form: Annotated[TellingForm, typer.Option("--format", "-f", help="Text, an HTML page, or JSON.")] = "text",
    first: FirstOption = FIRST,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Tell in sentences what changed: in the sources since a release or a git revision, or between two releases."""
    session = Session(register, releases, lang)
    with session.refusals(), session.progress() as progress, tempfile.TemporaryDirectory() as folder:
        before = _earlier(session, against, release, Path(folder, "before"), progress)
        after = _state_of_release(session, release) if release else None
        after = after or _state_of(
            session.text(marked("the sources")), session.register, Path(folder, "after"), progress
        )
        found = changes_between(before, after, first)
    show(session, tell(found, session.language, first), form)


def show(session: Session, told: Telling, form: TellingForm) -> None:
    """Print what changed; in text, that nothing did is said to standard error."""
    if form == "json":
        typer.echo(json.dumps(told.data(), ensure_ascii=False, indent=2))
    elif form == "html":
        from vertragsgraph.web.rendering.changes import document  # noqa: PLC0415 - takes a while, and only this needs it

        typer.echo(document(told, session.register.title.in_language(session.language), session.language))
    else:
        for line in told.lines():
            session.out.print(line)
        if not told.says_something:
            session.say("nothing that is told of has changed between {before} and {after}", **_names(told))


def _names(told: Telling) -> dict[str, str]:
    return {"before": told.before, "after": told.after}


def _earlier(session: Session, against: str | None, release: str | None, folder: Path, progress: Progress) -> State:
    """Return the state to compare with: that of a release by its id, else of a git revision, by default of the last release."""
    if against is None:
        others = [other for other in all_releases(session.releases) if other.id != release]
        if release:
            created = open_release(session.releases / release).created
            others = [other for other in others if other.created < created]
        if not others:
            session.fail(
                USAGE, "there is no earlier release to compare with; name a git revision of the register: --against REV"
            )
        return State.of_release(others[0])
    if (session.releases / Path(against).name).is_dir() and Path(against).name == against:
        return _state_of_release(session, against)
    return _state_of(against, _at_revision(session, against, folder / "files"), folder / "graphs", progress)


def _state_of_release(session: Session, name: str) -> State:
    return State.of_release(open_release(session.releases / name))


def _state_of(name: str, register: Register, folder: Path, progress: Progress) -> State:
    return State.of_graphs(name, register, collect(register, folder, progress=progress))


def _at_revision(session: Session, revision: str, folder: Path) -> Register:
    """Return the register as it was at a git revision, its files written into a folder; end the command where there is none."""
    own = session.register.folder
    try:
        commit = _git(own, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
        folder.mkdir(parents=True)
        archive = folder.with_suffix(".tar")
        # In a subfolder of a repository it is that subfolder which is archived.
        _git(own, "archive", "--format=tar", f"--output={archive}", commit.decode())
    except (OSError, subprocess.CalledProcessError):
        session.fail(
            USAGE,
            "{name} is neither a release in {releases} nor a git revision of {folder}",
            name=revision,
            releases=session.register.shown(session.releases),
            folder=session.register.shown(own),
        )
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")
    return load_register(folder)


def _git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=True).stdout
