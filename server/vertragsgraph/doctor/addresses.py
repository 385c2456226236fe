"""Checks on addresses: redirects stay within the register, and what is published leads there, also by POST."""

from __future__ import annotations

import re
from typing import Any, Final

from vertragsgraph.doctor.answer import NoAnswerError
from vertragsgraph.doctor.check import Observation, Observations, Verdict, checks, fault, inapplicable, warning
from vertragsgraph.doctor.deployment import Deployment, objects
from vertragsgraph.rdf.namespaces import DCAT

_SLASHES: Final = ("contracts/", "catalog/", "reconcile/", "dumps", "releases", ".well-known/void")
_FOREIGN: Final = "somewhere-else.example"
_MOST: Final = 48
_QUESTIONS: Final = {"query": "ASK {}", "queries": '{"q0":{"query":"x","limit":1}}'}  # of both services


def _public_url(register: Deployment) -> Observations:
    if not register.manifest:
        yield fault(register.ask(f"releases/{register.release}/release.json"), "Content-Type", when="no_manifest")
        return
    if register.public_url == str(register.root):
        return
    values: dict[str, Any] = {"published": register.public_url, "root": register.root}
    try:
        there = register.follow(register.public_url, ("Accept", "text/html"))
    except NoAnswerError as error:
        yield Observation(Verdict.FAULT, error.asked, error.reason, values=values)
        return
    if there.status == 200 and str(there.url).startswith(str(register.root)):
        yield warning(there, when="redirected", **values)
    else:
        yield fault(there, **values)


def _redirects(register: Deployment) -> Observations:
    for path in (*_SLASHES, register.document.replace("doc/", "id/", 1)):
        answer = register.ask(path)
        if answer.is_redirect and not register.is_within(answer.location):
            yield fault(answer, "Location")
        elif answer.is_redirect and (there := register.follow(answer.location)).status != 200:
            yield fault(there, when="nothing_there", path=path)
    if register.root.path != "/":
        answer = register.ask(register.root.copy_with(path=register.root.path.rstrip("/")))
        if answer.is_redirect and answer.location != register.root:
            yield fault(answer, "Location")


def _host(register: Deployment) -> Observations:
    shown = ("Location", "Link", "Content-Location")
    for path in ("contracts/", "", "dumps"):
        for name in ("Host", "X-Forwarded-Host"):
            try:
                answer = register.ask(path, (name, _FOREIGN))
            except NoAnswerError:  # a proxy that knows its hosts may close the connection
                continue
            if any(_FOREIGN in answer.header(header) for header in shown):
                yield fault(answer, *shown)


def _plain_http(register: Deployment) -> Observations:
    if register.root.scheme != "https" or register.root.port is not None:
        yield inapplicable("no_twin")
        return
    try:
        answer = register.ask(register.root.copy_with(scheme="http").join("sparql"), method="POST", form=_QUESTIONS)
    except NoAnswerError:
        return
    if not answer.is_redirect:
        yield warning(answer, when="unencrypted")
    elif answer.location != register.root.join("sparql") or answer.status not in {307, 308}:
        yield warning(answer, "Location")


def _services(register: Deployment) -> Observations:
    for address in register.endpoints:
        answer = register.ask(address, method="POST", form=_QUESTIONS)
        if answer.is_redirect:
            yield fault(answer, "Location")
        elif answer.status != 200:
            yield fault(answer, when="no_service")
    if not register.endpoints:
        description = register.ask("sparql", ("Accept", "text/turtle"))
        yield fault(description, "Content-Type", when="unpublished")


def _files(register: Deployment) -> Observations:
    named = [objects(register.catalogue, DCAT + name) for name in ("accessURL", "downloadURL", "landingPage")]
    addresses = sorted({address for found in named for address in found})[:_MOST]
    answers = [register.follow(address, method="HEAD") for address in addresses]
    failed = [answer for answer in answers if answer.status != 200]
    if failed:
        yield fault(failed[0], failed=len(failed), all=len(addresses))
    if not addresses:
        yield fault(register.ask("catalog.ttl"), "Content-Type", when="nothing_named")


def _links(register: Deployment) -> Observations:
    page = register.start_page
    relations = [relation for _, names in page.links() for relation in names]
    if relations.count("cite-as") != 1 or "describedby" not in relations or relations.count("license") > 1:
        yield fault(page, "Link", when="unnamed")
    for path in ("", register.dump, register.document):
        answer = register.ask(path, ("Accept", "text/html"), method="HEAD")
        if any("://" not in target for target, _ in answer.links()):
            yield fault(answer, "Link")


def _crawlers(register: Deployment) -> Observations:
    origin = register.root.copy_with(path="/robots.txt")
    robots = register.follow(origin)
    maps = re.findall(r"(?im)^sitemap:\s*(\S+)", robots.text)
    if not any(register.is_within(address) for address in maps):
        yield warning(robots, when="robots", path=register.root.path)
    site_map = register.ask("sitemap-0.xml")
    pages = re.findall(r"<loc>([^<]*)</loc>", site_map.text)
    if not pages or not all(register.is_within(address) for address in pages):
        yield fault(site_map, "Content-Type", root=register.public_url)


CHECKS: Final = checks("addresses", _public_url, _redirects, _host, _plain_http, _services, _files, _links, _crawlers)
