"""`python -m vertragsgraph`: the command line."""

from vertragsgraph.cli import main

main()
