"""The doctor at registers that are deployed well, and badly in one way each: it finds that, and nothing else."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from contextvars import copy_context
from http.server import HTTPServer, SimpleHTTPRequestHandler

import httpx
import pytest
from typer.testing import CliRunner
from typer.testing import Result as CommandResult

from tests.doctor.conftest import HAPROXY, PROXY, ROOT, Proxy, examined, free_port, names, told
from vertragsgraph.cli.commands import app
from vertragsgraph.doctor import CHECKS, Deployment, NoRegisterError, Result, Verdict, examine

pytestmark = pytest.mark.slow

PASS = "proxy_pass http://vertragsgraph/;"
REDIRECTS = "Redirects stay within the register"
ADDRESSES = "The register is where it says it is"
SERVICES = "Services take POST where they are published"
HOST = "No answer depends on the Host header"
LINKS = "Links in headers are absolute"
CLIENTS = "The server sees its clients, not the proxy"
RANGES = "A download can go on where it broke off"
CONDITIONS = "What is known already isn't sent again"
SCRIPTS = "Scripts of other sites may read"
COMPRESSION = "Compression leaves validators true"
ACCEPT = "Accept is understood in all its forms"
ERRORS = "Errors say what to do"
LONG = "Long queries arrive by GET"
POST = "Queries arrive by POST"
UPGRADE = "A POST that offers HTTP/2 is answered once"
CUT_OFF = "A result that is cut off doesn't look complete"
BLANK = "A blank cell costs no other its candidates"
MEMENTO = "The present of Memento is what is served"
VOID = "VoID is where it is looked for"
HEAD = "HEAD says what GET says"
FILES = "What the catalogue names can be fetched"

IDLE = "Idle connections stay open"
WAIT = {CUT_OFF, UPGRADE, IDLE}  # these take their time, and are asked where they have something to find

BADLY = {
    "redirects lose the prefix": (
        ("proxy_redirect off;", r"proxy_redirect ~^[./]*(.+)$ /$1;"),
        {REDIRECTS, VOID, MEMENTO},
    ),
    "redirects name the host": (
        ("proxy_redirect off;", r"proxy_redirect ~^[./]*(.+)$ http://$host/$1;"),
        {REDIRECTS, HOST, VOID, MEMENTO},
    ),
    "a cache minds no Vary": (
        (
            "proxy_buffering off;",
            "proxy_cache kept; proxy_cache_valid 200 1m; proxy_ignore_headers Vary Cache-Control; "
            "proxy_cache_key $scheme$host$request_uri;",
        ),
        {ACCEPT, MEMENTO},
    ),
    "errors are replaced": ((PASS, f"{PASS} proxy_intercept_errors on; error_page 400 404 /oops;"), {ERRORS}),
    "CORS is stripped": ((PASS, f"{PASS} proxy_hide_header Access-Control-Allow-Origin;"), {SCRIPTS}),
    "CORS is doubled": ((PASS, f"{PASS} add_header Access-Control-Allow-Origin *;"), {SCRIPTS}),
    "the proxy compresses": (("gzip off;", "gzip on; gzip_types *; gzip_proxied any;"), {COMPRESSION}),
    "short addresses only": (("large_client_header_buffers 4 128k;", ""), {LONG}),
    "nobody says who asks": (("proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;", ""), {CLIENTS}),
    "who asks may lie": (("$proxy_add_x_forwarded_for", "$http_x_forwarded_for"), {CLIENTS}),
    "the proxy isn't trusted": (("proxy_bind 127.0.7.1;", "proxy_bind 127.0.8.1;"), {CLIENTS}),
    "ranges are stripped": ((PASS, f'{PASS} proxy_set_header Range "";'), {RANGES}),
    "conditions are stripped": ((PASS, f'{PASS} proxy_set_header If-None-Match "";'), {CONDITIONS}),
    "links are stripped": ((PASS, f"{PASS} proxy_hide_header Link;"), {LINKS, MEMENTO}),
    "the past is stripped": ((PASS, f'{PASS} proxy_set_header Accept-Datetime "";'), {MEMENTO}),
    "HEAD is refused": (
        (PASS, f"if ($request_method = HEAD) {{ return 405; }} {PASS}"),
        {HEAD, FILES, SCRIPTS, MEMENTO},
    ),
    "only reading is allowed": (
        (PASS, f"{PASS} limit_except GET {{ deny all; }}"),
        {POST, UPGRADE, SERVICES, BLANK, SCRIPTS},
    ),
}


def doctor(*arguments: object, lang: str = "en") -> CommandResult:
    """Run the command, in a context of its own: the language that is chosen holds for the process that it usually is."""
    return copy_context().run(CliRunner().invoke, app, ["doctor", *map(str, arguments), "--lang", lang])


@pytest.fixture(scope="module")
def well(deployed: Proxy) -> list[Result]:
    """What the doctor finds at the register behind nginx as docs/nginx.conf has it."""
    deployed.start()
    found = examined(deployed.url, deployed.context)
    deployed.stop()
    return found


@pytest.fixture
def proxy(deployed: Proxy) -> Iterator[Proxy]:
    """A proxy that ends with the test."""
    yield deployed
    deployed.stop()


def test_a_server_alone_has_no_faults(alone: str) -> None:
    found = examined(alone, ssl.create_default_context())
    assert names(found) == set(), told(found, names(found))
    assert names(found, Verdict.WARNING) == set()


def test_the_documented_nginx_makes_no_faults(well: list[Result]) -> None:
    assert names(well) == set(), told(well, names(well))
    assert names(well, Verdict.WARNING) == set()


@pytest.mark.skipif(HAPROXY is None, reason="HAProxy is not installed")
def test_the_documented_haproxy_makes_no_faults(proxy: Proxy) -> None:
    both = proxy.folder / "both.pem"
    both.write_bytes(proxy.certificate.read_bytes() + (proxy.folder / "key.pem").read_bytes())
    text = (ROOT / "docs" / "haproxy.cfg").read_text("utf-8")
    for old, new in (
        ("bind :80\n", f"bind 127.0.0.1:{free_port()}\n"),
        ("bind :443 ssl", f"bind 127.0.0.1:{httpx.URL(proxy.url).port} ssl"),
        ("/etc/haproxy/register.example.org.pem", str(both)),
        ("127.0.0.1:8000", f"{proxy.server} source {PROXY}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (proxy.folder / "haproxy.cfg").write_text(text, "utf-8")
    proxy.run(str(HAPROXY), "-f", str(proxy.folder / "haproxy.cfg"))
    found = examined(proxy.url, proxy.context)
    assert names(found) == set(), told(found, names(found))
    assert names(found, Verdict.WARNING) == set()


@pytest.mark.parametrize("kind", BADLY)
def test_a_proxy_that_is_badly_configured_is_found_out(kind: str, proxy: Proxy, well: list[Result]) -> None:
    change, expected = BADLY[kind]
    proxy.start(change)
    found = examined(proxy.url, proxy.context, [check for check in CHECKS if check.name not in WAIT - expected])
    faults = names(found) - names(well)
    assert faults == expected - names(well), told(found, faults ^ expected)


def test_a_post_to_the_published_address_that_is_redirected_is_found_out(proxy: Proxy) -> None:
    there = proxy.url.replace("localhost", "127.0.0.1")
    move = f"if ($host = localhost) {{ return 301 {there.removesuffix('/hessen/')}$request_uri; }}"
    proxy.start(("gzip off;", f"gzip off; {move}"))
    found = examined(there, proxy.context)
    assert SERVICES in names(found)
    assert ADDRESSES in names(found, Verdict.WARNING)
    (post,) = {
        result.observed.asked for result in found if result.check.name == SERVICES and "sparql" in result.observed.asked
    }
    assert post == f"POST {proxy.url}sparql"


def test_a_connection_that_is_closed_early_is_told(proxy: Proxy) -> None:
    proxy.start(("gzip off;", "gzip off; keepalive_timeout 1s;"))
    with Deployment(httpx.URL(proxy.url), proxy.context, patience=4) as deployment:
        (found,) = examine(deployment, [check for check in CHECKS if check.name == IDLE])
    assert found.observed.verdict is Verdict.WARNING
    assert re.search(r"closed after 1\.\d seconds", found.document("en")["mend"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((PASS, "proxy_pass http://vertragsgraph;"), "doesn't know the prefix /hessen/"),
        ((PASS, "proxy_pass http://127.0.0.1:1/;"), "a proxy answers"),
        ((PASS, "return 302 https://example.org$request_uri;"), "leads to https://example.org/hessen/"),
    ],
)
def test_where_no_register_answers_the_reason_is_told(change: tuple[str, str], said: str, proxy: Proxy) -> None:
    proxy.start(change)
    with (
        Deployment(httpx.URL(proxy.url), proxy.context) as deployment,
        pytest.raises(NoRegisterError, match=re.escape(said)),
    ):
        deployment.identify()


def test_a_certificate_that_nobody_vouches_for_is_told_and_can_be_passed_over(proxy: Proxy) -> None:
    proxy.start()
    refused = doctor(proxy.url)
    assert refused.exit_code == 2
    assert "the certificate of localhost isn't accepted" in refused.stderr
    assert "--ca FILE" in refused.stderr
    passed = doctor(proxy.url.replace("hessen", "elsewhere"), "--insecure")
    assert (passed.exit_code, "this is no vertragsgraph register" in passed.stderr) == (2, True)
    unread = doctor(proxy.url, "--ca", proxy.folder / "key.pem")
    assert (unread.exit_code, "key.pem holds no certificates" in unread.stderr) == (2, True)


def test_results_are_told_as_json(proxy: Proxy) -> None:
    proxy.start()
    told = doctor(proxy.url, "--ca", proxy.certificate, "--format", "json")
    document = json.loads(told.stdout)
    assert document["url"] == proxy.url
    assert {result["check"] for result in document["results"]} == {check.name for check in CHECKS}
    assert told.exit_code == any(result["verdict"] == "fault" for result in document["results"])
    assert document["requests"] < 200


def test_results_are_told_as_text_in_the_language_asked_for(alone: str) -> None:
    told = doctor(alone, lang="de")
    assert "in Ordnung: Abfragen kommen mit POST an (SPARQL 1.1 Protocol, sections 2.1.2, 2.1.3)" in told.stdout
    assert "entfällt: Verbindungen sind verschlüsselt" in told.stdout
    assert re.search(r"\d+ in Ordnung, \d+ Warnungen, \d+ Fehler, \d+ entfallen", told.stderr)


class Relay:
    """Passes bytes on both ways, and ends every chunked answer politely, as a proxy does that doesn't tell of failures."""

    def __init__(self, url: str) -> None:
        host, port = url.split("/")[2].split(":")
        self._server = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                threading.Thread(target=self._pass, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
            target.close()

    @staticmethod
    def _answer(server: socket.socket, client: socket.socket) -> None:
        last = b""
        with suppress(OSError):
            while data := server.recv(65_536):
                client.sendall(data)
                last = (last + data)[-4096:]
        with suppress(OSError):
            if b"\r\n" in last and not last.endswith(b"0\r\n\r\n"):
                client.sendall(b"0\r\n\r\n")
            client.close()


def test_cut_offs_survive_buffers_and_http_1_0(proxy: Proxy) -> None:
    proxy.start(("proxy_http_version 1.1;", "proxy_http_version 1.0;"), ("proxy_buffering off;", ""))
    (found,) = examined(proxy.url, proxy.context, [check for check in CHECKS if check.name == CUT_OFF])
    assert found.observed.verdict is Verdict.OK


def test_a_proxy_that_hides_that_a_result_was_cut_off_is_found_out(alone: str) -> None:
    relay = Relay(alone)
    context = ssl.create_default_context()
    check = [check for check in CHECKS if check.name == CUT_OFF]
    with Deployment(httpx.URL(relay.url), context) as hidden, Deployment(httpx.URL(alone), context) as direct:
        assert names(list(examine(hidden, check))) == {CUT_OFF}
        assert [result.observed.verdict for result in examine(direct, check)] == [Verdict.OK]
    relay.close()


def test_nothing_but_a_register_is_examined() -> None:
    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Silent) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        answer = doctor(f"http://127.0.0.1:{other.server_port}/")
        other.shutdown()
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "this is no vertragsgraph register" in answer.stderr
    assert "404, Content-Type: text/html" in answer.stderr


@pytest.mark.parametrize(("lang", "said"), [("en", "nothing answers at"), ("de", "antwortet nichts")])
def test_an_address_where_nothing_answers_is_told(lang: str, said: str) -> None:
    answer = doctor(f"http://127.0.0.1:{free_port()}", lang=lang)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert said in answer.stderr
    assert "Connection refused" in answer.stderr


@pytest.mark.parametrize("address", ["ftp://example.org/", "http://", "http://name:port/", ""])
def test_what_is_no_address_is_told(address: str) -> None:
    answer = doctor(address)
    assert answer.exit_code == 2
    assert "give one such as https://register.example.org/" in answer.stderr
