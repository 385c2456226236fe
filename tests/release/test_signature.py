"""Signatures are what OpenSSL makes and checks; whatever was changed after them is found."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from typer.testing import CliRunner, Result

from tests.conftest import ROOT
from vertragsgraph.cli.commands import app
from vertragsgraph.register import Register
from vertragsgraph.release import Release, all_releases, build, verify
from vertragsgraph.release.manifest import FILE_NAME, SIGNATURE

SIGNING = (ROOT / "docs/commands.md").read_text("utf-8").partition("\n## Signing releases")[2]
KEEPER, READER = re.findall(r"```sh\n(.*?)```", SIGNING, re.DOTALL)
AMOUNT = "contract:a vg:amount 40000"


def openssl(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=True, **more)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of a keeper and of somebody else, made as the documents say."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("keys")
    for name in ("key", "other"):
        openssl("genpkey", "-algorithm", "ed25519", "-out", f"{name}.pem", cwd=folder)
        openssl("pkey", "-in", f"{name}.pem", "-pubout", "-out", f"{name}.pub", cwd=folder)
    openssl("pkey", "-in", "key.pem", "-aes256", "-passout", "pass:ä b", "-out", "secret.pem", cwd=folder)
    return folder


@pytest.fixture
def releases_command(register: Register, releases: Path) -> Callable[..., Result]:
    def run(*arguments: object, **more: Any) -> Result:
        where = ["--register", str(register.folder), "--releases", str(releases), "--lang", "en"]
        command = ["releases", *map(str, arguments), *where]
        return copy_context().run(CliRunner().invoke, app, command, **more)

    return run


@pytest.fixture
def release(register: Register, releases: Path) -> Release:
    return build(register, releases).release


def test_openssl_verifies_what_is_signed(release: Release, keys: Path, releases_command: Callable[..., Result]) -> None:
    done = releases_command("sign", "--key", keys / "key.pem")
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{release.id}\n", "1 release was signed\n")
    check = ["pkeyutl", "-verify", "-pubin", "-inkey", "key.pub", "-rawin"]
    files = ["-in", str(release.folder / FILE_NAME), "-sigfile", str(release.folder / SIGNATURE)]
    assert "Verified Successfully" in openssl(*check, *files, cwd=keys).stdout
    assert verify(release) == []
    assert releases_command("verify", "--key", keys / "key.pub").exit_code == 0
    again = releases_command("sign", "--key", keys / "key.pem")
    assert (again.exit_code, again.stderr) == (0, "0 releases were signed\n")


def test_a_signature_of_openssl_is_as_good(
    release: Release, keys: Path, releases_command: Callable[..., Result]
) -> None:
    files = ["-in", str(release.folder / FILE_NAME), "-out", str(release.folder / SIGNATURE)]
    openssl("pkeyutl", "-sign", "-inkey", "key.pem", "-rawin", *files, cwd=keys)
    assert releases_command("verify", "--key", keys / "key.pub").exit_code == 0


def test_a_passphrase_is_asked_for(release: Release, keys: Path, releases_command: Callable[..., Result]) -> None:
    refused = releases_command("sign", "--key", keys / "secret.pem", input="wrong\n")
    assert refused.exit_code == 2
    assert "secret.pem: violation: the key can't be read" in refused.stdout
    assert releases_command("sign", "--key", keys / "secret.pem", input="ä b\n").exit_code == 0
    assert releases_command("verify", "--key", keys / "key.pub").exit_code == 0


def test_what_is_not_signed_as_it_is_is_told(
    release: Release, register: Register, releases: Path, keys: Path, releases_command: Callable[..., Result]
) -> None:
    told = releases_command("verify", "--key", keys / "key.pub")
    assert (told.exit_code, f"release {release.id} isn't signed" in told.stdout) == (1, True)
    releases_command("sign", "--key", keys / "other.pem")
    told = releases_command("verify", "--key", keys / "key.pub")
    assert told.exit_code == 1
    assert f"{SIGNATURE}: violation: the signature isn't this key's of this manifest" in told.stdout
    assert releases_command("sign", "--key", keys / "key.pem").stdout == f"{release.id}\n"
    (release.folder / SIGNATURE).write_bytes((release.folder / SIGNATURE).read_bytes()[:-1])
    assert releases_command("verify", "--key", keys / "key.pub").exit_code == 1
    forged = release.manifest.model_copy(update={"redactions": (), "created": release.created.replace(year=2020)})
    releases_command("sign", "--key", keys / "key.pem")
    (release.folder / FILE_NAME).write_text(forged.text(), "utf-8")
    assert verify(all_releases(releases)[0]) == []
    assert releases_command("verify", "--key", keys / "key.pub").exit_code == 1
    (release.folder / SIGNATURE).unlink()
    (release.folder / SIGNATURE).mkdir()
    assert "can't be read" in releases_command("verify", "--key", keys / "key.pub").stdout


def test_a_redaction_is_to_be_signed_anew(
    release: Release, keys: Path, releases_command: Callable[..., Result]
) -> None:
    releases_command("sign", "--key", keys / "key.pem")
    done = releases_command("takedown", release.id, AMOUNT, "--reason", "Court order")
    assert done.exit_code == 0
    assert f"vertragsgraph releases sign --key … {release.id}" in done.stderr
    assert releases_command("verify", "--key", keys / "key.pub").exit_code == 1
    assert releases_command("sign", release.id, "--key", keys / "key.pem").exit_code == 0
    assert releases_command("verify", release.id, "--key", keys / "key.pub").exit_code == 0


def test_a_damaged_release_is_not_signed_and_built_anew_loses_its_signature(
    release: Release, register: Register, releases: Path, keys: Path, releases_command: Callable[..., Result]
) -> None:
    releases_command("sign", "--key", keys / "key.pem")
    release.dump("ttl").write_text("damaged", "utf-8")
    refused = releases_command("sign", "--key", keys / "other.pem")
    assert (refused.exit_code, "bytes, the manifest says" in refused.stdout) == (2, True)
    mended = build(register, releases).mended
    assert f"vertragsgraph releases sign --key … {release.id}" in mended[-1].message["en"]
    assert not (release.folder / SIGNATURE).exists()


@pytest.mark.parametrize("command", ["sign", "verify"])
@pytest.mark.parametrize("content", [b"", b"nothing", b"foreign", None])
def test_keys_of_another_kind_are_told(
    release: Release, tmp_path: Path, releases_command: Callable[..., Result], command: str, content: bytes | None
) -> None:
    file = tmp_path / "key.pem"
    if content == b"foreign":
        key = generate_private_key(SECP256R1())
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        content = private if command == "sign" else public
    if content is not None:
        file.write_bytes(content)
    told = releases_command(command, "--key", file)
    assert told.exit_code == 2
    assert re.search(rf"{file}: violation: .*(key for Ed25519; .*: openssl|the key can't be read: )", told.stdout)


def test_a_private_key_is_no_public_one(release: Release, keys: Path, releases_command: Callable[..., Result]) -> None:
    told = releases_command("verify", "--key", keys / "key.pem")
    assert (told.exit_code, "openssl pkey -in key.pem -pubout" in told.stdout) == (2, True)


@pytest.mark.parametrize("name", ["none", "..", "current", "../releases"])
def test_what_is_no_release_is_not_signed(
    release: Release, keys: Path, releases_command: Callable[..., Result], name: str
) -> None:
    told = releases_command("sign", name, "--key", keys / "key.pem")
    assert (told.exit_code, "there is no release" in told.stdout) == (2, True)


@pytest.mark.slow
def test_the_documented_commands_work(
    register: Register,
    releases: Path,
    add_contract: Callable[[str], None],
    start: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """The keeper's, and a reader's who has nothing but the address, the public key, curl and OpenSSL."""
    first = build(register, releases).release
    add_contract("c")
    second = build(register, releases).release
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "VERTRAGSGRAPH_RELEASES": str(releases)}

    def shell(commands: str, folder: Path) -> str:
        command = ["bash", "-e", "-o", "pipefail", "-c", commands.replace("hessen", register.key)]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert shell(KEEPER, register.folder).split() == sorted([first.id, second.id])
    url = start(releases).url
    reader = tmp_path / "reader"
    reader.mkdir()
    shutil.copy(register.folder / "public.pem", reader)
    commands = READER.replace("https://register.example.org/", url)
    told = shell(commands.replace("2026-11-22.1a2b3c4d", second.id), reader)
    assert "Signature Verified Successfully" in told
    (checksum,) = re.findall(r"^(\w{64})  test.nq$", told, re.MULTILINE)
    assert told.count(checksum) == 2
    named = dict(re.findall(r'"(id|sha256)": "([^"]+)"', told.partition('"previous"')[2]))
    assert named["id"] == first.id
    told = shell(commands.replace("2026-11-22.1a2b3c4d", first.id), reader)
    assert '"previous": null' in told
    page = httpx.get(f"{url}releases/{second.id}/", headers={"Accept": "text/html"}, timeout=60).text
    assert f'href="../{first.id}/"' in page
    assert 'href="release.json.sig"' in page
    assert shell("sha256sum release.json", reader).startswith(named["sha256"])
