"""What the tables of register.toml are made of: known keys only, and texts by language."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from vertragsgraph.register.values import Line, Lines, Tag
from vertragsgraph.texts import text_in


class Table(BaseModel):
    """A table whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(RootModel[Annotated[dict[Tag, Line], Field(min_length=1)]]):
    """A text of one line by language: in each of the register's, and in any others."""

    model_config = ConfigDict(frozen=True)

    def in_language(self, language: str) -> str:
        """Return the text in a language, else in a variant of it, else in the one that stands first."""
        return text_in(self.root, language)


class Prose(Text):
    """A text that may go over several lines."""

    root: Annotated[dict[Tag, Lines], Field(min_length=1)]
