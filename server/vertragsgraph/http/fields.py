"""Fields of a message (RFC 9110, section 5): as pairs, as they are sent, and those that every response has."""

from __future__ import annotations

from typing import Final

Headers = list[tuple[bytes, bytes]]

RELEASE: Final = b"vertragsgraph-release"
"""The field that says from which release a response is made: its id."""

EVERYWHERE: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"*"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-content-type-options", b"nosniff"),
]
"""Headers of every response, whatever it is."""

PREFLIGHT: Final[Headers] = [
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
]
"""What a response to a preflight request has besides (Fetch, CORS protocol), whatever it is about."""

COMMON: Final[Headers] = [*EVERYWHERE, (b"content-security-policy", b"default-src 'none'; sandbox")]
"""Headers of every response of the endpoint: what it sends is data and nothing that a browser may run."""


def joined(headers: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return headers by name; the values of several of one name are joined (RFC 9110, section 5.2).

    >>> joined([(b"accept", b"text/csv"), (b"host", b"x"), (b"accept", b"text/*")])
    {b'accept': b'text/csv, text/*', b'host': b'x'}
    """
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        found[name] = found[name] + b", " + value if name in found else value
    return found


def encoded(headers: Headers) -> bytes:
    r"""Return headers as they are sent (RFC 9112, section 5).

    >>> encoded([(b"vary", b"Accept"), (b"etag", b'"1"')])
    b'vary: Accept\r\netag: "1"\r\n'
    """
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def decoded(head: bytes) -> Headers:
    r"""Return headers that were encoded.

    >>> decoded(b'vary: Accept\r\netag: "1"\r\n')
    [(b'vary', b'Accept'), (b'etag', b'"1"')]
    """
    return [(name, value) for name, _, value in (line.partition(b": ") for line in head.split(b"\r\n")[:-1])]


def length(body: bytes) -> tuple[bytes, bytes]:
    """Return the header that says how long a body is."""
    return (b"content-length", b"%d" % len(body))
