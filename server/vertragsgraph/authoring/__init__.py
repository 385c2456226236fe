"""What keepers are to write, written for them: passages found in a text, entries of evidence to be completed."""
