"""Releases: built whole or not at all, never changed, one of them served."""

from vertragsgraph.release.activate import activate, releases_folder
from vertragsgraph.release.build import Built, GateRefused, build
from vertragsgraph.release.errors import ReleaseError
from vertragsgraph.release.opened import Release, all_releases, current_release, open_release
from vertragsgraph.release.verify import newest_intact, verify
from vertragsgraph.release.write import RELEASE_FORMAT

__all__ = [
    "RELEASE_FORMAT",
    "Built",
    "GateRefused",
    "Release",
    "ReleaseError",
    "activate",
    "all_releases",
    "build",
    "current_release",
    "newest_intact",
    "open_release",
    "releases_folder",
    "verify",
]
