"""The shipped register's release, for links from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from vertragsgraph.links.local import Local
from vertragsgraph.register import load_register
from vertragsgraph.release import Release, build

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def hessen(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build(load_register(ROOT), tmp_path_factory.mktemp("releases")).release


@pytest.fixture(scope="session")
def local(hessen: Release) -> Local:
    return Local(hessen)
