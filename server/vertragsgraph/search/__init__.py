"""Search: an SQLite file written with the release (FTS5), and reading it: by words, by name, by identifier."""

from vertragsgraph.search.analysis import Name
from vertragsgraph.search.finding import Found, Hit, Mark, find
from vertragsgraph.search.index import Entry, Linked, Resource, SearchIndex
from vertragsgraph.search.writing import DOCUMENTARY, FILE_NAME, NAMING, legal_forms, write

__all__ = [
    "DOCUMENTARY",
    "FILE_NAME",
    "NAMING",
    "Entry",
    "Found",
    "Hit",
    "Linked",
    "Mark",
    "Name",
    "Resource",
    "SearchIndex",
    "find",
    "legal_forms",
    "write",
]
