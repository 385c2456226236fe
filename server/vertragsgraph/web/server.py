"""The HTTP server: uvicorn with uvloop and httptools on a socket that is already listening."""

from __future__ import annotations

import gc
import logging
import socket

import uvicorn

from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.web.app import create_app


def run(release: Release, settings: Settings, listener: socket.socket) -> None:
    """Serve a release until the process is told to end (SIGINT, SIGTERM).

    The access log and what happens to releases go to standard error.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    config = uvicorn.Config(
        create_app(release, settings),
        http="httptools",
        loop="uvloop",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # whose X-Forwarded-For is believed is a setting of ours
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    # What was made until here stays; without it, a full collection takes a millisecond in place of fifty, in the midst of
    # an answer.
    gc.collect()
    gc.freeze()
    uvicorn.Server(config).run(sockets=[listener])
