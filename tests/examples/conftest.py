"""The invented registers in examples/: each is built once, and served once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from tests.conftest import ROOT, MakeOnce, serving
from tests.web.in_process import asked_of, get
from vertragsgraph.register import Register, load_register
from vertragsgraph.release import Release, build, current_release

NAMES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/sources"))
"""Those that are invented, and have the texts of their sources."""

Ask: TypeAlias = Callable[[str, str], httpx.Response]
"""Asks one of them, by its name, for a page."""


@dataclass(frozen=True)
class Example:
    """A register, what was released of it, and the texts of its sources."""

    register: Register
    release: Release

    @property
    def texts(self) -> Path:
        """The folder of the texts that are quoted."""
        return self.register.folder / "sources"


@pytest.fixture(scope="session")
def example_of(once: MakeOnce) -> Callable[[str], Example]:
    """Return one of them by its name."""

    @cache
    def of(name: str) -> Example:
        register = load_register(ROOT / "examples" / name)
        release = current_release(once(f"example-{name}", lambda folder: build(register, folder)))
        assert release
        return Example(register, release)

    return of


@pytest.fixture(scope="session", params=NAMES)
def example(request: pytest.FixtureRequest, example_of: Callable[[str], Example]) -> Example:
    """One after the other."""
    return example_of(request.param)


@pytest.fixture(scope="session")
def ask(example_of: Callable[[str], Example]) -> Ask:
    """Ask one of them for a page."""
    asked: dict[str, Any] = {}

    def of(name: str, path: str) -> httpx.Response:
        release = example_of(name).release
        store = asked.setdefault(name, asked_of(release))
        (response,) = get(release, store, [path], **{"accept": "text/html"})
        return response

    return of


@pytest.fixture(scope="session")
def visitor(example: Example) -> Iterator[httpx.Client]:
    """A client of its server, who reads pages and speaks none of its languages."""
    with (
        serving(example.release.folder.parent, "--register", str(example.register.folder)) as server,
        httpx.Client(
            base_url=server.url, timeout=60, headers={"accept": "text/html", "accept-language": "tlh"}
        ) as client,
    ):
        yield client
