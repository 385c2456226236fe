"""Which release is served: the link `current`; where the releases lie, and which of them stay."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import platformdirs

from vertragsgraph.register import Register, shipped_folder
from vertragsgraph.release import catalogue, disk
from vertragsgraph.release.errors import ReleaseError, failure
from vertragsgraph.release.lock import changing
from vertragsgraph.release.release import (
    CURRENT,
    Release,
    all_releases,
    current_name,
    current_release,
    open_release,
    release_folders,
)
from vertragsgraph.settings import Settings
from vertragsgraph.texts import both

HELD: Final = ".held"
"""The file with the id of a release that was gone back to on purpose."""


def releases_folder(register: Register, settings: Settings) -> Path:
    """Return the folder of the releases: the setting, else `releases` in the register's folder, else the user's data folder.

    A register inside an installed package, or in a folder that can't be written and has no releases that can be read, has
    its releases with the user's data.
    """
    if settings.releases:
        return settings.releases.absolute()
    installed = register.folder == shipped_folder() and register.folder.name == "shipped"
    beside = register.folder / "releases"
    # A server's user may read them only; who builds made them.
    if not installed and (os.access(register.folder, os.W_OK) or os.access(beside, os.R_OK | os.X_OK)):
        return beside
    return platformdirs.user_data_path("vertragsgraph", appauthor=False) / register.key / "releases"


def activate(releases: Path, name: str) -> Release:
    """Serve the release with an id from now on, and return it; builds leave it so where it isn't the newest.

    Raises `ReleaseError` where there is no such release or files of it are missing; the release served before stays so.
    """
    with changing(releases) as work:
        folder = releases / name
        if folder not in release_folders(releases):
            raise failure(both('there is no release "{name}"; see: vertragsgraph releases list', name=name), releases)
        release = open_release(folder)
        point = pointing(releases, release, work)
        newest = release == next(iter(all_releases(releases)), None)
        # Before the link: what a crash leaves then names a release that isn't served, which has no effect.
        hold(releases, None if newest else release)
        point()
        return release


def prune(releases: Path, keep: int | None = None, *, drafts: bool = False) -> list[str]:
    """Remove all releases but the newest `keep` ones, or those that are drafts, and return the ids of those removed.

    The one being served stays in any case.

    The catalogue forgets them first, so that it never names files that are gone. Raises `ReleaseError` where no release is
    being served, since then it isn't known which one must stay.
    """
    if keep is not None and keep < 1:
        raise failure(both("at least one release must be kept; {keep} won't do", keep=keep), releases)
    with changing(releases) as work:
        current = current_release(releases)
        if current is None:
            raise failure(both("no release is being served; activate one first"), releases)
        found = all_releases(releases)
        old = {release.id: release for release in (found[keep:] if keep else ())}
        old |= {release.id: release for release in found if drafts and release.is_draft}
        old.pop(current.id, None)
        catalogue.prepare(releases, current, work, without={*old})()
        for name, release in old.items():
            # Out of sight by one rename; what is left of it after a crash is swept.
            release.folder.rename(work / name)
        disk.sync(releases)
        return [*old]


def hold(releases: Path, release: Release | None) -> None:
    """Remember a release as one that was gone back to on purpose, or forget it."""
    if release:
        disk.swap_file(releases / HELD, f"{release.id}\n")
    else:
        (releases / HELD).unlink(missing_ok=True)


def is_held(releases: Path) -> bool:
    """Tell whether the release being served was gone back to on purpose, so that only a new one takes its place."""
    try:
        return (releases / HELD).read_text("utf-8").strip() == current_name(releases)
    except (OSError, ReleaseError):
        return False


def pointing(releases: Path, release: Release, work: Path) -> Callable[[], None]:
    """Return what lets `current` point to a release, after the catalogue that says so; the caller holds the lock.

    What needs space is done before that, in `work`. The release may still be about to appear. In the moment between the
    two, the catalogue names files that are there already. Raises `ReleaseError` where files of the release are missing.
    """
    if missing := release.missing_files():
        message = both(
            "the release is damaged: {file} is missing or cut off; restore it, or remove the release and build",
            file=missing[0],
        )
        raise failure(message, release.folder)
    put_in_place = catalogue.prepare(releases, release, work, [release])

    def point() -> None:
        put_in_place()
        link = releases / CURRENT
        if not link.is_symlink() or link.readlink() != Path(release.id):
            disk.swap_link(link, release.id)

    return point
