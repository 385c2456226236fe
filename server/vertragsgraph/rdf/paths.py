"""Ways through a graph, as a table can write them: property paths (SPARQL 1.1, section 9) that may name classes on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from vertragsgraph.rdf.curie import expand
from vertragsgraph.rdf.edtf import year_pattern

_NAME: Final = r"(?:<[^<>\s]*>|[\w.-]*:[\w-]+)"
_STEP: Final = re.compile(rf"(?P<inverse>\^?)(?P<name>{_NAME})(?P<repeated>[*+]?)(?:\[(?P<only>{_NAME})\])?")


def iri_of(name: str, prefixes: Mapping[str, str]) -> str:
    """Return the IRI that a prefixed name (`vg:partner`) or an IRI in angle brackets stands for; raises `ValueError`."""
    if not re.fullmatch(_NAME, name):
        raise ValueError(name)
    try:
        return NamedNode(name[1:-1] if name[0] == "<" else expand(name, prefixes)).value
    except KeyError:
        raise ValueError(name) from None


@dataclass(frozen=True)
class Step:
    """A step along a property (IRI), against it where `inverse`; `repeated` is `*` or `+`; `only` to instances of a class."""

    property: str
    inverse: bool = False
    repeated: str = ""
    only: str = ""

    def pattern(self, start: str, end: str) -> str:
        """Return the graph pattern that binds one end of the step (a variable or IRI of SPARQL) to the other."""
        if self.inverse and not self.repeated:
            triple = f"{end} <{self.property}> {start} ."
        else:
            triple = f"{start} {'^' if self.inverse else ''}<{self.property}>{self.repeated} {end} ."
        return triple + (f" {end} a <{self.only}> ." if self.only else "")


@dataclass(frozen=True)
class PropertyPath:
    """One or more sequences of steps, each of which leads to ends of the path."""

    sequences: tuple[tuple[Step, ...], ...]

    @classmethod
    def read(cls, text: str, prefixes: Mapping[str, str]) -> PropertyPath:
        """Return the path that a text describes.

        It is a sequence of properties with `/` between them, or several with `|` between them; `^` before a property goes
        against it, `*` and `+` behind it repeat it, a class in square brackets is that of the nodes to which it leads.
        Raises `ValueError` for anything else.

        >>> PropertyPath.read("^ex:concerns[ex:Signing]/ex:date", {"ex": "http://ex/"}).pattern("?s", "?v")
        '?v_1 <http://ex/concerns> ?s . ?v_1 a <http://ex/Signing> . ?v_1 <http://ex/date> ?v .'
        """
        return cls(
            tuple(tuple(_step(step.strip(), prefixes) for step in _split(each, "/")) for each in _split(text, "|"))
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, those of the first sequence first."""
        return tuple(step for sequence in self.sequences for step in sequence)

    def pattern(self, start: str, end: str, given: str = "", *, years: bool = False) -> str:
        """Return the graph pattern that binds `end` (a variable) to where the path leads from `start` (a variable or IRI).

        With `years`, it is bound to the years of the dates to which the path leads, as far as these are of one year.
        What is `given` of `start`, a pattern, stands in each branch: joined with the union, it would take the engine through
        all of it for each start.
        """
        if years:
            return f"{self.pattern(start, '?day', given)} {year_pattern('?day', end)}"
        parts = []
        for sequence in self.sequences:
            nodes = [start, *(f"{end}_{number}" for number in range(1, len(sequence))), end]
            steps = (step.pattern(*ends) for step, *ends in zip(sequence, nodes, nodes[1:], strict=False))
            parts.append(" ".join(filter(None, (given, *steps))))
        return parts[0] if len(parts) == 1 else " UNION ".join(f"{{ {part} }}" for part in parts)

    def follow(
        self,
        node: str,
        along: Callable[[str, Step], Iterable[str]],
        is_a: Callable[[str, str], bool],
        *,
        back: bool = False,
    ) -> set[str]:
        """Return where the path leads from a node in memory; with `back`, from where it leads to the node.

        `along` says where one step leads that is not repeated, `is_a` whether a node is an instance of a class.
        """

        def fitting(nodes: set[str], step: Step) -> set[str]:
            return {each for each in nodes if not step.only or is_a(each, step.only)}

        found: set[str] = set()
        for sequence in self.sequences:
            nodes = {node}
            for step in reversed(sequence) if back else sequence:
                starts = fitting(nodes, step) if back else nodes
                ends = {end for each in starts for end in along(each, replace(step, inverse=step.inverse != back))}
                nodes = ends if back else fitting(ends, step)
            found |= nodes
        return found


def _step(text: str, prefixes: Mapping[str, str]) -> Step:
    found = _STEP.fullmatch(text)
    if not found:
        raise ValueError(text)
    only = iri_of(found["only"], prefixes) if found["only"] else ""
    return Step(iri_of(found["name"], prefixes), found["inverse"] == "^", found["repeated"], only)


def _split(text: str, sign: str) -> list[str]:
    """Return the parts of a text between signs that stand outside of angle brackets."""
    return re.split(rf"{re.escape(sign)}(?![^<]*>)", text)
