"""Sources from which there is a release already: told by their checksum, so that nothing has to be worked out of them again.

That takes a second where reading them takes minutes. It is remembered in a file beside the releases, which may be lost.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Final

from vertragsgraph.register import FILE_NAME as REGISTER
from vertragsgraph.register import Register, shipped_folder
from vertragsgraph.register.kinds import FILE_NAME as KINDS
from vertragsgraph.release import disk, manifest
from vertragsgraph.release.digest import fingerprint
from vertragsgraph.release.errors import ReleaseError
from vertragsgraph.release.release import Release, open_release
from vertragsgraph.sources.stamps import checksum, stamp

FILE_NAME: Final = ".sources.json"
_PACKAGE: Final = Path(__file__).parents[1]


def sources(register: Register) -> str:
    """Return a checksum of all that makes the release of a register what it is, the software included.

    It is "" where the sources can't be read: whoever builds of them will say why.
    """
    beside = (register.folder / name for name in (REGISTER, KINDS))
    try:
        held = checksum([*beside, register.data, register.ontology, register.shapes])
    except OSError:
        return ""
    # Who changes the software builds anew, though it bears the same version.
    software = json.dumps(manifest.software(), sort_keys=True) + stamp([_PACKAGE, shipped_folder() / "ontology"])
    return hashlib.sha256(f"{held} {register.canonical()} {fingerprint()} {software}".encode()).hexdigest()


def release_of(releases: Path, found: str) -> Release | None:
    """Return the release that was made of sources with a checksum; None where it isn't known, or isn't as it was then.

    It was whole then, and no file of it has been touched.
    """
    with suppress(OSError, ValueError, TypeError, KeyError, ReleaseError):
        said = json.loads((releases / FILE_NAME).read_bytes())
        if found and said["sources"] == found:
            release = open_release(releases / said["release"])
            if said["stamp"] == _stamp(release):
                return release
    return None


def remember(releases: Path, found: str, release: Release) -> None:
    """Take note that a release was made of sources with a checksum, and is whole."""
    said = {"sources": found, "release": release.id, "stamp": _stamp(release)}
    with suppress(OSError):  # then it is worked out again
        disk.swap_file(releases / FILE_NAME, json.dumps(said))


def _stamp(release: Release) -> str:
    names = (manifest.FILE_NAME, *sorted(release.manifest.files))
    return stamp(release.folder / name for name in names)
