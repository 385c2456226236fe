"""Withdrawing resources: what goes with them, where the sources still have it, and the tombstones that stay."""
