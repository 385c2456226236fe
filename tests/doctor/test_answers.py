"""What the doctor reads: headers of links, bare connections, and answers that nobody asked for."""

from __future__ import annotations

import inspect
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from vertragsgraph.doctor import CHECKS, Check, Deployment, Verdict, examine
from vertragsgraph.doctor.answer import Answer, NoAnswerError
from vertragsgraph.doctor.raw import RawConnection
from vertragsgraph.doctor.texts import TEXTS

ROOT = Path(__file__).parents[2]


@contextmanager
def saying(answer: bytes) -> Iterator[httpx.URL]:
    """A server that says the same to the first who asks, and closes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            connection.recv(65_536)
            connection.sendall(answer)
            connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield httpx.URL(f"http://127.0.0.1:{listener.getsockname()[1]}/")


def ask(url: httpx.URL, quiet: float = 1.0) -> list[Answer]:
    with RawConnection(url, ssl.create_default_context()) as connection:
        return connection.ask("GET /Ö", body=b"x", quiet=quiet)


def test_two_answers_to_one_request_are_seen() -> None:
    once = b"HTTP/1.1 %s\r\nContent-Length: 2\r\n\r\nok"
    with saying(once % b"400 Bad Request" + once % b"200 OK") as url:
        answers = ask(url)
    assert [(answer.status, answer.body) for answer in answers] == [(400, b"ok"), (200, b"ok")]
    assert answers[0].asked == "GET /Ö"


def test_an_answer_that_ends_with_the_connection_is_read() -> None:
    with saying(b"HTTP/1.1 200 OK\r\nX: \xe4\r\n\r\nwhole") as url:
        (answer,) = ask(url)
    assert (answer.body, answer.header("x"), answer.header("y")) == (b"whole", "ä", "")


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH_9.2\r\n"])
def test_what_is_no_answer_is_told(said: bytes) -> None:
    with saying(said) as url, pytest.raises(NoAnswerError, match="GET /Ö"):
        ask(url)


def test_an_answer_of_another_form_is_a_fault_and_ends_no_examination() -> None:
    with saying(b'HTTP/1.1 200 OK\r\n\r\n{"files":[]}') as url:

        def read(deployment: Deployment) -> Iterator[Any]:
            yield from deployment.ask("").json()["manifest"]

        with Deployment(url, ssl.create_default_context()) as deployment:
            results = list(examine(deployment, [Check("Odd", "", read), Check("Well", "", lambda _: iter(()))]))
    assert [result.observed.verdict for result in results] == [Verdict.FAULT, Verdict.OK]
    assert results[0].document("de")["came"] == "KeyError: 'manifest'"


def test_links_are_read_with_their_relations() -> None:
    link = '<../a,b>; type="x, y"; rel="original timegate", <https://example.org/>;REL=license, <#c>'
    answer = Answer("", httpx.URL("https://example.org/"), 200, httpx.Headers({"Link": link}))
    assert answer.links() == [("../a,b", ["original", "timegate"]), ("https://example.org/", ["license"]), ("#c", [])]


def test_what_is_no_json_object_is_an_empty_one() -> None:
    for body in (b"", b"[1]", b"\xff", b'{"a":'):
        assert Answer("", httpx.URL("x:"), 200, httpx.Headers(), body).json() == {}


def test_every_check_is_documented() -> None:
    text = (ROOT / "docs" / "doctor.md").read_text("utf-8")
    missing = [check.name for check in CHECKS if f"| {check.name} | {check.about} |" not in text]
    assert missing == []


def test_every_occasion_has_its_text_and_every_text_its_occasion() -> None:
    for check in CHECKS:
        occasions = re.findall(r"(?:when=|inapplicable\(|note\(\w+, )\"(\w+)\"", inspect.getsource(check.run))
        assert set(occasions) - TEXTS["common"].keys() == check.texts.keys() - {"name", "about", "mend"}, check.name
    groups = [group for name, group in TEXTS.items() if name not in {"common", "no_register"}]
    assert sum(map(len, groups)) == len(CHECKS)


@pytest.mark.parametrize(
    "given", ["https://h.example/a%20b", "https://h.example/a%20b/", "https://h.example/a%20b/?lang=de#top"]
)
def test_the_root_ends_with_a_slash_and_nothing_after_it(given: str) -> None:
    with Deployment(httpx.URL(given), ssl.create_default_context()) as deployment:
        assert str(deployment.root) == "https://h.example/a%20b/"


def test_after_the_time_for_all_nothing_more_is_asked() -> None:
    with (
        saying(b"HTTP/1.1 200 OK\r\n\r\n") as url,
        Deployment(url, ssl.create_default_context(), seconds=-9) as deployment,
    ):
        (result,) = examine(deployment, CHECKS[:1])
    assert (result.observed.verdict, deployment.requests) == (Verdict.FAULT, 0)
    assert "takes too long" in result.observed.came


@pytest.mark.parametrize("location", ["http://[", "http://x:y/", "//[::", "", "\x01"])
def test_a_location_that_is_none_leads_nowhere(location: str) -> None:
    answer = Answer("", httpx.URL("https://example.org/a"), 302, httpx.Headers({"Location": location}))
    assert answer.location.host in {"example.org", "%5b"}


@pytest.mark.parametrize("address", ["http://x:y/", "http://["])
def test_an_address_that_is_none_is_told_as_no_answer(address: str) -> None:
    with (
        Deployment(httpx.URL("http://127.0.0.1:1/"), ssl.create_default_context()) as deployment,
        pytest.raises(NoAnswerError, match=re.escape(f"GET {address}")),
    ):
        deployment.ask(address)
