"""The digest of a release: of what it says, and of how its files are written."""

from __future__ import annotations

from typing import Final

from vertragsgraph.graph.digest import combined, listed, sha256
from vertragsgraph.rdf.sorted_files import blocks
from vertragsgraph.rdf.syntax.ntriples import canonical
from vertragsgraph.register import ROLES
from vertragsgraph.release.contents import documents
from vertragsgraph.release.contents.formats import FORMATS
from vertragsgraph.release.release import KINDS_FILE, REGISTER_FILE, Release

FORMAT: Final = 3
"""Version of the files of a release: it grows when the same sources give other bytes than before (a test knows them)."""
FIRST: Final = 1
"""The version whose digest says nothing of how files are written."""


def fingerprint() -> str:
    """Return the SHA-256 of how files are written: the version, and the extension and media type of each format."""
    lines = (f"{item.part}.{item.name} {item.media_type}\n" for item in FORMATS)
    return sha256([f"{FORMAT}\n".encode(), *(line.encode() for line in lines)])


def digest(contents: str, formats: str) -> str:
    """Return the digest of a release from that of its contents (`vertragsgraph.graph.digest`) and the fingerprint."""
    return listed({"contents": contents, "formats": formats})


def recomputed(release: Release) -> str:
    """Return the digest of a release, worked out anew from its files, whose checksums are known to be right."""
    files = release.manifest.files
    documents_of = {
        name: sha256([canonical(documents.read(release.folder / f"{name}.ttl"))]) for name in ("ontology", "shapes")
    }
    queries = {
        name.removeprefix("queries/"): entry.sha256
        for name, entry in sorted(files.items())
        if name.startswith("queries/")
    }
    tables = {
        name: sha256([(release.folder / file).read_bytes().removesuffix(b"\n")])
        for name, file in (("register", REGISTER_FILE), ("kinds", KINDS_FILE))
        if file in files
    }
    contents = combined(
        quads=files[f"dumps/{release.key}.nq"].sha256,
        queries=listed(queries),
        **tables,
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
