"""Each manifest names the one before, whatever happens to releases; who walks back finds what isn't as it was published."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from vertragsgraph.finding import Finding, Severity
from vertragsgraph.register import Register, load_register
from vertragsgraph.release import (
    Release,
    ReleaseError,
    Request,
    activate,
    all_releases,
    build,
    compare,
    open_release,
    prune,
    takedown,
    verify,
)
from vertragsgraph.release.chain import verify_chain
from vertragsgraph.release.manifest import FILE_NAME, Previous, sha256

from .conftest import write_register

Add = Callable[[str], None]
AMOUNT = Request(["contract:a vg:amount 40000"])
PAGE = Request(["organisation:y vg:page <https://example.org/a%2Fb>"])


def previous(release: Release) -> str | None:
    """The id of the release before; its manifest is the one that is named."""
    named = release.manifest.previous
    return named.id if named else None


def told(releases: Path, severity: Severity = Severity.VIOLATION) -> list[str]:
    findings = verify_chain(all_releases(releases))
    return [finding.message["en"] for finding in findings if finding.severity is severity]


def rewrite(release: Release, **members: object) -> Release:
    """Change a manifest, and its checksum so that it fits."""
    text = release.manifest.model_copy(update=members).text()
    (release.folder / FILE_NAME).write_text(text, "utf-8")
    return open_release(release.folder)


@pytest.fixture
def first(register: Register, releases: Path) -> Release:
    return build(register, releases).release


@pytest.fixture
def second(first: Release, register: Register, releases: Path, add_contract: Add) -> Release:
    add_contract("c")
    return build(register, releases).release


def test_a_release_names_the_manifest_of_the_one_before(first: Release, second: Release, releases: Path) -> None:
    assert first.manifest.previous is None
    assert second.manifest.previous == Previous(id=first.id, sha256=sha256(first.folder))
    assert verify_chain(all_releases(releases)) == []


def test_the_digest_says_nothing_of_what_was_before(
    second: Release, register: Register, tmp_path: Path, releases: Path
) -> None:
    alone = build(register, tmp_path / "elsewhere").release
    assert alone.manifest.previous is None
    assert alone.digest == second.digest
    assert list(compare(alone, second)) == []


def test_the_newest_is_followed_whichever_is_served(
    first: Release, second: Release, register: Register, releases: Path, add_contract: Add
) -> None:
    activate(releases, first.id)
    add_contract("d")
    third = build(register, releases, activate=False).release
    add_contract("e")
    fourth = build(register, releases).release
    assert (previous(third), previous(fourth)) == (second.id, third.id)
    assert verify_chain(all_releases(releases)) == []


def test_each_release_is_later_than_those_at_hand(
    first: Release, second: Release, register: Register, releases: Path, add_contract: Add
) -> None:
    """Also in one second, which is as exactly as instants are told, and where a clock went a little fast."""
    assert second.created > first.created
    fast = rewrite(second, created=second.created + timedelta(minutes=1))
    add_contract("d")
    third = build(register, releases).release
    assert third.created == fast.created + timedelta(seconds=1)
    rewrite(third, created=third.created + timedelta(days=400))  # a clock that goes wrong is not followed
    add_contract("e")
    assert build(register, releases).release.created < third.created + timedelta(days=1)


def test_releases_of_one_instant_make_one_chain(
    first: Release, second: Release, register: Register, releases: Path, add_contract: Add
) -> None:
    """As earlier versions built them; ids tell nothing of the order."""
    rewrite(second, created=first.created)
    for name in "defg":
        add_contract(name)
        before = {release.id for release in all_releases(releases)}
        third = build(register, releases).release
        rewrite(third, created=first.created)
        assert previous(third) not in {previous(open_release(releases / other)) for other in before}
    assert told(releases) == []
    assert told(releases, Severity.WARNING) == []


def test_a_redaction_says_what_the_manifest_was(
    first: Release, second: Release, register: Register, releases: Path, add_contract: Add
) -> None:
    published = sha256(first.folder)
    (redacted,) = takedown(releases, [first.id], AMOUNT, "Court order")
    assert redacted.manifest.redactions[-1].before == published != sha256(first.folder)
    between = sha256(first.folder)
    add_contract("d")
    third = build(register, releases).release
    (again,) = takedown(releases, [first.id], PAGE, "Another court order")
    assert [item.before for item in again.manifest.redactions] == [published, between]
    takedown(releases, [second.id], AMOUNT, "Court order")
    assert previous(open_release(second.folder)) == first.id
    assert previous(third) == second.id
    assert verify_chain(all_releases(releases)) == []


def test_a_redaction_that_was_left_out_is_found(first: Release, second: Release, releases: Path) -> None:
    (redacted,) = takedown(releases, [first.id], AMOUNT, "Court order")
    rewrite(redacted, redactions=())
    (message,) = told(releases)
    assert first.id in message
    assert "Take both from a backup" in message


def test_a_release_that_was_undone_is_found_by_what_was_built_since(
    first: Release, register: Register, releases: Path, tmp_path: Path, add_contract: Add
) -> None:
    kept = shutil.copytree(first.folder, tmp_path / first.id)
    takedown(releases, [first.id], AMOUNT, "Court order")
    add_contract("c")
    build(register, releases)
    assert told(releases) == []
    shutil.rmtree(first.folder)
    shutil.copytree(kept, first.folder)
    assert verify(open_release(first.folder)) == []
    assert len(told(releases)) == 1


def test_what_was_pruned_is_a_gap_that_is_told(
    first: Release, second: Release, register: Register, releases: Path, add_contract: Add
) -> None:
    assert prune(releases, 1) == [first.id]
    assert told(releases) == []
    (message,) = told(releases, Severity.INFO)
    assert f"it follows release {first.id}, which isn't here" in message
    add_contract("d")
    assert previous(build(register, releases).release) == second.id
    assert told(releases) == []


def test_what_was_pruned_is_built_again_under_another_name(
    first: Release, register: Register, releases: Path, add_contract: Add
) -> None:
    source = register.data / "contracts.ttl"
    text = source.read_text("utf-8")
    add_contract("c")
    second = build(register, releases, today=first.created.date()).release
    prune(releases, 1)
    source.write_text(text, "utf-8")
    again = build(register, releases, compared=False, today=first.created.date()).release
    assert (again.digest, again.id, previous(again)) == (first.digest, first.id + first.digest[8], second.id)
    assert told(releases) == []


def damage(release: Release) -> None:
    release.dump("ttl").write_text("damaged", "utf-8")


def test_a_damaged_release_that_is_built_anew_keeps_its_place(
    first: Release, second: Release, register: Register, releases: Path, tmp_path: Path
) -> None:
    published, created = sha256(second.folder), rewrite(second, created=second.created - timedelta(0)).created
    damage(second)
    mended = build(register, releases)
    assert [item.before for item in mended.release.manifest.rebuilt] == [published]
    assert (mended.release.created, previous(mended.release)) == (created, first.id)
    assert verify(mended.release) == []
    assert verify_chain(all_releases(releases)) == []
    damage(second)
    again = build(register, releases).release
    assert [item.before for item in again.manifest.rebuilt] == [published, sha256_of(mended.release)]


def sha256_of(release: Release) -> str:
    import hashlib

    return hashlib.sha256(release.manifest.text().encode()).hexdigest()


def test_a_damaged_release_that_others_follow_is_built_anew(
    first: Release, register: Register, releases: Path, add_contract: Add
) -> None:
    source = register.data / "contracts.ttl"
    text = source.read_text("utf-8")
    add_contract("c")
    build(register, releases)
    damage(first)
    source.write_text(text, "utf-8")
    mended = build(register, releases, compared=False).release
    assert (mended.id, mended.manifest.previous) == (first.id, None)
    assert told(releases) == []


def test_a_release_that_others_follow_with_a_changed_manifest_is_not_built_anew(
    first: Release, register: Register, releases: Path, add_contract: Add
) -> None:
    source = register.data / "contracts.ttl"
    text = source.read_text("utf-8")
    add_contract("c")
    build(register, releases)
    file = first.folder / FILE_NAME
    members = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**members, "triples": 1}), "utf-8")
    source.write_text(text, "utf-8")
    with pytest.raises(ReleaseError, match=r"Take it from a backup, or remove its folder") as refused:
        build(register, releases, compared=False)
    assert len(refused.value.findings) > 1


def test_a_changed_manifest_is_not_followed(
    first: Release, second: Release, register: Register, releases: Path, add_contract: Add
) -> None:
    file = second.folder / FILE_NAME
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b'"triples": ', b'"triples": 1'))
    add_contract("d")
    third = build(register, releases).release
    assert third.manifest.previous is None
    file.write_bytes(whole)
    assert told(releases) == []


def test_two_that_follow_one_are_told(
    first: Release, second: Release, register: Register, releases: Path, tmp_path: Path, add_contract: Add
) -> None:
    """Two machines built, each without the other's release."""
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(first.folder, elsewhere / first.id)
    add_contract("d")
    other = build(register, elsewhere).release
    shutil.copytree(other.folder, releases / other.id)
    assert told(releases) == []
    assert len(told(releases, Severity.WARNING)) == 2
    assert f"more than one release follows {first.id}" in told(releases, Severity.WARNING)[0]


def test_an_order_that_can_not_be_is_found(first: Release, second: Release, releases: Path) -> None:
    first = rewrite(first, created=second.created + timedelta(days=1))
    rewrite(second, previous=Previous(id=first.id, sha256=sha256(first.folder)))
    assert [finding for finding in told(releases) if "newer by its own account" in finding]


def test_releases_of_earlier_versions_stay_valid(
    first: Release, second: Release, register: Register, releases: Path, add_contract: Add
) -> None:
    """They name none before them, and what is built now follows the newest."""
    for release in (first, second):
        members = json.loads((release.folder / FILE_NAME).read_text("utf-8"))
        for name in ("previous", "rebuilt", "checksum"):
            del members[name]
        members["format"] = 1
        (release.folder / FILE_NAME).write_text(json.dumps(members), "utf-8")
    add_contract("d")
    third = build(register, releases).release
    assert previous(third) == second.id
    assert told(releases) == []
    (message,) = told(releases, Severity.INFO)
    assert message.endswith(second.id)


def test_another_registers_release_is_not_followed(first: Release, releases: Path, tmp_path: Path) -> None:
    folder = write_register(tmp_path / "other")
    file = folder / "register.toml"
    file.write_text(file.read_text("utf-8").replace("https://example.org/r/", "https://example.org/other/"), "utf-8")
    assert build(load_register(folder), releases).release.manifest.previous is None


def test_only_what_is_asked_for_is_told(first: Release, second: Release, releases: Path) -> None:
    (redacted,) = takedown(releases, [first.id], AMOUNT, "Court order")
    rewrite(redacted, redactions=())

    def found(*names: str) -> list[Finding]:
        return verify_chain(all_releases(releases), names)

    assert found(first.id) == []
    assert len(found(second.id)) == len(found()) == 1
