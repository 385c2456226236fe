"""The partners' names, as the sources word them, lead to the partners: by reconciliation and by search."""

from __future__ import annotations

import asyncio

import pytest

from vertragsgraph.reconcile import Service
from vertragsgraph.reconcile.model import Candidate, Query
from vertragsgraph.search import find

DRK, IAF, BAF, HJR = (
    f"id/organisation/{name}" for name in ("drk-hessen", "iaf", "bildungsstaette-anne-frank", "hessischer-jugendring")
)
NAMES = {
    "Deutsches Rotes Kreuz, Landesverband Hessen e.V.": DRK,
    "Deutsches Rotes Kreuz (DRK), Landesverband Hessen e.V.": DRK,
    "DRK-Landesverband Hessen e.V.": DRK,
    "DRK Landesverband Hessen e.V.": DRK,
    "DRK Landesverband Hessen": DRK,
    "Verband binationaler Familien und Partnerschaften, iaf e.V.": IAF,
    "Verband binationaler Familien und Partnerschaften iaf e.V.": IAF,
    "Verband binationaler Familien und Partnerschaften": IAF,
    "Bildungsstätte Anne Frank": BAF,
    "Hessischer Jugendring": HJR,
}
INFLECTED = {
    "Deutschen Roten Kreuz, Landesverband Hessen e.V.": DRK,
    "Deutschen Roten Kreuz (DRK), Landesverband Hessen e.V.": DRK,
    "des DRK Landesverband Hessen e.V.": DRK,
    "Hessischen Jugendring": HJR,
}
"""As they stand in the sentences of the sources, in the dative and genitive."""


def matched(service: Service, name: str) -> list[Candidate]:
    (candidates,) = asyncio.run(service.match([Query((name,), ("Organisation",))]))
    return candidates


def path(service: Service, candidate: Candidate) -> str:
    return service.index.resources([candidate.number])[candidate.number].path


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_each_wording_of_the_sources_is_matched(service: Service, large: Service, name: str, expected: str) -> None:
    for asked in (service, large):
        first = matched(asked, name)[0]
        assert path(asked, first) == expected
        assert first.match, first


@pytest.mark.parametrize(("name", "expected"), INFLECTED.items())
def test_a_name_in_another_case_comes_first(service: Service, large: Service, name: str, expected: str) -> None:
    for asked in (service, large):
        assert path(asked, matched(asked, name)[0]) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Deutsches Rotes Kreuz, Landesverband Thüringen e.V.",
        "DRK-Landesverband Sachsen e.V.",
        "Verband binationaler Vereine e.V.",
        "Bildungsstätte Alte Schule e.V.",
        "Bayerischer Jugendring",
    ],
)
def test_names_of_others_are_not_matched(service: Service, large: Service, name: str) -> None:
    for asked in (service, large):
        assert not any(candidate.match for candidate in matched(asked, name))


@pytest.mark.parametrize(("name", "expected"), [*NAMES.items(), *INFLECTED.items()])
def test_search_finds_the_partner(service: Service, name: str, expected: str) -> None:
    hits = find(service.index, name, kinds=["organisation"]).hits
    assert hits[0].path == expected
