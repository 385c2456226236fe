"""Registers as they are deployed: a server alone, and one behind nginx with TLS and a path prefix."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import copy_register, start_server, stop_server
from vertragsgraph.doctor import CHECKS, Check, Deployment, Result, Verdict, examine
from vertragsgraph.register import load_register
from vertragsgraph.release import build

ROOT = Path(__file__).parents[2]
NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)
HAPROXY = shutil.which("haproxy") or ("/usr/sbin/haproxy" if Path("/usr/sbin/haproxy").exists() else None)
PROXY = "127.0.7.1"  # the address from which nginx asks the server: another network than the doctor's
GLOBAL = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  proxy_cache_path {folder}/cache keys_zone=kept:1m;
  include {folder}/site.conf;
}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def examined(url: str, context: ssl.SSLContext, checks: Sequence[Check] = CHECKS) -> list[Result]:
    """Return what the doctor finds."""
    with Deployment(httpx.URL(url), context, patience=0.2) as deployment:
        deployment.identify()
        return list(examine(deployment, checks))


def names(results: list[Result], verdict: Verdict = Verdict.FAULT) -> set[str]:
    """Return the checks that came to a verdict."""
    return {result.check.name for result in results if result.observed.verdict is verdict}


def told(results: list[Result], checks: set[str]) -> str:
    """Return the faults that some checks found as text, for the message of a test that fails."""
    faults = [result for result in results if result.observed.verdict is Verdict.FAULT and result.check.name in checks]
    return "\n".join(f"{fault.check.name}: {fault.observed.asked} → {fault.observed.came}" for fault in faults)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Builds the shipped register for a public URL and returns the folder of its releases."""

    def publish(url: str) -> Path:
        folder = copy_register(tmp_path_factory.mktemp("published") / "register")
        file = folder / "register.toml"
        file.write_text(f'public_url = "{url}"\n{file.read_text("utf-8")}', "utf-8")
        build(load_register(folder), folder / "releases")
        return folder / "releases"

    return publish


@pytest.fixture(scope="session")
def alone(published: Callable[[str], Path]) -> Iterator[str]:
    """The URL of a server without a proxy."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    running = start_server(published(url), "--port", str(port))
    yield url
    stop_server(running)


@dataclass
class Proxy:
    """A proxy in front of a server, by default nginx with the configuration of docs/nginx.conf."""

    url: str
    context: ssl.SSLContext
    certificate: Path
    server: str
    configuration: str
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self, *changes: tuple[str, str]) -> None:
        """Start with parts of the configuration replaced."""
        text = self.configuration
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        (self.folder / "site.conf").write_text(text, "utf-8")
        (self.folder / "nginx.conf").write_text(GLOBAL.format(folder=self.folder), "utf-8")
        self.run(str(NGINX), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"))

    def run(self, *command: str) -> None:
        """Start a proxy; it listens when this returns."""
        self.process = subprocess.Popen(command)
        for _ in range(100):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", httpx.URL(self.url).port)).close()
                return
            time.sleep(0.05)
        pytest.fail(f"{command[0]} did not start")

    def stop(self) -> None:
        """End nginx, where it runs."""
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None


@pytest.fixture(scope="session")
def deployed(published: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A server that trusts its proxy, and the proxy, which isn't started yet."""
    if NGINX is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        *subject,
    ]
    subprocess.run([*command, "-days", "30", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    plain, secure = free_port(), free_port()
    url = f"https://localhost:{secure}/hessen/"
    running = start_server(published(url), VERTRAGSGRAPH_TRUSTED_PROXIES=f'["{PROXY}"]')
    server = running.url.removeprefix("http://").rstrip("/")
    text = (ROOT / "docs" / "nginx.conf").read_text("utf-8")
    for old, new in (
        ("server 127.0.0.1:8000;", f"server {server};"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("server_name register.example.org;", "server_name localhost;"),
        ("https://register.example.org", f"https://localhost:{secure}"),
        ("/etc/letsencrypt/live/register.example.org/fullchain.pem", str(certificate)),
        ("/etc/letsencrypt/live/register.example.org/privkey.pem", str(key)),
        ("proxy_redirect off;", f"proxy_redirect off; proxy_bind {PROXY};"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    context = ssl.create_default_context(cafile=certificate)
    proxy = Proxy(url, context, certificate, server, text, folder)
    yield proxy
    proxy.stop()
    stop_server(running)
