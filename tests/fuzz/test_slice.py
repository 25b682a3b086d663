"""Every target on a slice of cases that is the same each time, and on every input that once broke a promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.mutation import cases
from tests.fuzz.promises import attempt
from tests.fuzz.targets import SHARES, target

CASES = 2000
"""Of all targets together, by their shares."""
SEED = 20170720
FOUND = sorted(path for path in (Path(__file__).parent / "found").iterdir() if not path.name.startswith("."))


@pytest.mark.parametrize("name", SHARES)
def test_promises_hold(name: str) -> None:
    chosen = target(name)
    for data in cases(chosen.seeds, CASES * SHARES[name] // 100, SEED):
        try:
            attempt(chosen.test, data)
        except BaseException as broken:
            broken.add_note(f"{name} on {data!r}")
            raise


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_found_once_holds_now(path: Path) -> None:
    attempt(target(path.name.rpartition("-")[0]).test, path.read_bytes())


def test_cases_are_the_same_each_time() -> None:
    chosen = target("period")
    assert list(cases(chosen.seeds, 50, 1)) == list(cases(chosen.seeds, 50, 1))
    assert sum(SHARES.values()) == 100
