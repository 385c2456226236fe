"""A uvicorn that deals with connections in another way than ours need: all is answered all the same."""

from __future__ import annotations

import logging
import socket
import threading
import time
from weakref import WeakSet

import httpx
import pytest
import uvicorn
import uvicorn.server
from uvicorn.protocols.http.h11_impl import H11Protocol

from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.web.server.app import create_app
from vertragsgraph.web.server.server import configuration, suits_our_connections


class OtherState(uvicorn.server.ServerState):
    """Keeps connections in something else than a set."""

    def __init__(self) -> None:
        super().__init__()
        self.connections = WeakSet()  # type: ignore[assignment]


class OtherProtocol(H11Protocol):
    """Is made in another way."""

    def __init__(self, config: uvicorn.Config, server: uvicorn.Server) -> None:
        super().__init__(config, server.server_state, {})


def test_the_uvicorn_that_is_installed_suits() -> None:
    assert suits_our_connections()


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("uvicorn.server.ServerState", OtherState),
        ("uvicorn.server.ServerState", None),
        ("uvicorn.protocols.http.h11_impl.H11Protocol", OtherProtocol),
        ("uvicorn.protocols.http.h11_impl.H11Protocol.shutdown", None),
    ],
)
def test_what_is_unexpected_is_seen(name: str, other: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name, other)
    assert not suits_our_connections()


@pytest.mark.slow
def test_all_is_answered(release: Release, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("uvicorn.server.ServerState", OtherState)
    settings = Settings(workers=1)
    app = create_app(release, settings)
    server = uvicorn.Server(configuration(app, app.fast_path, settings))
    (warning,) = (record for record in caplog.records if record.levelno == logging.WARNING)
    assert uvicorn.__version__ in warning.getMessage()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.01)
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with httpx.Client(base_url=url, trust_env=False, timeout=20) as client:
                for _ in range(2):
                    answer = client.get("/sparql", params={"query": "ASK {}"})
                    assert (answer.status_code, answer.json()["boolean"]) == (200, True)
                assert client.post("/sparql", data={"query": "ASK {}"}).json()["boolean"] is True
                assert client.get("/dumps/hessen.nt").headers["date"]
                assert client.get("/nothing").status_code == 404
        finally:
            server.should_exit = True
            thread.join(20)
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1
