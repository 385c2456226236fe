"""A preview: what the sources would be as a release, in a folder of its own; what is wrong with them; when they change."""

from vertragsgraph.preview.building import Preview
from vertragsgraph.preview.state import State, read

__all__ = ["Preview", "State", "read"]
