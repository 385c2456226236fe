"""All connections of a process: how many there may be, and how long each may keep the server waiting."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterable
from enum import IntEnum, auto
from ipaddress import ip_address
from itertools import islice
from typing import Final, Protocol

from vertragsgraph.settings import Settings
from vertragsgraph.sparql.clients import client_of, networks

_LINGER_SECONDS: Final = 2.0
_MOMENT_SECONDS: Final = 0.005  # in which nobody can open so many connections that one just used is the oldest of them


class Awaited(IntEnum):
    """What a connection waits for its client to do."""

    REQUEST = auto()  # begin a request
    HEAD = auto()  # complete its head
    BODY = auto()  # complete its body
    READING = auto()  # take what it is sent; such a client is served, all others only wait
    CLOSE = auto()  # close the connection, which we have done on our side


class Client:
    """The connections of a client: how many there are, and those that wait for it, the longest waiting first."""

    __slots__ = ("bucket", "count", "waiting")

    def __init__(self, bucket: str) -> None:
        self.bucket = bucket
        self.count = 0
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
        }
        self._look_seconds = min(4.0, *self._seconds.values()) / 4
        # Since when; in the order in which they began to wait, which is that in which their time is up.
        self._waiting: dict[Awaited, dict[Member, float]] = {awaited: {} for awaited in Awaited}
        self._clients: dict[str, Client] = {}
        self._count = 0
        self._looks = False

    def enter(self, member: Member, address: str) -> bool:
        """Count a new connection, and make room for it; false where there is none, because all others are served."""
        bucket = client_of(address, {}, ())
        client = self._clients.setdefault(bucket, Client(bucket))
        has_room = True
        if client.count >= self._most_of_client and not self._is_trusted(address):
            has_room = _close_first(client.waiting)
        if self._count >= self._most:
            has_room = _close_first(self._by_time()) and has_room
        self._clients[bucket] = client  # who left just now may have been the last
        member.client = client
        client.count += 1
        self._count += 1
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
        self.go_on(member)
        if client is not None:
            member.awaited = awaited
            self._waiting[awaited][member] = now
            if awaited is not Awaited.READING:
                client.waiting[member] = None

    def go_on(self, member: Member) -> None:
        """Note that a connection doesn't wait for its client any more."""
        awaited, client = member.awaited, member.client
        if awaited is not None and client is not None:
            member.awaited = None
            del self._waiting[awaited][member]
            client.waiting.pop(member, None)

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)

    def _by_time(self) -> list[Member]:
        """Return, of each kind that may be closed, the connection that has waited longest; of these the longest first."""
        firsts = [
            (since, number, member)
            for number, (awaited, members) in enumerate(self._waiting.items())
            for member, since in islice(members.items(), 1)
            if awaited is not Awaited.READING
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
