"""OpenRefine itself as the client: loads a table, reconciles a column, fetches properties."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from starlette.testclient import TestClient

from vertragsgraph.reconcile import Service

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("openrefine") is None, reason="OpenRefine (Debian's openrefine) is not installed"),
]
TABLE = """\
Partner,Jahr
Deutsches Rotes Kruez,2019
"DRK, LV Hessen e. V.",2019
Bildungsstaette Anne Frank,2018
"Jugendring, Hessischer",2018
Verband binationaler Familien und Partnerschaften iaf,2019
Deutsches Rotes Kreuz Landesverband Bayern,2019
"""
EXPECTED = {
    "DRK, LV Hessen e. V.": "organisation/drk-hessen",
    "Bildungsstaette Anne Frank": "organisation/bildungsstaette-anne-frank",
    "Jugendring, Hessischer": "organisation/hessischer-jugendring",
    "Verband binationaler Familien und Partnerschaften iaf": "organisation/iaf",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def reconciliation(service: Service, client_of: Callable[[Service], TestClient]) -> Iterator[str]:
    """The service on a real port; returns its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(client_of(service).app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/reconcile"
    server.should_exit = True
    thread.join(10)


class OpenRefine:
    """OpenRefine's HTTP API (https://openrefine.org/docs/technical-reference/openrefine-api)."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/command/core", timeout=60)
        self.project = ""

    def is_up(self) -> bool:
        try:
            return self._http.get("/get-version").is_success
        except httpx.TransportError:
            return False

    def load(self, table: str) -> None:
        """Make a project of a table."""
        response = self._http.post(
            "/create-project-from-upload",
            params={"csrf_token": self._token()},
            files={"project-file": ("partners.csv", table.encode(), "text/csv")},
            data={"project-name": "partners", "format": "text/line-based/*sv", "options": '{"separator": ","}'},
        )
        self.project = parse_qs(urlsplit(response.headers["location"]).query)["project"][0]

    def do(self, command: str, **form: Any) -> Any:
        """Carry out a command on the project and wait until it is done."""
        data = {
            "project": self.project,
            "engine": '{"facets": [], "mode": "row-based"}',
            "csrf_token": self._token(),
            **{name: value if isinstance(value, str) else json.dumps(value) for name, value in form.items()},
        }
        answer = self._http.post(f"/{command}", data=data).json()
        assert answer["code"] in {"ok", "pending"}, answer
        while self._http.get("/get-processes", params={"project": self.project}).json()["processes"]:
            time.sleep(0.2)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows: cell by name of its column."""
        columns = self._http.get("/get-models", params={"project": self.project}).json()["columnModel"]["columns"]
        form = {"project": self.project, "start": 0, "limit": 100, "engine": '{"facets": [], "mode": "row-based"}'}
        found = self._http.post("/get-rows", data=form).json()["rows"]
        return [
            {
                column["name"]: row["cells"][column["cellIndex"]] if column["cellIndex"] < len(row["cells"]) else None
                for column in columns
            }
            for row in found
        ]

    def recons(self, column: str) -> dict[str, dict[str, Any]]:
        """Return what the cells of a column were reconciled to, by their text."""
        form = {"project": self.project, "start": 0, "limit": 100, "engine": '{"facets": [], "mode": "row-based"}'}
        pool = self._http.post("/get-rows", data=form).json()["pool"]["recons"]
        return {row[column]["v"]: pool[str(row[column]["r"])] for row in self.rows() if row[column]}

    def _token(self) -> str:
        return str(self._http.get("/get-csrf-token").json()["token"])


@pytest.fixture(scope="module")
def refine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRefine]:
    folder, port = tmp_path_factory.mktemp("openrefine"), free_port()
    command = ["openrefine", "-i", "127.0.0.1", "-p", str(port), "-d", str(folder), "-x", "refine.headless=true"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    running = OpenRefine(f"http://127.0.0.1:{port}")
    try:
        end = time.monotonic() + 120
        while not running.is_up():
            if process.poll() is not None or time.monotonic() > end:
                pytest.skip(f"OpenRefine did not start: {Path(folder / 'log').read_text(errors='replace')[-300:]}")
            time.sleep(0.5)
        yield running
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def test_a_column_is_reconciled_and_extended(refine: OpenRefine, reconciliation: str) -> None:
    manifest = httpx.get(reconciliation, timeout=60).json()
    spaces = {"identifierSpace": manifest["identifierSpace"], "schemaSpace": manifest["schemaSpace"]}
    refine.load(TABLE)
    refine.do(
        "reconcile",
        columnName="Partner",
        config={
            "mode": "standard-service",
            "service": reconciliation,
            **spaces,
            "type": {"id": "Organisation", "name": "Organisation"},
            "autoMatch": True,
            "columnDetails": [],
            "limit": 0,
        },
    )
    recons = refine.recons("Partner")
    assert {name: recon["m"]["id"] for name, recon in recons.items() if "m" in recon} == EXPECTED
    bavaria = recons["Deutsches Rotes Kreuz Landesverband Bayern"]
    assert bavaria["j"] == "none"
    assert bavaria["c"], "candidates are offered where none is certain"

    refine.do(
        "extend-data",
        baseColumnName="Partner",
        endpoint=reconciliation,
        columnInsertIndex=1,
        extension={"properties": [{"id": name, "name": name} for name in ("skos:altLabel", "org:classification")]},
        **spaces,
    )
    rows = {row["Partner"]["v"]: row for row in refine.rows() if row["Partner"]}
    assert "hjr" in {cell["v"] for cell in rows["Jugendring, Hessischer"].values() if cell}
    forms = [cell for cell in rows["DRK, LV Hessen e. V."].values() if cell and cell["v"] == "eingetragener Verein"]
    assert len(forms) == 1
    assert "r" in forms[0], "an entity comes as a reconciled cell"
