"""The command line."""

from vertragsgraph.cli.commands import main

__all__ = ["main"]
