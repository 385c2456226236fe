from __future__ import annotations

from vertragsgraph.sparql.cache import Entry, ResultCache


def entry(size: int) -> Entry:
    return (b"", b"x" * size, b'W/"a"')


def test_the_least_recently_used_is_given_up() -> None:
    cache = ResultCache(40_000)
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
    cache.put_shortcut(("release", b"query=x"), "key")
    assert cache.get_by_shortcut(("release", b"query=x")) is not None
    assert cache.get_by_shortcut(("other", b"query=x")) is None
    cache.clear()
    assert cache.get_by_shortcut(("release", b"query=x")) is None
