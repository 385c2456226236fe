"""Checks on the services: queries by POST, results that are cut off, reconciliation as OpenRefine asks, Memento."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlencode

from vertragsgraph.doctor.check import Observations, checks, fault, inapplicable, note
from vertragsgraph.doctor.deployment import JSON_RESULTS, Deployment

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
        yield fault(answers[1], when="twice")


def _cut_off(register: Deployment) -> Observations:
    answer = register.query(_CUT, timeout=_CUT_SECONDS)
    if answer.is_problem or answer.json():
        yield inapplicable("finished")
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
        yield fault(answer, "Content-Type", when="below")
    for address in sorted(address for address in addresses if not register.is_within(address)):
        yield fault(answer, address=address)
    suggested = register.ask("reconcile/suggest/entity?prefix=a")
    if suggested.status != 200 or "result" not in suggested.json():
        yield fault(suggested, "Content-Type", when="below")


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
            yield note(past, "rolled_back")


CHECKS: Final = checks("services", _post, _upgrade, _cut_off, _blank_cells, _openrefine, _memento)
