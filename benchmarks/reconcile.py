"""How long a batch of 100 noisy names takes over 10,000 organisations: median and 95th percentile.

    python -m benchmarks.reconcile [ORGANISATIONS] [--properties]

Everything but the network is measured: reading the JSON, matching, writing the JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from pyoxigraph import QueryResultsFormat, RdfFormat, Store

from vertragsgraph.reconcile import Service, requests, responses
from vertragsgraph.reconcile.schema import Schema
from vertragsgraph.register import load_kinds, load_register, shipped_folder
from vertragsgraph.search import SearchIndex, write

BASE = "https://w3id.org/vertragsgraph/hessen/"
VOCABULARY = "https://w3id.org/vertragsgraph/ontology#"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
KINDS = (
    "Sportverein",
    "Heimatverein",
    "Kulturverein",
    "Bürgerinitiative",
    "Jugendzentrum",
    "Sprachschule",
    "Frauenhaus",
)
SYLLABLES = (
    "ba",
    "lin",
    "ro",
    "sen",
    "hau",
    "mü",
    "kel",
    "tor",
    "wei",
    "schö",
    "nau",
    "fel",
    "dor",
    "gru",
    "stei",
    "ker",
)
BATCHES = 60


def name(chance: random.Random) -> str:
    """Return an invented name, often with a year or a legal form."""
    place = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()
    year = chance.choice(["", f" {chance.randint(1850, 2020)}"])
    return f"{chance.choice(KINDS)} {place}{year}{chance.choice(['', ' e.V.', ' gGmbH'])}"


def noisy(text: str, chance: random.Random) -> str:
    """Return a name with a letter left out, two swapped, or without umlauts."""
    place = chance.randrange(1, len(text) - 1)
    return chance.choice(
        [
            text[:place] + text[place + 1 :],
            text[:place] + text[place + 1] + text[place] + text[place + 2 :],
            text.replace("ü", "ue").replace("ö", "oe"),
        ]
    )


def service(folder: Path, count: int) -> tuple[Service, list[str]]:
    """Return the service over so many invented organisations, and their names."""
    chance = random.Random(1)
    names = [name(chance) for _ in range(count)]
    lines = []
    for number, text in enumerate(names):
        subject = f"<{BASE}id/organisation/x{number:07d}>"
        lines.append(f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{VOCABULARY}Organisation> .\n")
        lines.append(f'{subject} <{RDFS_LABEL}> "{text}"@de .\n')
    start = time.perf_counter()
    write(lines, folder / "search.sqlite", BASE)
    size = (folder / "search.sqlite").stat().st_size / 2**20
    print(f"index of {count} organisations: {time.perf_counter() - start:.1f} s, {size:.0f} MiB")
    (folder / "all.nt").write_text("".join(lines), "utf-8")
    store = Store()
    store.bulk_load(path=folder / "all.nt", format=RdfFormat.N_TRIPLES)

    async def ask(query: str, /) -> bytes:
        return store.query(query).serialize(format=QueryResultsFormat.JSON) or b""  # type: ignore[union-attr]

    index = SearchIndex(folder / "search.sqlite")
    register = load_register(shipped_folder())
    ontology = register.ontology / "vertragsgraph.ttl"
    prefixes = {"rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
    return Service(index, Schema(ontology, index, prefixes, load_kinds(register)), register, ask), names


async def measure(of: Service, names: list[str], *, properties: bool) -> list[float]:
    """Return the seconds that each of the batches took, after one that warms up."""
    chance = random.Random(2)
    seconds = []
    for _ in range(BATCHES + 1):
        batch = {
            f"q{number}": {
                "query": noisy(text, chance),
                "type": "Organisation",
                **({"properties": [{"pid": "rdfs:label", "v": text}]} if properties else {}),
            }
            for number, text in enumerate(chance.sample(names, 100))
        }
        body = json.dumps(batch)
        start = time.perf_counter()
        found = await of.match(list(requests.queries_02(requests.parse(body, "queries")).values()))
        json.dumps([responses.candidates(of, item, "de", named=False) for item in found])
        seconds.append(time.perf_counter() - start)
    return seconds[1:]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("organisations", type=int, nargs="?", default=10_000)
    parser.add_argument("--properties", action="store_true", help="hold each name against a property as well")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        of, names = service(Path(folder), arguments.organisations)
        seconds = sorted(asyncio.run(measure(of, names, properties=arguments.properties)))
    median, high = statistics.median(seconds), seconds[int(len(seconds) * 0.95)]
    print(f"a batch of 100: {median * 1000:.0f} ms at the median, {high * 1000:.0f} ms at the 95th percentile")


if __name__ == "__main__":
    main()
