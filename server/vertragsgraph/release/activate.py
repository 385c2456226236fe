"""Which release is served: the link `current`, and where the folder of the releases lies."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from vertragsgraph.register import Register, shipped_folder
from vertragsgraph.release import catalogue, disk
from vertragsgraph.release.changing import changing
from vertragsgraph.release.errors import failure
from vertragsgraph.release.opened import CURRENT, Release, open_release, release_folders
from vertragsgraph.settings import Settings
from vertragsgraph.texts import both


def releases_folder(register: Register, settings: Settings) -> Path:
    """Return the folder of the releases: the setting, else `releases` in the register's folder, else the user's data folder.

    A register inside an installed package, or in a folder that can't be written, has its releases with the user's data.
    """
    if settings.releases:
        return settings.releases.absolute()
    installed = register.folder == shipped_folder() and register.folder.name == "shipped"
    if not installed and os.access(register.folder, os.W_OK):
        return register.folder / "releases"
    return platformdirs.user_data_path("vertragsgraph", appauthor=False) / register.key / "releases"


def activate(releases: Path, name: str) -> Release:
    """Serve the release with an id from now on, and return it.

    Raises `ReleaseError` where there is no such release or files of it are missing; the release served before stays so.
    """
    with changing(releases):
        folder = releases / name
        if folder not in release_folders(releases):
            raise failure(both('there is no release "{name}"; see: vertragsgraph releases list', name=name), releases)
        release = open_release(folder)
        point_to(releases, release)
        return release


def point_to(releases: Path, release: Release) -> None:
    """Let `current` point to a release, after the catalogue that says so; the caller holds the lock.

    In the moment between the two, the catalogue names files that are there already.
    """
    if missing := release.missing_files():
        message = both(
            "the release is damaged: {file} is missing or cut off; restore it, or remove the release and build",
            file=missing[0],
        )
        raise failure(message, release.folder)
    catalogue.write(releases, release)
    link = releases / CURRENT
    if not link.is_symlink() or link.readlink() != Path(release.folder.name):
        disk.swap_link(link, release.folder.name)
