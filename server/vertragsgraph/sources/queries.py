"""The example queries of a register: `data/queries/*.rq`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.register import Register
from vertragsgraph.register.files import read_text
from vertragsgraph.sources.folder import query_files
from vertragsgraph.sources.turtle import SourceError
from vertragsgraph.texts import both

RULE: Final = "query"


def read_queries(register: Register) -> dict[Path, str]:
    """Return the texts of the example queries by their files, in the order of the names.

    Raises `SourceError` as `query_files` does, and with a finding for each file that can't be read, isn't UTF-8, or has a
    name that no IRI can hold.
    """
    queries: dict[Path, str] = {}
    findings: list[Finding] = []
    for path in query_files(register):
        if not re.fullmatch(r"[\w.-]+", path.name, re.ASCII):
            message = both(
                "the name of an example query consists of letters a–z, digits, hyphens, underscores and dots"
            )
            findings.append(Finding(message, Place(path), rule=RULE))
            continue
        try:
            queries[path] = read_text(path, RULE)
        except FindingsError as error:
            findings += error.findings
    if findings:
        raise SourceError(findings)
    return queries
