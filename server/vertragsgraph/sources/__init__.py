"""Reading a register's source files, with file, line and column for every complaint."""

from vertragsgraph.sources.folder import SourceFile, documents, query_files, source_files
from vertragsgraph.sources.locate import Found, Locator, Pattern
from vertragsgraph.sources.sssom import Link, read_mappings
from vertragsgraph.sources.turtle import SourceError, Statement, read_statements, read_turtle

__all__ = [
    "Found",
    "Link",
    "Locator",
    "Pattern",
    "SourceError",
    "SourceFile",
    "Statement",
    "documents",
    "query_files",
    "read_mappings",
    "read_statements",
    "read_turtle",
    "source_files",
]
