"""Documents as they are published: fetched or read from a file, their text, and what they say of themselves."""

from vertragsgraph.documents.document import Document, Said, UnreadableError

__all__ = ["Document", "Said", "UnreadableError"]
