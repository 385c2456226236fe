"""The manifest of a release, `release.json`: what it is, what it holds, and the checksum of every file and of itself."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from vertragsgraph.gate import Coverage
from vertragsgraph.register import RELEASED, Text, leads_here
from vertragsgraph.release import disk
from vertragsgraph.release.contents.formats import media_type
from vertragsgraph.release.contents.linking import Links
from vertragsgraph.release.errors import failure
from vertragsgraph.texts import both

FILE_NAME: Final = "release.json"
SIGNATURE: Final = "release.json.sig"
"""The file beside it with its signature, which may come later and belongs to no release: a manifest can't name it."""
SOFTWARE: Final = ("vertragsgraph", "pyoxigraph")


def _inside(name: str) -> str:
    """Refuse the name of a file that could lie outside the release's folder."""
    if re.search(r"[\x00-\x1f\\]", name) or {"", ".", ".."}.intersection(name.split("/")):
        message = "not the name of a file in the release's folder"
        raise ValueError(message)
    return name


FileName = Annotated[str, AfterValidator(_inside)]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class _Part(BaseModel):
    # Unknown members are those of a newer version: an older one still reads what it knows.
    model_config = ConfigDict(frozen=True, extra="ignore")


class FileEntry(_Part):
    """One file of the release: its size in bytes, its SHA-256 in hexadecimal, its media type."""

    bytes: int
    sha256: str
    media_type: str


class Redaction(_Part):
    """A later removal of statements for legal reasons: when, why, how many asserted ones. What was removed isn't repeated here.

    `before` is the SHA-256 of the manifest as it was until then; releases redacted by earlier versions don't say it.
    """

    at: datetime
    reason: str
    statements: int
    before: str = ""


class Rebuilding(_Part):
    """That the release was damaged and built anew: when, and the SHA-256 of its manifest until then."""

    at: datetime
    before: str


class Previous(_Part):
    """The release before: its id, and the SHA-256 of its manifest as it was when its successor was built."""

    id: Slug
    sha256: str


class Manifest(_Part):
    """The contents of `release.json`. `counts` are triples by graph role; `files` goes by path below the release's folder.

    `previous` is the release that was the newest when this one was built, None where there was none or an earlier version built.
    `format` is the version of its files, `formats` the fingerprint of how they are written, which is part of the digest.
    `draft` says that names may still change: it binds no later release.
    `evidence` is how far the evidence goes, as the gate counted it.
    `checksum` is the SHA-256 of all other members as JSON (UTF-8, keys sorted, no white space between tokens), so that a
    changed one is noticed. Releases of earlier versions have none, and say neither how many of their entities are linked nor
    how far their evidence goes.
    """

    id: Slug
    digest: str
    format: int
    formats: str = ""
    created: datetime
    key: Slug
    base: str
    url: str
    title: Text
    draft: bool = False
    counts: dict[str, int]
    triples: int
    links: Links | None = None
    evidence: Coverage | None = None
    prefixes: dict[str, str]
    software: dict[str, str]
    previous: Previous | None = None
    redactions: tuple[Redaction, ...] = ()
    rebuilt: tuple[Rebuilding, ...] = ()
    files: dict[FileName, FileEntry]
    checksum: str = ""

    @model_validator(mode="after")
    def _has_its_dumps(self) -> Self:
        if missing := {f"dumps/{self.key}.{extension}" for extension in ("nq", "nt")}.difference(self.files):
            message = f"there is no dump {min(missing)}"
            raise ValueError(message)
        return self

    @property
    def modified(self) -> datetime:
        """The instant of the last change: of the building, or of the last redaction."""
        return self.redactions[-1].at if self.redactions else self.created

    @property
    def is_draft(self) -> bool:
        """Whether names may still change after it: nobody is to cite it, and it binds no later release."""
        return self.draft or leads_here(self.base)

    @property
    def former(self) -> frozenset[str]:
        """The SHA-256s that the manifest had before it changed lawfully, as far as it says them."""
        changes: list[Redaction | Rebuilding] = [*self.redactions, *self.rebuilt]
        return frozenset(change.before for change in changes) - {""}

    def text(self) -> str:
        """Return the manifest as the JSON text that stands in the file, with its checksum."""
        members = self.model_dump(mode="json")
        members["checksum"] = _checksum(members)
        return json.dumps(members, ensure_ascii=False, indent=2) + "\n"


def _checksum(members: dict[str, Any]) -> str:
    others = {name: value for name, value in members.items() if name != "checksum"}
    text = json.dumps(others, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_as_written(folder: Path) -> bool:
    """Tell whether nothing in the manifest of a release was changed after it was written; it must be readable."""
    members = json.loads((folder / FILE_NAME).read_bytes())
    return members.get("checksum") == _checksum(members) if members.get("format") != 1 else "checksum" not in members


def now() -> datetime:
    """Return the present instant in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def software() -> dict[str, str]:
    """Return the versions of the software whose doing a release is."""
    return {name: version(name) for name in SOFTWARE}


def sha256(folder: Path) -> str:
    """Return the SHA-256 of the manifest of a release, by which others name it."""
    return disk.sha256(folder / FILE_NAME)


def entries(folder: Path, known: Mapping[str, FileEntry] = MappingProxyType({})) -> dict[str, FileEntry]:
    """Return an entry for each file of a release but the manifest itself, which isn't signed yet.

    Those that are known already aren't read again.
    """
    return {
        name: known.get(name)
        or FileEntry(bytes=path.stat().st_size, sha256=disk.sha256(path), media_type=media_type(name))
        for path in disk.files(folder)
        if (name := path.relative_to(folder).as_posix()) != FILE_NAME
    }


def read(folder: Path) -> Manifest:
    """Read the manifest of the release in `folder`.

    Raises `ReleaseError` where there is none, it can't be read, or a file that it names lies outside: nobody may have a
    server show other files of its machine.
    """
    file = folder / FILE_NAME
    try:
        found = Manifest.model_validate_json(file.read_bytes(), context=RELEASED)
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
    names = (PurePosixPath(name) for name in found.files)
    paths = {folder / part for name in names for part in (name, *name.parents)} - {folder}
    if link := next(filter(Path.is_symlink, sorted(paths)), None):
        message = both("a release holds no links; take the release from a backup or remove its folder")
        raise failure(message, link)
    return found
