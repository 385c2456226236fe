"""The keeper's own page: a passage of a source on the left, on the right what it says; written to the sources as evidence."""
