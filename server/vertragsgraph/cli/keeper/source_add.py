"""`source add`: a source recorded, with its text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urldefrag

import typer

from vertragsgraph.authoring.dates import date_literal
from vertragsgraph.authoring.recording import (
    LANGUAGE,
    NewSource,
    in_turtle,
    next_key,
    record,
    with_address,
    with_text,
)
from vertragsgraph.cli.console import NO_ANSWER, REFUSED, USAGE
from vertragsgraph.cli.keeper.evidence import FOLDERS
from vertragsgraph.cli.options import LanguageOption, RegisterOption
from vertragsgraph.cli.session import Session
from vertragsgraph.documents import Document, Said, UnreadableError
from vertragsgraph.documents.fetching import fetch
from vertragsgraph.documents.reading import ACCEPTED, KINDS, read
from vertragsgraph.sources.texts import described_sources
from vertragsgraph.texts import marked

LARGEST: Final = 32 * 2**20
"""Bytes that a document may have."""
_WEB: Final = re.compile(r"https?://", re.IGNORECASE)


def add_source(
    document: Annotated[str, typer.Argument(metavar="URL|FILE", help="The document: HTML, PDF or plain text.")],
    key: Annotated[str, typer.Option(help="Its key, such as P7. Default: S and the next number.")] = "",
    title: Annotated[str | None, typer.Option(help="Title. Default of all of these: what the document says.")] = None,
    author: Annotated[str | None, typer.Option(help="Who wrote it.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it: a name, no host.")] = None,
    issued: Annotated[str | None, typer.Option(help="When it appeared: 2026-11-02, 2026-11, 2026, or EDTF.")] = None,
    language: Annotated[str | None, typer.Option(help="The language it is in (BCP 47).")] = None,
    rights: Annotated[str | None, typer.Option(help="Rights, as they are stated. Never taken over unasked.")] = None,
    url: Annotated[str, typer.Option(help="The address at which a file stood.")] = "",
    accessed: Annotated[
        str, typer.Option(help="The day on which a file was taken from there. Default with a URL: today.")
    ] = "",
    charset: Annotated[str | None, typer.Option(help="Its character set, where it doesn't say the right one.")] = None,
    sources: Annotated[
        Path | None,
        typer.Option(help="Folder for the texts of the sources. Default: texts or sources beside register.toml."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    register: RegisterOption = None,
    lang: LanguageOption = None,
) -> None:
    """Record a source: its text goes into a folder outside of the releases, its description with the checksum into the data.

    Title, author, publisher, date and language are what the document itself says; nothing is guessed.
    """
    session = Session(register, None, lang)
    folder = sources or next(
        (path for name in FOLDERS if (path := session.register.folder / name).is_dir()),
        session.register.folder / FOLDERS[0],
    )
    address, day, content = _document(session, document, charset)
    given = {"title": title, "author": author, "publisher": publisher, "issued": issued, "language": language}
    said = _said(session, content.said, given, rights)
    for remark in content.remarks:
        session.err.print(remark[session.language])
    with session.refusals():
        key = key or next_key(session.register, folder)
        new = NewSource(key, content.text, said, url or address, accessed or day)
        _must_be_right(session, new)
        _mind_others(session, new)
        typer.echo(in_turtle(session.register, new), nl=False)
    if not said.rights:
        session.say("no rights are noted; if the document states some: --rights TEXT")
    if not yes and not session.agreed(marked("Record this source?")):
        session.fail(REFUSED, "nothing was written")
    with session.refusals():
        file, text_file = record(session.register, new, folder)
    session.say(
        "{source} is recorded in {file}, its text in {text}",
        source=f"source:{new.name}",
        file=session.register.shown(file),
        text=session.register.shown(text_file),
    )


def _document(session: Session, place: str, charset: str | None) -> tuple[str, str, Document]:
    """Return the address of a document, the day on which it was taken from there, and itself; end the command without one."""
    try:
        if _WEB.match(place):
            with session.progress() as progress:
                progress(place)
                agent = session.register.agent
                found = fetch(place, agent, accept=ACCEPTED, largest=LARGEST, mind_robots=True)
            address, _ = urldefrag(found.address)
            if address != urldefrag(place)[0]:
                session.say("{url} leads to {address}", url=place, address=address)
            document = read(found.content, found.kind, charset or found.charset, main=True)
            return address, f"{datetime.now(UTC):%Y-%m-%d}", _readable(session, place, document, found.content)
        path = Path(place)
        if not path.is_file():
            session.fail(USAGE, "{file} is no file, and no address with http:// or https://", file=place)
        if path.stat().st_size > LARGEST:
            session.fail(USAGE, "{file} is larger than {size} MiB; save its text", file=place, size=LARGEST // 2**20)
        content = path.read_bytes()
        kind = KINDS.get(path.suffix.lower(), path.suffix)
        return "", "", _readable(session, place, read(content, kind, charset, main=True), content)
    except UnreadableError as error:
        session.err.print(error.message[session.language])
        raise typer.Exit(NO_ANSWER) from error


def _readable(session: Session, place: str, document: Document, content: bytes) -> Document:
    """Return a document whose text is all there; end the command for another one."""
    if not any(map(str.isalnum, document.text)):
        session.fail(
            NO_ANSWER,
            "{document} has no text; what only a script puts on a page isn't seen: save the page from a browser, and add the file",
            document=place,
        )
    if count := document.text.count("\ufffd") * (b"\xef\xbf\xbd" not in content):
        session.fail(
            NO_ANSWER,
            "{document} has characters that can't be read ({count}); say which character set it is in: --charset windows-1252",
            count=count,
            document=place,
        )
    return document


def _said(session: Session, said: Said, given: dict[str, str | None], rights: str | None) -> Said:
    """Return what a document says with what is given instead; rights are asked for, and never taken over."""
    for option, value in given.items():
        if value and (
            (option == "issued" and not date_literal(value)) or (option == "language" and not LANGUAGE.fullmatch(value))
        ):
            session.fail(USAGE, "{option} can't be {value}; see --help", option=f"--{option}", value=value)
    own = replace(
        said,
        issued=said.issued if date_literal(said.issued) else "",
        language=_tag(session, said.language) if LANGUAGE.fullmatch(said.language) else "",
        # The name of a host is none of who publishes on it.
        publisher="" if "." in said.publisher and " " not in said.publisher else said.publisher,
    )
    if rights is None and said.rights:
        session.say("of its rights the document says: {rights}", rights=said.rights)
    if rights is None and session.is_terminal:
        rights = str(
            typer.prompt(session.text(marked("Rights, as they are stated")), default="", show_default=False, err=True)
        )
    changed = {what: value.strip() for what, value in given.items() if value is not None}
    return replace(own, **changed, rights=(rights or "").strip())


def _tag(session: Session, said: str) -> str:
    """Return the tag by which the register writes a language: de for de-DE, where it is in German."""
    return next((tag for tag in session.register.languages if said.lower().startswith(f"{tag.lower()}-")), said)


def _must_be_right(session: Session, new: NewSource) -> None:
    """End the command where what was given can't be written."""
    if not new.name:
        session.fail(USAGE, "{option} can't be {value}; see --help", option="--key", value=new.key)
    if new.url and not re.fullmatch(r'https?://[^\s<>"{}|\\^`]+', new.url):
        session.fail(USAGE, "{option} can't be {value}; see --help", option="--url", value=new.url)
    if new.accessed and not re.fullmatch(r"\d{4}-\d\d-\d\d", new.accessed if date_literal(new.accessed) else ""):
        session.fail(USAGE, "{option} can't be {value}; see --help", option="--accessed", value=new.accessed)


def _mind_others(session: Session, new: NewSource) -> None:
    """End the command where a source has this text or this key already; tell of one that has its address, with another text."""
    described = described_sources(session.register)
    if other := with_text(described, new):
        session.fail(REFUSED, "this is {source} already: the text is the same; nothing was written", source=other.name)
    iri = session.register.iri(f"id/source/{new.name}")
    if other := next((each for each in described if each.iri.value == iri or each.is_called(new.key)), None):
        session.fail(USAGE, "{source} is there already; choose another key: --key", source=other.name)
    if (other := with_address(described, new)) and other.sha256:
        session.say(
            "{source} has this address, too, with another text: the page has changed; see: vertragsgraph source check",
            source=other.name,
        )
    elif other:
        session.say(
            "{source} has this address, too, and no text; if it is the same, add the schema:sha256 of this text there instead",
            source=other.name,
        )
