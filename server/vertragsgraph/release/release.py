"""Releases as the views see them: opened, read-only.

That nothing in a release changes is what caches, ETags, mementos and mirrors rest on; a redaction puts another folder in
its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePath
from typing import Final

from pydantic import ValidationError

from vertragsgraph.rdf.syntax import ntriples as nt
from vertragsgraph.register import ABOUT, REIFIERS, RELEASED, ROLES, Kinds, Register, shipped_kinds
from vertragsgraph.release import manifest as manifests
from vertragsgraph.release.contents.jsonld import Context
from vertragsgraph.release.errors import ReleaseError, disk_errors, failure
from vertragsgraph.release.manifest import Manifest
from vertragsgraph.texts import both

CURRENT: Final = "current"
IN_MEMORY: Final = 20_000
"""Triples of a small release: its store on disk holds the data alone, because it is queried in memory in any case."""
CONTEXT_FILE: Final = "context.jsonld"
REGISTER_FILE: Final = "register.json"
KINDS_FILE: Final = "kinds.json"


@dataclass(frozen=True)
class Release:
    """A release in its folder; nothing in it is ever written again, so whatever was read from it stays true."""

    folder: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """Day and first digits of the digest, such as `2026-11-22.1a2b3c4d`."""
        return self.manifest.id

    @property
    def digest(self) -> str:
        """The SHA-256 (hexadecimal) of what the release was built from."""
        return self.manifest.digest

    @property
    def identity(self) -> str:
        """The SHA-256 of what is served now: unlike the digest, it changes when the release is redacted."""
        return self.manifest.files[f"dumps/{self.key}.nq"].sha256

    @property
    def created(self) -> datetime:
        """The instant of its building, in UTC."""
        return self.manifest.created

    @property
    def key(self) -> str:
        """The register's key, the name of the dumps."""
        return self.manifest.key

    @property
    def is_draft(self) -> bool:
        """Whether names may still change after it."""
        return self.manifest.is_draft

    @property
    def base(self) -> str:
        """The register's base IRI."""
        return self.manifest.base

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of triples by graph role."""
        return self.manifest.counts

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of the named graphs that hold triples."""
        return tuple(self.manifest.counts)

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes of the release, name to namespace."""
        return self.manifest.prefixes

    @property
    def federation(self) -> tuple[str, ...]:
        """The endpoints that the register lets its queries ask (SERVICE)."""
        return self.register.federation

    @property
    def agent(self) -> str:
        """How the register introduces itself to other servers (User-Agent)."""
        return self.register.agent

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the register's texts."""
        return self.register.languages

    @property
    def description(self) -> Path:
        """The description of the dataset (VoID, Turtle)."""
        return self.folder / "void.ttl"

    @property
    def store(self) -> Path:
        """The folder of the Oxigraph store; many may open it read-only at once."""
        return self.folder / "store"

    @cached_property
    def beside(self) -> Mapping[str, Path]:
        """The files with what an endpoint knows beside the named graphs of the data, by the IRI of the graph.

        These are the default graph (`""`), the reifiers, and what is said about the register. Earlier releases have none.
        """
        names = {"": f"dumps/{self.key}.nt", REIFIERS: f"dumps/{self.key}-{REIFIERS}.nq"}
        names |= {role: f"{role}.ttl" for role in ABOUT}
        if not self.manifest.files.keys() >= {*names.values()}:
            return {}
        return {role and self.register.graph(role): self.folder / name for role, name in names.items()}

    @property
    def is_small(self) -> bool:
        """Whether the store on disk lacks what stands beside the data (`IN_MEMORY`)."""
        return bool(self.beside) and self.manifest.triples <= IN_MEMORY

    @cached_property
    def context(self) -> Context:
        """The JSON-LD context of the release's vocabulary."""
        return Context.read(json.loads((self.folder / CONTEXT_FILE).read_bytes()))

    @cached_property
    def register(self) -> Register:
        """What the register said of itself when the release was built; it has no folder."""
        text = (self.folder / REGISTER_FILE).read_bytes()
        with _readable(self.folder / REGISTER_FILE):
            # Keys that only another version of the software knows don't matter.
            return Register.model_validate_json(text, extra="ignore", context=RELEASED)

    @cached_property
    def kinds(self) -> Kinds:
        """What the release does with each kind of resource; as the software ships it, where the release doesn't say."""
        if KINDS_FILE not in self.manifest.files:
            return shipped_kinds()
        with _readable(self.folder / KINDS_FILE):
            return Kinds.of(json.loads((self.folder / KINDS_FILE).read_bytes()), extra="ignore")

    def dump(self, extension: str, part: str = "") -> Path:
        """Return the dump with an extension such as `ttl` or `nq.gz`; raises `KeyError` where the release has none.

        `part` is what its name has before the extension (see `vertragsgraph.release.contents.formats.Dump`).
        """
        name = f"dumps/{self.key}{part}.{extension}"
        if name not in self.manifest.files:
            raise KeyError(name)
        return self.folder / name

    @property
    def entailed(self) -> str:
        """How a line of the N-Quads ends that only follows from others."""
        return f" <{self.register.graph(ROLES[-1])}> .\n"

    def asserted(self) -> Iterator[tuple[int, str]]:
        """Yield what the release asserts as lines of N-Triples in their order, each with its number in the N-Quads."""
        entailed = self.entailed
        for number, quad in enumerate(nt.read(self.dump("nq")), 1):
            if not quad.endswith(entailed):
                yield number, f"{quad[:-3].rpartition(' ')[0]} .\n"

    def missing_files(self) -> list[str]:
        """Return the files that are missing or have another size than the manifest says: a quick look, no checksums."""
        return [name for name, entry in self.manifest.files.items() if not _has_size(self.folder / name, entry.bytes)]


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say of a file that isn't what it has to be by whom it was written."""
    try:
        yield
    except ValidationError as error:
        message = both(
            "it was written by another version of the software that this one can't read; build the release anew"
        )
        raise failure(message, path) from error


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def open_release(folder: Path) -> Release:
    """Open the release in `folder`; raises `ReleaseError` where there is none or its manifest is damaged."""
    return Release(folder.absolute(), manifests.read(folder))


def current_name(releases: Path) -> str | None:
    """Return the name of the folder of the release that is to be served, None where `current` is missing.

    It is a link. Copied with links followed it is a folder, the release itself; unpacked where there are no links, a file
    with the name. Raises `ReleaseError` where it is neither.
    """
    current = releases / CURRENT
    try:
        if current.is_symlink():
            name = current.readlink().name
        elif current.is_dir():
            name = manifests.read(current).id
            return name if (releases / name).is_dir() else CURRENT
        elif current.is_file():
            name = PurePath(current.read_text("utf-8").strip()).name
        else:
            return None
        there = name and (releases / name / manifests.FILE_NAME).is_file()
    except (OSError, ValueError) as error:
        raise failure(both("it can't be read: {reason}", reason=error), current) from error
    if not there:
        raise failure(both("it leads to a release that isn't there; activate another one, or build"), current)
    return name


def current_release(releases: Path) -> Release | None:
    """Open the release that is to be served; None where none has been activated.

    Raises `ReleaseError` where `current` leads nowhere or the manifest is damaged.
    """
    name = current_name(releases)
    return None if name is None else open_release(releases / name)


def current_stamp(releases: Path) -> tuple[str, int, int] | None:
    """Return something that changes whenever another release is to be served, or the one being served was redacted.

    It costs a few calls of the system, so that a server can ask often; None where nothing is to be served.
    """
    try:
        name = current_name(releases)
        found = (releases / (name or CURRENT) / manifests.FILE_NAME).stat()
    except (OSError, ReleaseError):
        return None
    return name or CURRENT, found.st_ino, found.st_mtime_ns


def release_folders(releases: Path) -> list[Path]:
    """Return the folders of the releases, whole or damaged; neither links nor hidden work folders.

    A folder `current` is one only where it isn't the copy of another.
    """
    with disk_errors(releases):
        folders = [path for path in releases.iterdir() if path.is_dir()] if releases.is_dir() else []
    own = [path for path in folders if not path.is_symlink() and not path.name.startswith(".")]
    if releases / CURRENT in own:
        with suppress(ReleaseError):
            if current_name(releases) != CURRENT:
                own.remove(releases / CURRENT)
    return sorted(own)


def all_releases(releases: Path) -> list[Release]:
    """Open all releases in a folder, newest first; folders that hold no readable release are left out."""
    found = []
    for folder in release_folders(releases):
        with suppress(ReleaseError):
            found.append(open_release(folder))
    return sorted(found, key=lambda release: (release.created, release.id), reverse=True)
