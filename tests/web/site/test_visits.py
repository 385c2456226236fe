"""Whether pages can be made is known to who asks whether the server is ready."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from tests.web.in_process import Asked, asked_of
from vertragsgraph.http.problem import Problem
from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.web.server.app import create_app
from vertragsgraph.web.site.site import open_site

READY = "/health/ready"


DOCUMENT = "/doc/contract/iaf.ttl"


class Busy:
    """Answers the query of `READY`, and no other one while it is busy."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.is_busy = True

    async def __call__(self, query: str, /) -> bytes:
        if self.is_busy and "LIMIT 1" not in query:
            raise Problem(503, "too much to do")
        return await self.asked(query)


@pytest.fixture
def status(release: Release) -> Callable[..., str]:
    """Asks for pages, of which the first ones fail, then for whether the server is ready: what that says."""

    def after(failing: int, fine: int = 0, wrong: int = 0) -> str:
        busy, application = Busy(asked_of(release)), create_app(release, Settings())
        state = application.pages.state
        state.site, state.tasks, state.damage = open_site(release, busy, Settings()), {}, []

        async def ask() -> str:
            transport = httpx.ASGITransport(application)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                assert [(await client.get(DOCUMENT)).status_code for _ in range(failing)] == [503] * failing
                busy.is_busy = False
                assert [(await client.get(DOCUMENT)).status_code for _ in range(fine)] == [200] * fine
                assert [(await client.get("/nothing-here")).status_code for _ in range(wrong)] == [404] * wrong
                return str((await client.get(READY)).json()["status"])

        return asyncio.run(ask())

    return after


def test_ready_says_when_most_pages_fail_and_when_they_no_longer_do(status: Callable[..., str]) -> None:
    assert status(failing=0) == "ok"
    assert status(failing=4) == "ok", "of a few it says nothing"
    assert status(failing=5) == "failing"
    assert status(failing=5, fine=5) == "ok"


def test_what_the_client_did_wrong_says_nothing(status: Callable[..., str]) -> None:
    assert status(failing=5, wrong=10) == "failing"
    assert status(failing=0, wrong=10) == "ok"
