"""What can go wrong with releases, as findings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vertragsgraph.finding import Finding, FindingsError, Place
from vertragsgraph.texts import Language, both


class ReleaseError(FindingsError):
    """A release can't be built, opened or changed; releases that were there before are unharmed."""


def finding(message: dict[Language, str], place: Path | None) -> Finding:
    """Return a finding about a release or the folder of the releases."""
    return Finding(message, Place(place) if place else None, rule="release")


def failure(message: dict[Language, str], place: Path | None) -> ReleaseError:
    """Return an error with one finding."""
    return ReleaseError([finding(message, place)])


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn an error of the file system (full disk, missing permission …) into a `ReleaseError` that says what to do."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        place = Path(error.filename) if isinstance(error.filename, str) else folder
        message = both(
            "the file system refuses: {reason}; what was served stays as it was. See to space and permissions, then try again",
            reason=reason,
        )
        raise failure(message, place) from error
