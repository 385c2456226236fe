"""Two states of an invented register: as it stands in `examples/`, and edited."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.changes import Changes, State, changes_between
from vertragsgraph.graph import collect
from vertragsgraph.register import load_register

Edit = Callable[[Path], None]
Compared = Callable[..., Changes]

EXAMPLE = Path(__file__).parents[2] / "examples" / "montclair"


def state(folder: Path, work: Path) -> State:
    """Return the state of the register in a folder."""
    register = load_register(folder)
    return State.of_graphs(folder.name, register, collect(register, work))


@pytest.fixture
def states(tmp_path: Path) -> Callable[[Edit], tuple[State, State]]:
    """The example as it is, and as an edit leaves the data of a copy."""

    def edited(edit: Edit) -> tuple[State, State]:
        for name in ("before", "after"):
            shutil.copytree(EXAMPLE, tmp_path / name)
        edit(tmp_path / "after" / "data")
        before, after = (state(tmp_path / name, tmp_path / f"{name}-graphs") for name in ("before", "after"))
        return before, after

    return edited


@pytest.fixture
def compared(states: Callable[[Edit], tuple[State, State]]) -> Compared:
    """What an edit of the example changes."""

    def changes(edit: Edit, **bounds: int) -> Changes:
        return changes_between(*states(edit), **bounds)

    return changes


@pytest.fixture
def replacing() -> Callable[..., Edit]:
    """Makes an edit of replacements in a file; each must be possible."""

    def edit(file: str, *replacements: tuple[str, str]) -> Edit:
        def replace(data: Path) -> None:
            text = (data / file).read_text("utf-8")
            for old, new in replacements:
                assert old in text
                text = text.replace(old, new)
            (data / file).write_text(text, "utf-8")

        return replace

    return edit
