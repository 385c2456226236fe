"""Checks on HTTP's messages: methods, ranges, validators, negotiation, codings, cross-origin requests, errors."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from vertragsgraph.doctor.check import NO_DUMP, Check, Observations, fault, inapplicable, warning
from vertragsgraph.doctor.deployment import Deployment
from vertragsgraph.texts import marked

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
        yield inapplicable(NO_DUMP)
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
            yield fault(answer, "ETag", "Content-Range", mend=IF_RANGE)


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
            yield fault(changed, "ETag", mend=marked("Who has something else is told that nothing has changed."))


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
        if "etag" not in answer.header("Access-Control-Expose-Headers").lower():
            yield warning(
                answer, "Access-Control-Expose-Headers", mend=marked("Scripts of other sites don't see `ETag` here.")
            )
    for path in ("sparql", "reconcile"):
        answer = register.ask(path, *_PREFLIGHT, method="OPTIONS")
        if answer.status not in {200, 204} or "POST" not in answer.header("Access-Control-Allow-Methods"):
            yield fault(answer, "Access-Control-Allow-Methods")


def _compression(register: Deployment) -> Observations:
    gzip = ("Accept-Encoding", "gzip")
    plain, coded = register.query(_SELECT), register.query(_SELECT, gzip)
    if coded.header("Content-Encoding") != "gzip":
        mend = marked("Results aren't compressed; let the proxy pass on `Accept-Encoding`.")
        yield warning(coded, "Content-Encoding", mend=mend)
    elif "accept-encoding" not in coded.header("Vary").lower():
        yield fault(
            coded, "Vary", mend=marked("Caches mix up compressed and plain results; let the proxy pass on `Vary`.")
        )
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


HEAD: Final = marked(
    "GET gives {status}. Harvesters ask HEAD first: let the proxy pass it on as HEAD, and change no headers for one of "
    "them only (nginx: `proxy_cache_convert_head off;`)."
)
RANGES: Final = marked(
    "Ranges don't arrive, so a download that broke off begins anew. Let the proxy pass on `Range` and leave the bytes of "
    "files alone (nginx: `gzip off;`, no `proxy_cache` without `slice`)."
)
CONDITIONS: Final = marked(
    "Who has this already gets it again. Let the proxy pass on `If-None-Match` and `If-Modified-Since`, and leave `ETag` "
    "as it is."
)
ACCEPT: Final = marked(
    "This way of writing `Accept` isn't understood. Let the proxy pass on all its lines, and let caches heed `Vary`; a newer "
    "server reads all that the standard allows."
)
UMLAUTS: Final = marked(
    "Words with umlauts don't arrive as they were sent. Let the proxy pass on the address as it came (nginx: no variables in "
    "`proxy_pass`; HAProxy: `option accept-invalid-http-request`); a newer server takes raw umlauts, too."
)
CHARSET: Final = marked(
    "Umlauts break where nobody says that this is UTF-8: let the proxy leave `Content-Type` and the body alone."
)
CROSS_ORIGIN: Final = marked(
    "Scripts of other sites can't read this. The server says `Access-Control-Allow-Origin: *` itself, whether they send "
    "`Origin` or not: let the proxy pass that on and add none of its own (two are none), and pass on OPTIONS."
)
COMPRESSION: Final = marked(
    "The proxy compresses by itself: size, `ETag`, `Repr-Digest` and ranges aren't those of the bytes sent. Turn it off "
    "(nginx: `gzip off;`, HAProxy: no `filter compression`); the server compresses what is worth it."
)
ERRORS: Final = marked(
    "What the server says is wrong doesn't arrive. Let the proxy pass on the bodies of errors (nginx: "
    "`proxy_intercept_errors off;`, HAProxy: no `errorfile` for 4xx)."
)
LONG_ADDRESSES: Final = marked(
    "A query of {size} characters doesn't arrive by GET, and nothing says to post it. nginx: "
    "`large_client_header_buffers 4 128k;`, HAProxy: `tune.bufsize 131072`."
)
SECURITY: Final = marked("Let the proxy pass on the security headers of pages; a newer server sends them all.")
IF_RANGE: Final = marked(
    "A download that goes on after the file has changed mixes two files, or none goes on. Let the proxy pass on `If-Range`, "
    "and leave `ETag` as it is (nginx: `gzip off;`, which makes it weak)."
)

CHECKS: Final = (
    Check(marked("HEAD says what GET says"), "RFC 9110, section 9.3.2", _head, HEAD),
    Check(marked("A download can go on where it broke off"), "RFC 9110, section 14", _ranges, RANGES),
    Check(marked("What is known already isn't sent again"), "RFC 9110, section 13", _conditions, CONDITIONS),
    Check(marked("Accept is understood in all its forms"), "RFC 9110, section 12.5.1", _accept, ACCEPT),
    Check(marked("Umlauts in addresses arrive"), "RFC 3986, section 2.5", _umlauts, UMLAUTS),
    Check(marked("Texts are UTF-8 and say so"), "RFC 9110, section 8.3.2", _charset, CHARSET),
    Check(marked("Scripts of other sites may read"), "Fetch, CORS protocol", _cross_origin, CROSS_ORIGIN),
    Check(
        marked("Compression leaves validators true"), "RFC 9110, section 8.8.3.3; RFC 9530", _compression, COMPRESSION
    ),
    Check(marked("Errors say what to do"), "RFC 9457", _errors, ERRORS),
    Check(marked("Long queries arrive by GET"), "RFC 9110, section 15.5.15", _long_addresses, LONG_ADDRESSES),
    Check(marked("Pages come with security headers"), "Content Security Policy Level 3", _security, SECURITY),
)
