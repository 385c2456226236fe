"""The digest of a release: of what it says, and of how its files are written."""

from __future__ import annotations

from typing import Final

from vertragsgraph.graph.digest import combined, listed, sha256
from vertragsgraph.graph.sorting import blocks
from vertragsgraph.register import ROLES
from vertragsgraph.release import documents
from vertragsgraph.release.formats import FORMATS
from vertragsgraph.release.opened import REGISTER_FILE, Release

FORMAT: Final = 2
"""Version of the files of a release: it grows when the same sources give other bytes than before (a test knows them)."""
FIRST: Final = 1
"""The version whose digest says nothing of how files are written."""


def fingerprint() -> str:
    """Return the SHA-256 of how files are written: the version, and the extension and media type of each format."""
    lines = (f"{item.extension} {item.media_type}\n" for item in FORMATS)
    return sha256([f"{FORMAT}\n".encode(), *(line.encode() for line in lines)])


def digest(contents: str, formats: str) -> str:
    """Return the digest of a release from that of its contents (`vertragsgraph.graph.digest`) and the fingerprint."""
    return listed({"contents": contents, "formats": formats})


def recomputed(release: Release) -> str:
    """Return the digest of a release, worked out anew from its files, whose checksums are known to be right."""
    files = release.manifest.files
    documents_of = {
        name: sha256(line.encode() for line in documents.lines(release.folder / f"{name}.ttl"))
        for name in ("ontology", "shapes")
    }
    queries = {
        name.removeprefix("queries/"): entry.sha256
        for name, entry in sorted(files.items())
        if name.startswith("queries/")
    }
    contents = combined(
        quads=files[f"dumps/{release.key}.nq"].sha256,
        register=sha256([(release.folder / REGISTER_FILE).read_bytes().removesuffix(b"\n")]),
        queries=listed(queries),
        **documents_of,
    )
    return contents if release.manifest.format == FIRST else digest(contents, release.manifest.formats)


def counts_of(release: Release) -> dict[str, int]:
    """Return the number of triples in each graph of a release by its role, counts_of in its N-Quads."""
    endings = {role: f" <{release.register.graph(role)}> .\n".encode() for role in ROLES}
    counts = dict.fromkeys(ROLES, 0)
    for block in blocks(release.dump("nq")):
        for role, ending in endings.items():
            counts[role] += block.count(ending)
    return {role: count for role, count in counts.items() if count}
