"""Files are whole, whatever happens while they are written, and nothing is written over another's changes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vertragsgraph.editor.files import ConflictError, States, extend, extended

WRITER = """
import sys
from pathlib import Path
from vertragsgraph.editor.files import States, extend

folder = Path(sys.argv[1])
print("ready", flush=True)
while True:
    states = States(folder)
    extend(folder, states, states.read()[0], {folder / "a.ttl": "# " + "x" * 200_000 + " end\\n", folder / "b.ttl": "# b\\n"})
"""


def test_a_process_that_is_killed_leaves_whole_files(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("# begin\n")
    for delay in (0.0, 0.05, 0.1, 0.15, 0.2):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
        lines = (tmp_path / "a.ttl").read_text().splitlines(keepends=True)
        assert lines[0] == "# begin\n"
        assert {line[-5:] for line in lines[1:]} <= {" end\n"}
        states = States(tmp_path)
        extend(tmp_path, states, states.read()[0], {tmp_path / "a.ttl": "# more end\n"})  # nobody holds the lock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.ttl").write_text("# a\n")
    (tmp_path / "b.ttl").write_text("# b\n")
    return tmp_path


def test_a_file_that_changed_keeps_all_from_being_written(folder: Path) -> None:
    states = States(folder)
    name, _ = states.read()
    (folder / "b.ttl").write_text("# other\n")
    with pytest.raises(ConflictError) as error:
        extend(folder, states, name, {folder / "a.ttl": "# more\n", folder / "b.ttl": "# more\n"})
    assert error.value.paths == [folder / "b.ttl"]
    assert (folder / "a.ttl").read_text() == "# a\n"


def test_a_new_file_is_not_written_where_there_is_one_meanwhile(folder: Path) -> None:
    states = States(folder)
    name, _ = states.read()
    (folder / "new.ttl").write_text("# theirs\n")
    with pytest.raises(ConflictError):
        extend(folder, states, name, {folder / "new.ttl": "# ours\n"})
    assert (folder / "new.ttl").read_text() == "# theirs\n"


def test_a_state_that_is_not_known_any_more_is_another(folder: Path) -> None:
    with pytest.raises(ConflictError):
        extend(folder, States(folder), "unknown", {folder / "a.ttl": "# more\n"})


def test_what_may_be_read_by_whom_stays(folder: Path) -> None:
    (folder / "a.ttl").chmod(0o640)
    states = States(folder)
    extend(folder, states, states.read()[0], {folder / "a.ttl": "# more\n"})
    assert (folder / "a.ttl").stat().st_mode & 0o777 == 0o640
    assert {path.name for path in folder.iterdir()} == {"a.ttl", "b.ttl"}


@pytest.mark.parametrize(
    ("before", "added", "after"),
    [
        ("", "# new\n\n@prefix a: <a> .\n", "# new\n\n@prefix a: <a> .\n"),
        (
            "a:b a:c a:d .\n",
            "\n@prefix x: <x> .\n\nx:y a x:z .\n",
            "a:b a:c a:d .\n\n@prefix x: <x> .\n\nx:y a x:z .\n",
        ),
        (
            "# title\n\n@prefix a: <a> .\n\n# of it\na:b a:c a:d .\n",
            "\n@prefix x: <x> .\n\nx:y a x:z .\n",
            "# title\n\n@prefix a: <a> .\n@prefix x: <x> .\n\n# of it\na:b a:c a:d .\n\nx:y a x:z .\n",
        ),
        ("@prefix a: <a> .\r\n", "\na:b a a:c .\n", "@prefix a: <a> .\r\n\r\na:b a a:c .\r\n"),
    ],
)
def test_prefixes_stand_with_the_others(tmp_path: Path, before: str, added: str, after: str) -> None:
    path = tmp_path / "a.ttl"
    if before:
        path.write_bytes(before.encode())
    assert extended(path, added).decode() == after
