from __future__ import annotations

from typing import Any

import pytest

from vertragsgraph.documents import UnreadableError
from vertragsgraph.documents.fetching import Fetched, fetch

AGENT = "vertragsgraph/1 (https://example.org/; register@example.org)"
Web = Any


def test_what_stands_at_an_address(web: Web) -> None:
    url = web.put("/a", "Verträge".encode("latin-1"), "text/plain; charset=iso-8859-1")
    found = fetch(url, AGENT, largest=100)
    assert found == Fetched(url, "text/plain", "iso-8859-1", "Verträge".encode("latin-1"))
    assert web.asked == [("/a", AGENT)]


def test_a_site_may_ask_programs_to_stay_away(web: Web) -> None:
    web.put("/robots.txt", "User-agent: *\nDisallow: /intern/\n", "text/plain")
    assert fetch(web.put("/a", "da"), AGENT, largest=100, mind_robots=True).content == b"da"
    with pytest.raises(UnreadableError, match="asks programs not to fetch it"):
        fetch(web.put("/intern/a", "da"), AGENT, largest=100, mind_robots=True)
    assert "/intern/a" not in [path for path, _ in web.asked]
    assert all(agent == AGENT for _, agent in web.asked)


def test_a_site_may_mean_this_program_only(web: Web) -> None:
    web.put("/robots.txt", "User-agent: vertragsgraph\nDisallow: /\n", "text/plain")
    with pytest.raises(UnreadableError, match="asks programs not to fetch it"):
        fetch(web.put("/a", "da"), AGENT, largest=100, mind_robots=True)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://[::1", "http://", "http://a b/", "http://x.invalid/"])
@pytest.mark.parametrize("mind_robots", [False, True])
def test_no_address_ends_in_anything_but_a_sentence(url: str, mind_robots: bool) -> None:
    with pytest.raises(UnreadableError, match=r"can't be read: .*; look whether the page has moved"):
        fetch(url, AGENT, largest=100, mind_robots=mind_robots)


def test_what_is_too_large_is_not_read_to_its_end(web: Web) -> None:
    with pytest.raises(UnreadableError, match="> 1 MiB"):
        fetch(web.put("/a", b" " * (2**20 + 1)), AGENT, largest=2**20)
