"""A register: its folder, its register.toml, its IRIs.

A register is a folder with `register.toml` and `data/`; where it has no `ontology/` or `shapes/` of its own, those
shipped with the package serve.
"""

from vertragsgraph.register.kinds import Kind, Kinds
from vertragsgraph.register.kinds_reading import load_kinds, shipped_kinds
from vertragsgraph.register.licences import LICENCES, usual
from vertragsgraph.register.model import (
    ABOUT,
    ASSERTED_ROLES,
    FILE_NAME,
    REIFIERS,
    ROLES,
    Register,
    find_folder,
    leads_here,
    shipped_folder,
)
from vertragsgraph.register.reading import at_keys, load_register, unconfirmed, warnings
from vertragsgraph.register.starting import BASE, EXAMPLE, About, country_of, start_register
from vertragsgraph.register.tables import Text
from vertragsgraph.register.toml import RegisterError, line_of_key
from vertragsgraph.register.values import RELEASED

__all__ = [
    "ABOUT",
    "ASSERTED_ROLES",
    "BASE",
    "EXAMPLE",
    "FILE_NAME",
    "LICENCES",
    "REIFIERS",
    "RELEASED",
    "ROLES",
    "About",
    "Kind",
    "Kinds",
    "Register",
    "RegisterError",
    "Text",
    "at_keys",
    "country_of",
    "find_folder",
    "leads_here",
    "line_of_key",
    "load_kinds",
    "load_register",
    "shipped_folder",
    "shipped_kinds",
    "start_register",
    "unconfirmed",
    "usual",
    "warnings",
]
