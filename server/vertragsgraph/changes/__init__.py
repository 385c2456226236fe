"""What changed between two states of a register: gathered within bounds, and told in sentences."""

from vertragsgraph.changes.record import Changes, Entry, changes_between, entry_about
from vertragsgraph.changes.signs import Sign
from vertragsgraph.changes.states import State
from vertragsgraph.changes.telling import FIRST, Section, Telling, Told, tell
from vertragsgraph.changes.words import Piece, Sentence

__all__ = [
    "FIRST",
    "Changes",
    "Entry",
    "Piece",
    "Section",
    "Sentence",
    "Sign",
    "State",
    "Telling",
    "Told",
    "changes_between",
    "entry_about",
    "tell",
]
