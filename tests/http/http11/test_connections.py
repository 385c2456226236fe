"""The table of connections: who makes room, who is told that the time is up, and whose request is begun next."""

from __future__ import annotations

import asyncio

import pytest

from vertragsgraph.http.http11 import connections
from vertragsgraph.http.http11.connections import Awaited, Client, Connections
from vertragsgraph.settings import Settings

from .wire import in_loop, turns


class Member:
    """A connection that does nothing but tell what was done to it."""

    def __init__(
        self, table: Connections, address: str = "192.0.2.1", awaited: Awaited | None = Awaited.REQUEST
    ) -> None:
        self.client: Client | None = None
        self.awaited: Awaited | None = None
        self.told: list[Awaited] = []
        self.is_closed = False
        self._table = table
        self.has_room = table.enter(self, address)
        if awaited is not None:
            table.wait(self, awaited)

    def timed_out(self, awaited: Awaited) -> None:
        self.told.append(awaited)

    def abort(self) -> None:
        self.is_closed = True
        self._table.leave(self)


@in_loop
async def test_who_has_waited_longest_makes_room() -> None:
    table = Connections(Settings(connections=4))
    first, second, third, fourth = (Member(table, f"192.0.2.{i}") for i in range(4))
    table.wait(first, Awaited.HEAD)  # which has begun just now
    table.go_on(second)
    table.wait(third, Awaited.READING)
    fifth = Member(table, "192.0.2.9", awaited=None)
    assert fifth.has_room
    assert [member.is_closed for member in (first, second, third, fourth)] == [False, False, False, True]
    assert Member(table, awaited=None).has_room  # for the first
    assert first.is_closed
    assert not Member(table).has_room
    assert not second.is_closed and not third.is_closed


@in_loop
async def test_who_has_just_been_used_is_not_who_has_waited_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_MOMENT_SECONDS", 0.0)
    table = Connections(Settings(connections=2))
    used, silent = Member(table, "192.0.2.1"), Member(table, "192.0.2.2")
    table.wait(used, Awaited.REQUEST)
    Member(table)
    assert silent.is_closed and not used.is_closed


@in_loop
async def test_one_client_has_no_more_than_it_may() -> None:
    table = Connections(Settings(client_connections=2, trusted_proxies=["198.51.100.0/24"]))
    other = Member(table, "192.0.2.9")
    mine = [Member(table, "2001:db8::1"), Member(table, "2001:db8::2", awaited=None)]  # one network is one client
    assert Member(table, "2001:db8::3", awaited=None).has_room
    assert mine[0].is_closed and not mine[1].is_closed and not other.is_closed
    assert not Member(table, "2001:db8::3").has_room
    assert all(Member(table, "198.51.100.1", awaited=None).has_room for _ in range(9))
    assert all(Member(table, "", awaited=None).has_room for _ in range(2))  # without an address: of one client
    assert not Member(table, "nonsense").has_room


@in_loop
async def test_who_leaves_leaves_nothing_behind() -> None:
    table = Connections(Settings(connections=2))
    for _ in range(5):
        members = [Member(table), Member(table)]
        for member in members:
            table.leave(member)
            table.leave(member)
            table.wait(member, Awaited.REQUEST)
            assert member.awaited is None
    assert not any(member.is_closed for member in members)


@in_loop
async def test_each_is_told_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_LINGER_SECONDS", "_ANSWER_SECONDS"):
        monkeypatch.setattr(connections, name, 0.05)
    times = dict.fromkeys(("head_seconds", "body_seconds", "idle_seconds", "stalled_seconds"), 0.05)
    table = Connections(Settings(**times))
    members = {awaited: Member(table, awaited=awaited) for awaited in Awaited}
    busy = Member(table, awaited=None)
    assert not any(member.told for member in members.values())
    await asyncio.sleep(0.2)
    assert {awaited: member.told for awaited, member in members.items()} == {awaited: [awaited] for awaited in Awaited}
    assert not busy.told
    for member in (busy, *members.values()):
        table.leave(member)
    await asyncio.sleep(0.05)
    late = Member(table)  # when nobody was looking any more
    await asyncio.sleep(0.2)
    assert late.told == [Awaited.REQUEST]


@in_loop
async def test_one_request_is_begun_in_a_turn_one_client_after_the_other() -> None:
    table = Connections(Settings())
    greedy, other, third = (Member(table, f"192.0.2.{i}") for i in range(3))
    await turns(20)
    begun: list[str] = []
    for name, member in [(f"a{i}", greedy) for i in range(4)] + [("b0", other), ("b1", other), ("c0", third)]:
        table.begin(member, lambda name=name: begun.append(name))  # type: ignore[misc]
    assert begun == ["a0"]
    for count in range(2, 8):
        while len(begun) < count:
            before = len(begun)
            await asyncio.sleep(0)
            assert len(begun) <= before + 1
    assert begun == ["a0", "a1", "b0", "c0", "a2", "b1", "a3"]


@in_loop
async def test_new_connections_go_first_but_not_for_ever() -> None:
    table = Connections(Settings(connections=1_000))
    member = Member(table)
    begun: list[int] = []
    for number in range(3):
        table.begin(member, lambda number=number: begun.append(number))  # type: ignore[misc]
    held = []
    while len(begun) < 3:
        Member(table, awaited=None)
        before, count = len(begun), len(held)
        await asyncio.sleep(0)
        held.append(len(begun) == before)
    assert 2 * connections._HELD_TURNS <= count <= 2 * connections._HELD_TURNS + 4
    for _ in range(3):
        table.begin(member, lambda: begun.append(9))
    await turns(6)
    assert begun[3:] == [9, 9, 9]


@in_loop
async def test_who_has_left_has_nothing_begun() -> None:
    table = Connections(Settings())
    first, second = Member(table), Member(table)
    begun: list[int] = []
    table.begin(first, lambda: begun.append(1))
    table.leave(second)
    table.begin(second, lambda: begun.append(2))
    await turns(20)
    assert begun == [1]
