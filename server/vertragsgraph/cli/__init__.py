"""The command line."""

from vertragsgraph.cli.entry import main

__all__ = ["main"]
