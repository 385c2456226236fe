"""`edit`: a page on this machine on which passages of the sources become statements of the register."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path
from typing import Annotated

import typer

from vertragsgraph.cli.console import NO_SERVER
from vertragsgraph.cli.keeper.evidence import folders_of_texts
from vertragsgraph.cli.options import LanguageOption, RegisterOption
from vertragsgraph.cli.session import Session


def edit(
    sources: Annotated[
        Path | None,
        typer.Option(help="Folder with the texts of the sources. Default: texts or sources beside register.toml."),
    ] = None,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes any free one.", min=0, max=65535)] = 0,
    register: RegisterOption = None,
    lang: LanguageOption = None,
) -> None:
    """Open the editor: mark a passage of a source, choose what it says, and it is written to the sources.

    It answers on this machine only, at an address that is another each time.
    """
    import uvicorn  # noqa: PLC0415 - the other commands start in half the time without these

    from vertragsgraph.editor.app import Editor  # noqa: PLC0415
    from vertragsgraph.editor.desk import Desk  # noqa: PLC0415
    from vertragsgraph.editor.guard import Guard  # noqa: PLC0415

    session = Session(register, None, lang)
    folders = folders_of_texts(session, sources)
    desk = Desk(session.register, folders)
    with session.refusals():
        desk.look()
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        session.fail(
            NO_SERVER, "can't listen on {host}:{port}: {reason}", host="127.0.0.1", port=port, reason=error.strerror
        )
    with listener:
        token, port = secrets.token_urlsafe(24), listener.getsockname()[1]
        app = Guard(Editor(desk, token, lang).app(), token, port)
        session.say(
            "open {url} in a browser of this machine (end with Ctrl-C)", url=f"http://127.0.0.1:{port}/{token}/"
        )
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="off", server_header=False, timeout_graceful_shutdown=1
        )
        uvicorn.Server(config).run(sockets=[listener])
