from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.register import Register, load_register, shipped_folder


@pytest.fixture
def register_of(tmp_path: Path) -> Callable[[dict[str, str]], Register]:
    """Write a register with these data files (path below data/ to text) and load it."""

    def write(files: dict[str, str]) -> Register:
        (tmp_path / "register.toml").write_bytes((shipped_folder() / "register.toml").read_bytes())
        (tmp_path / "data").mkdir()
        for name, text in files.items():
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return load_register(tmp_path)

    return write
