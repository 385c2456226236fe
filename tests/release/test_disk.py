"""What is written is on the disk before it can be seen, so that a power cut leaves it old or new."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vertragsgraph.release import disk


class Syncs:
    """Notes what is synced, by inode, and whether the target could be seen then."""

    def __init__(self, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.before = set[int]()
        self.after = set[int]()
        sync = os.fsync

        def noted(descriptor: int) -> None:
            sync(descriptor)
            (self.after if target.exists() else self.before).add(os.fstat(descriptor).st_ino)

        monkeypatch.setattr(os, "fsync", noted)


def test_a_folder_appears_when_all_of_it_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    (work / "dumps").mkdir(parents=True)
    (work / "dumps" / "dump.nt").write_text("<a:a> <a:b> <a:c> .\n")
    syncs = Syncs(tmp_path / "release", monkeypatch)
    disk.appear(work, tmp_path / "release")
    everything = {path.stat().st_ino for path in (tmp_path / "release", *(tmp_path / "release").rglob("*"))}
    assert len(everything) == 3
    assert (syncs.before, syncs.after) == (everything, {tmp_path.stat().st_ino})


def test_a_file_is_put_in_place_when_it_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs = Syncs(tmp_path / "file", monkeypatch)
    disk.swap_file(tmp_path / "file", "text\n")
    assert (syncs.before, syncs.after) == ({(tmp_path / "file").stat().st_ino}, {tmp_path.stat().st_ino})
