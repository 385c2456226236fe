"""`make` in whatever folder somebody has cloned into."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(params=["a b", "Ämter & Städte", "it's (new)"])
def checkout(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A checkout in a folder with an odd name, whose environment is there; its pip and npm do nothing but say so."""
    folder = tmp_path / request.param / "checkout"
    for sources in ("server/frontend", "tests/sparql/comunica"):
        (folder / sources).mkdir(parents=True)
        (folder / sources / "package.json").write_text("{}", "utf-8")
        (folder / sources / "package-lock.json").write_text("{}", "utf-8")
    for name in ("Makefile", "pyproject.toml", *(path.name for path in ROOT.glob("requirements*.lock"))):
        shutil.copy2(ROOT / name, folder / name)
    environment = folder / ".venv" / "bin"
    environment.mkdir(parents=True)
    for program in ("python", "npm"):
        path = environment / program
        path.write_text(f'#!/bin/sh\necho "{program} $*" >> "$LOG"\n', "utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    for stamp in (".made", ".runtime"):
        (environment.parent / stamp).touch()
    return folder


def make(checkout: Path, target: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LOG": str(checkout / "log")}
    return subprocess.run(["make", target], cwd=checkout, env=environment, capture_output=True, text=True, check=False)


def test_scripts_are_built_once_whatever_the_path(checkout: Path) -> None:
    for _ in range(2):
        done = make(checkout, ".venv/.comunica")
        assert (done.returncode, done.stderr) == (0, "")
    said = (checkout / "log").read_text("utf-8")
    assert said.count("npm ci") == 2
    assert said.count("npm run --silent build") == 1
    assert [path.name for path in checkout.parent.iterdir()] == ["checkout"]
    assert [path.name for path in checkout.parents[1].iterdir()] == [checkout.parent.name]
