"""What a filled-in form says: statements that a passage supports, resources that are new, and what is still to be asked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from vertragsgraph.editor.forms import LABELS, LANG_STRING, Field, Form, Forms
from vertragsgraph.editor.known import Known, Name, folded, node_of
from vertragsgraph.editor.values import DATE, DECIMAL, date_of, decimal_of
from vertragsgraph.graph.labels import TEMPLATES
from vertragsgraph.rdf.curie import local_name
from vertragsgraph.rdf.terms import TYPE, Node
from vertragsgraph.register import Register
from vertragsgraph.register.names import slug
from vertragsgraph.texts import Language, both, own_or_translated, text_in

ROOT: Final = "contract"
NEW: Final = "new"
LONGEST: Final = 64
"""Characters that the slug of a new resource has at most."""
IS, FOR, LABEL, CHOICE, WHICH = ".is", ".for", ".label.", ".type", ".which"
"""How the names of fields end that say which resource a name means, for which name that was said, what a new one is called in a
language, of which class it is, and which resource of several is filled in."""

Said: TypeAlias = dict[NamedNode, list[tuple[NamedNode, Node]]]
Message: TypeAlias = dict[Language, str]


@dataclass(frozen=True)
class Question:
    """A name that no resource has, or several: `names` are those that may be meant; a new one may be made where there is a form."""

    text: str
    names: tuple[Name, ...]
    form: Form | None


@dataclass
class Entry:
    """What a form says. `said` is what the passage supports, `beside` what needs no evidence; both by subject.

    `made` are the new resources with their forms, in the order in which they are needed; `faults` and `questions` stand by the
    name of the field. `new` are fields whose name stands for a new resource.
    """

    contract: NamedNode | None = None
    said: Said = field(default_factory=lambda: defaultdict(list))
    beside: Said = field(default_factory=lambda: defaultdict(list))
    made: dict[NamedNode, Form] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    new: dict[str, Form] = field(default_factory=dict)
    faults: dict[str, Message] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Whether it can be written."""
        return bool(self.contract and (self.said or self.beside)) and not self.questions and not self.faults


def read_entry(data: Mapping[str, str], register: Register, forms: Forms, known: Known, language: str) -> Entry:
    """Return what a form says; `data` is its values by the names of its fields, `language` that of the passage (BCP 47)."""
    reader = _Reader({name: value.strip() for name, value in data.items() if value.strip()}, register, forms, known)
    reader.language = language
    if forms.root:
        reader.read(forms.root)
    return reader.entry


class _Reader:
    language = ""

    def __init__(self, data: Mapping[str, str], register: Register, forms: Forms, known: Known) -> None:
        self._data = data
        self._register = register
        self._forms = forms
        self._known = known
        self._made: dict[tuple[str, str], NamedNode] = {}
        self.entry = Entry()

    def read(self, form: Form) -> None:
        """Read the whole form: which contract it is about, and what is said of it."""
        chosen = self._data.get(ROOT, "")
        if chosen == NEW:
            name = self._data.get(f"{ROOT}{LABEL}{self._register.languages[0]}", "")
            if not name:
                message = both("give the new contract a name")
                self.entry.faults[f"{ROOT}{LABEL}{self._register.languages[0]}"] = message
                name = form.kind
            first = f"{ROOT}.{form.fields[0].key}.0" if form.fields else ""
            partner = self._data.get(f"{first}{LABEL}{self._register.languages[0]}") or self._data.get(first, "")
            self.entry.contract = self._make(form, ROOT, name, partner)
        elif chosen in self._known and self._known.is_a(NamedNode(chosen), form.classes):
            self.entry.contract = NamedNode(chosen)
            self._fill(form, f"{ROOT}.", self.entry.contract)
        else:
            self.entry.faults[ROOT] = both("choose the contract that the passage is about, or a new one")

    def _fill(self, form: Form, at: str, subject: NamedNode) -> None:
        """Read the fields of a form about a resource."""
        for each in form.fields:
            for name in self._given(f"{at}{each.key}."):
                value: Node | None
                if each.form and not self._forms[each.form].name:
                    value = self._in_place(self._forms[each.form], name, subject, each)
                elif each.form or each.kind:
                    value = self._chosen(each, name)
                else:
                    value = self._literal(each, name)
                if value is not None:
                    self._state(subject, each, value)

    def _given(self, start: str) -> Iterator[str]:
        """Yield the names of the values of a field that are filled in, in their order."""
        pattern = re.compile(re.escape(start) + r"(\d{1,3})(?=$|\.)")
        numbers = {
            int(found[1])
            for name in self._data
            if (found := pattern.match(name)) and not name.endswith((IS, FOR, CHOICE, WHICH)) and LABEL not in name
        }
        yield from (f"{start}{number}" for number in sorted(numbers))

    def _state(self, subject: NamedNode, each: Field, value: Node) -> None:
        if each.inverse and isinstance(value, NamedNode):
            subject, value = value, subject
        said = self.entry.said if each.path in self._known.demanding else self.entry.beside
        if said is self.entry.beside and self._known.has(subject, each.path, value):
            return
        if (each.path, value) not in said[subject]:
            said[subject].insert(0 if each.inverse else len(said[subject]), (each.path, value))

    def _literal(self, each: Field, name: str) -> Node | None:
        text = self._data[name]
        value: Node | None
        if each.choices:
            value = each.choices[int(text)] if text in map(str, range(len(each.choices))) else None
            fault = both("choose one of the list")
        elif each.datatype == DATE:
            value, fault = date_of(text), both("this is no date: write it as 3 June 2019, June 2019 or 2019")
        elif each.datatype == DECIMAL:
            value, fault = decimal_of(text), both("this is no number: write it as 40000 or 40,000.50")
        else:
            value = Literal(text, language=self.language) if each.datatype == LANG_STRING else Literal(text)
            fault = {}
        if value is None:
            self.entry.faults[name] = fault
        return value

    def _chosen(self, each: Field, name: str) -> NamedNode | None:
        """Return the resource that is meant by its name, or made; None, with a question, where that isn't clear."""
        if not (text := self._data.get(name, "")):
            return None
        form = self._forms[each.form] if each.form else None
        classes = form.classes if form else tuple(filter(None, [each.kind]))
        decision = self._data.get(name + IS, "") if self._data.get(name + FOR) == text else ""
        if decision in self._known and self._known.is_a(NamedNode(decision), classes):
            return NamedNode(decision)
        if form and (made := self._made.get((form.kind, folded(text)))):
            return made
        if form and decision == NEW:
            self.entry.new[name] = form
            return self._make(form, name, text)
        meant = self._known.meant(text, classes)
        if len(meant) == 1:
            return NamedNode(meant[0].iri)
        self.entry.questions[name] = Question(text, tuple(meant or self._known.alike(text, classes)), form)
        return None

    def _make(self, form: Form, name: str, text: str, wanted: str = "") -> NamedNode:
        """Return a new resource with what is filled in about it; its slug is made of what is wanted, else of its name."""
        labels = {tag: self._data.get(f"{name}{LABEL}{tag}") or text for tag in self._register.languages}
        made = self._named(form, slug(wanted or labels[self._register.languages[0]]) or form.kind)
        self._made[form.kind, folded(text)] = made
        choices = form.choice.choices if form.choice else form.classes
        chosen = self._data.get(name + CHOICE, "")
        number = int(chosen) if chosen in map(str, range(len(choices))) else self._known.usual(choices)
        self.entry.beside[made].append((TYPE, choices[number]))
        if form.name:
            self.entry.beside[made] += [(form.name.path, Literal(label, language=tag)) for tag, label in labels.items()]
        self._fill(form, f"{name}.", made)
        return made

    def _in_place(self, form: Form, name: str, around: NamedNode, each: Field) -> NamedNode:
        """Return the resource that a form without a name is about: one that is chosen, is there already, or is made."""
        parts = {one.path: self._part(one, f"{name}.{one.key}.0") for one in form.fields if one.least}
        node = self._which(form, name) or self._only(form, around, each) or self._alike(form, parts)
        if node is None:
            names = [local_name(part.value) for part in parts.values() if part]
            node = self._named(form, "-".join(names) or local_name(around.value))
            self.entry.beside[node].append((TYPE, form.classes[0]))
            if form.classes[0] not in TEMPLATES:
                self.entry.beside[node] += self._labels(form, node, around)
        self._fill(form, f"{name}.", node)
        return node

    def _labels(self, form: Form, node: NamedNode, around: NamedNode) -> Iterator[tuple[NamedNode, Node]]:
        """Yield names for a resource that has none and is called by nothing else: what, of which contract, which of several."""
        own = {
            v.language or "": v.value
            for p, v in self.entry.beside.get(around, ())
            if p in LABELS and isinstance(v, Literal)
        }
        number = re.fullmatch(r"-(\d+)", local_name(node.value).removeprefix(local_name(around.value)))
        for tag in self._register.languages:
            kind = own_or_translated(form.names, self._register.speaks(tag))
            contract = text_in(own or self._known.name(around.value).texts or {"": local_name(around.value)}, tag)
            text = f"{kind[:1].upper()}{kind[1:]}: {contract}" + (f" ({number[1]})" if number else "")
            yield LABELS[0], Literal(text, language=tag)

    def _part(self, each: Field, name: str) -> NamedNode | None:
        """Return what is chosen in a field that must be filled in."""
        if name not in self._data:
            self.entry.faults[name] = both("fill this in as well, or nothing of what stands around it")
        return self._chosen(each, name)

    def _which(self, form: Form, name: str) -> NamedNode | None:
        """Return the resource that was chosen among those that there are."""
        chosen = self._data.get(name + WHICH, "")
        return node if self._known.is_a(node := node_of(chosen), form.classes) else None

    def _only(self, form: Form, around: NamedNode, each: Field) -> NamedNode | None:
        """Return the one that is there where there can't be several."""
        nodes = self._known.subjects(each.path, around) if each.inverse and each.most == 1 else []
        return next((node for node in nodes if self._known.is_a(node, form.classes)), None)

    def _alike(self, form: Form, parts: Mapping[NamedNode, NamedNode | None]) -> NamedNode | None:
        """Return the one that has the same values in all fields that must be filled in."""
        wanted = [(path, part) for path, part in parts.items() if part]
        if not wanted or len(wanted) < len(parts):
            return None
        known = [node for node in self._known.subjects(*wanted[0]) if self._known.is_a(node, form.classes)]
        for node in (*known, *self.entry.made):
            own = [*self.entry.said.get(node, ()), *self.entry.beside.get(node, ())]
            if all(self._known.has(node, *fact) or fact in own for fact in wanted):
                return node
        return None

    def _named(self, form: Form, wanted: str) -> NamedNode:
        """Return a new resource: its slug is the one that is wanted, with a number where that is taken."""
        short = wanted[:LONGEST].rpartition("-")[0] if len(wanted) > LONGEST else wanted
        number, name = 1, short or form.kind
        while (
            node := NamedNode(f"{self._register.base}id/{form.kind}/{name}")
        ) in self.entry.made or node.value in self._known:
            number += 1
            name = f"{short}-{number}"
        self.entry.made[node] = form
        return node
