"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REGISTER_PARTS = ("register.toml", "ontology", "shapes", "data")


@pytest.fixture
def register_copy(tmp_path: Path) -> Path:
    """A copy of the shipped register that a test may spoil."""
    folder = tmp_path / "register"
    folder.mkdir()
    for name in REGISTER_PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy2(source, folder / name)
    return folder
