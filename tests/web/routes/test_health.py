"""Whom the server takes for its client: told to that client only."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.slow


def test_a_client_learns_its_network_and_that_its_word_for_it_does_not_count(server: Any) -> None:
    seen = {"client": "127.0.0.0", "forwarded": False, "trusted": False}
    answer = httpx.get(server.url + "health/client", timeout=60)
    assert (answer.json(), answer.headers["cache-control"]) == (seen, "no-store")
    pretending = httpx.get(server.url + "health/client", headers={"X-Forwarded-For": "192.0.2.77"}, timeout=60)
    assert pretending.json() == seen | {"forwarded": True}


def test_behind_a_trusted_proxy_the_client_is_whom_the_proxy_names(releases: Any, start: Any) -> None:
    running = start(releases, VERTRAGSGRAPH_TRUSTED_PROXIES='["127.0.0.1"]')
    for said, network in (("203.0.113.9", "203.0.113.0"), ("6.6.6.6, 2001:db8:1:2::3", "2001:db8:1::")):
        seen = httpx.get(running.url + "health/client", headers={"X-Forwarded-For": said}, timeout=60).json()
        assert seen == {"client": network, "forwarded": True, "trusted": True}
