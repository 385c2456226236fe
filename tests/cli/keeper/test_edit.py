"""What `edit` says where it can't begin. That it works is seen in a browser (tests/e2e/test_editor.py)."""

from __future__ import annotations

import socket
from contextvars import copy_context
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.conftest import ROOT
from vertragsgraph.cli.commands import app

MOORWALDE = ROOT / "examples/moorwalde"


def run(*arguments: object) -> Result:
    return copy_context().run(CliRunner().invoke, app, ["edit", *map(str, arguments), "--lang", "en"])


def test_a_folder_with_texts_is_needed(register_copy: Path) -> None:
    result = run("--register", register_copy)
    assert (result.exit_code, result.stderr) == (2, "name the folder with the texts of the sources: --sources DIR\n")
    assert run("--register", register_copy, "--sources", register_copy / "none").exit_code == 2


def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("--register", MOORWALDE, "--port", port)
    assert result.exit_code == 3
    assert f"can't listen on 127.0.0.1:{port}: Address already in use" in result.stderr


def test_files_that_can_not_be_read_are_told(register_copy: Path) -> None:
    (register_copy / "data/people.ttl").write_text("person:x a")
    result = run("--register", register_copy, "--sources", MOORWALDE / "sources")
    assert result.exit_code == 1
    assert "people.ttl" in result.stdout


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_is_one(port: int) -> None:
    assert run("--port", port).exit_code == 2
