from __future__ import annotations

import os

import pytest

from vertragsgraph.problem import Problem
from vertragsgraph.sparql.board import Board, create
from vertragsgraph.sparql.limits import ClientLimits, client_of, networks, shortened

PROXIES = networks(["10.0.0.0/8", "127.0.0.1"])


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_as_many_queries_at_a_time_as_allowed() -> None:
    limits = ClientLimits(Board(), 2, 0, 10)
    limits.enter("a")
    limits.enter("a")
    with pytest.raises(Problem) as raised:
        limits.enter("a")
    assert raised.value.status == 429
    assert int(raised.value.headers["Retry-After"]) >= 1
    limits.enter("b")
    limits.leave("a")
    limits.enter("a")


def test_as_many_queries_a_second_as_allowed() -> None:
    clock = Clock()
    limits = ClientLimits(Board(), 0, 2, 3, clock)

    def ask(times: int) -> int:
        served = 0
        for _ in range(times):
            try:
                limits.enter("a")
            except Problem as problem:
                assert problem.status == 429
                assert "Retry-After" in problem.headers
            else:
                limits.leave("a")
                served += 1
        return served

    assert ask(10) == 3
    clock.now += 1
    assert ask(10) == 2
    clock.now += 100
    assert ask(10) == 3


def test_any_number_of_clients_are_told_apart_in_memory_that_does_not_grow() -> None:
    limits = ClientLimits(board := Board(), 1, 10, 10)
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
    here, there = (ClientLimits(board, 2, 4, 5, clock) for board in boards)
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
    here.enter("a")
    here.leave("a")
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
        ("10.0.0.1", "rubbish", "unknown"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("2001:db8::1", None, "2001:db8::"),
        ("::ffff:1.2.3.4", None, "1.2.3.4"),
        ("", None, "unknown"),
    ],
)
def test_who_a_client_is(peer: str, forwarded: str | None, client: str) -> None:
    assert client_of(peer, forwarded, PROXIES) == client


def test_the_log_knows_networks_only() -> None:
    assert shortened("203.0.113.7") == "203.0.113.0"
    assert shortened("unknown") == "-"
