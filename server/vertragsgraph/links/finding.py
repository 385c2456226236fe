"""Finding candidates for links: who has none, what might be the same, how likely, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from vertragsgraph.links import candidates as files
from vertragsgraph.links.candidates import Candidate
from vertragsgraph.links.register_entities import Local
from vertragsgraph.links.scoring import Score, score
from vertragsgraph.links.wikidata_entities import Foreign, Item
from vertragsgraph.search import Resource
from vertragsgraph.texts import Language, translate

WORTH_SHOWING: Final = 50.0
NAMES: Final = 4
AT_ONCE: Final = 10


def find(
    local: Local,
    foreign: Foreign,
    resources: Sequence[Resource],
    file: Path,
    language: Language,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Ask for candidates for resources, and write them into the file of candidates; returns how many are new.

    After every few resources the file is written, so that nothing is lost where the other side fails (`ForeignError`).
    """
    known = files.read(file)
    before = {item.pair for item in known}
    for start in range(0, len(resources), AT_ONCE):
        batch = resources[start : start + AT_ONCE]
        known = files.merge(known, _found(local, foreign, batch, language))
        files.write(file, known)
        progress(min(start + AT_ONCE, len(resources)), len(resources))
    return len({item.pair for item in known if item.object} - before)


def _found(local: Local, foreign: Foreign, resources: Sequence[Resource], language: Language) -> list[Candidate]:
    names = {item.number: [entry.text for entry in local.index.names(item.number)][:NAMES] for item in resources}
    by_name = foreign.candidates([name for some in names.values() for name in some])
    wanted = {
        number: list(dict.fromkeys(iri for name in some for iri in by_name[name])) for number, some in names.items()
    }
    items = foreign.items(sorted({iri for iris in wanted.values() for iri in iris}))
    found = []
    for resource in resources:
        likely = []
        for iri in wanted[resource.number]:
            result = score(local, resource, items[iri], language)
            if result.value >= WORTH_SHOWING and not items[iri].redirect:
                likely.append(_candidate(local, resource, items[iri], result, language))
        found.extend(likely or [_nothing(local, resource, language)])
    return found


def _candidate(local: Local, resource: Resource, item: Item, result: Score, language: Language) -> Candidate:
    return Candidate(
        subject=local.release.base + resource.path,
        subject_label=local.index.label(resource.number, language),
        object=item.iri,
        object_label=item.label(language),
        object_description=item.description(language),
        score=f"{result.value:.1f}",
        why="; ".join(result.reasons),
    )


def _nothing(local: Local, resource: Resource, language: Language) -> Candidate:
    why = translate("nothing like it was found", language)
    label = local.index.label(resource.number, language)
    return Candidate(local.release.base + resource.path, label, "", "", "", "0.0", why)
