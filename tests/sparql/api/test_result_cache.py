from __future__ import annotations

import asyncio
import tracemalloc

from vertragsgraph.settings import Settings
from vertragsgraph.sparql.api.result_cache import ResultCache
from vertragsgraph.sparql.api.service import Service
from vertragsgraph.sparql.engine.dataset import Dataset


def keep(cache: ResultCache, name: str, size: int) -> None:
    cache.keep(name, b"", b"x" * size, "a")


def test_the_least_recently_used_is_given_up() -> None:
    cache = ResultCache(45_000)
    for name in "abcdefghij":
        keep(cache, name, 2_400)
        cache.entries.move_to_end("a")
    for name in "klmnop":
        keep(cache, name, 2_400)
    assert [name for name in "abcop" if name in cache.entries] == ["a", "o", "p"]


def test_what_is_large_or_good_for_once_is_not_kept_and_nothing_where_there_is_no_room() -> None:
    cache = ResultCache(16_000)
    keep(cache, "large", 1_001)
    cache.keep("for once", b"", b"x", None)
    assert not cache.entries
    none = ResultCache(0)
    keep(none, "a", 0)
    assert not none.entries


def test_a_shortcut_leads_to_what_is_kept_until_all_is_forgotten() -> None:
    cache = ResultCache(100_000)
    keep(cache, "key", 10)
    cache.shortcuts.put(("release", b"query=x", None, None), "key")
    assert cache.entries.get(cache.shortcuts[("release", b"query=x", None, None)]) == (b"", b"x" * 10, "a")
    assert ("other", b"query=x", None, None) not in cache.shortcuts
    cache.clear()
    assert not cache.shortcuts and not cache.entries
    for name in "abcdefghij":
        keep(cache, name, 5_000)
    assert len(cache.entries) == 10, "there is room for as much as before"


def test_all_that_is_kept_takes_no_more_than_it_may() -> None:
    cache = ResultCache(1_000_000)
    tracemalloc.start()
    for number in range(20_000):
        cache.keep(f"{number:032x} gzip", bytes(300), bytes(number % 50), f"{number:032x}")
        query, accept = b"query=%d" % number + b"x" * 2_000, b"text/x%d" % number + b"y" * 1_000
        cache.shortcuts.put(("0" * 64, query, accept, b"gzip"), f"{number:032x} gzip")
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 1_000_000
    assert ("0" * 64, query, accept, b"gzip") in cache.shortcuts


def test_nothing_is_kept_of_a_dataset_that_another_has_taken_the_place_of(dataset: Dataset) -> None:
    class Anything:
        """An engine that takes any dataset."""

        async def swap(self, dataset: Dataset) -> None:
            self.dataset = dataset

    service = Service(Anything(), Settings())  # type: ignore[arg-type]
    keep(service.cache, "key", 10)
    asyncio.run(service.swap(dataset))
    assert not service.cache.entries
