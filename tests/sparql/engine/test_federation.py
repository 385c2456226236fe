"""Queries that ask other endpoints: only those allowed, asked by the web process, and certain to end."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import io
import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import ValidationError

from tests.sparql.conftest import Asked, answering, reply
from vertragsgraph.http.problem import Problem
from vertragsgraph.release import Release
from vertragsgraph.settings import Settings
from vertragsgraph.sparql.engine import engine as engines
from vertragsgraph.sparql.engine.dataset import Dataset, dataset_of
from vertragsgraph.sparql.engine.endpoint_client import may_reach
from vertragsgraph.sparql.engine.federation import allowed
from vertragsgraph.sparql.engine.pool import Pool
from vertragsgraph.sparql.engine.request import PreparedRequest
from vertragsgraph.sparql.engine.single_query import run_once

pytestmark = pytest.mark.slow
EX = "http://example.org/"
FOREIGN = f"?s <{EX}number> ?number FILTER (?number < 3)"
ROWS = json.dumps(
    {
        "head": {"vars": ["s"]},
        "results": {"bindings": [{"s": {"type": "uri", "value": f"{EX}id/{i}"}} for i in range(3)]},
    }
).encode()


def values(response: Any, name: str) -> list[str]:
    assert response.status_code == 200, response.text
    return sorted(row[name]["value"] for row in response.json()["results"]["bindings"])


@pytest.fixture(scope="module")
def other(dataset: Dataset, serving: Callable[..., Any]) -> Iterator[str]:
    """Another server's endpoint."""
    with serving(dataset, workers=1) as server:
        yield f"{server.url}/sparql"


def test_the_endpoints_of_the_register_and_of_the_installation_are_allowed(dataset: Dataset) -> None:
    of_register = dataclasses.replace(dataset, federation=("https://b/", "https://a/"))
    assert allowed(dataset, Settings()) == ()
    assert allowed(of_register, Settings()) == ("https://a/", "https://b/")
    assert allowed(of_register, Settings(service_allowed=("https://c/", "https://a/"))) == (
        "https://a/",
        "https://b/",
        "https://c/",
    )
    assert allowed(of_register, Settings(service_allowed=("https://c/",), federated_queries=0)) == ()


@pytest.mark.parametrize("name", ["service_networks", "trusted_proxies", "service_allowed"])
def test_what_is_no_network_and_no_endpoint_is_refused_at_the_start(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings.model_validate({name: ["nonsense"]})


def test_what_is_ours_and_what_is_theirs_come_together(
    dataset: Dataset, serving: Callable[..., Any], other: str, eventually: Callable[..., bool]
) -> None:
    with serving(dataclasses.replace(dataset, federation=(other,))) as server:
        joined = f"SELECT ?name {{ ?s <{EX}name> ?name SERVICE <{other}> {{ {FOREIGN} }} }}"
        response = server.select(joined)
        assert len(values(response, "name")) == 3
        assert response.headers["cache-control"] == "no-store"
        graph = server.select(f"CONSTRUCT {{ ?s a ?number }} {{ SERVICE <{other}> {{ {FOREIGN} }} }}", format="nt")
        assert len(graph.text.splitlines()) == 3
        assert server.select(f"ASK {{ SERVICE <{other}> {{ <{EX}no> ?p ?o }} }}").json()["boolean"] is False
        refused = server.select(joined.replace(other, "http://127.0.0.1:9/"))
        assert (refused.status_code, other in refused.json()["detail"]) == (403, True)
        assert eventually(lambda: server.engine.asking == 0)


def test_an_installation_can_refuse_what_the_register_allows(
    dataset: Dataset, serving: Callable[..., Any], other: str
) -> None:
    with serving(dataclasses.replace(dataset, federation=(other,)), federated_queries=0) as server:
        assert server.select(f"SELECT * {{ SERVICE <{other}> {{ {FOREIGN} }} }}").status_code == 403


def test_no_worker_waits_while_others_are_asked(
    dataset: Dataset, serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    asked, go = threading.Event(), threading.Event()

    def wait(handler: Asked) -> None:
        asked.set()
        go.wait(20)
        reply(handler, ROWS)

    with (
        answering(wait) as iri,
        serving(dataset, service_allowed=(iri,), workers=1) as server,
        ThreadPoolExecutor(1) as pool,
    ):
        assert eventually(lambda: server.engine.crew.alive == 2)
        workers = server.engine.crew.workers
        answer = pool.submit(server.select, f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}")
        assert asked.wait(20)
        assert (server.engine.asking, server.engine.crew.computing) == (1, 0)
        go.set()
        assert len(values(answer.result(), "s")) == 3
        assert server.engine.crew.workers == workers


def test_no_redirect_is_followed(dataset: Dataset, serving: Callable[..., Any]) -> None:
    statuses = iter((301, 302, 303, 307, 308))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)

        def redirect(asked: Asked) -> None:
            asked.send_response(next(statuses))
            asked.send_header("Location", f"http://127.0.0.1:{listener.getsockname()[1]}/")
            asked.send_header("Content-Length", "0")
            asked.end_headers()

        with answering(redirect) as iri, serving(dataset, service_allowed=(iri,), workers=1) as server:
            for _ in range(5):
                response = server.select(f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}")
                assert (response.status_code, "redirect" in response.json()["detail"]) == (502, True)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    "misbehave",
    [
        lambda handler: reply(handler, b"", 500),
        lambda handler: reply(handler, b"", 429),
        lambda handler: reply(handler, ROWS[:-20]),
        lambda handler: reply(handler, ROWS, length=len(ROWS) + 100),
        lambda handler: reply(handler, b"<html>"),
        lambda handler: handler.connection.close(),
    ],
    ids=["500", "429", "truncated JSON", "cut off", "another format", "hangs up"],
)
def test_an_endpoint_that_fails_is_told_and_no_answer_is_made_of_it(
    dataset: Dataset, serving: Callable[..., Any], misbehave: Callable[[Asked], None]
) -> None:
    with answering(misbehave) as iri, serving(dataset, service_allowed=(iri,), workers=1) as server:
        query = f"SELECT (COUNT(*) AS ?n) {{ ?s <{EX}name> ?name SERVICE <{iri}> {{ ?s ?p ?o }} }}"
        response = server.select(query)
        assert response.status_code == 502, response.text
        assert "SERVICE" in response.json()["detail"]
        assert server.select(f"SELECT * {{ <{EX}id/7> ?p ?o }}").status_code == 200


def test_an_endpoint_is_told_who_asks_and_what_and_no_more(
    dataset: Dataset, release: Release, serving: Callable[..., Any]
) -> None:
    came: list[Asked] = []

    def take(asked: Asked) -> None:
        came.append(asked)
        reply(asked, ROWS)

    agent = dataset_of(release).agent
    contact = release.register.contact.email
    assert re.fullmatch(rf"vertragsgraph/[\d.]+ \(https?://\S+; {re.escape(contact)}\)", agent)
    with (
        answering(take) as iri,
        serving(dataclasses.replace(dataset, agent=agent), service_allowed=(iri,)) as server,
    ):
        clause = f"SERVICE <{iri}> {{ ?s <{EX}p> 'ü&+' }}"
        query = f"SELECT * {{ {{ {clause} }} UNION {{ {clause} }} # mine\n}}"
        assert len(values(server.select(query, format="json"), "s")) == 6
    (asked,) = came  # the same is asked once
    assert parse_qs(asked.body.decode()) == {"query": [f"SELECT * WHERE {{ ?s <{EX}p> 'ü&+' }}"]}
    assert {name.lower(): value for name, value in asked.headers.items()} == {
        "host": iri.split("/")[2],
        "user-agent": agent,
        "accept": "application/sparql-results+json, application/sparql-results+xml;q=0.5",
        "accept-encoding": "identity",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": str(len(asked.body)),
        "connection": "keep-alive",
    }


def test_what_another_endpoint_says_of_its_errors_is_not_passed_on(
    dataset: Dataset, serving: Callable[..., Any]
) -> None:
    def fail(asked: Asked) -> None:
        asked.send_response(500, "secret phrase")
        asked.send_header("Content-Type", "text/secret")
        asked.send_header("Content-Length", "11")
        asked.end_headers()
        asked.wfile.write(b"secret body")

    with answering(fail) as iri, serving(dataset, service_allowed=(iri,), workers=1) as server:
        response = server.select(f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}")
        assert response.status_code == 502
        assert iri.split("/")[2] in response.json()["detail"]
        assert "500" in response.json()["detail"]
        assert "secret" not in response.text + str(response.headers)
        silent = server.select(f"SELECT * {{ SERVICE SILENT <{iri}> {{ ?s ?p ?o }} }}").json()
        assert silent["results"]["bindings"] == [{}]
        assert sorted(silent["head"]["vars"]) == ["o", "p", "s"]


def test_a_server_without_a_certificate_is_not_asked(dataset: Dataset, serving: Callable[..., Any]) -> None:
    with answering(lambda asked: reply(asked, ROWS)) as plain:
        iri = plain.replace("http:", "https:")
        with serving(dataset, service_allowed=(iri,), workers=1) as server:
            refused = server.select(f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}")
            assert (refused.status_code, "can't be reached" in refused.json()["detail"]) == (502, True)
            # The engine tries nothing while it is asked where a mistake is.
            mistaken = server.select(f"ASK {{ SERVICE <{iri}> {{ ?s ?p ?o }} }} ASK")
            assert (mistaken.status_code, "“ASK”" in mistaken.json()["detail"]) == (400, True)
            assert server.engine.crew.died == 0


def test_a_server_is_known_by_the_name_that_is_allowed(
    dataset: Dataset, serving: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    options = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    command = ["openssl", *options.split(), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    with answering(lambda asked: reply(asked, ROWS), tls) as by_address:
        named = by_address.replace("127.0.0.1", "localhost")
        with serving(dataset, service_allowed=(named, by_address), workers=1) as server:
            assert len(values(server.select(f"SELECT * {{ SERVICE <{named}> {{ ?s ?p ?o }} }}"), "s")) == 3
            refused = server.select(f"SELECT * {{ SERVICE <{by_address}> {{ ?s ?p ?o }} }}")
            assert (refused.status_code, "can't be reached" in refused.json()["detail"]) == (502, True)


def test_an_answer_has_its_size_and_its_time(dataset: Dataset, serving: Callable[..., Any]) -> None:
    gone = threading.Event()

    def drip(asked: Asked) -> None:
        asked.send_response(200)
        asked.end_headers()
        try:
            while not gone.wait(0.05):
                asked.wfile.write(b" ")
        except OSError:
            gone.set()

    def flood(asked: Asked) -> None:
        asked.send_response(200)
        asked.end_headers()
        with contextlib.suppress(OSError):
            while True:
                asked.wfile.write(b" " * 65_536)

    with (
        answering(drip) as slow,
        answering(flood) as endless,
        serving(dataset, service_allowed=(slow, endless), service_bytes=100_000, workers=1) as server,
    ):
        flooded = server.select(f"SELECT * {{ SERVICE <{endless}> {{ ?s ?p ?o }} }}")
        assert (flooded.status_code, "100000 bytes" in flooded.json()["detail"]) == (502, True)
        late = server.select(f"SELECT * {{ SERVICE <{slow}> {{ ?s ?p ?o }} }}", timeout=1)
        assert (late.status_code, slow.split("/")[2] in late.json()["detail"]) == (504, True)
        assert gone.wait(5)  # it was hung up on
        gone.clear()
        # What is left of the time is enough for the rest of the query.
        assert server.select(f"ASK {{ SERVICE SILENT <{slow}> {{ ?s ?p ?o }} }}", timeout=1).json()["boolean"] is True


def test_no_name_leads_into_a_private_network_unless_that_is_allowed(
    dataset: Dataset, serving: Callable[..., Any]
) -> None:
    with answering(lambda asked: reply(asked, ROWS)) as iri:
        named = iri.replace("127.0.0.1", "127.1")  # a name to whoever resolves it, and no address
        query = f"SELECT * {{ SERVICE <{named}> {{ ?s ?p ?o }} }}"
        for networks, status in (((), 502), (("10.0.0.0/8",), 502), (("127.0.0.0/8", "10.0.0.0/8"), 200)):
            with serving(dataset, service_allowed=(named,), service_networks=networks, workers=1) as server:
                response = server.select(query)
                assert response.status_code == status, response.text
                assert status == 200 or "VERTRAGSGRAPH_SERVICE_NETWORKS" in response.json()["detail"]


@pytest.mark.parametrize(
    "address",
    [
        *[
            "127.0.0.1",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ],
        *["::", "::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"],
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not may_reach(address, ())
    assert may_reach("198.35.26.96", ())
    assert may_reach("2620:0:861:ed1a::1", ())


@pytest.mark.alone
def test_the_deadline_holds_whatever_the_other_side_does(
    dataset: Dataset, serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    silence = threading.Event()
    with (
        answering(lambda _: silence.wait(20) and None) as iri,
        serving(dataset, service_allowed=(iri,), federated_queries=2) as server,
        ThreadPoolExecutor(3) as pool,
    ):
        query = f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}"
        begun = time.monotonic()
        answers = [pool.submit(server.select, query + f"#{i}", timeout=2) for i in range(3)]
        limits = sorted(answer.result().json()["limit"] for answer in answers)
        assert limits == ["federation", "time", "time"]
        assert time.monotonic() - begun < 4
        assert sorted(answer.result().status_code for answer in answers) == [503, 504, 504]
        late = next(answer.result() for answer in answers if answer.result().status_code == 504)
        assert iri.split("/")[2] in late.json()["detail"]
        assert all("retry-after" in answer.result().headers for answer in answers)
        assert eventually(lambda: server.engine.asking == 0)
        assert server.engine.crew.alive >= 3
        silence.set()


@pytest.mark.alone
def test_a_query_whose_client_has_left_asks_nobody_for_long(
    dataset: Dataset, serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    silence = threading.Event()
    with answering(lambda _: silence.wait(20) and None) as iri, serving(dataset, service_allowed=(iri,)) as server:
        for pause in (0.0, 0.02, 1.0):
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                query = f"SELECT%20*%20%7BSERVICE%3C{iri}%3E%7B%3Fs%20%3Fp%20%3Fo%7D%7D"
                connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                assert eventually(lambda: server.engine.asking == 1)
                time.sleep(pause)
            assert eventually(lambda: server.engine.asking == 0, 2)
        assert eventually(lambda: server.engine.asking == 0)
        silence.set()


def test_a_query_that_asks_others_is_told_when_the_server_closes(dataset: Dataset) -> None:
    asked, go = threading.Event(), threading.Event()

    async def close_meanwhile(iri: str) -> Problem:
        engine = Pool(dataset, Settings(workers=1, service_allowed=(iri,)))
        await engine.start()

        async def ask() -> None:
            async with engines.answering(engine, PreparedRequest(f"ASK {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}")):
                pass

        answer = asyncio.create_task(ask())
        await asyncio.to_thread(asked.wait, 20)
        await engine.close()
        with pytest.raises(Problem) as raised:
            await answer
        assert engine.asking == 0
        return raised.value

    def wait(_: Asked) -> None:
        asked.set()
        go.wait(20)

    with answering(wait) as iri:
        assert asyncio.run(close_meanwhile(iri)).status == 503
        go.set()


def test_heavy_queries_and_federated_ones_do_not_wait_for_each_other(
    dataset: Dataset, serving: Callable[..., Any], other: str, eventually: Callable[..., bool]
) -> None:
    with serving(dataset, service_allowed=(other,), workers=1) as server, ThreadPoolExecutor(2) as pool:
        heavy = [
            pool.submit(server.select, f"SELECT (COUNT(*) AS ?n) {{?a ?b ?c . ?d ?e ?f . ?g ?h ?i}}#{i}", timeout=6)
            for i in range(2)
        ]
        assert eventually(lambda: server.engine.crew.heavy == 1)
        assert len(values(server.select(f"SELECT * {{ SERVICE <{other}> {{ {FOREIGN} }} }}"), "s")) == 3
        assert {answer.result().status_code for answer in heavy} == {503}


def test_the_command_line_asks_others_too(dataset: Dataset, other: str) -> None:
    out = io.BytesIO()
    query = f"SELECT ?number {{ SERVICE <{other}> {{ {FOREIGN} }} }} ORDER BY ?number"
    run_once(dataclasses.replace(dataset, federation=(other,)), query, out, Settings())
    assert out.getvalue() == b"number\r\n0\r\n1\r\n2\r\n"
