from __future__ import annotations

import tracemalloc

from vertragsgraph.sparql.cache import Entry, ResultCache


def entry(size: int) -> Entry:
    return (b"", b"x" * size, "a")


def test_the_least_recently_used_is_given_up() -> None:
    cache = ResultCache(45_000)
    for name in "abcdefghij":
        cache.put(name, entry(2_400))
        cache.get("a")
    for name in "klmnop":
        cache.put(name, entry(2_400))
    assert cache.get("a") is not None
    assert cache.get("b") is None
    assert cache.get("p") is not None


def test_what_is_large_is_not_kept_and_nothing_where_there_is_no_room() -> None:
    cache = ResultCache(16_000)
    cache.put("large", entry(1_001))
    assert cache.get("large") is None
    none = ResultCache(0)
    none.put("a", entry(0))
    assert none.get("a") is None


def test_a_shortcut_leads_to_what_is_kept() -> None:
    cache = ResultCache(100_000)
    cache.put("key", entry(10))
    cache.put_shortcut(("release", b"query=x", None, None), "key")
    assert cache.get_by_shortcut(("release", b"query=x", None, None)) is not None
    assert cache.get_by_shortcut(("other", b"query=x", None, None)) is None
    cache.clear()
    assert cache.get_by_shortcut(("release", b"query=x", None, None)) is None


def test_all_that_is_kept_takes_no_more_than_it_may() -> None:
    cache = ResultCache(1_000_000)
    tracemalloc.start()
    for number in range(20_000):
        cache.put(f"{number:032x} gzip", (bytes(300), bytes(number % 50), f"{number:032x}"))
        query, accept = b"query=%d" % number + b"x" * 2_000, b"text/x%d" % number + b"y" * 1_000
        cache.put_shortcut(("0" * 64, query, accept, b"gzip"), f"{number:032x} gzip")
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 1_000_000
    assert cache.get_by_shortcut(("0" * 64, query, accept, b"gzip")) is not None
