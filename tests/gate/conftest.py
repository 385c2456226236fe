from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.long_form import write_long_form
from vertragsgraph.graph import Graphs, collect
from vertragsgraph.register import Register, load_register, shipped_folder


class Copy:
    """A copy of the shipped register that can be given faults.

    It is written in the long form (`tests.long_form`). `change` works on the block of a subject (`contract:iaf a …` up to its
    full stop): a property to a line, indented by four spaces.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shipped = shipped_folder()
        shutil.copy(shipped / "register.toml", folder)
        shutil.copytree(shipped / "data", folder / "data")
        write_long_form(load_register(shipped), folder / "data")

    @property
    def register(self) -> Register:
        return load_register(self.folder)

    def collect(self) -> Graphs:
        return collect(self.register, self.folder / "graphs")

    def file(self, subject: str) -> Path:
        """Return the file in which the block of a subject stands."""
        start = re.compile(rf"^{re.escape(subject)} a ", re.MULTILINE)
        (path,) = (path for path in self.folder.glob("data/**/*.ttl") if start.search(path.read_text("utf-8")))
        return path

    def line(self, path: Path, text: str) -> int:
        """Return the line on which a text stands for the first time."""
        content = path.read_text("utf-8")
        return content[: content.index(text)].count("\n") + 1

    def change(self, subject: str, *, drop: str = "", add: str = "") -> None:
        """Take properties (names, separated by spaces) out of a block; put a property with its value at the end."""
        path = self.file(subject)
        content = path.read_text("utf-8")
        start = content.index(f"{subject} a ")
        end = content.index(" .\n", start)
        parts = content[start:end].split(" ;\n    ")
        for name in drop.split():
            kept = [part for part in parts if not part.startswith(name + " ")]
            assert len(kept) < len(parts), f"{subject} has no {name}"
            parts = kept
        block = " ;\n    ".join([*parts, *([add] if add else [])])
        path.write_text(content[:start] + block + content[end:], "utf-8")

    def append(self, file: str, text: str) -> None:
        with (self.folder / "data" / file).open("a", encoding="utf-8") as out:
            out.write(text)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


@pytest.fixture(scope="session")
def new_copy(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Copy]:
    return lambda: Copy(tmp_path_factory.mktemp("register"))
