from __future__ import annotations

import asyncio
import os
import time

import pytest

from vertragsgraph.http import clients
from vertragsgraph.http.clients import client_of, networks, shortened
from vertragsgraph.http.problem import Problem
from vertragsgraph.sparql.api import client_limits as limits_of
from vertragsgraph.sparql.api.client_limits import WAITING_OF_ONE, ClientLimits
from vertragsgraph.sparql.api.shared_counters import Board, create

PROXIES = networks(["10.0.0.0/8", "127.0.0.1"])


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_as_many_queries_at_a_time_as_allowed() -> None:
    limits = ClientLimits(Board(), 2, 0)
    limits.enter("a")
    limits.enter("a")
    with pytest.raises(Problem) as raised:
        limits.enter("a")
    assert raised.value.status == 429
    assert int(raised.value.headers["Retry-After"]) >= 1
    limits.enter("b")
    limits.leave("a")
    limits.enter("a")


def test_as_much_computing_time_in_a_minute_as_allowed() -> None:
    clock = Clock()
    limits = ClientLimits(Board(), 0, 6, clock=clock)

    def ask(seconds: float) -> bool:
        try:
            limits.enter("a")
        except Problem as problem:
            assert (problem.status, problem.extensions["limit"]) == (429, "rate")
            assert 0 < int(problem.headers["Retry-After"]) <= 31
            return False
        limits.spend("a", seconds)
        limits.leave("a")
        return True

    assert [ask(2.5) for _ in range(5)] == [True, True, True, False, False]
    clock.now += 30  # three seconds more
    assert [ask(1.0) for _ in range(5)] == [True, True, False, False, False]
    clock.now += 1000
    assert sum(ask(0.0003) for _ in range(4_000)) == 4_000, "small ones are hardly limited"
    assert sum(ask(0.0003) for _ in range(4_000)) < 4_000


def test_who_is_over_the_limit_waits_in_the_order_of_coming() -> None:
    limits = ClientLimits(Board(), 1, 0, patience=5)
    answered: list[int] = []

    async def ask(number: int) -> None:
        await limits.admit("a")
        await asyncio.sleep(0.01)
        answered.append(number)
        limits.leave("a")

    async def main() -> None:
        first = [asyncio.create_task(ask(number)) for number in range(6)]
        await asyncio.sleep(0.03)
        with pytest.raises(Problem):
            limits.enter("a")  # who can't wait doesn't get in before those who do
        await asyncio.gather(*first)
        limits.enter("a")
        limits.leave("a")

    asyncio.run(main())
    assert answered == [*range(6)]


def test_whoever_waits_is_next_as_soon_as_a_query_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_of, "_PAUSE", 3600.0)  # nobody looks again unless told

    async def main() -> None:
        limits, order = ClientLimits(Board(), 1, 60, patience=60), list[int]()

        async def ask(number: int) -> None:
            await limits.admit("a")
            order.append(number)
            await asyncio.sleep(0)
            limits.leave("a")

        await asyncio.wait_for(asyncio.gather(*(ask(number) for number in range(20))), 10)
        assert order == [*range(20)]

    asyncio.run(main())


def test_nobody_waits_longer_than_is_set_or_without_a_chance_and_only_so_many_do() -> None:
    async def refused(limits: ClientLimits, client: str = "a") -> Problem | None:
        try:
            await limits.admit(client)
        except Problem as problem:
            return problem
        return None

    async def main() -> None:
        limits = ClientLimits(board := Board(), 1, 60, patience=1.0)
        await limits.admit("a")
        began = time.monotonic()
        waiting = [asyncio.create_task(refused(limits)) for _ in range(WAITING_OF_ONE)]
        await asyncio.sleep(0)
        assert await refused(limits) is not None, "the line is full"
        assert time.monotonic() - began < 1
        assert await refused(limits, "b") is None
        assert all(problem and problem.status == 429 for problem in await asyncio.gather(*waiting))
        limits.leave("a")
        assert await refused(limits) is None, "those who gave up are not in the way"
        limits.leave("a")
        limits.spend("a", 90)
        began = time.monotonic()
        problem = await refused(limits)
        assert problem is not None
        assert 25 < int(problem.headers["Retry-After"]) < 32
        assert time.monotonic() - began < 1
        assert board.running_of(board.slot("a")) == 0

    asyncio.run(main())


def test_patience_ends_also_where_a_query_has_ended_at_that_moment() -> None:
    async def main() -> None:
        limits = ClientLimits(board := Board(), 1, 60, patience=0.1)
        await limits.admit("a")
        waiting = asyncio.create_task(limits.admit("a"))
        await asyncio.sleep(0.01)
        time.sleep(0.2)  # noqa: ASYNC251 (patience is over, but nobody was told yet)
        limits.leave("a")
        board.running[board.slot("a")] += 1  # another process has begun a query of the same client
        with pytest.raises(Problem):
            await asyncio.wait_for(waiting, 3)

    asyncio.run(main())


def test_any_number_of_clients_are_told_apart_in_memory_that_does_not_grow() -> None:
    limits = ClientLimits(board := Board(), 1, 10)
    limits.enter("running")
    for i in range(20_000):
        if board.slot(str(i)) != board.slot("running"):  # one in a million shares its place
            limits.enter(str(i))
            limits.leave(str(i))
    with pytest.raises(Problem):
        limits.enter("running")
    assert len({board.slot(f"198.51.100.{i}") for i in range(256)}) >= 254


def test_a_client_has_as_many_queries_in_all_processes_together() -> None:
    file = create(2)
    try:
        boards = [Board(2, row, file) for row in (0, 1)]
    finally:
        os.close(file)
    clock = Clock()
    here, there = (ClientLimits(board, 2, 4, clock=clock) for board in boards)
    here.enter("a")
    there.enter("a")
    for limits in (here, there):
        with pytest.raises(Problem) as raised:
            limits.enter("a")
        assert raised.value.extensions["limit"] == "concurrency"
    here.leave("a")
    there.enter("a")
    # The second process ends without having said so; whoever takes its place begins with nothing running.
    boards[0].vacate(1, range(0))
    here.enter("a")
    here.leave("a")
    assert boards[0].running_of(boards[0].slot("a")) == 0
    here.spend("a", 4)
    with pytest.raises(Problem) as raised:
        there.enter("a")
    assert raised.value.extensions["limit"] == "rate"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "1.2.3.4", "203.0.113.7"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        ("::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "203.0.113.7:51234", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7:51234,10.0.0.9:443", "203.0.113.7"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::"),
        ("10.0.0.1", "[2001:db8::1]:443", "2001:db8::"),
        ("10.0.0.1", "[2001:db8::1]", "2001:db8::"),
        ("10.0.0.1", '"[2001:db8::1]"', "2001:db8::"),
        ("10.0.0.1", "fe80::1%eth0", "fe80::"),
        ("10.0.0.1", "6.6.6.6, unknown", "unknown"),
        ("10.0.0.1", "rubbish", "unknown"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", ", " * 3, "unknown"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("2001:db8::1", None, "2001:db8::"),
        ("::ffff:1.2.3.4", None, "1.2.3.4"),
        ("", None, "unknown"),
    ],
)
def test_who_a_client_is(peer: str, forwarded: str | None, client: str) -> None:
    headers = {} if forwarded is None else {b"x-forwarded-for": forwarded.encode()}
    assert client_of(peer, headers, PROXIES) == client


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("for=192.0.2.43", "192.0.2.43"),
        ("for=6.6.6.6, for=192.0.2.43:47011;proto=http;by=10.0.0.1", "192.0.2.43"),
        ('proto=https; For="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::"),
        ("for=192.0.2.43, for=10.0.0.7", "192.0.2.43"),
        ("for=_hidden", "unknown"),
        ("proto=https", "unknown"),
    ],
)
def test_a_proxy_that_knows_the_standard_only(forwarded: str, client: str) -> None:
    assert client_of("10.0.0.1", {b"forwarded": forwarded.encode()}, PROXIES) == client
    assert client_of("192.0.2.1", {b"forwarded": forwarded.encode()}, PROXIES) == "192.0.2.1"
    both = {b"x-forwarded-for": b"198.51.100.1", b"forwarded": forwarded.encode()}
    assert client_of("10.0.0.1", both, PROXIES) == "198.51.100.1"


def test_long_headers_are_neither_read_through_nor_kept() -> None:
    before = clients._parsed.cache_info()
    long = b"6.6.6.6, " * 8_000 + b"x" * 60_000
    assert client_of("203.0.113.7", {b"x-forwarded-for": long}, ()) == "203.0.113.7"
    assert client_of("10.0.0.1", {b"x-forwarded-for": long}, PROXIES) == "unknown"
    assert client_of("10.0.0.1", {b"x-forwarded-for": long + b", 203.0.113.8"}, PROXIES) == "203.0.113.8"
    assert clients._parsed.cache_info().currsize - before.currsize <= 3


def test_the_log_knows_networks_only() -> None:
    assert shortened("203.0.113.7") == "203.0.113.0"
    assert shortened("unknown") == "-"
