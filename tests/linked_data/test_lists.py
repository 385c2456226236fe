"""Lists in a file of the release: what they say is what the data says, from the file as without it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import date

import pytest

from tests.conftest import MakeOnce
from tests.web.in_process import Asked, asked_of
from tests.web.life import write_register
from vertragsgraph.linked_data.in_force import Status
from vertragsgraph.linked_data.lists import NONE, Index, opened
from vertragsgraph.register import load_register
from vertragsgraph.release import Release, build, current_release
from vertragsgraph.release.contents.lists import FILE_NAME, packed, unpacked

DAYS = (date(2019, 6, 3), date(2026, 11, 27))


@pytest.fixture(scope="module")
def living(once: MakeOnce) -> Release:
    """The release of an invented register whose contracts are in force from some day until another."""
    made = once("living", lambda folder: build(load_register(write_register(folder)), folder / "releases"))
    found = current_release(made / "releases")
    assert found
    return found


def indexes(release: Release, file: sqlite3.Connection) -> Iterator[Index]:
    for kind in release.kinds.listed.values():
        if kind.list:
            yield Index(file, kind.list, release.base)


def without_file(release: Release) -> Release:
    """Return the release as an earlier version of the software wrote it."""
    files = {name: entry for name, entry in release.manifest.files.items() if name != FILE_NAME}
    return Release(release.folder, release.manifest.model_copy(update={"files": files}))


def told(index: Index, release: Release) -> list[object]:
    """Return all that a list says, whatever single value is chosen."""
    found: list[object] = []
    for day in DAYS:
        options = index.options({}, day)
        tokens = [(key, option.token) for key, some in options.items() for option in some]
        for chosen in ({}, *({key: token} for key, token in tokens)):
            found.append(index.options(chosen, day))
            for language in release.register.spoken:
                items = list(index.items(chosen, day, language))
                found += [items, [index.statuses(item, day) for item in items]]
        found.append(index.labels(option.iri for some in options.values() for option in some))
    return found


def test_the_file_says_what_a_release_without_it_is_asked_for(living: Release) -> None:
    asked, others = Asked.__new__(Asked), asked_of(living)
    written = asyncio.run(opened(living, asked))  # nobody who could answer
    computed = asyncio.run(opened(without_file(living), others, living.register.spoken))
    assert others.queries
    for one, other in zip(indexes(living, written), indexes(living, computed), strict=True):
        assert told(one, living) == told(other, living), one.listing.path


def test_what_is_chosen_is_counted(living: Release) -> None:
    for index in indexes(living, asyncio.run(opened(living, asked_of(living)))):
        for day in DAYS:
            for key, options in index.options({}, day).items():
                for option in options:
                    chosen = index.items({key: option.token}, day, "en")
                    assert len(chosen) == len(list(chosen)) == option.count
                    assert option.count <= len(index.items({}, day, "en"))
                    if option.token != NONE and key not in {
                        facet.key for facet in index.listing.facets if facet.period
                    }:
                        assert index.count(key, option.iri or option.token) == option.count
        assert list(index.items({"unknown": "x"}, DAYS[0], "en")) == list(index.items({}, DAYS[0], "en"))


def test_an_item_has_one_status_on_a_day(living: Release) -> None:
    contracts = next(indexes(living, asyncio.run(opened(living, asked_of(living)))))
    for day in DAYS:
        by_status = {
            option.token: set(contracts.items({"status": option.token}, day, "en"))
            for option in contracts.options({}, day)["status"]
        }
        assert sum(map(len, by_status.values())) == len(contracts.items({}, day, "en"))
        assert len({Status(token) for token in by_status}) > 1
        for token, items in by_status.items():
            assert all(contracts.statuses(item, day) == {"status": token} for item in items)


def test_parts_of_a_list_follow_one_another(release: Release) -> None:
    contracts = next(indexes(release, asyncio.run(opened(release, asked_of(release)))))
    items = contracts.items({}, DAYS[0], "de")
    assert [*items[:2], *items[2:4]] == list(items[:4])
    assert (items[0], items[-1], items[9:]) == (next(iter(items)), [*items][-1], [])
    with pytest.raises(IndexError):
        items[len(items)]


def test_numbers_are_packed_the_same_everywhere() -> None:
    assert packed([1, 258]) == b"\x01\0\0\0\x02\x01\0\0"
    assert list(unpacked(packed(range(5)))) == list(range(5))
