"""Checks on how the server is run: ready, its clock, whom it takes for its client, idle connections, certificates."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address, ip_network
from typing import Final

from vertragsgraph.doctor.check import Observations, checks, fault, inapplicable, note, warning
from vertragsgraph.doctor.deployment import Deployment

_SOMEBODY: Final = "192.0.2.77"  # an address for documentation (RFC 5737): nobody has it
_SKEW_SECONDS: Final = 60
_DAYS_LEFT: Final = 14
_LOCAL: Final = {"localhost", "127.0.0.1", "::1"}


def _ready(register: Deployment) -> Observations:
    answer = register.ask("health/ready")
    if answer.status in {401, 403, 404}:
        yield inapplicable("private")
    elif answer.status != 200:
        reason = answer.json().get("detail", "-")
        yield fault(answer, when="unanswered", reason=reason)
    elif answer.json().get("status") == "failing":
        yield fault(answer, when="failing")
    elif answer.json().get("status") != "ok":
        yield fault(answer)


def _certificate(register: Deployment) -> Observations:
    page = register.start_page
    if register.root.scheme != "https":
        if register.root.host in _LOCAL:
            yield inapplicable("local")
        else:
            yield warning(page, when="clear")
        return
    with register.connect() as connection:
        ends = connection.certificate_ends
    days = round(((ends or time.time() + 365 * 86_400) - time.time()) / 86_400)
    if days < _DAYS_LEFT:
        yield warning(page, when="ends", days=days)
    if not re.search(r"max-age=[1-9]", page.header("Strict-Transport-Security")):
        yield warning(page, "Strict-Transport-Security")


def _clock(register: Deployment) -> Observations:
    answer = register.ask("health/live")
    try:
        skew = abs((parsedate_to_datetime(answer.header("Date")) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        yield warning(answer, "Date", when="no_date")
        return
    if skew > _SKEW_SECONDS:
        yield warning(answer, "Date", seconds=round(skew))


def _client(register: Deployment) -> Observations:
    with register.connect() as connection:
        own, peer = map(_network, connection.ends)
    answer = register.ask("health/client")
    network, forwarded, trusted = (answer.json().get(name) for name in ("client", "forwarded", "trusted"))
    if not isinstance(network, str):
        yield inapplicable("silent")
        return
    if forwarded and not trusted:
        yield fault(answer, when="not_trusted", client=network)
    elif not forwarded and network != own and (trusted or (_is_inside(network) and network != peer)):
        yield fault(answer, client=network)
    elif network != own:
        yield note(answer, "seen_as", client=network)
    pretending = register.ask("health/client", ("X-Forwarded-For", _SOMEBODY))
    if pretending.json().get("client") == _network(_SOMEBODY):
        if network == own:
            yield note(pretending, "trusted")
        else:
            yield fault(pretending, when="pretended")


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
            yield fault(again, when="gone", seconds=round(register.patience))


CHECKS: Final = checks("operation", _ready, _certificate, _clock, _client, _idle)
