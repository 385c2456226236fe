"""`withdraw`: tombstones for a resource and what goes with it, after a plan has been shown."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from pyoxigraph import NamedNode

from vertragsgraph.cli.console import REFUSED, USAGE
from vertragsgraph.cli.options import LanguageOption, RegisterOption, ReleasesOption
from vertragsgraph.cli.session import Session
from vertragsgraph.graph import collect
from vertragsgraph.rdf.terms import EVIDENCE
from vertragsgraph.release import released
from vertragsgraph.sources.term_names import compact
from vertragsgraph.texts import counted, language_name, marked, text_in
from vertragsgraph.withdrawal.deleting import delete
from vertragsgraph.withdrawal.plan import Plan, Request, WithdrawalError, iri_named, plan, write
from vertragsgraph.withdrawal.sources import to_change

REASON: Final = "--reason"
SETTINGS: Final = {"ignore_unknown_options": True}
"""`--reason-LANG` is an option for each language of a register, which is known only when that is read."""


def withdraw(
    names: Annotated[
        list[str],
        typer.Argument(metavar="IRI... [--reason-LANG TEXT]...", help="What to withdraw, such as contract:SLUG."),
    ],
    reason: Annotated[
        str, typer.Option(REASON, help="Why, in the register's first language; in others: --reason-en TEXT.")
    ] = "",
    replaced_by: Annotated[
        str, typer.Option("--replaced-by", metavar="IRI", help="What takes its place; then nothing else goes with it.")
    ] = "",
    keep: Annotated[
        list[str] | None, typer.Option(metavar="IRI", help="What stays in any case. May be given several times.")
    ] = None,
    named: Annotated[bool, typer.Option("--name/--no-name", help="Whether the tombstones keep the names.")] = True,
    deleting: Annotated[
        bool, typer.Option("--delete", help="Delete from the sources what whole lines have; the rest is told.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    register: RegisterOption = None,
    releases: ReleasesOption = None,
    lang: LanguageOption = None,
) -> None:
    """Withdraw a resource and what has no purpose without it: show the plan, and write the tombstones.

    What to delete in the other sources is told with file and line; with --delete, whole lines of it are deleted.
    """
    session = Session(register, releases, lang)
    names, given = _apart(session, names)
    reasons = _reasons(session, {**({session.register.languages[0]: reason} if reason else {}), **given})
    if replaced_by and len(names) > 1:
        session.fail(USAGE, "--replaced-by is for one resource at a time")
    elsewhere = "://" in replaced_by and not replaced_by.startswith(session.register.base)
    try:
        asked, kept = ([iri_named(name, session.register) for name in some] for some in (names, keep or ()))
        successor = replaced_by if elsewhere or not replaced_by else iri_named(replaced_by, session.register)
        planned = _planned(session, Request(asked, reasons, successor, kept, named))
    except WithdrawalError as error:
        session.err.print(error.message[session.language])
        raise typer.Exit(USAGE) from error
    for line in _lines(session, planned):
        session.out.print(line)
    session.show(change.finding for change in planned.changes)
    if not yes and not session.agreed(marked("Withdraw this (tombstones: {count})?"), count=len(planned.tombstones)):
        session.fail(REFUSED, "nothing was written")
    if planned.tombstones:
        with session.refusals():
            file = session.register.shown(write(session.register, planned.tombstones))
        session.count(
            "{count} tombstone written to {file}",
            "{count} tombstones written to {file}",
            len(planned.tombstones),
            file=file,
        )
    else:
        session.say("none of this stands in a release that binds, so no tombstone is needed")
    _conclude(session, planned, successor, deleting=deleting)


def _planned(session: Session, request: Request) -> Plan:
    with session.refusals(), session.progress() as progress, tempfile.TemporaryDirectory() as folder:
        graphs = collect(session.register, Path(folder), progress=progress)
        return plan(session.register, graphs, released(session.register, session.releases), request)


def _conclude(session: Session, planned: Plan, successor: str, *, deleting: bool) -> None:
    """Delete from the sources what can be, if that is wanted, and say what is left to do there."""
    left = planned.changes
    if deleting:
        for path in delete(session.register, planned.changes, planned.withdrawal.gone):
            session.say("deleted in {file}", file=path)
        with session.refusals():
            left = to_change(session.register, planned.withdrawal.gone, successor)
        session.show(change.finding for change in left)
    if not left:
        session.say("nothing is left to do by hand; look with: {command}", command="vertragsgraph check")
        return
    session.count(
        "to do by hand in {count} place, as told above; then: {command}",
        "to do by hand in {count} places, as told above; then: {command}",
        len(left),
        command="vertragsgraph check",
    )


def _apart(session: Session, arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return the names among arguments, and the reasons by language."""
    names, reasons = list[str](), dict[str, str]()
    rest = iter(arguments)
    for argument in rest:
        option, equals, text = argument.partition("=")
        tag = option.removeprefix(f"{REASON}-")
        if tag != option:
            if tag not in session.register.languages:
                languages = ", ".join(session.register.languages)
                session.fail(
                    USAGE, "{tag} is no language of this register; it has {languages}", tag=tag, languages=languages
                )
            reasons[tag] = text if equals else next(rest, "")
        elif argument.startswith("-"):
            session.fail(USAGE, "there is no option {option}; see --help", option=option)
        else:
            names.append(argument)
    if not names:
        session.fail(USAGE, "name what to withdraw, such as contract:SLUG")
    return names, reasons


def _reasons(session: Session, given: Mapping[str, str]) -> dict[str, str]:
    """Return the reason in each language of the register; what wasn't given is asked for on a terminal."""
    languages = session.register.languages
    missing = [tag for tag in languages if not given.get(tag, "").strip()]
    if missing and not session.is_terminal:
        options = ", ".join(REASON if tag == languages[0] else f"{REASON}-{tag}" for tag in missing)
        session.fail(USAGE, "say why in each language of the register: {options}", options=options)
    asked = {
        tag: str(
            typer.prompt(
                session.text(marked("Why ({language})"), language=language_name(tag, session.language)), err=True
            )
        )
        for tag in missing
    }
    return {tag: {**given, **asked}[tag].strip() for tag in languages}


def _lines(session: Session, planned: Plan) -> Iterator[str]:
    """Yield a line for each resource that goes or stays, and one for all evidence, of which the places tell."""

    def short(iri: str) -> str:
        return compact(NamedNode(iri), session.register)

    def shown(iri: str) -> str:
        labels = {name.language or "": name.value for name in planned.uses.names[iri]}
        return short(iri) + (f' "{text_in(labels, session.language)}"' if labels else "")

    evidence = 0
    for iri, other in planned.withdrawal.gone.items():
        if other and EVIDENCE.value in planned.uses.types[iri]:
            evidence += 1
        else:
            why = session.text(marked("goes with {resource}"), resource=short(other)) if other else ""
            yield f"- {shown(iri)}" + (f": {why}" if why else "")
    if evidence:
        yield "- " + counted(
            "evidence that proves nothing else: {count} entry",
            "evidence that proves nothing else: {count} entries",
            evidence,
            session.language,
        )
    for iri, other in planned.withdrawal.staying.items():
        why = (
            session.text(marked("stays, since {resource} names it"), resource=short(other))
            if other
            else session.text(marked("stays, since it stands by itself"))
        )
        yield f"= {shown(iri)}: {why}"
