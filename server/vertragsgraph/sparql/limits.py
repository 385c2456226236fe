"""How much one client may ask, and who a client is."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from vertragsgraph.problem import Problem
from vertragsgraph.sparql.board import Board

Network = IPv4Network | IPv6Network


class ClientLimits:
    """Concurrent queries and queries a second of each client, over all web processes; 0 stands for no limit.

    The rate is that of a token bucket: `burst` queries at once, then `rate` a second. What is kept of a client is the time
    at which its bucket is full again (the generic cell rate algorithm).
    """

    def __init__(
        self, board: Board, concurrent: int, rate: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._board = board
        self._concurrent = concurrent
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._none = not concurrent and not rate

    def enter(self, client: str) -> None:
        """Count a query that begins. Raise `Problem` (429) where the client has too many; then `leave` is not due."""
        if self._none:
            return
        board, slot = self._board, self._board.slot(client)
        board.running[slot] += 1
        try:
            self._check(slot, board.running_of(slot) - 1)
        except Problem:
            board.running[slot] -= 1
            raise
        if self._rate:
            board.due[slot] = max(board.due[slot], self._clock()) + 1 / self._rate

    def check(self, client: str) -> None:
        """Raise `Problem` (429) where the client has too many queries, without counting one."""
        if not self._none:
            slot = self._board.slot(client)
            self._check(slot, self._board.running_of(slot))

    def leave(self, client: str) -> None:
        """Count a query that has ended."""
        if not self._none:
            self._board.running[self._board.slot(client)] -= 1

    def _check(self, slot: int, running: int) -> None:
        if self._concurrent and running >= self._concurrent:
            detail = (
                f"You have {running} queries running, which is as many as one client may have at a time. Wait for one."
            )
            raise Problem(429, detail, headers={"Retry-After": "1"}, limit="concurrency", queries=self._concurrent)
        if self._rate:
            tokens = self._burst - max(0.0, self._board.due[slot] - self._clock()) * self._rate
            if tokens < 1:
                wait = str(int((1 - tokens) / self._rate) + 1)
                detail = f"You ask more than {self._rate:g} queries a second. Slow down."
                raise Problem(429, detail, headers={"Retry-After": wait}, limit="rate", per_second=self._rate)


def networks(names: Collection[str]) -> tuple[Network, ...]:
    """Return networks by their names; raises `ValueError` for what is none."""
    return tuple(ip_network(name, strict=False) for name in names)


@lru_cache(maxsize=4096)
def client_of(peer: str, forwarded: str | None, trusted: tuple[Network, ...]) -> str:
    """Return who asks: the peer's address, or what a trusted proxy says of the one before it.

    `forwarded` is X-Forwarded-For: each proxy appends the address it was called from, so only what trusted ones have
    appended counts. Of an IPv6 address its network (64 bits) counts: whoever has one has all of it.

    >>> client_of("203.0.113.7", "198.51.100.1", ())
    '203.0.113.7'
    >>> client_of("10.0.0.1", "6.6.6.6, 198.51.100.1", networks(["10.0.0.0/8"]))
    '198.51.100.1'
    """
    chain = [part.strip() for part in forwarded.split(",")] if forwarded else []
    address = peer
    while chain and _is_in(address, trusted):
        address = chain.pop()
    return _bucket(address)


@lru_cache(maxsize=4096)
def shortened(client: str) -> str:
    """Return a client as the log may know it: the network of its address only (24 bits of IPv4, 48 of IPv6).

    >>> shortened("203.0.113.7"), shortened("2001:db8:1:2::")
    ('203.0.113.0', '2001:db8:1::')
    """
    try:
        bits = 24 if ip_address(client).version == 4 else 48
    except ValueError:
        return "-"
    return str(ip_network(f"{client}/{bits}", strict=False).network_address)


def _is_in(address: str, trusted: tuple[Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)


def _bucket(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)
