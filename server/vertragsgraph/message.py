"""English texts that remember what they were made of, so that a reader of another language can be told the same.

Imported by worker processes, which have no catalogues: nothing but the standard library.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self


class Message(str):
    """An English text: `text`, a key of the catalogues, with `values` put into its `{places}`.

    A value is a text or number that is the same in each language, a message itself, or several of either, which are told
    with commas between them.

    >>> Message("{what} is expected in line {line}", what=(Message("a variable"), "WHERE"), line=3)
    'a variable, WHERE is expected in line 3'
    """

    text: str
    values: Mapping[str, Any]
    __slots__ = ("text", "values")

    def __new__(cls, text: str, /, **values: Any) -> Self:
        """Put the values into the English text."""
        filled = {name: ", ".join(value) if isinstance(value, tuple) else value for name, value in values.items()}
        message = super().__new__(cls, text.format(**filled))
        message.text, message.values = text, values
        return message

    def document(self) -> dict[str, Any]:
        """Return what JSON can hold of it, for `message_of` in another process."""
        return {"text": self.text, "values": {name: _document(value) for name, value in self.values.items()}}


def marked(text: str, /) -> str:
    """Return `text` itself: marks a key for the catalogue where it stands, to be translated where it is shown."""
    return text


def message_of(document: Any) -> Any:
    """Return the message, or whatever else a value is, that a document of JSON holds.

    >>> message_of(Message("{n} of {m}", n=1, m=(Message("one"), "two")).document()).values
    {'n': 1, 'm': ('one', 'two')}
    """
    if isinstance(document, dict):
        return Message(document["text"], **{name: message_of(value) for name, value in document["values"].items()})
    return tuple(map(message_of, document)) if isinstance(document, list) else document


def _document(value: Any) -> Any:
    if isinstance(value, Message):
        return value.document()
    return [_document(each) for each in value] if isinstance(value, tuple) else value
