"""`serve`: the current release, one that is named, or a preview of the sources."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from vertragsgraph.cli.console import NO_SERVER, USAGE
from vertragsgraph.cli.options import LanguageOption, RegisterOption, ReleasesOption
from vertragsgraph.cli.previewing import preview_of
from vertragsgraph.cli.session import Session
from vertragsgraph.gate.places import left_of_example
from vertragsgraph.register import unconfirmed
from vertragsgraph.release import Release, ReleaseError, all_releases, look_over, open_release, release_folders
from vertragsgraph.texts import marked


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
    chosen: Annotated[
        str | None, typer.Option("--release", help="Release to show, though it isn't the current one.")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show the sources as they are; nothing of it is kept.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="The same, and show each change of the sources, or what is wrong with it.")
    ] = False,
    lang: LanguageOption = None,
) -> None:
    """Serve the current release; one is built only where there is none."""
    session = Session(register, releases, lang, host=host, port=port, processes=processes)
    if chosen and (preview or watch):
        session.fail(
            USAGE, "choose one of the two: a release (--release), or the sources as they are (--preview, --watch)"
        )
    if public and (chosen or preview or watch):
        session.fail(
            USAGE,
            "the public is shown the release that is activated, and nothing else: leave out --public, or --release, --preview "
            "and --watch",
        )
    if preview or watch:
        with _listening(session) as listener, preview_of(session, watch=watch) as release:
            _run(session, release, listener, marked("{title}, preview of the sources at {url} (end with Ctrl-C)"))
        return
    release = _chosen(session, chosen) if chosen else _public_release(session) if public else session.release()
    session.mind_draft(release.is_draft)
    with _listening(session) as listener:
        _run(
            session,
            release,
            listener,
            marked("{title}: release {id} at {url} (end with Ctrl-C)"),
            is_chosen=bool(chosen),
        )


def _run(session: Session, release: Release, listener: socket.socket, told: str, *, is_chosen: bool = False) -> None:
    """Serve a release until the command is ended; end the command where that can't be done."""
    from vertragsgraph.web.rendering.assets import asset  # noqa: PLC0415 - the other commands start in half the time without these
    from vertragsgraph.web.server.server import run  # noqa: PLC0415

    if not asset("explore.js"):
        session.say(
            "the scripts of the pages were not built, the pages do without them; in a checkout, run: make frontend"
        )
    title = release.manifest.title.in_language(session.language)
    session.say(told, title=title, id=release.id, url=_url(listener))
    if not run(release, session.settings, listener, is_chosen=is_chosen):
        raise typer.Exit(NO_SERVER)


def _chosen(session: Session, name: str) -> Release:
    """Return the release of a name; end the command where there is none, or it is damaged."""
    with session.refusals():
        folder = session.releases / name
        if folder not in release_folders(session.releases):
            session.fail(USAGE, 'there is no release "{name}"; see: vertragsgraph releases list', name=name)
        release = open_release(folder)
        if wrong := look_over(release):
            raise ReleaseError(wrong)
    return release


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


@contextmanager
def _listening(session: Session) -> Iterator[socket.socket]:
    """Open the listening socket before anything is started, so that a port in use is told at once."""
    host, port = session.settings.host, session.settings.port
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(place[:2], family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            session.fail(
                NO_SERVER, "port {port} is in use; end what listens there or choose another with --port", port=port
            )
        reason = error.strerror or str(error)
        session.fail(NO_SERVER, "can't listen on {host}:{port}: {reason}", host=host, port=port, reason=reason)
    with listener:
        yield listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
