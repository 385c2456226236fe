"""The pages of the editor, from templates, in the language of the interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from pyoxigraph import Literal, NamedNode

from vertragsgraph.authoring.passages import Span
from vertragsgraph.editor.desk import Source, View
from vertragsgraph.editor.entry import NEW, ROOT, WHICH, Entry
from vertragsgraph.editor.forms import LANG_STRING, Field, Form
from vertragsgraph.editor.known import Name, node_of
from vertragsgraph.editor.sentences import paragraphs
from vertragsgraph.editor.suggested import Suggested, suggested
from vertragsgraph.rdf.literals.durations import duration_text
from vertragsgraph.rdf.namespaces import XSD
from vertragsgraph.rdf.terms import LABELS, Node
from vertragsgraph.texts import Language, language_name, locale_of, own_or_translated, translate
from vertragsgraph.web.rendering.assets import asset, versioned

MOST_NAMES: Final = 2000
"""Names of a class that a field offers; whoever types one of the others is understood as well."""

_environment: Final = Environment(
    loader=PackageLoader("vertragsgraph.editor"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, language: Language, root: str, **values: Any) -> str:
    """Return a page or a part of one; `root` is the address below which all of the editor is."""
    return _environment.get_template(template).render(
        _=partial(_said, language),
        language=language,
        language_name=language_name,
        root=root,
        static=lambda name: f"{root}{versioned(name)}",
        script=asset("edit.js"),
        **values,
    )


def _said(language: Language, text: str, /, **values: object) -> str:
    return translate(text, language, **values)


@dataclass(frozen=True)
class Sheet:
    """A form with what is filled in (`data`), and what that says (`entry`, before anything is known of it an empty one)."""

    view: View
    source: Source
    language: Language
    data: Mapping[str, str]
    entry: Entry = field(default_factory=Entry)
    span: Span | None = None

    @property
    def root(self) -> Form:
        """The form for contracts."""
        form = self.view.forms.root
        if form is None:
            raise LookupError("the shapes have no form for contracts")
        return form

    def text(self, texts: Mapping[str, str]) -> str:
        """Return a text in the language of the page."""
        return own_or_translated(texts, self.language) if texts else ""

    def called(self, iri: str) -> str:
        """Return what a resource is called in the language of the page."""
        return self.view.known.name(iri).text(self.language)

    def form(self, each: Field) -> Form | None:
        """Return the form of a field's values, None where they aren't asked for by one."""
        return self.view.forms[each.form] if each.form else None

    def stands_here(self, each: Field) -> bool:
        """Tell whether a field is filled in where it stands, and not by a name."""
        form = self.form(each)
        return form is not None and form.name is None

    def groups(self) -> list[tuple[str, list[Field], bool]]:
        """Return the groups of the form for contracts: title, fields, and whether something in them is filled in."""
        found = []
        for group in self.view.forms.groups:
            fields = [each for each in self.root.fields if each.group == group.iri]
            filled = any(
                name.startswith(f"{ROOT}.{each.key}.") and self.data[name] for each in fields for name in self.data
            )
            found.append((self.text(group.names), fields, filled))
        return found

    def numbers(self, name: str, each: Field) -> list[int]:
        """Return the numbers of the values of a field that are shown: those that are filled in, and one more where there may be."""
        given = {n for other, value in self.data.items() if value and (n := _number(other, name)) is not None}
        if each.most == 1:
            return [0]
        further = max(given, default=-1) + 1
        wanted = self.data.get("more") == name if self.stands_here(each) else True
        return sorted({*given, further}) if wanted or not given else sorted(given)

    def value(self, name: str) -> str:
        """Return what is filled in."""
        return self.data.get(name, "")

    def is_long(self, each: Field) -> bool:
        """Tell whether a field is for words of the source."""
        return each.datatype == LANG_STRING

    def choices(self, each: Field) -> list[str]:
        """Return the values that a field offers, in words."""
        return [self._worded(value) for value in each.choices]

    def usual(self, each: Field) -> str:
        """Return the number of the class that most resources have."""
        return str(self.view.known.usual(each.choices))

    def _worded(self, value: Node) -> str:
        if isinstance(value, NamedNode):
            return self.called(value.value)
        text = value.value if isinstance(value, Literal) else str(value)
        if isinstance(value, Literal) and value.datatype.value == XSD + "duration":
            return duration_text(text, self.language)
        if isinstance(value, Literal):
            currency = locale_of(self.language).currencies.get(text)
            return f"{text} ({currency})" if currency else text
        return text

    @cached_property
    def lists(self) -> dict[str, list[str]]:
        """The names that fields offer, by what they offer."""
        found: dict[str, list[str]] = {}
        pending = [self.root]
        seen = {self.root.kind}
        while pending:
            for each in pending.pop().fields:
                form = self.form(each)
                if form and form.kind not in seen:
                    seen.add(form.kind)
                    pending.append(form)
                if not self.stands_here(each) and (each.form or each.kind):
                    names = self.view.known.of(form.classes if form else filter(None, [each.kind]))
                    found[self.list_of(each)] = [name.text(self.language) for name in names[:MOST_NAMES]]
        return found

    def list_of(self, each: Field) -> str:
        """Return the name of the list of names that a field offers."""
        form = self.form(each)
        return f"names-{form.kind}" if form else f"names-{each.key}" if each.kind else ""

    def there(self, each: Field) -> list[Name]:
        """Return the resources that the contract has under a field already, where there may be several."""
        form, contract = self.form(each), self.entry.contract or node_of(self.data.get(ROOT, ""))
        if form is None or each.most == 1 or contract.value not in self.view.known:
            return []
        known = self.view.known
        nodes = known.subjects(each.path, contract) if each.inverse else known.values(contract, each.path)
        return [
            known.name(node.value) for node in nodes if isinstance(node, NamedNode) and known.is_a(node, form.classes)
        ]

    def contracts(self) -> list[Name]:
        """Return the contracts of the register."""
        return self.view.known.of(self.root.classes)

    def lines(self) -> list[tuple[str, str, str]]:
        """Return what the passage says, in words: of what, what, and the value."""
        return [
            (self._name_of(node), self._asked[predicate], self._shown(value))
            for node, facts in self.entry.said.items()
            for predicate, value in facts
            if value != self.entry.contract
        ]

    @cached_property
    def _asked(self) -> dict[NamedNode, str]:
        """The names of the properties, as the forms ask for them."""
        return {each.path: self.text(each.names) for form in reversed(self.view.forms.all) for each in form.fields}

    def new(self) -> list[tuple[str, str]]:
        """Return the names of new resources, and what they are."""
        return [(self._name_of(node), self.text(form.names)) for node, form in self.entry.made.items()]

    def _shown(self, value: Node) -> str:
        return self._name_of(value) if isinstance(value, NamedNode) else getattr(value, "value", str(value))

    def _name_of(self, node: NamedNode) -> str:
        made = self.entry.made.get(node)
        if made is None:
            return self.called(node.value)
        texts = {
            v.language or "": v.value for p, v in self.entry.beside[node] if p in LABELS and isinstance(v, Literal)
        }
        return self.text(texts) or self.text(made.names)

    def suggested(self) -> list[Suggested]:
        """Return what the words of the passage may mean, and what could be filled in then."""
        return suggested(self.view, self.source, self.span, self.data, self.language) if self.span else []

    def pieces(self, start: int, words: str) -> list[tuple[int, str, bool]]:
        """Return the parts of a sentence: where each begins, its words, and whether they may mean something that is known."""
        cuts = {start, start + len(words)}
        marked = [each for each in self.source.suggestions if start <= each.start and each.end <= start + len(words)]
        cuts.update(cut for each in marked for cut in (each.start, each.end))
        return [
            (here, self.source.text[here:end], any(each.start <= here < each.end for each in marked))
            for here, end in pairwise(sorted(cuts))
        ]

    def paragraphs(self) -> list[list[tuple[int, str, bool, bool]]]:
        """Return the sentences of the text, line by line: where each begins, its words, whether it is quoted, whether chosen."""
        places = [(each.start, each.end) for each in self.source.quotations if each.positioned]
        chosen = self.span or (-1, -1)
        return [
            [
                (start, self.source.text[start:end], _meets((start, end), places), start <= chosen[0] < end)
                for start, end in line
            ]
            for line in paragraphs(self.source.text)
        ]


def _meets(span: Span, others: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def _number(name: str, start: str) -> int | None:
    rest = name.removeprefix(start + ".")
    digits = rest.partition(".")[0]
    is_value = rest != name and digits.isdigit() and not name.endswith((".is", ".for", WHICH))
    return int(digits) if is_value else None


__all__ = ["NEW", "ROOT", "Sheet", "render"]
