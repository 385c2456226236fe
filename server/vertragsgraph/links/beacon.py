"""BEACON files: which identifiers of an authority a register knows (https://gbv.github.io/beaconspec/)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vertragsgraph.links.mappings import Link
from vertragsgraph.register import Register
from vertragsgraph.search.identifiers import Authority, key
from vertragsgraph.search.writing import SAME
from vertragsgraph.texts import Language


def beacon(
    links: Sequence[Link], authority: Authority, register: Register, modified: datetime, language: Language
) -> str:
    """Return the BEACON file for the identifiers of an authority that are the same as resources of the register.

    Only exact links count; each line leads from an identifier to the resource. The relation that the head names holds for
    every line: where concepts are among them, it is the looser one.
    """
    exact = [link for link in links if link.target == authority.key and link.predicate in SAME]
    head = {
        "FORMAT": "BEACON",
        "PREFIX": authority.namespace,
        "RELATION": next(
            (loose for loose in reversed(SAME) if any(link.predicate == loose for link in exact)), SAME[0]
        ),
        "NAME": register.title.in_language(language),
        "DESCRIPTION": register.description.in_language(language),
        "CREATOR": register.publisher.name.in_language(language),
        "CONTACT": f"{register.contact.name.in_language(language)} <{register.contact.email}>",
        "HOMEPAGE": register.url,
        "FEED": f"{register.url}links/{authority.key}.beacon.txt",
        "TIMESTAMP": modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "UPDATE": "monthly",
    }
    lines = sorted(f"{key(link.object).removeprefix(f'{authority.key}:')}|{link.subject}" for link in exact)
    return (
        "".join(f"#{name}: {' '.join(text.split())}\n" for name, text in head.items())
        + "\n"
        + "".join(f"{line}\n" for line in lines)
    )
