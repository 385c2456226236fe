"""The editor on a copy of an invented register, in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import httpx
import pytest

from tests.editor.press import copy_with_press_text
from vertragsgraph.editor.app import Editor
from vertragsgraph.editor.desk import Desk
from vertragsgraph.editor.guard import Guard
from vertragsgraph.register import load_register

TOKEN = "t" * 32
ADDRESS = f"http://127.0.0.1:8000/{TOKEN}/"
SOURCE = f"{ADDRESS}de/source/s9"

Ask = Callable[..., httpx.Response]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register that a test may change."""
    return copy_with_press_text(tmp_path / "register")


def asking(folder: Path) -> Ask:
    """Return what asks an editor of a register: `ask("GET", address, data=…)`."""
    loaded = load_register(folder)
    app = Guard(Editor(Desk(loaded, [folder / "sources"]), TOKEN).app(), TOKEN, 8000)

    def ask(method: str, address: str, **how: object) -> httpx.Response:
        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
                return await client.request(method, address, **how)  # type: ignore[arg-type]

        return anyio.run(send)

    return ask


@pytest.fixture
def ask(register: Path) -> Ask:
    """Asks the editor of the register."""
    return asking(register)
