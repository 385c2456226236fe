"""The manifest of a release, `release.json`: what it is, what it holds, and the checksum of every file."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from vertragsgraph.register import Text
from vertragsgraph.release import disk
from vertragsgraph.release.errors import failure
from vertragsgraph.release.formats import media_type
from vertragsgraph.texts import both

FILE_NAME: Final = "release.json"
SOFTWARE: Final = ("vertragsgraph", "pyoxigraph")


class _Part(BaseModel):
    # Unknown members are those of a newer version: an older one still reads what it knows.
    model_config = ConfigDict(frozen=True, extra="ignore")


class FileEntry(_Part):
    """One file of the release: its size in bytes, its SHA-256 in hexadecimal, its media type."""

    bytes: int
    sha256: str
    media_type: str


class Redaction(_Part):
    """A later removal of statements for legal reasons: when, why, how many. What was removed isn't repeated here."""

    at: datetime
    reason: str
    statements: int


class Links(_Part):
    """Contracts, organisations, persons, offices and topics: how many there are, and how many have no link at all.

    `without` says how many have no link to a target, by its key (`wikidata`, `gnd` …).
    """

    entities: int
    unlinked: int
    without: dict[str, int]


class Manifest(_Part):
    """The contents of `release.json`. `counts` are triples by graph role; `files` goes by path below the release's folder.

    Releases of earlier versions don't say how many of their entities are linked.
    """

    id: str
    digest: str
    format: int
    created: datetime
    key: str
    base: str
    url: str
    title: Text
    counts: dict[str, int]
    triples: int
    links: Links | None = None
    prefixes: dict[str, str]
    software: dict[str, str]
    redactions: tuple[Redaction, ...] = ()
    files: dict[str, FileEntry]

    @property
    def modified(self) -> datetime:
        """The instant of the last change: of the building, or of the last redaction."""
        return self.redactions[-1].at if self.redactions else self.created

    def text(self) -> str:
        """Return the manifest as the JSON text that stands in the file."""
        return self.model_dump_json(indent=2) + "\n"


def now() -> datetime:
    """Return the present instant in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def software() -> dict[str, str]:
    """Return the versions of the software whose doing a release is."""
    return {name: version(name) for name in SOFTWARE}


def entries(folder: Path) -> dict[str, FileEntry]:
    """Return an entry for each file of a release but the manifest itself."""
    return {
        name: FileEntry(bytes=path.stat().st_size, sha256=disk.sha256(path), media_type=media_type(name))
        for path in disk.files(folder)
        if (name := path.relative_to(folder).as_posix()) != FILE_NAME
    }


def read(folder: Path) -> Manifest:
    """Read the manifest of the release in `folder`; raises `ReleaseError` where there is none or it can't be read."""
    file = folder / FILE_NAME
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except OSError as error:
        message = both("the release's manifest can't be read: {reason}", reason=error.strerror)
        raise failure(message, file) from error
    except ValidationError as error:
        reason = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()[:3])
        message = both(
            "the release's manifest is damaged ({reason}); take the release from a backup or remove its folder",
            reason=reason,
        )
        raise failure(message, file) from error
