"""The values of cells as literals of RDF (CSV on the Web, Generating RDF, section 4.6.2)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Final

import isodate
from csvw.metadata import Datatype
from pyoxigraph import Literal, NamedNode

from vertragsgraph.rdf.namespaces import RDF, XSD

REMEMBERED: Final = 10_000
_OTHER_NAMES: Final = {
    "number": XSD + "double",
    "binary": XSD + "base64Binary",
    "datetime": XSD + "dateTime",
    "any": XSD + "anyAtomicType",
    "xml": RDF + "XMLLiteral",
    "html": RDF + "HTML",
    "json": "http://www.w3.org/ns/csvw#JSON",
}
"""Datatypes that CSV on the Web calls by another name than RDF does (Metadata, section 5.11.1)."""


def lexical_form(value: Any, datatype: str) -> str:
    """Return a value that the library has read as the text that RDF has for it. Raises `ValueError` where there is none.

    >>> lexical_form(Decimal("1E+3"), XSD + "decimal"), lexical_form(False, XSD + "boolean")
    ('1000', 'false')
    """
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            if not value.is_finite():
                raise ValueError
            return format(value, "f")
        case float():
            return str(value).replace("inf", "INF").replace("nan", "NaN")
        case datetime() if datatype == XSD + "time":  # the library gives the time of today
            return value.timetz().isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta() | isodate.Duration():
            text = isodate.duration_isoformat(value)
        case bytes():
            text = value.hex().upper() if datatype == XSD + "hexBinary" else base64.b64encode(value).decode()
        case _:
            text = value.unsplit() if hasattr(value, "unsplit") else value
    return str(text)


def datatype_iri(datatype: Datatype | None) -> str:
    """Return the IRI of a datatype, its own where it has one; that of a string where none is said."""
    if datatype is None:
        return XSD + "string"
    name = datatype.base or "string"
    return str(datatype.at_props.get("id") or _OTHER_NAMES.get(name, XSD + name))


def writer(datatype: str, language: str) -> Callable[[str], str]:
    """Return what writes a text as a literal of N-Triples: with its language, which only strings have, or its datatype."""
    if datatype == XSD + "string":
        made = partial(Literal, language=language) if language != "und" else Literal
    else:
        made = partial(Literal, datatype=NamedNode(datatype))
    return lru_cache(REMEMBERED)(lambda text: str(made(text)))
