"""`doctor`: a deployed register, asked from outside."""

from __future__ import annotations

import json
import ssl
import time
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

import httpx
import typer

from vertragsgraph.cli.console import REFUSED, USAGE, Talk
from vertragsgraph.cli.options import LanguageOption
from vertragsgraph.doctor import CHECKS, Deployment, NoRegisterError, Result, Verdict, examine
from vertragsgraph.texts import marked

ReportFormat: TypeAlias = Literal["text", "json"]
_SHORT: Final = 6.0
_PATIENT: Final = 75.0
_SHOWN: Final = 4
_MORE: Final = marked("and {count} more like it")
_STYLES: Final = {Verdict.FAULT: "red", Verdict.WARNING: "yellow", Verdict.NOT_APPLICABLE: "dim"}


def doctor(
    url: Annotated[str, typer.Argument(help="Address of the register's start page.")],
    form: Annotated[ReportFormat, typer.Option("--format", "-f", help="Text, or JSON.")] = "text",
    ca: Annotated[
        Path | None, typer.Option("--ca", help="File with the certificates of an authority to believe.")
    ] = None,
    insecure: Annotated[bool, typer.Option("--insecure", help="Believe every certificate.")] = False,
    patient: Annotated[
        bool,
        typer.Option("--patient", help="Watch an idle connection for 75 seconds, as long as balancers keep theirs."),
    ] = False,
    lang: LanguageOption = None,
) -> None:
    """Ask a deployed register from outside, through its proxy, and say what to mend."""
    talk = Talk(lang)
    address, context = _address(talk, url), _context(talk, ca, insecure=insecure)
    began = time.monotonic()
    with (
        Deployment(address, context, patience=_PATIENT if patient else _SHORT) as deployment,
        talk.progress() as progress,
    ):
        try:
            version = deployment.identify()
        except NoRegisterError as error:
            talk.err.print(error.in_language(talk.language))
            raise typer.Exit(USAGE) from error
        results: list[Result] = []
        for check in CHECKS:
            progress(talk.text(check.name))
            results += examine(deployment, [check])
        about = {"url": str(deployment.root), "version": version, "release": deployment.release}
    if form == "json":
        documents = [result.document(talk.language) for result in results]
        report = {**about, "requests": deployment.requests, "results": documents}
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _show(talk, results)
    counts = Counter(result.observed.verdict for result in results)
    talk.say(
        "{url}: {ok} ok, {warnings} warnings, {faults} faults, {others} not applicable ({requests} requests in {seconds} seconds)",
        url=deployment.root,
        ok=counts[Verdict.OK],
        warnings=counts[Verdict.WARNING],
        faults=counts[Verdict.FAULT],
        others=counts[Verdict.NOT_APPLICABLE],
        requests=deployment.requests,
        seconds=round(time.monotonic() - began),
    )
    if counts[Verdict.FAULT]:
        raise typer.Exit(REFUSED)


def _show(talk: Talk, results: Sequence[Result]) -> None:
    """Print the results, those of one check together: first what was seen, then once what to mend."""
    for (check, verdict), group in groupby(results, key=lambda result: (result.check, result.observed.verdict)):
        documents = [result.document(talk.language) for result in group]
        heading = f"{talk.text(verdict)}: {documents[0]['check']} ({check.about})"
        talk.out.print(heading, style=_STYLES.get(verdict))
        for document in documents[:_SHOWN]:
            if seen := " → ".join(filter(None, (document["asked"], document["came"]))):
                talk.out.print(f"    {seen}")
        if len(documents) > _SHOWN:
            talk.out.print("    " + talk.text(_MORE, count=len(documents) - _SHOWN))
        for mend in dict.fromkeys(document["mend"] for document in documents):
            if mend:
                talk.out.print(f"    {mend}")


def _address(talk: Talk, url: str) -> httpx.URL:
    try:
        address = httpx.URL(url if "://" in url else f"https://{url}")
    except httpx.InvalidURL:
        address = httpx.URL()
    if address.scheme not in {"http", "https"} or not address.host:
        talk.fail(USAGE, "{url} is no address; give one such as https://register.example.org/", url=url)
    return address


def _context(talk: Talk, ca: Path | None, *, insecure: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    try:
        if ca:
            context.load_verify_locations(ca)
    except OSError as error:
        talk.fail(USAGE, "{file} holds no certificates that can be read: {reason}", file=ca, reason=error)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
