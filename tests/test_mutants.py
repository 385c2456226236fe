"""The list of lines to break is about the code as it is; `make mutants` breaks them."""

from __future__ import annotations

import pytest

from .mutants import PACKAGE, ROOT, Mutant, read


@pytest.mark.parametrize("mutant", read(), ids=lambda mutant: mutant.breaks)
def test_a_line_to_break_stands_once_in_the_code_and_its_tests_are_there(mutant: Mutant) -> None:
    assert (ROOT / PACKAGE / mutant.file).read_text("utf-8").count(mutant.old) == 1
    assert mutant.old != mutant.new
    assert mutant.tests
    for test in mutant.tests:
        assert (ROOT / test.partition("::")[0]).exists()
