"""How long each check of the gate takes for a register, and for one of twice the size: the ratio should be about two.

python benchmarks/gate.py --contracts 10000
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from synthetic_register import write_register

from vertragsgraph.gate.checks.circles import check_circles
from vertragsgraph.gate.checks.contradictions import check_contradictions
from vertragsgraph.gate.checks.evidence import check_evidence
from vertragsgraph.gate.checks.graphs import check_graphs
from vertragsgraph.gate.checks.literals import check_literals
from vertragsgraph.gate.checks.validation import validate
from vertragsgraph.gate.checks.withdrawals import Released, check_withdrawals
from vertragsgraph.gate.checks.wordings import check_wordings
from vertragsgraph.gate.places import Places
from vertragsgraph.graph import collect
from vertragsgraph.register import ASSERTED_ROLES, load_register
from vertragsgraph.release.contents.dumps import merged


def measure(folder: Path, contracts: int) -> dict[str, float]:
    """Return the processor seconds that each check takes for a synthetic register, which is written into `folder`."""
    write_register(folder, contracts)
    register = load_register(folder)
    begun = time.process_time()
    graphs = collect(register, folder / "graphs")
    seconds = {"collect": time.process_time() - begun}
    released = folder / "released.nt"
    with released.open("wb") as file:
        file.writelines(merged([graphs.path(role) for role in graphs.roles if role in ASSERTED_ROLES]))
    places = Places(register)
    checks: dict[str, Callable[[], object]] = {
        "literals": lambda: check_literals(register, graphs, places),
        "shapes": lambda: validate(register, graphs, places, fast=True),
        "graphs": lambda: check_graphs(register, graphs, places),
        "circles": lambda: check_circles(register, graphs, places),
        "evidence": lambda: check_evidence(register, graphs, places),
        "wordings": lambda: check_wordings(register, graphs, places),
        "contradictions": lambda: check_contradictions(register, graphs, places),
        "withdrawals": lambda: check_withdrawals(
            register, graphs, places, Released("before", released, register.ontology / "vertragsgraph.ttl")
        ),
    }
    for name, check in checks.items():
        begun = time.process_time()
        check()
        seconds[name] = time.process_time() - begun
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contracts", type=int, default=10_000)
    wanted = parser.parse_args().contracts
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        once, twice = measure(Path(one, "register"), wanted), measure(Path(two, "register"), 2 * wanted)
    print(f"{'':16}{wanted:>10,}{2 * wanted:>10,}     ratio")
    for name, seconds in once.items():
        print(f"{name:16}{seconds:>9.2f}s{twice[name]:>9.2f}s{twice[name] / seconds:>10.2f}")


if __name__ == "__main__":
    main()
