"""Who a client is, as far as limits and the log are concerned."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Network: TypeAlias = IPv4Network | IPv6Network
Address: TypeAlias = IPv4Address | IPv6Address

UNKNOWN: Final = "unknown"
_LONGEST: Final = 64  # an address with brackets, zone and port is shorter


def networks(names: Collection[str]) -> tuple[Network, ...]:
    """Return networks by their names; raises `ValueError` for what is none."""
    return tuple(ip_network(name, strict=False) for name in names)


def client_of(peer: str, headers: Mapping[bytes, bytes], trusted: tuple[Network, ...]) -> str:
    """Return who asks: the peer's address, or what a trusted proxy says of the one before it.

    Each proxy appends the address it was called from to X-Forwarded-For (or to Forwarded, RFC 7239, where it knows only
    that), so what trusted ones have appended counts and nothing before. Of an IPv6 address its network (64 bits) counts:
    whoever has one has all of it. Header names are in lower case, the values of several of one name joined by commas.

    >>> client_of("203.0.113.7", {b"x-forwarded-for": b"198.51.100.1"}, ())
    '203.0.113.7'
    >>> client_of("10.0.0.1", {b"x-forwarded-for": b"6.6.6.6, 198.51.100.1:51234"}, networks(["10.0.0.0/8"]))
    '198.51.100.1'
    """
    address = peer
    if trusted and is_in(address, trusted):
        for address in _forwarded(headers):
            if not is_in(address, trusted):
                break
    return _bucket(address)


@lru_cache(maxsize=4096)
def shortened(client: str) -> str:
    """Return a client as the log may know it: the network of its address only (24 bits of IPv4, 48 of IPv6).

    >>> shortened("203.0.113.7"), shortened("2001:db8:1:2::")
    ('203.0.113.0', '2001:db8:1::')
    """
    address = _address(client)
    return _network(address, 24 if address.version == 4 else 48) if address else "-"


def _forwarded(headers: Mapping[bytes, bytes]) -> Iterator[str]:
    """Yield the addresses that proxies have appended, the last one first; no more is read than is asked for."""
    left = headers.get(b"x-forwarded-for")
    is_standard = left is None
    left = headers.get(b"forwarded") if left is None else left
    while left:
        left, _, last = left.rpartition(b",")
        text = last[-1024:].decode("latin-1")
        yield _for(text) if is_standard else text


def _for(element: str) -> str:
    """Return the node of an element of Forwarded (RFC 7239, section 4).

    >>> _for('proto=https;For="[2001:db8:cafe::17]:4711"')
    '"[2001:db8:cafe::17]:4711"'
    """
    pairs = (pair.strip().partition("=") for pair in element.split(";"))
    return next((value for name, _, value in pairs if name.lower() == "for"), UNKNOWN)


def is_in(text: str, trusted: tuple[Network, ...]) -> bool:
    """Tell whether an address is in one of some networks."""
    address = _address(text)
    return address is not None and any(address in network for network in trusted)


def _bucket(text: str) -> str:
    return _counted_as(text) if len(text) <= _LONGEST else UNKNOWN


@lru_cache(maxsize=4096)
def _counted_as(text: str) -> str:
    address = _parsed(text)
    if address is None:
        return UNKNOWN
    return str(address) if address.version == 4 else _network(address, 64)


def _address(text: str) -> Address | None:
    return _parsed(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Address | None:
    """Return an address as proxies write it: alone, in quotation marks, in brackets, with a port (RFC 7239, section 6)."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _network(address: Address, bits: int) -> str:
    host = address.max_prefixlen - bits
    return str(type(address)(int(address) >> host << host))
