"""The HTTP server: uvicorn with uvloop and httptools on a socket that is already listening."""

from __future__ import annotations

import socket

import uvicorn

from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.web.app import create_app


def run(release: Release, settings: Settings, listener: socket.socket) -> None:
    """Serve a release until the process is told to end (SIGINT, SIGTERM)."""
    config = uvicorn.Config(
        create_app(release, settings),
        http="httptools",
        loop="uvloop",
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[listener])
