"""The HTTP server: uvicorn with uvloop and httptools on a socket that is already listening, in one process or several."""

from __future__ import annotations

import asyncio
import gc
import logging
import math
import os
import resource
import socket
import sys
from contextlib import suppress
from functools import partial
from inspect import signature
from typing import cast

import uvicorn
from starlette.types import ASGIApp

from vertragsgraph.http.http11.connection import Connection
from vertragsgraph.http.http11.connections import Connections
from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.access_log import AccessLog
from vertragsgraph.sparql.api.fast_path import FastPath
from vertragsgraph.sparql.api.shared_counters import Board
from vertragsgraph.sparql.engine.scheduling import take_turns
from vertragsgraph.web.server.app import create_app
from vertragsgraph.web.server.supervisor import Supervisor

_log = logging.getLogger(__name__)


def run(release: Release, settings: Settings, listener: socket.socket, *, is_chosen: bool = False) -> bool:
    """Serve a release until the process is told to end (SIGINT, SIGTERM); return whether it could be served at all.

    One that was chosen is served whatever is activated meanwhile. The access log and what happens to releases go to standard error.
    """
    processes = settings.processes or os.cpu_count() or 1
    if processes == 1:
        return serve(release, settings, listener, Board(), is_chosen=is_chosen)
    share = share_of(settings, processes)
    return Supervisor(release.folder, share, listener, processes, is_chosen=is_chosen).run()


def share_of(settings: Settings, processes: int) -> Settings:
    """Return the settings of one of several web processes: what is for the server as a whole, shared out among them."""
    workers = settings.workers or max(4, 2 * (os.cpu_count() or 1))
    share = {
        "workers": max(2, math.ceil(workers / processes)),
        "past_releases": math.ceil(settings.past_releases / processes),
        "queue": math.ceil(settings.queue / processes),
        "federated_queries": math.ceil(settings.federated_queries / processes),
        "spool_bytes": math.ceil(settings.spool_bytes / processes),
        "cache_bytes": settings.cache_bytes // processes,
        "connections": math.ceil(settings.connections / processes),
        "client_connections": math.ceil(settings.client_connections / processes),
    }
    return settings.model_copy(update=share)


def serve(
    release: Release, settings: Settings, listener: socket.socket, board: Board, *, is_chosen: bool = False
) -> bool:
    """Serve a release in this process until it is told to end; return whether it could be served at all."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    raise_limit_of_files()
    app = create_app(release, settings, board, AccessLog(sys.stderr.fileno()), is_chosen=is_chosen)
    server = uvicorn.Server(configuration(app, app.fast_path, settings))
    settle()
    server.run(sockets=[listener])
    return server.started


def settle() -> None:
    """Get this process ready to serve, once everything is in place."""
    # What was made until here stays; a full collection takes a millisecond in place of fifty, in the midst of an answer.
    gc.collect()
    gc.freeze()
    take_turns()


def raise_limit_of_files() -> None:
    """Let this process have as many files and connections open as it may; by default it has few of them."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS says that there is no limit, and takes none above its own
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def configuration(app: ASGIApp, fast_path: FastPath, settings: Settings) -> uvicorn.Config:
    """Return uvicorn's configuration for an application, and for what is answered without it.

    Its connections are ours where uvicorn's server deals with connections as it did when they were written, else uvicorn's.
    """
    ours = partial(
        Connection, fast_path=fast_path, connections=Connections(settings), header_bytes=settings.header_bytes
    )
    if not (is_ours := suits_our_connections()):
        _log.warning(
            "uvicorn %s is another than expected: its own connections are used, all requests are answered, more slowly; "
            "limits of connections don't hold and who leaves isn't noticed. Install a version that pyproject.toml allows.",
            uvicorn.__version__,
        )
    return uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", ours) if is_ours else "auto",
        ws="none",
        loop="uvloop",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # whose X-Forwarded-For is believed is a setting of ours
        server_header=False,
        date_header=not is_ours,  # our connections have their own
        timeout_graceful_shutdown=5,
    )


def suits_our_connections() -> bool:
    """Tell whether uvicorn's server calls its connections, and keeps account of them, as `Connection` expects.

    That is no documented interface, so a version may change it; then it is better to serve more slowly than not at all.
    """
    try:
        from uvicorn.protocols.http.h11_impl import H11Protocol  # noqa: PLC0415 - it may be gone
        from uvicorn.server import ServerState  # noqa: PLC0415

        state, called = ServerState(), list(signature(H11Protocol).parameters)
        return (
            called == ["config", "server_state", "app_state", "_loop"]
            and isinstance(state.connections, set)
            and isinstance(state.tasks, set)
            and callable(H11Protocol.shutdown)
        )
    except (ImportError, AttributeError, TypeError, ValueError):
        return False
