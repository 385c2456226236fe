"""How the processes of a server share the processors."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest

from vertragsgraph.sparql.engine.dataset import Dataset

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the policies are Linux's")
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@linux_only
def test_a_process_that_takes_turns_starts_others_that_do() -> None:
    code = (
        "import os, subprocess, sys\n"
        "from vertragsgraph.sparql.engine.scheduling import take_turns\n"
        "take_turns()\n"
        "print(os.sched_getscheduler(0), flush=True)\n"
        "subprocess.run([sys.executable, '-c', 'import os; print(os.sched_getscheduler(0))'], check=True)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(os.SCHED_BATCH)] * 2


@pytest.mark.slow
@pytest.mark.alone
def test_a_worker_that_computes_for_long_gives_way(
    dataset: Dataset, serving: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    with serving(dataset, query_seconds=3) as server, ThreadPoolExecutor() as pool:
        answer = pool.submit(server.select, SLOW)

        def has_given_way(pid: int) -> bool:
            if not psutil.pid_exists(pid):
                return False
            if sys.platform == "linux":
                threads = [thread.id for thread in psutil.Process(pid).threads()]
                return len(threads) > 1 and all(os.sched_getscheduler(thread) == os.SCHED_IDLE for thread in threads)
            return psutil.Process(pid).nice() == 19

        def given_way() -> int:
            return sum(has_given_way(worker.pid) for worker in server.engine.crew.workers)

        assert eventually(lambda: given_way() == 1, 2)
        assert answer.result().status_code == 503
        assert eventually(lambda: given_way() == 0)


@linux_only
@pytest.mark.slow
def test_a_server_and_its_workers_take_turns(
    releases: Any, start: Callable[..., Any], eventually: Callable[..., bool]
) -> None:
    process = psutil.Process(start(releases, "--processes", "2").process.pid)

    def turns() -> int:
        processes = process.children(recursive=True)
        return sum(os.sched_getscheduler(one.pid) == os.SCHED_BATCH for one in processes if one.is_running())

    assert eventually(lambda: turns() >= 6, 20)  # two web processes, and for each two workers and a spare one at least
    assert eventually(lambda: turns() == len(process.children(recursive=True)))
