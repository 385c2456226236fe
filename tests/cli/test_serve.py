"""What `serve` shows beside the current release: another one, or the sources as they are, of which nothing stays."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.cli.test_commands import run
from tests.conftest import stop_server
from vertragsgraph.register import load_register, start_register
from vertragsgraph.release import activate, build

NOTICE = "preview?lang=en"


def eventually(condition: Callable[[], Any], seconds: float = 120) -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def text(server: Any, path: str) -> str:
    return httpx.get(server.url + path, headers={"Accept": "text/html"}, timeout=60).text


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--public", "--preview"], "the public is shown the release that is activated"),
        (["--public", "--watch"], "the public is shown the release that is activated"),
        (["--public", "--release", "x"], "the public is shown the release that is activated"),
        (["--preview", "--release", "x"], "choose one of the two"),
        (["--release", "2020-01-01.none"], 'there is no release "2020-01-01.none"'),
        (["--release", "../x"], 'there is no release "../x"'),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(options: list[str], told: str, releases: Path) -> None:
    refused = run("serve", *options, "--releases", releases)
    assert (refused.exit_code, told in refused.stderr.replace("\n", " ")) == (2, True), refused.stderr


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    start_register(tmp_path / "register", "trial", "http://localhost:8000/", ["de", "en"])
    return tmp_path / "register"


def test_a_preview_of_sources_with_faults_is_refused_as_a_build_is(sources: Path, tmp_path: Path) -> None:
    (sources / "data/organisations.ttl").unlink()
    command = [sys.executable, "-m", "vertragsgraph", "serve", "--preview", "--port", "0", "--register", str(sources)]
    environment = {**os.environ, "LC_ALL": "C", "TMPDIR": str(tmp_path)}
    refused = subprocess.run(command, env=environment, capture_output=True, check=False, text=True, timeout=120)
    assert refused.returncode == 1
    assert "contracts.ttl:" in refused.stdout
    assert left(tmp_path) == []


def left(folder: Path) -> list[Path]:
    """Return what previews have left in a folder for passing files."""
    return list(folder.glob("vertragsgraph-*"))


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_a_release_is_shown_that_is_not_activated_and_stays_whatever_is(
    processes: int, sources: Path, start: Callable[..., Any]
) -> None:
    releases = sources / "releases"
    first = build(load_register(sources), releases).release
    file = sources / "data/organisations.ttl"
    file.write_text(re.sub(r'"(?=@de)', ' neu"', file.read_text("utf-8")), "utf-8")
    second = build(load_register(sources), releases, activate=False).release
    server = start(
        releases, "--release", second.id, "--register", str(sources), "--processes", str(processes), LC_ALL="C"
    )
    ready = f"{server.url}health/ready"
    assert eventually(lambda: answers(ready))
    assert httpx.get(ready).json()["release"] == second.id
    assert "it is not the one that is activated" in text(server, "?lang=en")
    assert "Disallow: /\n" in text(server, "robots.txt")
    activate(releases, second.id)
    assert eventually(lambda: "it is not the one that is activated" not in text(server, "?lang=en"))
    activate(releases, first.id)
    time.sleep(2)  # twice as long as it takes a server to go over
    assert httpx.get(ready).json()["release"] == second.id


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=60).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.slow
def test_a_preview_is_said_to_be_one_and_leaves_nothing(
    sources: Path, tmp_path: Path, start: Callable[..., Any]
) -> None:
    server = start(sources / "releases", "--preview", "--register", str(sources), TMPDIR=str(tmp_path))
    home = httpx.get(f"{server.url}?lang=en", headers={"Accept": "text/html"})
    assert "Preview, not published" in home.text
    assert '<meta name="robots" content="noindex">' in home.text
    assert "preview.js" not in home.text
    assert home.headers["cache-control"] == "no-store"
    assert "Disallow: /\n" in text(server, "robots.txt")
    for path in ("dumps/", "catalog", "void", "contracts", "quality", "releases/", "contracts.csv", "graphs?default"):
        assert httpx.get(server.url + path, follow_redirects=True, timeout=60).status_code == 200, path
    assert [folder.stat().st_mode & 0o777 for folder in left(tmp_path)] == [0o700]
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(60) == 130
    assert left(tmp_path) == []
    assert not (sources / "releases").exists()


@pytest.fixture
def watching(sources: Path, tmp_path: Path, start: Callable[..., Any]) -> Any:
    return start(sources / "releases", "--watch", "--register", str(sources), TMPDIR=str(tmp_path))


def notice(server: Any) -> str:
    return text(server, NOTICE)


def release_of(server: Any) -> str:
    found = re.search(r'data-release="([^"]+)"', notice(server))
    assert found
    return found[1]


@pytest.mark.slow
def test_changes_of_the_sources_are_shown_and_faults_told_until_they_are_mended(
    watching: Any, sources: Path, tmp_path: Path
) -> None:
    first = release_of(watching)
    file, toml = sources / "data/organisations.ttl", sources / "register.toml"
    before = file.read_text("utf-8"), toml.read_text("utf-8")
    new = before[0].replace('"@de', ' <script>alert(1)</script>"@de')
    fresh = file.with_name("saved")
    fresh.write_text(new, "utf-8")
    fresh.replace(file)
    assert eventually(lambda: release_of(watching) != first)
    assert "&lt;script&gt;" in text(watching, "organisations?lang=de")
    assert "<script>alert" not in text(watching, "organisations?lang=de")

    second = release_of(watching)
    file.write_text(f"{new}\n<script> <b>", "utf-8")
    assert eventually(lambda: "can&#39;t be shown" in notice(watching))
    assert re.search(r"organisations\.ttl:\d+:\d+", notice(watching))
    assert "Verstoß" in text(watching, "contracts?lang=de")  # on each page, without any script
    assert release_of(watching) == second

    file.unlink()
    assert eventually(lambda: re.search(r"contracts\.ttl:\d+", notice(watching)))
    toml.write_text("key = = \n", "utf-8")
    assert eventually(lambda: re.search(r"register\.toml:1:\d+", notice(watching)))
    toml.write_text(before[1].replace('["de", "en"]', '["en", "de"]'), "utf-8")
    file.write_text(before[0], "utf-8")
    assert eventually(lambda: "can&#39;t be shown" not in notice(watching))
    assert eventually(lambda: release_of(watching) not in {first, second})
    assert '<html lang="en">' in httpx.get(watching.url, headers={"Accept": "text/html"}).text

    stop_server(watching)
    assert left(tmp_path) == []
    assert not (sources / "releases").exists()


@pytest.mark.slow
def test_what_is_saved_while_a_preview_is_built_is_shown_after_it(watching: Any, sources: Path) -> None:
    file = sources / "data/organisations.ttl"
    before = file.read_text("utf-8")
    for number in range(12):
        file.write_text(before.replace('"@de', f' {number}"@de'), "utf-8")
        time.sleep(0.2)
    assert eventually(lambda: " 11<" in text(watching, "organisations?lang=de"))


def family(server: Any) -> list[psutil.Process]:
    return psutil.Process(server.process.pid).children(recursive=True)


@pytest.mark.slow
def test_sources_with_faults_are_waited_for(sources: Path, tmp_path: Path, start: Callable[..., Any]) -> None:
    file = sources / "data/organisations.ttl"
    before = file.read_text("utf-8")
    file.unlink()
    command = [sys.executable, "-m", "vertragsgraph", "serve", "--watch", "--port", "0", "--register", str(sources)]
    environment = {**os.environ, "LC_ALL": "C", "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stderr
        assert "contracts.ttl:" in process.stdout.readline()
        assert "nothing can be shown until this is mended" in process.stderr.readline()
        file.write_text(before, "utf-8")
        assert "the preview shows the sources" in process.stderr.readline()
        assert re.search(r"at http://\S+/", process.stderr.readline())
        process.terminate()
        assert process.wait(60) == 128 + signal.SIGTERM
    assert left(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_it_ends_no_process_and_no_file_stays(
    number: signal.Signals, watching: Any, sources: Path, tmp_path: Path
) -> None:
    assert eventually(lambda: len(family(watching)) >= 3)  # who follows the sources, and workers
    processes = family(watching)
    file = sources / "data/organisations.ttl"
    file.write_text(file.read_text("utf-8").replace('"@de', ' anders"@de'), "utf-8")
    assert eventually(lambda: any((folder / ".work").exists() for folder in left(tmp_path)))  # in the midst of a build
    watching.process.send_signal(number)
    assert watching.process.wait(60) == (
        -9 if number == signal.SIGKILL else 130 if number == signal.SIGINT else 128 + number
    )
    psutil.wait_procs(processes, 30)
    assert [process for process in processes if process.is_running()] == []
    assert eventually(lambda: left(tmp_path) == [])


@pytest.mark.slow
def test_where_nobody_follows_the_sources_any_more_nothing_is_shown(watching: Any, tmp_path: Path) -> None:
    (follower,) = [one for one in family(watching) if "vertragsgraph.cli.follower" in one.cmdline()]
    follower.kill()
    assert watching.process.wait(60) == 128 + signal.SIGTERM
    assert "has ended; start again" in watching.said()
    assert left(tmp_path) == []
