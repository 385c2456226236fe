"""A keeper writes in one window and reads in another: what is saved is seen, without losing the place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import copy_register, start_server, stop_server

from .axe import complaints_of
from .conftest import listening

pytestmark = pytest.mark.slow

PATIENCE = 120_000
CONTRACT = "data/contracts/drk-hessen.ttl"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_register(tmp_path_factory.mktemp("preview") / "register")


@pytest.fixture(scope="module")
def watching(sources: Path) -> Iterator[Any]:
    server = start_server(sources / "releases", "--watch", "--register", str(sources), VERTRAGSGRAPH_CLIENT_SECONDS="0")
    yield server
    stop_server(server)
