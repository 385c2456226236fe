"""Checks on the services: queries by POST, results that are cut off, reconciliation as OpenRefine asks, Memento."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlencode

from vertragsgraph.doctor.check import Check, Observations, fault, inapplicable, note
from vertragsgraph.doctor.deployment import JSON_RESULTS, Deployment
from vertragsgraph.texts import marked

_WORD: Final = "Verträge"
_QUERY: Final = f'SELECT ("{_WORD}" AS ?word) {{}}'
_FORM: Final = "application/x-www-form-urlencoded"
_SPARQL: Final = "application/sparql-query"
_UPGRADE: Final = (
    "Connection: Upgrade, HTTP2-Settings",
    "Upgrade: h2c",
    "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA",
)
# Rows come from the beginning, so that the answer begins, but there is far more to compute than a second allows.
_CUT: Final = """SELECT (1 AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i
  FILTER(STRENDS(MD5(CONCAT(STR(?a), STR(?d), STR(?g))), "0")) }"""
_CUT_SECONDS: Final = "1"


def _post(register: Deployment) -> Observations:
    encoded = urlencode({"query": _QUERY})
    for media_type, content in ((_FORM, encoded), (_SPARQL, _QUERY), (f"{_SPARQL}; charset=UTF-8", _QUERY)):
        headers = (("Content-Type", media_type), ("Accept", JSON_RESULTS))
        answer = register.ask("sparql", *headers, method="POST", content=content.encode())
        if answer.status != 200 or _WORD not in answer.text:
            yield fault(answer, "Content-Type")


def _upgrade(register: Deployment) -> Observations:
    headers = (*_UPGRADE, f"Content-Type: {_FORM}", f"Accept: {JSON_RESULTS}")
    body = urlencode({"query": _QUERY}).encode()
    with register.connect() as connection:
        answers = connection.ask(f"POST {register.root.path}sparql", *headers, body=body, quiet=0.5)
    if answers[0].status != 200 or _WORD not in answers[0].text:
        yield fault(answers[0])
    if len(answers) > 1:
        yield fault(answers[1], mend=TWICE)


def _cut_off(register: Deployment) -> Observations:
    answer = register.query(_CUT, timeout=_CUT_SECONDS)
    if answer.is_problem or answer.json():
        yield inapplicable(
            marked("The query that was to be cut off was stopped before its answer began, or came to its end.")
        )
    elif answer.status != 200 or answer.is_whole:
        yield fault(answer, "Content-Type", "Transfer-Encoding", "Content-Length")


def _blank_cells(register: Deployment) -> Observations:
    queries = {f"q{number}": {"query": cell, "limit": 3} for number, cell in enumerate(("Verein", " ", "\u00a0"))}
    answer = register.ask("reconcile", method="POST", form={"queries": json.dumps(queries)})
    batch = answer.json()
    if answer.status != 200 or any("result" not in batch.get(key, {}) for key in queries):
        yield fault(answer, "Content-Type")


def _openrefine(register: Deployment) -> Observations:
    answer = register.ask("reconcile")
    addresses = set(re.findall(r'"(?:url|service_url)"\s*:\s*"([^"]+)"', answer.text))
    if answer.status != 200 or "identifierSpace" not in answer.json() or not addresses:
        yield fault(answer, "Content-Type", mend=BELOW)
    for address in sorted(address for address in addresses if not register.is_within(address)):
        yield fault(answer, address=address)
    suggested = register.ask("reconcile/suggest/entity?prefix=a")
    if suggested.status != 200 or "result" not in suggested.json():
        yield fault(suggested, "Content-Type", mend=BELOW)


def _memento(register: Deployment) -> Observations:
    now = ("Accept-Datetime", format_datetime(datetime.now(UTC), usegmt=True))
    for path in (path for path in (register.dump, register.document) if path.startswith(("dumps/", "doc/"))):
        gate = register.ask(path, now, method="HEAD")
        past = register.follow(gate.location, method="HEAD") if gate.is_redirect else gate
        relations = {relation for _, names in past.links() for relation in names}
        if not gate.is_redirect or "accept-datetime" not in gate.header("Vary").lower():
            yield fault(gate, "Vary", "Location")
        elif past.status != 200 or not past.header("Memento-Datetime") or not {"original", "timegate"} <= relations:
            yield fault(past, "Memento-Datetime", "Link")
        elif past.header("Repr-Digest") != register.ask(path, method="HEAD").header("Repr-Digest"):
            yield note(past, ROLLED_BACK)


POST: Final = marked(
    "A posted query doesn't arrive as it was sent. Let the proxy pass on POST to /sparql, its body and its `Content-Type` "
    "(a web application firewall takes queries for attacks: exempt it)."
)
UPGRADE: Final = marked(
    "A POST that offers to go on in HTTP/2 loses its body; Java's client and Jena offer it each time. Let the proxy drop "
    'the offer (nginx: `proxy_set_header Connection "";` and no `Upgrade`), or use a newer server.'
)
CUT_OFF: Final = marked(
    "A result that the server broke off ends as if it were complete, and whoever reads it counts wrong. nginx: "
    "`proxy_http_version 1.1;` and `proxy_buffering off;`; no cache in front of /sparql."
)
BLANK_CELLS: Final = marked(
    "One blank cell, and OpenRefine gets nothing for all cells of its batch. A newer server answers the others; let the "
    "proxy pass on POST to /reconcile."
)
OPENREFINE: Final = marked(
    "The manifest sends OpenRefine to {address}; set `public_url` in register.toml, and build again."
)
MEMENTO: Final = marked(
    "Nothing leads from here to the past and back. Let the proxy pass on `Accept-Datetime`, and `Vary`, `Link` and "
    "`Memento-Datetime` of the answers, and let caches heed `Vary`."
)
TWICE: Final = marked(
    "One request got two answers: what it carries is taken for another request (request smuggling). Use a newer server, and let "
    "the proxy drop `Upgrade`."
)
BELOW: Final = marked("OpenRefine gets no answer here; let the proxy pass on /reconcile and everything below it.")
ROLLED_BACK: Final = marked(
    "The newest release isn't the one that is served: an older one was activated, or a cache keeps what is stale."
)

CHECKS: Final = (
    Check(marked("Queries arrive by POST"), "SPARQL 1.1 Protocol, sections 2.1.2, 2.1.3", _post, POST),
    Check(marked("A POST that offers HTTP/2 is answered once"), "RFC 9110, section 7.8", _upgrade, UPGRADE),
    Check(marked("A result that is cut off doesn't look complete"), "RFC 9112, section 8", _cut_off, CUT_OFF),
    Check(
        marked("A blank cell costs no other its candidates"),
        "Reconciliation API 0.2, section 4",
        _blank_cells,
        BLANK_CELLS,
    ),
    Check(
        marked("OpenRefine is sent to the right addresses"),
        "Reconciliation API 0.2, section 3",
        _openrefine,
        OPENREFINE,
    ),
    Check(marked("The present of Memento is what is served"), "RFC 7089, sections 2.1, 4.1", _memento, MEMENTO),
)
