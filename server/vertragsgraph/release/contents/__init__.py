"""What a release holds: dumps, documents, tables, statistics."""
