"""`pip install .` alone: the wheel brings the register, and its command works from an empty folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `vertragsgraph` command of a fresh environment that holds the wheel; its dependencies are those of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*pip, *build], check=True)
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", str(wheel)], check=True)
    # A path in a .pth file is not searched for further .pth files: the editable install of the checkout stays unseen.
    site = next(environment.glob("lib/python*/site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return environment / "bin" / "vertragsgraph"


@pytest.mark.parametrize("has_npm", [True, False])
def test_a_wheel_of_fresh_sources_gets_the_scripts_built_where_it_can(tmp_path: Path, *, has_npm: bool) -> None:
    ignored = shutil.ignore_patterns("node_modules", "app", "__pycache__")
    for name in ("server", "ontology", "shapes", "data"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for name in ("pyproject.toml", "hatch_build.py", "register.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, tmp_path / name)
    (programs := tmp_path / "bin").mkdir()
    npm = programs / "npm"
    made = "../vertragsgraph/web/static/app"
    npm.write_text(f'#!/bin/sh\n[ "$1" = ci ] || {{ /bin/mkdir -p {made} && echo 1 > {made}/explore.js; }}\n', "utf-8")
    npm.chmod(0o755 if has_npm else 0o644)
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    subprocess.run([*build, str(tmp_path)], check=True, capture_output=True, env={"PATH": str(programs)})
    (wheel,) = tmp_path.glob("*.whl")
    assert ("vertragsgraph/web/static/app/explore.js" in zipfile.ZipFile(wheel).namelist()) is has_npm


def run(command: Path, *arguments: str, folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "LANG": "C.UTF-8",
    }
    return subprocess.run(
        [str(command), *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_installed_command_builds_and_asks_the_shipped_register(installed: Path, tmp_path: Path) -> None:
    (folder := tmp_path / "empty").mkdir()
    (home := tmp_path / "home").mkdir()

    built = run(installed, "build", folder=folder, home=home)
    assert built.returncode == 0, built.stderr
    query = "PREFIX vg: <https://w3id.org/vertragsgraph/ontology#> SELECT (COUNT(*) AS ?n) { ?c a vg:Contract }"
    asked = run(installed, "query", query, "--format", "csv", folder=folder, home=home)
    assert asked.stdout.split() == ["n", "4"], asked.stderr

    assert list(folder.iterdir()) == []
    (link,) = home.glob("**/releases/current")
    assert (link / "release.json").is_file()
    where = subprocess.run(
        [installed.with_name("python"), "-I", "-c", "import vertragsgraph; print(vertragsgraph.__file__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(ROOT) not in where.stdout


def test_the_wheel_holds_no_file_of_the_checkout_alone(installed: Path) -> None:
    site = next(installed.parents[1].glob("lib/python*/site-packages"))
    shipped = site / "vertragsgraph" / "shipped"
    for part in ("ontology", "shapes", "data"):
        ours = {path.relative_to(ROOT) for path in (ROOT / part).rglob("*") if path.is_file()}
        assert {path.relative_to(shipped) for path in (shipped / part).rglob("*") if path.is_file()} == ours


def test_the_installed_command_starts_a_register(installed: Path, tmp_path: Path) -> None:
    (home := tmp_path / "home").mkdir()
    for command in (["init", "mine"], ["build", "--register", "mine"]):
        done = run(installed, *command, folder=tmp_path, home=home)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "mine" / "releases" / "current" / "dumps" / "mine.csv").is_file()
