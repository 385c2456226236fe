from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.rdf.sorted_files import (
    beginning_with,
    blocks,
    in_both,
    only_in_first,
    side_by_side,
    sort_file,
    sorting,
    write_apart,
)

LINES = st.lists(st.binary(max_size=6).map(lambda line: line.replace(b"\n", b"\t") + b" .\n"), max_size=40)
TEXTS = st.sets(st.text("aäZ𝄞 .\r\u2028", min_size=1, max_size=3), max_size=20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sorting")


def written(path: Path, lines: list[bytes]) -> Path:
    path.write_bytes(b"".join(lines))
    return path


@given(LINES)
def test_sorted_bytewise_and_each_once(folder: Path, lines: list[bytes]) -> None:
    sort_file(written(folder / "source", lines), folder / "target")
    assert (folder / "target").read_bytes() == b"".join(sorted(set(lines)))


@given(TEXTS, TEXTS)
def test_what_is_written_to_be_sorted_can_be_compared(folder: Path, lines: set[str], others: set[str]) -> None:
    one, other = folder / "one", folder / "other"
    with sorting(one) as out, sorting(other) as beside:
        out.writelines(f"{line}\n".encode() for line in (*lines, *lines))
        beside.writelines(f"{line}\n".encode() for line in others)
    assert [*only_in_first(one, other)] == sorted(lines - others, key=str.encode)
    assert [*in_both(one, other)] == sorted(lines & others, key=str.encode)
    assert sorted(path.name for path in folder.glob("o*")) == ["one", "other"]


@pytest.mark.parametrize("seed", range(3))
def test_the_program_sort_gives_the_same(folder: Path, seed: int) -> None:
    words = ["a", "ä", "Z", "_", "-", "é", "€", "𝄞", "~", '"', "\x7f"]
    lines = [f"<{words[n * seed % 11]}{words[n * 7 % 11]}> {n % (13 + seed)} .\n".encode() for n in range(500)]
    sort_file(written(folder / "source", lines), folder / "target", in_memory=0)
    assert (folder / "target").read_bytes() == b"".join(sorted(set(lines)))


def test_a_failing_sort_is_an_error_of_the_system(folder: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        sort_file(written(folder / "source", [b"a .\n"]), folder / "nowhere" / "target", in_memory=0)


@given(st.lists(LINES, min_size=1, max_size=4), st.integers(min_value=1, max_value=30))
def test_stretches_follow_each_other_and_lose_nothing(folder: Path, files: list[list[bytes]], size: int) -> None:
    contents = [sorted(set(lines)) for lines in files]
    paths = [written(folder / str(number), lines) for number, lines in enumerate(contents)]
    stretches = list(side_by_side(paths, size))
    assert [[line for stretch in stretches for line in stretch[number]] for number in range(len(files))] == contents
    ends = [(min(all_), max(all_)) for stretch in stretches if (all_ := [line for lines in stretch for line in lines])]
    assert all(before[1] < after[0] for before, after in pairwise(ends))


@given(st.lists(LINES, min_size=1, max_size=4))
def test_a_line_stays_in_the_first_file_that_has_it(folder: Path, files: list[list[bytes]]) -> None:
    sources = [written(folder / f"s{number}", sorted(set(lines))) for number, lines in enumerate(files)]
    targets = [folder / f"t{number}" for number in range(len(files))]
    counts = write_apart(sources, targets)
    seen: set[bytes] = set()
    for lines, target, count in zip(files, targets, counts, strict=True):
        expected = sorted(set(lines) - seen)
        assert target.read_bytes() == b"".join(expected)
        assert count == len(expected)
        seen |= set(lines)


@given(LINES, st.integers(min_value=1, max_value=20))
def test_blocks_end_where_lines_end(folder: Path, lines: list[bytes], size: int) -> None:
    found = list(blocks(written(folder / "source", lines), size))
    assert b"".join(found) == b"".join(lines)
    assert all(block.endswith(b"\n") for block in found)


@given(LINES, st.binary(max_size=3))
def test_the_lines_that_begin_so_are_found(folder: Path, lines: list[bytes], start: bytes) -> None:
    file = written(folder / "sorted", sorted(lines))
    assert list(beginning_with(file, start)) == [line for line in sorted(lines) if line.startswith(start)]
