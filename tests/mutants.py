"""Break lines on which something important hangs, one by one, in a copy of the project; the tests named must notice.

`mutants.toml` lists them. `python tests/mutants.py WORD …` tries those only whose lines name one of the words.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = Path("server/vertragsgraph")
PARTS: Final = (
    "register.toml",
    "pyproject.toml",
    "ontology",
    "shapes",
    "data",
    "docs",
    "benchmarks",
    "server",
    "tests",
)
ALL_PASSED, SOME_FAILED = 0, 1  # exit codes of pytest


@dataclass(frozen=True)
class Mutant:
    """What breaks if the text `old`, which stands once in a file of the package, gives way to `new`."""

    breaks: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def read() -> list[Mutant]:
    """Read the list."""
    entries = tomllib.loads((ROOT / "tests/mutants.toml").read_text("utf-8"))["mutant"]
    return [Mutant(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]


def copied(folder: Path) -> Path:
    """Copy what tests need, so that nobody who works meanwhile meets with a broken line."""
    folder.mkdir()
    for name in PARTS:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("node_modules", "__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, folder / name)
    return folder


def failure(folder: Path, tests: Sequence[str]) -> str:
    """Run tests in a copy of the project and return what pytest says of the first that fails; nothing where all pass."""
    # No byte code: it is taken for that of another file with as many bytes that was written within the same second.
    environment = {**os.environ, "PYTHONPATH": str(folder / "server"), "PYTHONDONTWRITEBYTECODE": "1"}
    options = ["-q", "-x", "-p", "no:cacheprovider", "--basetemp", str(folder.with_name("tmp"))]
    command = [sys.executable, "-m", "pytest", *options, *tests]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in {ALL_PASSED, SOME_FAILED}:
        sys.exit(f"pytest could not run {' '.join(tests)}:\n{done.stdout}{done.stderr}")
    return done.stdout if done.returncode else ""


def survives(mutant: Mutant, folder: Path) -> bool:
    """Break a line in a copy of the project, tell whether the tests pass all the same, and mend it."""
    file = folder / PACKAGE / mutant.file
    text = file.read_text("utf-8")
    assert text.count(mutant.old) == 1, f"{mutant.file}: not once there: {mutant.old}"
    file.write_text(text.replace(mutant.old, mutant.new), "utf-8")
    try:
        return not failure(folder, mutant.tests)
    finally:
        file.write_text(text, "utf-8")


def main(words: Sequence[str]) -> None:
    """Try the mutants, say what became of each, and fail where one survives."""
    mutants = [each for each in read() if not words or any(word in f"{each.breaks} {each.file}" for word in words)]
    with tempfile.TemporaryDirectory() as name:
        folder = copied(Path(name, "project"))
        every = sorted({test for mutant in mutants for test in mutant.tests})
        if told := failure(folder, every):
            sys.exit(f"A test fails without anything broken:\n{told}")
        survivors = 0
        for mutant in mutants:
            survived = survives(mutant, folder)
            survivors += survived
            print(f"{'SURVIVES' if survived else 'noticed '}  {mutant.file}: {mutant.breaks}", flush=True)
    print(f"{len(mutants) - survivors} of {len(mutants)} were noticed")
    sys.exit(bool(survivors))


if __name__ == "__main__":
    main(sys.argv[1:])
