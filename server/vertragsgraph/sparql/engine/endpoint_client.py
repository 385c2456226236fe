"""A client of other SPARQL endpoints that asks on behalf of strangers (SPARQL 1.1 Protocol, section 2.1).

It follows no redirect, connects to no address of a private network unless that is allowed, and takes no more than it is
told to.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

import httpx

from vertragsgraph.http.clients import Network
from vertragsgraph.message import Message, marked
from vertragsgraph.sparql.query.service_clauses import Reply

_HEADERS: Final = {
    "Accept": "application/sparql-results+json, application/sparql-results+xml;q=0.5",
    "Accept-Encoding": "identity",
}
_CONNECT_SECONDS: Final = 5.0
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")  # NAT64 (RFC 6052): an IPv4 address in its last four bytes


class EndpointError(Exception):
    """An endpoint gave no usable answer; the message says why, with what it sent itself left out."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message)


class EndpointClient:
    """Asks endpoints; `known` are the private networks that their names may lead to, `threads` look names up."""

    def __init__(self, known: Collection[Network], threads: int) -> None:
        self._known = known
        self._tls: ssl.SSLContext | None = None
        # Of its own: names that can't be resolved keep no thread of others waiting.
        self._threads = ThreadPoolExecutor(threads, "endpoints")

    def close(self) -> None:
        """Look up no more names."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def select(self, iri: str, query: str, agent: str, size: int) -> Reply:
        """Return what an endpoint answers to a query, of up to `size` bytes; `agent` says who asks. Raise `EndpointError`."""
        try:
            url = httpx.URL(iri)
        except httpx.InvalidURL as error:
            raise EndpointError(Message("has no address")) from error
        if url.scheme not in {"http", "https"}:
            raise EndpointError(Message("is not asked by HTTP"))
        addresses = await self._addresses(url)
        async with httpx.AsyncClient(
            verify=await self._context(),
            headers={**_HEADERS, "User-Agent": agent, "Host": url.netloc.decode("ascii")},
            timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),
            trust_env=False,  # a proxy would look up names itself
        ) as http:
            for address in addresses:
                # To the address that was looked at: asked once more, the name could lead to another.
                request = http.build_request(
                    "POST",
                    url.copy_with(host=address),
                    data={"query": query},
                    extensions={"sni_hostname": _host(url)},
                )
                try:
                    return await _read(await http.send(request, stream=True), size)
                except (httpx.ConnectError, httpx.ConnectTimeout):
                    continue
                except httpx.HTTPError as error:
                    raise EndpointError(Message("broke off its answer")) from error
        raise EndpointError(Message("can't be reached"))

    async def _addresses(self, url: httpx.URL) -> list[str]:
        """Return the addresses that an endpoint's name leads to and that may be connected to."""
        host, port = _host(url), url.port or (443 if url.scheme == "https" else 80)
        resolve = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, resolve)
        except (OSError, UnicodeError) as error:
            raise EndpointError(Message("has a name that can't be resolved")) from error
        addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
        good = [address for address in addresses if names_address(host) or may_reach(address, self._known)]
        if not good:
            raise EndpointError(
                Message("leads to a private network, which VERTRAGSGRAPH_SERVICE_NETWORKS does not name")
            )
        return good

    async def _context(self) -> ssl.SSLContext:
        """Return what is needed to know a server by its certificate; it takes a moment to read."""
        if self._tls is None:
            self._tls = await asyncio.get_running_loop().run_in_executor(self._threads, httpx.create_ssl_context)
        return self._tls


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii")


async def _read(response: httpx.Response, size: int) -> Reply:
    """Return the reply that a response holds; what it says of an error is not passed on."""
    try:
        if response.status_code != 200:
            if response.has_redirect_location:
                text = marked("answered with status {status}, a redirect, which is not followed")
            else:
                text = marked("answered with status {status}")
            raise EndpointError(Message(text, status=response.status_code))
        if response.headers.get("content-encoding", "identity") != "identity":
            raise EndpointError(Message("compressed its answer, which was not asked for"))
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > size:
                text = marked("answered with more than the {size} bytes that a query may fetch; ask it for less")
                raise EndpointError(Message(text, size=size))
        return Reply(response.headers.get("content-type", ""), bytes(body))
    finally:
        await response.aclose()


def names_address(host: str) -> bool:
    """Tell whether a host is an address itself, or this machine: then whoever allowed it meant that one.

    >>> names_address("127.0.0.1"), names_address("localhost"), names_address("127.1")
    (True, True, False)
    """
    try:
        return host == "localhost" or bool(ip_address(host))
    except ValueError:
        return False


def may_reach(address: str, known: Collection[Network]) -> bool:
    """Tell whether an address is a public one, or one of the networks allowed.

    >>> from ipaddress import ip_network
    >>> may_reach("10.1.2.3", ()), may_reach("10.1.2.3", [ip_network("10.0.0.0/8")]), may_reach("::ffff:127.0.0.1", ())
    (False, True, False)
    """
    parsed = _inner(ip_address(address))
    if any(parsed in network for network in known):
        return True
    return parsed.is_global and not parsed.is_multicast


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address
