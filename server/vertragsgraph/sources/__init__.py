"""Reading a register's source files, with file, line and column for every complaint."""

from vertragsgraph.sources.folder import SourceFile, common_prefixes, documents, read_queries, source_files
from vertragsgraph.sources.sssom import Link, read_mappings
from vertragsgraph.sources.turtle import SourceError, Statement, prefixes_of, read_statements, read_turtle

__all__ = [
    "Link",
    "SourceError",
    "SourceFile",
    "Statement",
    "common_prefixes",
    "documents",
    "prefixes_of",
    "read_mappings",
    "read_queries",
    "read_statements",
    "read_turtle",
    "source_files",
]
