"""Prefixes: those of well-known vocabularies, and one for each kind of resource of the register."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from vertragsgraph.register import names
from vertragsgraph.register.prefixes import WELL_KNOWN

KIND: Final = re.compile(rf"id/({names.KIND})/")


def for_kinds(base: str, kinds: Iterable[str]) -> dict[str, str]:
    """Return the prefixes of a register with these kinds of resources, name to namespace.

    A kind that has the name of a well-known vocabulary gets no prefix.

    >>> for_kinds("https://example.org/", ["contract"])["contract"]
    'https://example.org/id/contract/'
    """
    own = {kind: f"{base}id/{kind}/" for kind in sorted(kinds)}
    return WELL_KNOWN | {name: namespace for name, namespace in own.items() if name not in WELL_KNOWN}


def expand(name: str) -> str:
    """Return the IRI of a prefixed name of a well-known vocabulary.

    >>> expand("dcat:Dataset")
    'http://www.w3.org/ns/dcat#Dataset'
    """
    prefix, _, local = name.partition(":")
    return WELL_KNOWN[prefix] + local
