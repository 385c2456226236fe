"""The register that is asked: how to ask it, and what it says of itself."""

from __future__ import annotations

import re
import ssl
import time
from contextlib import suppress
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox

from vertragsgraph import __version__
from vertragsgraph.doctor.answer import Answer, NoAnswerError
from vertragsgraph.doctor.raw import SECONDS, RawConnection
from vertragsgraph.doctor.texts import TEXTS
from vertragsgraph.rdf.namespaces import DCAT, SD
from vertragsgraph.texts import ENGLISH, Language, translate

JSON_RESULTS: Final = "application/sparql-results+json"
_HEADERS: Final = {
    "User-Agent": f"vertragsgraph-doctor/{__version__}",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
}
_LARGEST: Final = 24 * 1024 * 1024
_LONGEST_WAIT: Final = 5
_SHOWN: Final = 200
_RELEASE: Final = re.compile(r"/releases/([0-9-]+\.[0-9a-f]+)$")

Header = tuple[str, str]


class NoRegisterError(Exception):
    """There is no register at the address; what is there instead, and what to do, is told by the occasion."""

    def __init__(self, occasion: str, **values: object) -> None:
        self._text = TEXTS["no_register"][occasion]
        self._values = values
        super().__init__(self.in_language(ENGLISH))

    def in_language(self, language: Language) -> str:
        """Return why, in a language."""
        return translate(self._text, language, **self._values)


class Deployment:
    """A register at its public root; `context` says which certificates are believed.

    An idle connection is watched for `patience` seconds. Requests come one after the other and follow no redirects;
    `requests` counts them. After `seconds` nothing more is asked.
    """

    def __init__(
        self, url: httpx.URL, context: ssl.SSLContext, *, patience: float = 6.0, seconds: float = 180.0
    ) -> None:
        path = url.raw_path.partition(b"?")[0].rstrip(b"/")
        self.root = url.copy_with(raw_path=path + b"/", fragment=None)
        self.patience = patience
        self.requests = 0
        self._ends = time.monotonic() + patience + seconds
        self._context = context
        self._client = httpx.Client(verify=context, timeout=SECONDS, trust_env=False, headers=_HEADERS)

    def __enter__(self) -> Deployment:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(
        self,
        path: str | httpx.URL,
        *headers: Header,
        method: str = "GET",
        content: bytes | None = None,
        form: dict[str, str] | None = None,
    ) -> Answer:
        """Ask for a path below the root, or an address. Raises `NoAnswerError`.

        Where the client asks too much (429) it waits as it is told to, and asks again, once.
        """
        address = str(path) if "://" in str(path) else f"{self.root}{path}"
        shown = address if len(address) <= _SHOWN else f"{address[:_SHOWN]}…"
        asked = " ".join([method, shown, *(f"({name}: {value})" for name, value in headers)])
        try:
            url = self.root.join(path)
            request = self._client.build_request(method, url, headers=list(headers), content=content, data=form)
            answer = self._send(asked, request)
            wait = answer.header("Retry-After")
            if answer.status == 429 and wait.isdigit() and int(wait) <= _LONGEST_WAIT:
                time.sleep(int(wait))
                answer = self._send(asked, request)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise NoAnswerError(asked, str(error) or type(error).__name__) from error
        return answer

    def query(self, query: str, *headers: Header, **parameters: str) -> Answer:
        """Ask a query by GET, for results in JSON."""
        path = f"sparql?{urlencode({'query': query, **parameters})}"
        return self.ask(path, ("Accept", JSON_RESULTS), *headers)

    def follow(self, url: str | httpx.URL, *headers: Header, method: str = "GET") -> Answer:
        """Ask for an address and follow up to five redirects. Raises `NoAnswerError`."""
        answer = self.ask(url, *headers, method=method)
        for _ in range(5):
            if not answer.is_redirect:
                break
            answer = self.ask(answer.location, *headers, method=method)
        return answer

    def connect(self) -> RawConnection:
        """Open a bare connection. Raises `NoAnswerError`."""
        self._count(f"CONNECT {self.root.netloc.decode()}")
        return RawConnection(self.root, self._context)

    def is_within(self, url: str | httpx.URL) -> bool:
        """Tell whether an absolute address is the register's: below its root or what it says its root is, or a service's."""
        return str(url).startswith((str(self.root), self.public_url, *self.endpoints))

    @cached_property
    def start_page(self) -> Answer:
        """The start page."""
        return self.ask("", ("Accept", "text/html"))

    @cached_property
    def release(self) -> str:
        """The id of the release that is served, as the start page cites it, or as `/health/ready` names it."""
        with suppress(NoAnswerError):
            for target, relations in self.start_page.links():
                if "cite-as" in relations and (found := _RELEASE.search(target)):
                    return found[1]
        with suppress(NoAnswerError):
            return str(self.ask("health/ready").json().get("release", ""))
        return ""

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the release; empty where there is none."""
        return dict(self.ask(f"releases/{self.release}/release.json").json()) if self.release else {}

    @cached_property
    def public_url(self) -> str:
        """The root that the register publishes; the one that is asked, where it says nothing."""
        return str(self.manifest.get("url") or self.root)

    @cached_property
    def dumps(self) -> dict[str, dict[str, Any]]:
        """The dumps by the manifest, the smallest first: path below the root, and size, checksum, media type."""
        files = {name: entry for name, entry in self.manifest.get("files", {}).items() if name.startswith("dumps/")}
        return dict(sorted(files.items(), key=lambda item: int(item[1]["bytes"])))

    @property
    def dump(self) -> str:
        """The path of the smallest dump below the root that holds something; the catalogue's where none may be fetched."""
        return next((name for name, entry in self.dumps.items() if 0 < entry["bytes"] <= _LARGEST), "catalog.ttl")

    @cached_property
    def document(self) -> str:
        """The path of the document of some resource below the root; that of the vocabulary where the site map names none."""
        found = re.search(r"<loc>[^<]*/(doc/[^<]+)</loc>", self.ask("sitemap-0.xml").text)
        return found[1] if found else "ontology"

    @cached_property
    def catalogue(self) -> list[ox.Quad]:
        """The statements of the catalogue; none where it can't be read."""
        return statements(self.ask("catalog.ttl"), ox.RdfFormat.TURTLE)

    @cached_property
    def endpoints(self) -> list[str]:
        """The addresses of the services, by the service description and by the catalogue."""
        described = statements(self.ask("sparql", ("Accept", "text/turtle")), ox.RdfFormat.TURTLE)
        return sorted({*objects(described, f"{SD}endpoint"), *objects(self.catalogue, f"{DCAT}endpointURL")})

    def identify(self) -> str:
        """Return the version of the software; raise `NoRegisterError` where there is no register at the address."""
        try:
            answer = self.ask("openapi.json")
        except NoAnswerError as error:
            text = "untrusted" if "CERTIFICATE_VERIFY_FAILED" in error.reason else "unreachable"
            raise NoRegisterError(text, url=self.root, host=self.root.host, reason=error.reason) from error
        about = answer.json().get("info")
        if isinstance(about, dict) and about.get("title") == "vertragsgraph":
            return str(about.get("version", ""))
        if answer.is_redirect:
            raise NoRegisterError(
                "elsewhere", url=self.root, location=str(answer.location).removesuffix("openapi.json")
            )
        if answer.status in {502, 503, 504}:
            raise NoRegisterError("behind", url=self.root, came=answer.came())
        if answer.is_problem and self.root.path != "/":
            raise NoRegisterError("prefix", url=self.root, prefix=self.root.path)
        raise NoRegisterError("foreign", url=self.root, asked=answer.asked, came=answer.came("Content-Type"))

    def _count(self, asked: str) -> None:
        if time.monotonic() > self._ends:
            raise NoAnswerError(asked, "timed out: the whole examination takes too long")
        self.requests += 1

    def _send(self, asked: str, request: httpx.Request) -> Answer:
        self._count(asked)
        response = self._client.send(request, stream=True)
        body, is_whole = bytearray(), True
        try:
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > _LARGEST or time.monotonic() > self._ends:
                    raise NoAnswerError(asked, f"{len(body)} bytes, and no end")
        except httpx.HTTPError:
            is_whole = False
        finally:
            response.close()
        return Answer(asked, request.url, response.status_code, response.headers, bytes(body), is_whole)


def statements(answer: Answer, form: ox.RdfFormat) -> list[ox.Quad]:
    """Return the statements of a document in RDF; none where it can't be read."""
    try:
        return list(ox.parse(answer.body, format=form, base_iri=str(answer.url)))
    except (SyntaxError, ValueError):
        return []


def objects(quads: list[ox.Quad], predicate: str) -> set[str]:
    """Return the IRIs that stand as objects of a property."""
    found = (quad.object for quad in quads if quad.predicate.value == predicate)
    return {term.value for term in found if isinstance(term, ox.NamedNode)}
