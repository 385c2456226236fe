"""All connections of a process: how many there may be, and how long each may keep the server waiting."""

from __future__ import annotations

import asyncio
import resource
import time
from collections import deque
from collections.abc import Callable, Iterable
from enum import IntEnum, auto
from itertools import islice
from typing import Final, Protocol

from vertragsgraph.http.clients import client_of, is_in, networks
from vertragsgraph.settings import Settings

_LINGER_SECONDS: Final = 2.0
_ANSWER_SECONDS: Final = 2.0  # then what was sent behind the request is given up, to read on and so notice a departure
_HELD_TURNS: Final = 8
_MOMENT_SECONDS: Final = 0.005  # in which nobody can open so many connections that one just used is the oldest of them


class Awaited(IntEnum):
    """What a connection waits for its client to do."""

    REQUEST = auto()  # begin a request
    HEAD = auto()  # complete its head
    BODY = auto()  # complete its body
    CLOSE = auto()  # close the connection, which we have done on our side
    READING = auto()  # take what it is sent
    ANSWER = auto()  # wait itself for an answer, before more is read of what it sends behind the request


_SERVED: Final = {Awaited.READING, Awaited.ANSWER}  # such a client's connection isn't closed to make room for another


class Client:
    """The connections of a client: how many there are, and those that wait for it, the longest waiting first.

    `to_begin` are its requests that are to be begun when it is its turn.
    """

    __slots__ = ("bucket", "count", "to_begin", "waiting")

    def __init__(self, bucket: str) -> None:
        self.bucket = bucket
        self.count = 0
        self.to_begin: deque[Callable[[], None]] = deque()
        self.waiting: dict[Member, None] = {}


class Member(Protocol):
    """A connection; `client` and `awaited` are kept by `Connections`, None at first."""

    client: Client | None
    awaited: Awaited | None

    def timed_out(self, awaited: Awaited) -> None:
        """Do with a client that took too long what is to be done."""

    def abort(self) -> None:
        """Close at once."""


class Connections:
    """The connections of a process.

    There is room for a new one as long as any other waits for its client: the one that has waited longest is closed. So
    whoever opens many connections and says nothing shuts nobody out.
    """

    def __init__(self, settings: Settings) -> None:
        # Each may need a second descriptor, for the file that it is sent.
        self._most = min(settings.connections, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
        self._most_of_client = settings.client_connections or self._most
        self._trusted = networks(settings.trusted_proxies)
        self._seconds = {
            Awaited.REQUEST: settings.idle_seconds,
            Awaited.HEAD: settings.head_seconds,
            Awaited.BODY: settings.body_seconds,
            Awaited.READING: settings.stalled_seconds,
            Awaited.CLOSE: _LINGER_SECONDS,
            Awaited.ANSWER: _ANSWER_SECONDS,
        }
        self._look_seconds = min(4.0, *self._seconds.values()) / 4
        # Since when; in the order in which they began to wait, which is that in which their time is up.
        self._waiting: dict[Awaited, dict[Member, float]] = {awaited: {} for awaited in Awaited}
        self._clients: dict[str, Client] = {}
        self._count = 0
        self._looks = False
        self._turns: deque[Client] = deque()  # those with requests that wait to be begun
        self._has_begun = False  # a request, in this turn of the event loop
        self._has_entered = False  # a connection, since the turn before
        self._held = 0  # so many turns in a row no request was begun

    def enter(self, member: Member, address: str) -> bool:
        """Count a new connection, and make room for it; false where there is none, because all others are served."""
        bucket = client_of(address, {}, ())
        client = self._clients.setdefault(bucket, Client(bucket))
        has_room = True
        if client.count >= self._most_of_client and not is_in(address, self._trusted):
            has_room = _close_first(client.waiting)
        if self._count >= self._most:
            has_room = _close_first(self._by_time()) and has_room
        self._clients[bucket] = client  # who left just now may have been the last
        member.client = client
        client.count += 1
        self._count += 1
        self._has_entered = True
        if not self._looks:
            self._looks = True
            self._look()
        return has_room

    def leave(self, member: Member) -> None:
        """Count a connection that is closed."""
        client = member.client
        if client is None:
            return
        self.go_on(member)
        member.client = None
        self._count -= 1
        client.count -= 1
        if not client.count:
            del self._clients[client.bucket]

    def wait(self, member: Member, awaited: Awaited) -> None:
        """Note that a connection waits for its client from now on."""
        now, client = time.monotonic(), member.client
        if member.awaited is awaited and now - self._waiting[awaited][member] < _MOMENT_SECONDS:
            return  # as if it had just begun to: there are clients that ask a thousand times a second
        if member.awaited is not None:
            self.go_on(member)
        if client is not None:
            member.awaited = awaited
            self._waiting[awaited][member] = now
            if awaited not in _SERVED:
                client.waiting[member] = None

    def go_on(self, member: Member) -> None:
        """Note that a connection doesn't wait for its client any more."""
        awaited, client = member.awaited, member.client
        if awaited is not None and client is not None:
            member.awaited = None
            del self._waiting[awaited][member]
            client.waiting.pop(member, None)

    def begin(self, member: Member, request: Callable[[], None]) -> None:
        """Call `request`, in a later turn of the event loop where one was begun in this one: one client after the other.

        So nobody waits behind all that another client asked at once, and new connections are taken meanwhile.
        """
        client = member.client
        if not self._has_begun:
            self._begin_next()
            request()
        elif client is not None:
            if not client.to_begin:
                self._turns.append(client)
            client.to_begin.append(request)

    def _begin_next(self) -> None:
        self._has_begun = True
        asyncio.get_running_loop().call_soon(self._go_round)

    def _go_round(self) -> None:
        """Call what waits longest of the client whose turn it is, which then goes to the end of the line.

        New connections go first for a while: libuv takes one in a turn, so who comes last would wait for as many requests.
        """
        if self._has_entered and self._held < _HELD_TURNS:
            self._has_entered = False
            self._held += 1
            self._begin_next()
            return
        self._has_begun = self._has_entered = False
        self._held = 0
        if self._turns:
            self._begin_next()
            client = self._turns.popleft()
            request = client.to_begin.popleft()
            if client.to_begin:
                self._turns.append(client)
            request()

    def _by_time(self) -> list[Member]:
        """Return, of each kind that may be closed, the connection that has waited longest; of these the longest first."""
        firsts = [
            (since, number, member)
            for number, (awaited, members) in enumerate(self._waiting.items())
            for member, since in islice(members.items(), 1)
            if awaited not in _SERVED
        ]
        return [member for _, _, member in sorted(firsts)]

    def _look(self) -> None:
        """Tell the connections whose time is up; look again soon."""
        now = time.monotonic()
        for awaited, members in self._waiting.items():
            due = now - self._seconds[awaited]
            while members and members[first := next(iter(members))] <= due:
                self.go_on(first)
                first.timed_out(awaited)
        self._looks = bool(self._count)
        if self._looks:
            asyncio.get_running_loop().call_later(self._look_seconds, self._look)


def _close_first(members: Iterable[Member]) -> bool:
    for member in members:
        member.abort()
        return True
    return False
