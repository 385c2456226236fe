"""Lock files say what is installed, by hash, and leave it to the environment where it comes from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHON = sorted(ROOT.glob("requirements*.lock"))
NODE = [
    ROOT / "server" / "frontend" / "package-lock.json",
    ROOT / "tests" / "sparql" / "comunica" / "package-lock.json",
]


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.name)
def test_python_packages_have_hashes_and_no_address(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "://" not in text
    packages = re.findall(r"^[\w.-]+==\S+(?:[^\n]*\\\n)?(?:    [^\n]*\n)*", text, re.MULTILINE)
    assert packages
    assert all("--hash=sha256:" in package for package in packages)


@pytest.mark.parametrize("path", NODE, ids=lambda path: path.parent.name)
def test_node_packages_have_hashes_and_no_address(path: Path) -> None:
    packages = json.loads(path.read_text("utf-8"))["packages"]
    assert len(packages) > 1
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name
