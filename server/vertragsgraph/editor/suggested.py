"""What the words of a passage may mean, and which fields of the form could take it. Only the keeper fills it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from pyoxigraph import Literal, NamedNode

from vertragsgraph.authoring.passages import Span
from vertragsgraph.authoring.suggestions import AMOUNT, DATE, Suggestion
from vertragsgraph.editor.desk import Source, View
from vertragsgraph.editor.entry import ROOT
from vertragsgraph.editor.forms import Field, Form
from vertragsgraph.editor.values import DATE as DATES
from vertragsgraph.editor.values import DECIMAL
from vertragsgraph.rdf.curie import expand
from vertragsgraph.rdf.namespaces import SCHEMA, VG
from vertragsgraph.texts import Language, own_or_translated

USE: Final = "use."
"""What the names of form data begin with that say what a suggestion is to fill in."""
_CURRENCY: Final = NamedNode(SCHEMA + "currency")
_PER: Final = NamedNode(VG + "amountPer")


@dataclass(frozen=True)
class Suggested:
    """Words of a passage, what they may mean, and the fields that could take it: what is filled in, and what that is called."""

    words: str
    meaning: str
    uses: tuple[tuple[str, str], ...]


def taken(data: dict[str, str]) -> None:
    """Fill in what was chosen of suggestions; what the form has for that is taken out."""
    for name in [name for name in data if name.startswith(USE)]:
        data.update(parse_qsl(data.pop(name)))


def suggested(view: View, source: Source, span: Span, data: Mapping[str, str], language: Language) -> list[Suggested]:
    """Return what the words of a passage may mean that fields of the form for contracts could take."""
    root = view.forms.root
    found = [each for each in source.suggestions if span[0] <= each.start and each.end <= span[1]]
    if root is None or not found:
        return []
    leaves = [*_leaves(view, root, ROOT, (), data, language)]
    told = [
        Suggested(
            source.text[each.start : each.end],
            view.known.name(each.iri).text(language) if each.iri else each.label or each.value,
            tuple(_uses(view, each, leaves, language)),
        )
        for each in found
    ]
    return [each for each in dict.fromkeys(told) if each.uses]


@dataclass(frozen=True)
class _Leaf:
    """A field that is filled in where it stands: its name in the data, what it is called, and the fields beside it."""

    name: str
    called: str
    field: Field
    siblings: Mapping[NamedNode, tuple[str, Field]]


def _leaves(
    view: View, form: Form, at: str, above: tuple[str, ...], data: Mapping[str, str], language: Language
) -> Iterator[_Leaf]:
    """Yield the fields of a form and of those that stand in it, each with the number of the next value it may have."""
    siblings = {each.path: (f"{at}.{each.key}.0", each) for each in form.fields}
    for each in form.fields:
        called = (*above, own_or_translated(each.names, language))
        inner = view.forms[each.form] if each.form else None
        if inner is not None and inner.name is None:
            yield from _leaves(view, inner, f"{at}.{each.key}.0", called, data, language)
            continue
        number = 0
        while data.get(f"{at}.{each.key}.{number}") and each.most != 1:
            number += 1
        yield _Leaf(f"{at}.{each.key}.{number}", " – ".join(called), each, siblings)


def _uses(view: View, each: Suggestion, leaves: list[_Leaf], language: Language) -> Iterator[tuple[str, str]]:
    for leaf in leaves:
        if each.kind == DATE and leaf.field.datatype == DATES:
            yield urlencode({leaf.name: each.value}), leaf.called
        elif (
            each.kind == AMOUNT
            and leaf.field.datatype == DECIMAL
            and (not each.property or expand(each.property) == leaf.field.path.value)
        ):
            yield urlencode({leaf.name: each.value, **_beside(each, leaf)}), leaf.called
        elif each.iri and _takes(view, leaf.field, NamedNode(each.iri)):
            name = view.known.name(each.iri).text(language)
            yield urlencode({leaf.name: name, f"{leaf.name}.for": name, f"{leaf.name}.is": each.iri}), leaf.called


def _takes(view: View, field: Field, resource: NamedNode) -> bool:
    classes = view.forms[field.form].classes if field.form else filter(None, [field.kind])
    return view.known.is_a(resource, classes)


def _beside(each: Suggestion, leaf: _Leaf) -> dict[str, str]:
    """Return what an amount fills in beside: its currency and for which period it is, where there are fields for that."""
    found = {}
    for path, value in ((_CURRENCY, each.currency), (_PER, each.per)):
        if path in leaf.siblings:
            name, field = leaf.siblings[path]
            choices = [choice.value if isinstance(choice, Literal) else "" for choice in field.choices]
            if value in choices:
                found[name] = str(choices.index(value))
    return found
