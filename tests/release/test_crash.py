"""A build that is killed, at whatever moment, leaves a whole release served, and the next build works."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vertragsgraph.register import Register
from vertragsgraph.release import build

# One process imports everything once and forks for each moment of death; it never opens a store itself, whose
# threads would not survive a fork.
DRIVER = '''
import hashlib, os, shutil, signal, sys, time
from pathlib import Path
from vertragsgraph.gate.shacl import engines  # else each child would import them
from vertragsgraph.graph.collect import read_document
from vertragsgraph.graph.reasoning.ontology import logic_of
from vertragsgraph.register import load_register
from vertragsgraph.release import build, current_release, verify
import pyoxigraph

register, before, releases, mode = load_register(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
EVENTS = {"os.rename", "os.symlink", "os.mkdir", "os.remove", "os.rmdir", "os.truncate", "subprocess.Popen"}
former = current_release(before).id
logic_of(read_document(register, register.ontology), register)  # is kept; else each child would close the ontology

def kill_at(moment):
    """End this process as a power cut would, just before its moment-th change to the file system."""
    count = 0
    def hook(event, args):
        nonlocal count
        if event in EVENTS or (event == "open" and isinstance(args[2], int) and args[2] & WRITING):
            count += 1
            if count == moment:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)

def kill_after(seconds):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)

def in_child(work):
    """Run work in a child; return the signal that ended it, 0 for none. An exception ends this process too."""
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    if os.WEXITSTATUS(status):
        sys.exit(f"moment {moment}: the work failed")
    return 0

def dying(prepare):
    def work():
        prepare()
        build(register, releases)
    return work

def visible():
    """What a reader finds in the folder of the releases, by name and checksum."""
    files = (path for path in releases.rglob("[!.]*") if path.is_file() and ".building-" not in str(path))
    found = sorted((str(path), hashlib.sha256(path.read_bytes()).digest()) for path in files)
    return hashlib.sha256(repr([found, os.readlink(releases / "current")]).encode()).digest()

def whole():
    release = current_release(releases)
    assert release is not None
    assert verify(release) == [], verify(release)
    assert len(pyoxigraph.Store.read_only(str(release.store))) == release.manifest.triples
    # What is listed is whole, served or not.
    for path in releases.iterdir():
        if path.suffix in (".ttl", ".rdf", ".jsonld"):
            assert f"{release.base}catalog".encode() in path.read_bytes()
            list(pyoxigraph.parse(path=path))
        else:
            assert path.name.startswith(".") or (path / "release.json").is_file(), path

def next_build():
    built = build(register, releases)
    assert built.release.id != former
    assert current_release(releases) == built.release
    assert verify(built.release) == []
    assert not list(releases.glob(".building-*"))

def every_event():
    for moment in range(1, 10_000):
        yield moment, lambda: kill_at(moment)

def spread_in_time():
    start = time.monotonic()
    in_child(lambda: build(register, releases))
    took = time.monotonic() - start
    for part in range(1, 25):
        yield part, lambda: kill_after(took * part / 25)

moment, looked_at = 0, set()
moments = every_event() if mode == "events" else spread_in_time()
for moment, prepare in moments:
    shutil.rmtree(releases, ignore_errors=True)
    shutil.copytree(before, releases, symlinks=True)
    ended_by = in_child(dying(prepare))
    if (state := visible()) not in looked_at:  # most changes are made where no reader sees them
        in_child(whole)
        looked_at.add(state)
    if moment % 12 == 1:  # a whole build takes as long as all the rest
        in_child(next_build)
    if mode == "events" and not ended_by:
        break
print(moment)
'''


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("mode", ["events", "time"])
def test_a_killed_build_leaves_a_whole_release(
    register: Register, releases: Path, tmp_path: Path, add_contract: Callable[[str], None], mode: str
) -> None:
    build(register, releases)
    before = tmp_path / "before"
    shutil.copytree(releases, before, symlinks=True)
    add_contract("c")
    command = [sys.executable, "-c", DRIVER, str(register.folder), str(before), str(releases), mode]
    done = subprocess.run(command, capture_output=True, text=True, timeout=850, check=False)
    assert done.returncode == 0, done.stderr
    if mode == "events":
        assert int(done.stdout) > 30, "so few changes to the file system can't have been a whole build"
