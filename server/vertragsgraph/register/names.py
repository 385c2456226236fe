"""How the IRIs of resources are made: `id/{kind}/{slug}` below the base, and what follows for parts.

Gate, routes and reports rest on the same form: what it lets pass is carried as it is by paths, prefixed names of Turtle,
files and headers.
"""

from __future__ import annotations

import re
from typing import Final

KIND: Final = "[a-z]+(?:-[a-z]+)*"
SLUG: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
_RESOURCE: Final = re.compile(rf"{KIND}(?:/{SLUG})+")

LONGEST: Final = 200
"""Characters that a path of a resource may have, so that gateways and headers carry its address."""

RESERVED: Final = ("statement", "mapping")
"""Kinds whose IRIs are derived from triples by the build."""


def is_resource(path: str) -> bool:
    """Tell whether a path below `id/` is made as those of resources are.

    >>> is_resource("contract/drk-hessen"), is_resource("contract/a--b"), is_resource("contract2/a")
    (True, False, False)
    """
    return _RESOURCE.fullmatch(path) is not None
