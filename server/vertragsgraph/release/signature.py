"""Signatures of manifests: Ed25519 (RFC 8032) over the bytes of `release.json`, 64 bytes in a file beside it.

OpenSSL makes and checks the same ones. A manifest names the checksum of every file and the manifest before, so its signature
vouches for all of that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from vertragsgraph.finding import Finding
from vertragsgraph.release import disk
from vertragsgraph.release.errors import ReleaseError, failure, finding
from vertragsgraph.release.lock import changing
from vertragsgraph.release.manifest import FILE_NAME, SIGNATURE
from vertragsgraph.release.release import Release, open_release, release_folders
from vertragsgraph.release.verify import verify
from vertragsgraph.texts import both

_PUBLIC: Final = "openssl pkey -in key.pem -pubout -out public.pem"
_PRIVATE: Final = "openssl genpkey -algorithm ed25519 -out key.pem"


def private_key(file: Path, passphrase: Callable[[], str]) -> Ed25519PrivateKey:
    """Read a private key (PEM, PKCS #8); `passphrase` is asked for where it is encrypted.

    Raises `ReleaseError` where it can't be read, or is none for Ed25519.
    """
    try:
        data = file.read_bytes()
        secret = passphrase().encode() if b"ENCRYPTED" in data else None
        key = load_pem_private_key(data, secret)
    except (OSError, TypeError, UnsupportedAlgorithm, ValueError) as error:
        raise failure(both("the key can't be read: {reason}", reason=_reason(error)), file) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise failure(both("this is no key for Ed25519; make one with: {command}", command=_PRIVATE), file)
    return key


def public_key(file: Path) -> Ed25519PublicKey:
    """Read a public key (PEM). Raises `ReleaseError` where it can't be read, or is none for Ed25519."""
    try:
        key = load_pem_public_key(file.read_bytes())
    except OSError as error:
        raise failure(both("the key can't be read: {reason}", reason=_reason(error)), file) from error
    except (UnsupportedAlgorithm, ValueError):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        message = both(
            "this is no public key for Ed25519; of a private one it is made with: {command}", command=_PUBLIC
        )
        raise failure(message, file)
    return key


def sign(releases: Path, names: Sequence[str], key: Ed25519PrivateKey) -> list[Release]:
    """Sign the releases with these ids, without any all that this key hasn't signed as they are; return those signed.

    Raises `ReleaseError` where there is no such release or one is damaged: nobody vouches for what isn't what it says.
    """
    signed = []
    with changing(releases) as work:
        for folder in [releases / name for name in names] if names else release_folders(releases):
            if folder not in release_folders(releases):
                message = both('there is no release "{name}"; see: vertragsgraph releases list', name=folder.name)
                raise failure(message, releases)
            release = open_release(folder)
            if not check(release, key.public_key()):
                continue
            if wrong := verify(release):
                raise ReleaseError(wrong)
            fresh = work / SIGNATURE
            fresh.write_bytes(key.sign((folder / FILE_NAME).read_bytes()))
            disk.sync(fresh)
            fresh.replace(folder / SIGNATURE)
            disk.sync(folder)
            signed.append(release)
    return signed


def check(release: Release, key: Ed25519PublicKey) -> list[Finding]:
    """Return what is wrong with the signature of a release: that there is none, or that it isn't this key's of this manifest."""
    file = release.folder / SIGNATURE
    try:
        key.verify(file.read_bytes(), (release.folder / FILE_NAME).read_bytes())
    except FileNotFoundError:
        return [
            finding(
                both("release {id} isn't signed; its keeper signs it with: vertragsgraph releases sign", id=release.id),
                file,
            )
        ]
    except OSError as error:
        return [finding(both("the file can't be read: {reason}", reason=_reason(error)), file)]
    except InvalidSignature:
        message = both(
            "the signature isn't this key's of this manifest: the manifest was changed after it was signed, or another key "
            "signed it. Ask its keeper, who signs it anew if all is right"
        )
        return [finding(message, file)]
    return []


def _reason(error: Exception) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
