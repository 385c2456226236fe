"""Tables as sources: CSV on the Web (W3C), read row by row (docs/tables.md)."""

from vertragsgraph.sources.tables.description import Description, read_description
from vertragsgraph.sources.tables.rows import checksum
from vertragsgraph.sources.tables.statements import Said, read_table, table_statements

__all__ = ["Description", "Said", "checksum", "read_description", "read_table", "table_statements"]
