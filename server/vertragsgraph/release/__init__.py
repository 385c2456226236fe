"""Releases: built whole or not at all, never changed but by a redaction, one of them served."""

from vertragsgraph.release.activate import activate, prune, releases_folder
from vertragsgraph.release.build import Built, GateRefused, build, inspect, released
from vertragsgraph.release.compare import Change, as_rdf_patch, as_text, compare
from vertragsgraph.release.errors import ReleaseError
from vertragsgraph.release.redaction.plan import Plan, Request
from vertragsgraph.release.redaction.takedown import StillNamed, others_that_hold, plan, takedown
from vertragsgraph.release.release import (
    Release,
    all_releases,
    current_release,
    current_stamp,
    open_release,
    release_folders,
)
from vertragsgraph.release.verify import look_over, newest_intact, to_serve, verify

__all__ = [
    "Built",
    "Change",
    "GateRefused",
    "Plan",
    "Release",
    "ReleaseError",
    "Request",
    "StillNamed",
    "activate",
    "all_releases",
    "as_rdf_patch",
    "as_text",
    "build",
    "compare",
    "current_release",
    "current_stamp",
    "inspect",
    "look_over",
    "newest_intact",
    "open_release",
    "others_that_hold",
    "plan",
    "prune",
    "release_folders",
    "released",
    "releases_folder",
    "takedown",
    "to_serve",
    "verify",
]
