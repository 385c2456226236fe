"""Checks on HTTP's messages: methods, ranges, validators, negotiation, codings, cross-origin requests, errors."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from vertragsgraph.doctor.check import Observations, checks, fault, inapplicable, warning
from vertragsgraph.doctor.deployment import Deployment

_ALIKE: Final = ("Content-Type", "Content-Encoding", "Content-Language", "ETag", "Last-Modified", "Link", "Vary")
_SELECT: Final = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 500"
_ASK: Final = "sparql?query=ASK%7B%7D"
_JAVA: Final = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
_ORIGIN: Final = ("Origin", "https://somewhere-else.example")
_PREFLIGHT: Final = (
    _ORIGIN,
    ("Access-Control-Request-Method", "POST"),
    ("Access-Control-Request-Headers", "content-type"),
)


def _head(register: Deployment) -> Observations:
    for path in ("", "catalog.ttl", register.dump, register.document, _ASK):
        whole, only = register.ask(path), register.ask(path, method="HEAD")
        differing = [name for name in _ALIKE if whole.header(name) != only.header(name)]
        if only.header("Content-Length") not in {"", str(len(whole.body))}:
            differing.append("Content-Length")
        if differing or only.status != whole.status:
            yield fault(only, *differing, status=whole.came(*differing))


def _ranges(register: Deployment) -> Observations:
    if register.dump not in register.dumps:
        yield inapplicable("no_dump")
        return
    whole = register.ask(register.dump)
    size = len(whole.body)
    for asked, part in (("0-9", whole.body[:10]), ("-10", whole.body[-10:]), (f"{size - 5}-", whole.body[-5:])):
        answer = register.ask(register.dump, ("Range", f"bytes={asked}"))
        if answer.status != 206 or answer.body != part or not answer.header("Content-Range").endswith(f"/{size}"):
            yield fault(answer, "Content-Range", "Content-Encoding")
    beyond = register.ask(register.dump, ("Range", f"bytes={size + 1}-"))
    if beyond.status != 416 or beyond.header("Content-Range") != f"bytes */{size}":
        yield fault(beyond, "Content-Range")
    for validator, status in ((whole.header("ETag"), 206), ('"another"', 200)):
        answer = register.ask(register.dump, ("Range", "bytes=0-9"), ("If-Range", validator))
        if answer.status != status:
            yield fault(answer, "ETag", "Content-Range", when="if_range")


def _conditions(register: Deployment) -> Observations:
    for path in (register.dump, _ASK):
        answer = register.ask(path)
        strong, since = answer.header("ETag").removeprefix("W/"), answer.header("Last-Modified")
        again = [("If-None-Match", value) for value in (strong, f"W/{strong}", f'"another", {strong}', "*")]
        for condition in [*again, *([("If-Modified-Since", since)] if since else [])]:
            known = register.ask(path, condition)
            if known.status != 304 or known.body:
                yield fault(known, "ETag")
        if (changed := register.ask(path, ("If-None-Match", '"another"'))).status != 200:
            yield fault(changed, "ETag", when="unchanged")


def _accept(register: Deployment) -> Observations:
    wanted: list[tuple[str, tuple[str, ...], str]] = [
        ("catalog", ("text/turtle;q=0.9999",), "text/turtle"),
        ("catalog", ("image/png", "application/ld+json"), "application/ld+json"),
        ("catalog", ("application/rdf+xml;q=.9, text/turtle;q=.1",), "application/rdf+xml"),
    ]
    for path in (register.document, "sparql?query=SELECT%2A%7B%7D"):
        wanted += [(path, (value,), "") for value in (_JAVA, "*", "*/*;q=.5")]
    for path, lines, media_type in wanted:
        answer = register.ask(path, *(("Accept", line) for line in lines))
        if answer.status != 200 or media_type not in {"", answer.media_type}:
            yield fault(answer, "Content-Type")


def _umlauts(register: Deployment) -> Observations:
    encoded = register.ask(f"search.json?q={quote('Öffnung')}")
    with register.connect() as connection:
        raw = connection.ask(f"GET {register.root.path}search.json?q=Öffnung", "Connection: close")[0]
    if encoded.status != 200:
        yield fault(encoded)
    elif raw.status != 200:
        yield warning(raw)  # whoever sends them asks for more than RFC 9112 grants
    elif raw.json() != encoded.json():
        yield fault(raw)


def _charset(register: Deployment) -> Observations:
    texts = {"catalog.ttl": "*/*", f"sparql?query={quote(_SELECT)}": "text/csv", register.document: "text/turtle"}
    for path, media_type in texts.items():
        answer = register.follow(path, ("Accept", media_type))
        if "utf-8" not in answer.header("Content-Type").lower() or "\ufffd" in answer.text:
            yield fault(answer, "Content-Type")


def _cross_origin(register: Deployment) -> Observations:
    for path in ("catalog.ttl", register.dump, register.document, "reconcile", _ASK):
        for headers in ((), (_ORIGIN,)):
            answer = register.ask(path, *headers, method="HEAD")
            if answer.header("Access-Control-Allow-Origin") != "*":
                yield fault(answer, "Access-Control-Allow-Origin")
        exposed = answer.header("Access-Control-Expose-Headers").lower()
        if "*" not in exposed and "etag" not in exposed:
            yield warning(answer, "Access-Control-Expose-Headers", when="hidden")
    for path in ("sparql", "reconcile"):
        answer = register.ask(path, *_PREFLIGHT, method="OPTIONS")
        if answer.status not in {200, 204} or "POST" not in answer.header("Access-Control-Allow-Methods"):
            yield fault(answer, "Access-Control-Allow-Methods")


def _compression(register: Deployment) -> Observations:
    gzip = ("Accept-Encoding", "gzip")
    plain, coded = register.query(_SELECT), register.query(_SELECT, gzip)
    if coded.header("Content-Encoding") != "gzip":
        yield warning(coded, "Content-Encoding", when="uncompressed")
    elif "accept-encoding" not in coded.header("Vary").lower():
        yield fault(coded, "Vary", when="mixed_up")
    if plain.header("Content-Encoding"):
        yield fault(plain, "Content-Encoding")
    for path in ("catalog.ttl", "void.ttl", register.dump):
        plain, coded = register.ask(path), register.ask(path, gzip)
        is_coded = bool(coded.header("Content-Encoding"))
        is_same = coded.header("ETag") == plain.header("ETag")
        if is_coded is is_same or coded.header("Repr-Digest") not in {"", coded.digest}:
            yield fault(coded, "Content-Encoding", "ETag", "Repr-Digest")


def _errors(register: Deployment) -> Observations:
    for path, status in (("sparql?query=SELEKT", 400), ("doc/contract/no-such-thing", 404), ("dumps/no.such", 404)):
        answer = register.ask(path)
        if answer.status != status or not answer.is_problem:
            yield fault(answer, "Content-Type")


def _long_addresses(register: Deployment) -> Observations:
    for size, found in ((8_000, fault), (30_000, fault), (60_000, warning)):
        answer = register.query("ASK {} #" + "x" * size)
        if answer.status != 200 and not answer.is_problem:
            yield found(answer, "Content-Type", size=size)


def _security(register: Deployment) -> Observations:
    page = register.start_page
    expected = {"Content-Security-Policy": "default-src", "X-Content-Type-Options": "nosniff"}
    missing = [name for name, value in expected.items() if value not in page.header(name)]
    if missing:
        yield warning(page, *missing)


CHECKS: Final = checks(
    "messages",
    _head,
    _ranges,
    _conditions,
    _accept,
    _umlauts,
    _charset,
    _cross_origin,
    _compression,
    _errors,
    _long_addresses,
    _security,
)
