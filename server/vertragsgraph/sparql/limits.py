"""How much one client may ask, and who a client is."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from vertragsgraph.problem import Problem

_FORGET_ABOVE: Final = 10_000

Network = IPv4Network | IPv6Network


@dataclass
class _Client:
    tokens: float
    updated: float
    running: int = 0


class ClientLimits:
    """Concurrent queries and queries a second (a token bucket) of each client; 0 stands for no limit."""

    def __init__(self, concurrent: int, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._concurrent = concurrent
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._clients: dict[str, _Client] = {}

    def enter(self, client: str) -> None:
        """Count a query that begins. Raise `Problem` (429) where the client has too many; then `leave` is not due."""
        known = self.check(client)
        known.tokens -= 1
        known.running += 1

    def check(self, client: str) -> _Client:
        """Raise `Problem` (429) where the client has too many queries, without counting one."""
        now = self._clock()
        known = self._clients.get(client)
        if known is None:
            known = self._clients[client] = _Client(self._burst, now)
            if len(self._clients) > _FORGET_ABOVE:
                self._forget(now)
        known.tokens = min(self._burst, known.tokens + (now - known.updated) * self._rate)
        known.updated = now
        if self._concurrent and known.running >= self._concurrent:
            detail = f"You have {known.running} queries running, which is as many as one client may have at a time. Wait for one."
            raise Problem(429, detail, headers={"Retry-After": "1"}, limit="concurrency", queries=self._concurrent)
        if self._rate and known.tokens < 1:
            wait = str(int((1 - known.tokens) / self._rate) + 1)
            detail = f"You ask more than {self._rate:g} queries a second. Slow down."
            raise Problem(429, detail, headers={"Retry-After": wait}, limit="rate", per_second=self._rate)
        return known

    def leave(self, client: str) -> None:
        """Count a query that has ended."""
        self._clients[client].running -= 1

    def _forget(self, now: float) -> None:
        """Forget the clients that have been away for long enough for their bucket to be full again."""
        away = self._burst / self._rate if self._rate else 0.0
        self._clients = {
            name: known for name, known in self._clients.items() if known.running or now - known.updated <= away
        }


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
