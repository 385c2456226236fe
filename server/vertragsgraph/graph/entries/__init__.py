"""Entries of evidence as keepers write them: read, checked, and what each of them says and supports."""

from vertragsgraph.graph.entries.entry import Annotation, Entry, is_entry, is_of_entry
from vertragsgraph.graph.entries.reading import BLANK, RULE, read_entries, with_others
from vertragsgraph.graph.entries.rules import APART

__all__ = ["APART", "BLANK", "RULE", "Annotation", "Entry", "is_entry", "is_of_entry", "read_entries", "with_others"]
