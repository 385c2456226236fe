"""Reading a register's source files, with file, line and column for every complaint."""

from vertragsgraph.sources.folder import SourceFile, documents, read_queries, source_files
from vertragsgraph.sources.sssom import Link, read_mappings
from vertragsgraph.sources.turtle import SourceError, Statement, read_prefixes, read_statements, read_turtle

__all__ = [
    "Link",
    "SourceError",
    "SourceFile",
    "Statement",
    "documents",
    "read_mappings",
    "read_prefixes",
    "read_queries",
    "read_statements",
    "read_turtle",
    "source_files",
]
