"""Sections that pages of several kinds have: what changed, what was agreed, how long, what was said, everything else."""
