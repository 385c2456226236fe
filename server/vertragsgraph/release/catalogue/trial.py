"""The catalogue on trial: written and read again before there is a release, so that nothing can fail afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

import pyoxigraph
from pyoxigraph import RdfFormat

from vertragsgraph.finding import Finding, Place
from vertragsgraph.register import FILE_NAME, Register
from vertragsgraph.release.catalogue.document import describe
from vertragsgraph.release.formats import FORMATS
from vertragsgraph.release.manifest import FileEntry, Manifest
from vertragsgraph.texts import both


def check_catalogue(register: Register) -> list[Finding]:
    """Write the catalogue that a register will have in its three syntaxes, and read them; return what is wrong.

    The fields of register.toml have been looked at one by one; this uses them all together.
    """
    manifest = _manifest(register)
    try:
        description = describe(register, manifest, [manifest])
        texts = {
            RdfFormat.TURTLE: description.turtle(),
            RdfFormat.RDF_XML: description.rdfxml(),
            RdfFormat.JSON_LD: description.jsonld(),
        }
        wrong = [
            syntax.name
            for syntax, text in texts.items()
            if {quad.triple for quad in pyoxigraph.parse(text, syntax)} != description.triples
        ]
        reason = f"{', '.join(wrong)}: other triples" if wrong else ""
    except (ValueError, LookupError, SyntaxError) as error:
        reason = str(error)
    if not reason:
        return []
    message = both("the catalogue can't be written from these values: {reason}", reason=reason)
    return [Finding(message, Place(register.shown(register.folder / FILE_NAME)), rule="register")]


def _manifest(register: Register) -> Manifest:
    """Return a manifest such as the release will have, as far as the catalogue reads it."""
    nothing = FileEntry(bytes=0, sha256="0" * 64, media_type="")
    names = [f"dumps/{register.key}.{item.extension}{gz}" for item in FORMATS for gz in ("", ".gz")]
    return Manifest(
        id="trial",
        digest="",
        format=0,
        created=datetime.now(UTC),
        key=register.key,
        base=register.base,
        url=register.url,
        title=register.title,
        counts={},
        triples=0,
        prefixes={},
        software={},
        files=dict.fromkeys(names, nothing),
    )
