"""Files of N-Triples lines in bytewise order (that of `LC_ALL=C sort`): sorting, and reading several side by side.

A canonical N-Triples line ends in ` .` and holds no raw line feed, so a line is a triple, and bytewise order brings the
triples of a subject together. A store would tell the same, in an order of its own and in memory that grows; so memory
stays flat whatever the size of the files.
"""

from __future__ import annotations

import os
import subprocess
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import IO, Final

BLOCK: Final = 1 << 20  # bytes read at a time
IN_MEMORY: Final = 1 << 24  # bytes; smaller files are sorted here, which is done before a `sort` would have started
SORT_BUFFER: Final = "256M"
"""The system's `sort` takes less than half the processor time of sorting runs here and merging them by `heapq`."""


def sort_file(source: Path, target: Path, *, in_memory: int = IN_MEMORY) -> None:
    """Write the lines of `source` to `target` in bytewise order, each once.

    Files above `in_memory` bytes are sorted by the system's `sort`, in bounded memory beside `target`. Raises `OSError`
    where that fails (disk full, no such program).
    """
    if source.stat().st_size <= in_memory:
        with source.open("rb") as lines, target.open("wb") as out:
            out.writelines(sorted(set(lines)))
        return
    command = ["sort", "-u", "-S", SORT_BUFFER, "-T", str(target.parent), "-o", str(target), "--", str(source)]
    done = subprocess.run(command, env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.strip() or f"sort ended with {done.returncode}")


@contextmanager
def sorting(target: Path) -> Iterator[IO[bytes]]:
    """Give a file to write lines into; after the block they stand in `target`, sorted, each once."""
    unsorted = target.with_name(f"{target.name}.unsorted")
    with unsorted.open("wb") as out:
        yield out
    sort_file(unsorted, target)
    unsorted.unlink()


def only_in_first(first: Path, second: Path) -> Iterator[str]:
    """Yield in their order the lines that stand in the first file, but not in the second; both are sorted, each line once."""
    for lines, others in side_by_side([first, second]):
        missing = set(lines).difference(others)
        yield from (line.decode().removesuffix("\n") for line in lines if line in missing)


def in_both(first: Path, second: Path) -> Iterator[str]:
    """Yield in their order the lines that stand in both of two sorted files, each line once in each."""
    for lines, others in side_by_side([first, second]):
        both = set(lines).intersection(others)
        yield from (line.decode().removesuffix("\n") for line in lines if line in both)


def lines_of(*paths: Path) -> Iterator[bytes]:
    """Yield the lines of files, one file after the other."""
    for path in paths:
        with path.open("rb") as lines:
            yield from lines


def blocks(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    """Yield a file in blocks of about `size` bytes that end where a line ends."""
    with path.open("rb") as file:
        while block := file.read(size):
            yield block + file.readline()


def side_by_side(paths: Sequence[Path], size: int = BLOCK) -> Iterator[list[list[bytes]]]:
    """Yield stretches of several sorted files: for each file the lines that lie in the stretch, maybe none.

    The stretches follow each other in order: each line of one is greater than every line of those before, in whichever
    file. Equal lines of different files are thus found in the same stretch. Whole stretches can be compared as sets,
    which is several times as fast as merging line by line.
    """
    with ExitStack() as stack:
        files = [_Ahead(stack.enter_context(path.open("rb")), size) for path in paths]
        while last := [file.lines[-1] for file in files if file.lines]:
            bound = min(last)
            yield [file.take(bound) for file in files]


def beginning_with(path: Path, start: bytes) -> Iterator[bytes]:
    """Yield the lines of a sorted file that begin so: they are found by bisection, in a few dozen readings."""
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size
        while low < high:  # a line that begins before `low` is less than `start`, one that begins after `high` isn't
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.readline()  # the rest of the line in which the middle lies
            if file.tell() < high and file.readline()[: len(start)] < start:
                low = file.tell()
            else:
                high = middle
        file.seek(low)
        rest = dropwhile(lambda line: line[: len(start)] < start, file)
        yield from takewhile(lambda line: line.startswith(start), rest)


def write_apart(sources: Sequence[Path], targets: Sequence[Path]) -> list[int]:
    """Copy sorted files so that each line stands in one of them only: the first that has it.

    Returns how many lines each of the targets holds.
    """
    counts = [0] * len(targets)
    with ExitStack() as stack:
        outs = [stack.enter_context(target.open("wb")) for target in targets]
        for stretch in side_by_side(sources):
            seen: set[bytes] = set()
            for number, lines in enumerate(stretch):
                new = lines if seen.isdisjoint(lines) else [line for line in lines if line not in seen]
                seen.update(new)
                outs[number].writelines(new)
                counts[number] += len(new)
    return counts


class _Ahead:
    """A sorted file, some of whose lines have been read already; `lines` is empty only at its end."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._size = size
        self.lines = file.readlines(size)

    def take(self, bound: bytes) -> list[bytes]:
        """Return the lines up to and including `bound`, and read on where all have been taken."""
        end = bisect_right(self.lines, bound)
        taken, self.lines = self.lines[:end], self.lines[end:]
        if not self.lines:
            self.lines = self._file.readlines(self._size)
        return taken
