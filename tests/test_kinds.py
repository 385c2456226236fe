"""Reading the table of kinds: what is wrong in it is a finding with its line, whatever it is."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertragsgraph.finding import FindingsError, Place
from vertragsgraph.gate.checks.kinds import check_kinds
from vertragsgraph.graph.collect import collect, read_document
from vertragsgraph.rdf.paths import PropertyPath
from vertragsgraph.register import Kinds, Register, load_kinds, load_register, shipped_folder, shipped_kinds
from vertragsgraph.register import kinds as model
from vertragsgraph.release import Release
from vertragsgraph.release.digest import recomputed as digest_of
from vertragsgraph.release.release import KINDS_FILE

ROOT = Path(__file__).parents[1]
TABLE = """\
extends = true

[kinds.lease]
class = "vg:Contract"
main = true
shape = "hexagon"
wikidata = [
    { property = "P31", path = "vg:partner", item = "Q5" },
]

[kinds.lease.list]
path = "leases"
facets = [
    { key = "year", path = "vg:partner/vg:date", form = "year" },
    { key = "how", values = [
        { key = "one", path = "^vg:partner", title = { de = "eins" } },
    ] },
    { key = "topic", path = "vg:topic", kind = "topic" },
]

[[lines]]
from = "lease"
to = "organisation"
name = "vg:partner"
"""


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """The shipped register with an ontology folder of its own."""
    shutil.copytree(shipped_folder() / "ontology", tmp_path / "ontology")
    shutil.copy(ROOT / "register.toml", tmp_path)
    return load_register(tmp_path)


def read(register: Register, text: str) -> Kinds:
    (register.ontology / model.FILE_NAME).write_text(text, "utf-8")
    return load_kinds(register)


def complaint(register: Register, text: str) -> tuple[int, str]:
    with pytest.raises(FindingsError) as caught:
        read(register, text)
    (finding,) = caught.value.findings
    assert finding.place is not None and finding.place.file.name == "kinds.toml"
    return finding.place.line, finding.message["en"]


def test_the_shipped_table_is_sound(register: Register) -> None:
    assert load_kinds(register).canonical() == shipped_kinds().canonical()
    assert check_kinds(register, read_document(register, register.ontology)) == []


def test_a_table_adds_to_the_shipped_one_or_takes_its_place(register: Register) -> None:
    extended = read(register, TABLE + "\n[kinds.topic]\nmain = false\n")
    assert extended["lease"].list and extended.listed.keys() >= {"contracts", "leases"}
    assert (extended["topic"].main, extended["topic"].shape) == (False, "diamond")
    assert extended.lines[0].start == "lease" and len(extended.lines) == len(shipped_kinds().lines) + 1
    table = '[kinds.lease]\ntable = [\n  { name = "lease", title = { fr = "bail" } },\n]\n'
    assert list(read(register, table).kinds) == ["lease"]


def test_a_table_may_stand_beside_the_register_and_change_single_keys_of_a_list(register: Register) -> None:
    own = "extends = true\n[kinds.grant.list]\nnavigation = true\n"
    (register.folder / model.FILE_NAME).write_text(own, "utf-8")
    grants, shipped = load_kinds(register)["grant"].list, shipped_kinds()["grant"].list
    assert grants and shipped and (grants.navigation, shipped.navigation) == (True, False)
    assert (grants.path, grants.facets) == (shipped.path, shipped.facets)
    (register.folder / model.FILE_NAME).write_text("extends = true\n[kinds.grant]\nlist = 3\n", "utf-8")
    with pytest.raises(FindingsError) as caught:
        load_kinds(register)
    assert caught.value.findings[0].place == Place(register.shown(register.folder / model.FILE_NAME), 3)


def test_a_released_table_is_read_as_it_was(register: Register) -> None:
    kinds = read(register, TABLE)
    again = Kinds.of(json.loads(kinds.canonical()), extra="ignore")
    assert again == kinds and again.canonical() == kinds.canonical()


def test_a_release_without_a_table_is_shown_by_the_shipped_one(release: Release) -> None:
    files = {name: entry for name, entry in release.manifest.files.items() if name != KINDS_FILE}
    earlier = replace(release, manifest=release.manifest.model_copy(update={"files": files}))
    assert earlier.kinds == release.kinds == shipped_kinds()
    assert digest_of(release) == release.digest != digest_of(earlier)


def test_a_wrong_table_is_a_finding_beside_what_is_wrong_with_the_sources(register: Register, tmp_path: Path) -> None:
    (register.ontology / model.FILE_NAME).write_text("extends = 3\n", "utf-8")
    with pytest.raises(FindingsError) as caught:
        collect(register, tmp_path / "graphs")
    assert {finding.rule for finding in caught.value.findings} >= {"kinds", "sources"}


PERIOD = 'period = { day = "on", begins = ["vg:earliest"], ends = ["vg:latest"] }, '


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('shape = "hexagon"', 'shape = "hexagn"', 6, "did you mean hexagon?"),
        ('class = "vg:Contract"', 'class = "own:Lease"', 4, "whose prefix is known"),
        ('class = "vg:Contract"', 'klass = "vg:Contract"', 4, 'did you mean "class"?'),
        ("main = true", 'main = "perhaps"', 5, "must be true or false"),
        ('property = "P31"', 'property = "31"', 8, "such as P39"),
        ('path = "vg:partner", item', 'path = "vg:partner | vg:topic", item', 8, "evidence of one path"),
        ('path = "leases"', 'path = "search"', 12, "nothing that is served already"),
        ('path = "leases"', 'path = "people"', 12, "another kind has its list"),
        ('"vg:partner/vg:date"', '"vg:partner//vg:date"', 14, "a path of properties"),
        ('path = "vg:partner/vg:date", ', "", 14, "a facet has a path"),
        ('path = "vg:partner/vg:date", ', PERIOD.replace('"on"', '"lang"'), 14, "is taken"),
        ('path = "vg:partner/vg:date", ', f'path = "vg:partner/vg:date", {PERIOD}', 14, "or a period"),
        ('"^vg:partner"', '"^vg:partner*["', 15, "a path of properties"),
        ('kind = "topic"', 'kind = "thema"', 18, 'no kind "thema"'),
        ('key = "topic"', 'key = "year"', 14, "is taken"),
        ('key = "topic"', 'key = "lang"', 18, "is taken"),
        ('to = "organisation"', 'to = "place"', 23, 'and "place" has none'),
        ('name = "vg:partner"\n', "", 21, "is missing"),
        ("[kinds.lease.list]", "[kinds.lease.list", 11, "TOML syntax error"),
        ("[kinds.lease]", "[kinds.Lease2]", 3, "lower-case"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(register: Register, old: str, new: str, line: int, said: str) -> None:
    assert old in TABLE
    text = TABLE.replace(old, new, 1)
    if "is taken" in said and "year" in new:
        with pytest.raises(FindingsError) as caught:
            read(register, text)
        assert [finding.place.line for finding in caught.value.findings if finding.place] == [14, 18]
        return
    found = complaint(register, text)
    assert found[0] == line and said in found[1], found


def test_a_table_of_its_own_has_the_columns_of_the_registers_table(register: Register) -> None:
    columns = 'table = [\n  { name = "topics", path = "vg:topic/skos:broader*", title = { de = "Themen" } },\n]\n'
    assert complaint(register, f"[kinds.lease]\n{columns}") == (
        3,
        "a column of the table takes no path with * or +; list what leads there, with | in between",
    )
    assert "no kind has a table" in complaint(register, '[kinds.lease]\nclass = "vg:Contract"\n')[1]


def test_a_term_that_the_ontology_does_not_have_is_found(register: Register) -> None:
    read(register, TABLE.replace('"^vg:partner"', '"^vg:partnr[vg:Contract]"'))
    (finding,) = check_kinds(register, read_document(register, register.ontology))
    assert finding.place and (finding.place.line, finding.rule) == (15, "kinds")
    assert "vg:partnr; did you mean vg:partner?" in finding.message["en"]


@pytest.mark.fuzz
@given(
    start=st.integers(0, len(TABLE)),
    length=st.integers(0, 30),
    text=st.sampled_from(["", "3", "[]", "{}", '""', "true", "=", "\n", "[x]", "\x00", "vg:", "|", "{ a = 1 },"]),
)
def test_whatever_is_put_in_the_place_of_something_is_a_finding_at_most(start: int, length: int, text: str) -> None:
    with TemporaryDirectory() as folder:
        shutil.copy(ROOT / "register.toml", folder)
        Path(folder, "ontology").mkdir()
        try:
            read(load_register(Path(folder)), TABLE[:start] + text + TABLE[start + length :])
        except FindingsError as error:
            assert all(finding.place and finding.message["de"] for finding in error.findings)


def test_each_branch_of_a_path_has_what_is_given_of_its_start() -> None:
    path = PropertyPath.read("^vg:a/vg:b | vg:c", {"vg": "x:"})
    given_in_each = "{ ?s a <x:C> . ?v_1 <x:a> ?s . ?v_1 <x:b> ?v . } UNION { ?s a <x:C> . ?s <x:c> ?v . }"
    assert path.pattern("?s", "?v", "?s a <x:C> .") == given_in_each


@pytest.mark.fuzz
@given(st.text(st.sampled_from("vg:partner^/|*+[]<> ab.\n"), max_size=40))
def test_a_text_is_a_path_or_none_and_nothing_else_happens(text: str) -> None:
    try:
        path = PropertyPath.read(text, {"vg": "https://example.org/"})
    except ValueError:
        return
    assert path.pattern("?s", "?v").endswith((".", "}"))


def test_every_key_is_documented_and_no_other() -> None:
    text = (ROOT / "docs/kinds.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `([a-z.]+)` \|", text, re.MULTILINE))
    assert documented == set(keys(Kinds))


def test_the_documented_example_is_a_table(register: Register) -> None:
    text = (ROOT / "docs/kinds.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert read(register, example)["concession"].list is not None


def keys(of: type, before: str = "") -> list[str]:
    """The keys of a table, those of tables within it after a dot; names of kinds and places in lists are left out."""
    found = []
    for name, field in of.model_fields.items():
        key = before + (field.alias or name)
        found.append(key)
        inner = re.search(r"kinds\.(\w+)'?", str(field.annotation))
        if inner and hasattr(table := getattr(model, inner[1], None), "model_fields"):
            found += keys(table, f"{key}.")
    return found
