"""A register: its folder, its register.toml, its IRIs.

A register is a folder with `register.toml` and `data/`; where it has no `ontology/` or `shapes/` of its own, those
shipped with the package serve.
"""

from vertragsgraph.register.model import (
    ASSERTED_ROLES,
    FILE_NAME,
    ROLES,
    Register,
    Text,
    find_folder,
    shipped_folder,
)
from vertragsgraph.register.prefixes import ONTOLOGY_IRI
from vertragsgraph.register.reading import RegisterError, line_of_key, load_register, unconfirmed, warnings
from vertragsgraph.register.starting import BASE, EXAMPLE, start_register
from vertragsgraph.register.values import RELEASED

__all__ = [
    "ASSERTED_ROLES",
    "BASE",
    "EXAMPLE",
    "FILE_NAME",
    "ONTOLOGY_IRI",
    "RELEASED",
    "ROLES",
    "Register",
    "RegisterError",
    "Text",
    "find_folder",
    "line_of_key",
    "load_register",
    "shipped_folder",
    "start_register",
    "unconfirmed",
    "warnings",
]
