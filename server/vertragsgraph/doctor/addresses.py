"""Checks on addresses: redirects stay within the register, and what is published leads there, also by POST."""

from __future__ import annotations

import re
from typing import Any, Final

from vertragsgraph.doctor.answer import NoAnswerError
from vertragsgraph.doctor.check import Check, Observation, Observations, Verdict, fault, inapplicable, warning
from vertragsgraph.doctor.deployment import DCAT, Deployment, objects
from vertragsgraph.texts import marked

_SLASHES: Final = ("contracts/", "catalog/", "reconcile/", "dumps", "releases", ".well-known/void")
_FOREIGN: Final = "somewhere-else.example"
_MOST: Final = 48
_QUESTIONS: Final = {"query": "ASK {}", "queries": '{"q0":{"query":"x","limit":1}}'}  # of both services


def _public_url(register: Deployment) -> Observations:
    if not register.manifest:
        yield fault(register.ask(f"releases/{register.release}/release.json"), "Content-Type", mend=NO_MANIFEST)
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
        yield warning(there, mend=REDIRECTED, **values)
    else:
        yield fault(there, **values)


def _redirects(register: Deployment) -> Observations:
    for path in (*_SLASHES, register.document.replace("doc/", "id/", 1)):
        answer = register.ask(path)
        if answer.is_redirect and not register.is_within(answer.location):
            yield fault(answer, "Location")
        elif answer.is_redirect and (there := register.follow(answer.location)).status != 200:
            yield fault(there, mend=marked("This is where {path} leads, and nothing is there."), path=path)
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
        yield inapplicable(marked("Only https at its usual port has a twin with http."))
        return
    try:
        answer = register.ask(register.root.copy_with(scheme="http").join("sparql"), method="POST", form=_QUESTIONS)
    except NoAnswerError:
        return
    if not answer.is_redirect:
        yield warning(answer, mend=marked("The register answers without encryption, too; redirect to https (308)."))
    elif answer.location != register.root.join("sparql") or answer.status not in {307, 308}:
        yield warning(answer, "Location")


def _services(register: Deployment) -> Observations:
    for address in register.endpoints:
        answer = register.ask(address, method="POST", form=_QUESTIONS)
        if answer.is_redirect:
            yield fault(answer, "Location")
        elif answer.status != 200:
            yield fault(answer, mend=marked("No service answers at the address that is published for it."))
    if not register.endpoints:
        description = register.ask("sparql", ("Accept", "text/turtle"))
        yield fault(
            description, "Content-Type", mend=marked("Neither the endpoint nor the catalogue says where services are.")
        )


def _files(register: Deployment) -> Observations:
    named = [objects(register.catalogue, DCAT + name) for name in ("accessURL", "downloadURL", "landingPage")]
    addresses = sorted({address for found in named for address in found})[:_MOST]
    answers = [register.follow(address, method="HEAD") for address in addresses]
    failed = [answer for answer in answers if answer.status != 200]
    if failed:
        yield fault(failed[0], failed=len(failed), all=len(addresses))
    if not addresses:
        yield fault(
            register.ask("catalog.ttl"), "Content-Type", mend=marked("The catalogue names nothing that can be fetched.")
        )


def _links(register: Deployment) -> Observations:
    page = register.start_page
    relations = [relation for _, names in page.links() for relation in names]
    if relations.count("cite-as") != 1 or "describedby" not in relations or relations.count("license") > 1:
        yield fault(page, "Link", mend=UNNAMED)
    for path in ("", register.dump, register.document):
        answer = register.ask(path, ("Accept", "text/html"), method="HEAD")
        if any("://" not in target for target, _ in answer.links()):
            yield fault(answer, "Link")


def _crawlers(register: Deployment) -> Observations:
    origin = register.root.copy_with(path="/robots.txt")
    robots = register.follow(origin)
    maps = re.findall(r"(?im)^sitemap:\s*(\S+)", robots.text)
    if not any(register.is_within(address) for address in maps):
        yield warning(robots, mend=ROBOTS, path=register.root.path)
    site_map = register.ask("sitemap-0.xml")
    pages = re.findall(r"<loc>([^<]*)</loc>", site_map.text)
    if not pages or not all(register.is_within(address) for address in pages):
        yield fault(site_map, "Content-Type", root=register.public_url)


PUBLIC_URL: Final = marked(
    "The register says it is at {published}, which doesn't lead to {root}: its catalogue, services and files are "
    "published where they aren't. Set `public_url` in register.toml to the address it is reached at, and build again."
)
REDIRECTS: Final = marked(
    "This leads out of the register (another host, scheme or path prefix). nginx: `proxy_redirect off;`, since the "
    "server's redirects are relative, and `absolute_redirect off;` for its own; HAProxy: no `replace-header Location`."
)
HOST: Final = marked(
    "What a client calls the host comes back in the answer: caches can be poisoned with it. Use a newer server, or "
    "let the proxy say what the host is called (nginx: `proxy_set_header Host $server_name;`)."
)
PLAIN_HTTP: Final = marked("A POST by http isn't led to https with its body: redirect by 308 to the same path.")
SERVICES: Final = marked(
    "A POST is redirected: by 301, 302 or 303 its body is lost (a query becomes an empty GET), and some clients "
    "follow no redirect of a POST. Set `public_url` in register.toml to the address to which it leads, and build again."
)
FILES: Final = marked(
    "{failed} of {all} addresses of the catalogue don't answer 200 to HEAD; portals show them as broken. Let the proxy "
    "pass on HEAD and everything below the root, and set `public_url` in register.toml to the root."
)
LINKS: Final = marked("Relative references in `Link` break clients; a newer server sends absolute ones.")
CRAWLERS: Final = marked("The site map doesn't name pages below {root}.")
NO_MANIFEST: Final = marked("The manifest of the release isn't there; let the proxy pass on everything below the root.")
UNNAMED: Final = marked(
    "The start page's links (`cite-as`, `describedby`) don't arrive; let the proxy pass on `Link` as it is."
)
REDIRECTED: Final = marked(
    "The register publishes {published}, which redirects to {root}. That does for reading, but services are asked by POST, "
    "which survives few redirects: set `public_url` in register.toml to {root}, and build again."
)
ROBOTS: Final = marked(
    "Crawlers read robots.txt at the root of the host, and there it doesn't name this register's site map. Let the proxy lead "
    "from there to it (nginx: `location = /robots.txt {{ return 302 {path}robots.txt; }}`), or put its lines into yours."
)

CHECKS: Final = (
    Check(marked("The register is where it says it is"), "register.toml, public_url", _public_url, PUBLIC_URL),
    Check(marked("Redirects stay within the register"), "RFC 9110, section 10.2.2", _redirects, REDIRECTS),
    Check(marked("No answer depends on the Host header"), "RFC 9110, section 7.2", _host, HOST),
    Check(marked("Plain http leads to https"), "RFC 9110, section 15.4.9", _plain_http, PLAIN_HTTP),
    Check(
        marked("Services take POST where they are published"), "SPARQL 1.1 Protocol, section 2.1", _services, SERVICES
    ),
    Check(marked("What the catalogue names can be fetched"), "DCAT 3, section 6.8", _files, FILES),
    Check(marked("Links in headers are absolute"), "RFC 8288, section 3; signposting.org", _links, LINKS),
    Check(marked("Crawlers find the site map"), "RFC 9309, section 2.3; sitemaps.org", _crawlers, CRAWLERS),
)
