"""The feed of releases (The Atom Syndication Format, RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from vertragsgraph.register import Register
from vertragsgraph.release import Release
from vertragsgraph.release.catalogue import citation
from vertragsgraph.texts import Language

_ATOM = "http://www.w3.org/2005/Atom"


def atom(register: Register, releases: Sequence[Release], language: Language) -> bytes:
    """Return the feed of releases, newest first; an entry is known by the IRI of its release."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    _add(feed, "id", text=f"{register.base}releases/")
    _add(feed, "title", text=register.title.in_language(language))
    _add(feed, "updated", text=max(release.manifest.modified for release in releases).isoformat())
    _add(_add(feed, "author"), "name", text=register.publisher.name.in_language(language))
    _add(feed, "link", rel="self", href=f"{register.url}releases/feed.atom", type="application/atom+xml")
    _add(feed, "link", rel="alternate", href=f"{register.url}releases/", type="text/html")
    for release in releases:
        entry = _add(feed, "entry")
        _add(entry, "id", text=citation.release_iri(release))
        _add(entry, "title", text=release.id)
        _add(entry, "published", text=release.created.isoformat())
        _add(entry, "updated", text=release.manifest.modified.isoformat())
        _add(entry, "link", rel="alternate", href=f"{register.url}releases/{release.id}/", type="text/html")
        _add(entry, "summary", text=citation.text(release, language))
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add(parent: ET.Element, name: str, *, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text or None
    return element
