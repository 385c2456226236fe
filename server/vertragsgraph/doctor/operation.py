"""Checks on how the server is run: ready, its clock, whom it takes for its client, idle connections, certificates."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address, ip_network
from typing import Final

from vertragsgraph.doctor.check import Check, Observations, fault, inapplicable, note, warning
from vertragsgraph.doctor.deployment import Deployment
from vertragsgraph.texts import marked

_SOMEBODY: Final = "192.0.2.77"  # an address for documentation (RFC 5737): nobody has it
_SKEW_SECONDS: Final = 60
_DAYS_LEFT: Final = 14
_LOCAL: Final = {"localhost", "127.0.0.1", "::1"}


def _ready(register: Deployment) -> Observations:
    answer = register.ask("health/ready")
    if answer.status in {401, 403, 404}:
        yield inapplicable(marked("/health/ready is not for the public here."))
    elif answer.status != 200:
        reason = answer.json().get("detail", "-")
        yield fault(answer, mend=marked("Queries aren't answered: {reason}"), reason=reason)
    elif answer.json().get("status") != "ok":
        yield fault(answer)


def _certificate(register: Deployment) -> Observations:
    page = register.start_page
    if register.root.scheme != "https":
        if register.root.host in _LOCAL:
            yield inapplicable(marked("This is http within one computer; nothing is to be encrypted."))
        else:
            yield warning(page, mend=marked("Everything is sent in the clear; let the proxy serve https."))
        return
    with register.connect() as connection:
        ends = connection.certificate_ends
    days = round(((ends or time.time() + 365 * 86_400) - time.time()) / 86_400)
    if days < _DAYS_LEFT:
        mend = marked("The certificate ends in {days} days. Renew it, and see why that isn't done by itself.")
        yield warning(page, mend=mend, days=days)
    if not re.search(r"max-age=[1-9]", page.header("Strict-Transport-Security")):
        yield warning(page, "Strict-Transport-Security")


def _clock(register: Deployment) -> Observations:
    answer = register.ask("health/live")
    try:
        skew = abs((parsedate_to_datetime(answer.header("Date")) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        yield warning(answer, "Date", mend=marked("The answer has no date; let the proxy pass on or set `Date`."))
        return
    if skew > _SKEW_SECONDS:
        yield warning(answer, "Date", seconds=round(skew))


def _client(register: Deployment) -> Observations:
    with register.connect() as connection:
        own, peer = map(_network, connection.ends)
    answer = register.ask("health/client")
    network, forwarded, trusted = (answer.json().get(name) for name in ("client", "forwarded", "trusted"))
    if not isinstance(network, str):
        yield inapplicable(marked("The server doesn't say whom it sees (/health/client)."))
        return
    if forwarded and not trusted:
        yield fault(answer, mend=NOT_TRUSTED, client=network)
    elif not forwarded and network != own and (trusted or (_is_inside(network) and network != peer)):
        yield fault(answer, client=network)
    elif network != own:
        yield note(answer, marked("The server takes this computer for one of the network {client}."), client=network)
    pretending = register.ask("health/client", ("X-Forwarded-For", _SOMEBODY))
    if pretending.json().get("client") == _network(_SOMEBODY):
        if network == own:
            yield note(
                pretending, marked("The server trusts this computer as it trusts a proxy; ask from another, too.")
            )
        else:
            yield fault(pretending, mend=PRETENDED)


def _network(address: str) -> str:
    """Return the network of an address as the server tells it (24 bits of IPv4, 48 of IPv6)."""
    address = address.partition("%")[0]  # an interface belongs to no network
    bits = 24 if ip_address(address).version == 4 else 48
    return str(ip_network(f"{address}/{bits}", strict=False).network_address)


def _is_inside(network: str) -> bool:
    try:
        return not ip_address(network).is_global
    except ValueError:
        return True


def _idle(register: Deployment) -> Observations:
    line = f"GET {register.root.path}health/live"
    with register.connect() as connection:
        answer = connection.ask(line)[0]
        closed = connection.closed_within(register.patience)
        if closed is not None:
            yield warning(answer, seconds=f"{closed:.1f}")
        elif (again := connection.ask(line)[0]).status != 200:
            yield fault(again, mend=GONE, seconds=round(register.patience))


READY: Final = marked(
    "Files of the release are damaged: `vertragsgraph releases verify` names them. Build or fetch it again."
)
CERTIFICATE: Final = marked(
    "Browsers aren't told to ask by https only (nginx: `add_header Strict-Transport-Security max-age=31536000 always;`)."
)
CLOCK: Final = marked("Its clock and the one here differ by {seconds} seconds. Let both follow a time server (NTP).")
CLIENT: Final = marked(
    "The server sees the proxy (network {client}) in place of its clients: all share one limit. Let the proxy say who "
    "asks (nginx: `proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`, HAProxy: `option forwardfor`), and "
    "name its address in VERTRAGSGRAPH_TRUSTED_PROXIES."
)
IDLE: Final = marked(
    "An idle connection is closed after {seconds} seconds. A balancer in front that keeps its own for longer answers 502 "
    "now and then: let what is in front close first (nginx: `keepalive_timeout`, HAProxy: `timeout http-keep-alive`)."
)
NOT_TRUSTED: Final = marked(
    "The proxy says who asks (X-Forwarded-For), but the server doesn't believe it and takes everybody for one client of the "
    "network {client}: all share one limit. Name the proxy's address in VERTRAGSGRAPH_TRUSTED_PROXIES."
)
PRETENDED: Final = marked(
    "Whoever sends X-Forwarded-For is believed, and so has no limits. Let the proxy append the address it was called from "
    "(nginx: `$proxy_add_x_forwarded_for`), and name nothing but proxies in VERTRAGSGRAPH_TRUSTED_PROXIES."
)
GONE: Final = marked(
    "After {seconds} idle seconds the server had closed the connection, and the proxy didn't notice: let it use connections "
    "to the server for a shorter time than the server keeps them (nginx: `keepalive_timeout` in `upstream`)."
)

CHECKS: Final = (
    Check(marked("Queries are answered, from a whole release"), "/health/ready", _ready, READY),
    Check(marked("Connections are encrypted"), "RFC 9110, section 4.2.2; RFC 6797", _certificate, CERTIFICATE),
    Check(marked("The clock goes right"), "RFC 9110, section 6.6.1", _clock, CLOCK),
    Check(marked("The server sees its clients, not the proxy"), "X-Forwarded-For", _client, CLIENT),
    Check(marked("Idle connections stay open"), "RFC 9112, section 9.3", _idle, IDLE),
)
