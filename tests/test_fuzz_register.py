"""register.toml with any value in any place: a finding with its line, or a catalogue that every harvester can read."""

from __future__ import annotations

import json
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vertragsgraph.register import RegisterError, load_register, shipped_folder
from vertragsgraph.release.catalogue import check_catalogue

pytestmark = pytest.mark.fuzz

SHIPPED = tomllib.loads((shipped_folder() / "register.toml").read_text("utf-8"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
IRIS = st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            ["http://", "https://", "x.example", "/", "//", "?", "#", "%", "%zz", "%C3", "[", "]", "::1", ":"]
        )
        | st.sampled_from(
            ["@", "user:pw@", ":80", ":99999", "ä", "\u2028", "\x00", "<", ">", " ", "..", "\U0010ffff", "-"]
        ),
        max_size=6,
    ).map(lambda parts: ["http://", *parts]),
)
OTHERS = st.sampled_from(
    ["2019-02-31", "2018", "0000", "9999-12-31", "a@b.de", "a@b", "DE", "de", "en", "IRREG", "SOCI"]
)
VALUES = st.recursive(
    TEXTS | IRIS | OTHERS | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["de", "en", "iri", "x"]), inner, max_size=3)
    ),
    max_leaves=4,
)


def places(values: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    return [path for key, value in inner for path in [(*before, key), *places(value, (*before, key))]]


def written(value: Any) -> str:
    """Return a value as TOML writes it inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def outcome(folder: Path, content: bytes) -> None:
    (folder / "register.toml").write_bytes(content)
    try:
        register = load_register(folder)
    except RegisterError as error:
        assert all(finding.place and finding.place.line for finding in error.findings)
        return
    assert check_catalogue(register) == []
    values = [register.base, register.url, register.licence.iri, register.contact.email, register.key]
    httpx.Headers({"x": " ".join(values)}).raw[0][1].decode("ascii")
    texts = [register.title, register.description, register.publisher.name, register.contact.name]
    ElementTree.fromstring(
        f"<x>{''.join(text.in_language('de') for text in texts).replace('&', '').replace('<', '')}</x>"
    )
    assert "\n" not in register.title.in_language("en")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(changes=st.lists(st.tuples(st.sampled_from(places(SHIPPED)), VALUES), min_size=1, max_size=2))
def test_any_value_in_any_place(tmp_path: Path, changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    values = deepcopy(SHIPPED)
    for path, value in changes:
        *above, last = path
        table = values
        try:
            for key in above:
                table = table[key]
            table[last] = value
        except (TypeError, LookupError):
            continue  # the change before has taken the place away
    outcome(tmp_path, "".join(f"{key} = {written(value)}\n" for key, value in values.items()).encode())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), put=st.binary(max_size=4) | TEXTS.map(str.encode))
def test_anything_put_into_the_file(tmp_path: Path, data: st.DataObject, put: bytes) -> None:
    content = (shipped_folder() / "register.toml").read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 8)))
    outcome(tmp_path, content[:start] + put + content[end:])
