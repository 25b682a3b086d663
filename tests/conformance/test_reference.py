"""This environment gives the numbers of every other one: those of `reference.json`, to nine digits.

Where a change is meant, `poe regenerate` makes the file anew; its diff shows what moved.
"""

import json
from copy import deepcopy

import pytest

from tests.conformance.asking import same_number
from tests.conformance.digest import REFERENCE, digest, text

EXACT = 1e-9


def moved(reference: dict, made: dict) -> list[str]:
    """What differs between two digests, one line a number; empty where nothing does."""
    if reference.keys() != made.keys():
        return [f"other commands: {sorted(reference.keys() ^ made.keys())}"]
    found = []
    for command, table in reference.items():
        rows = made[command]["rows"]
        if table["columns"] != made[command]["columns"] or len(table["rows"]) != len(rows):
            found.append(f"{command}: {len(table['rows'])} rows of {table['columns']}, now {len(rows)}")
            continue
        for place, (before, now) in enumerate(zip(table["rows"], rows, strict=True)):
            for name, one, other in zip(table["columns"], before, now, strict=True):
                if not same_number(one, other, EXACT):
                    found.append(f"{command}, row {place}, {name}: {one!r}, now {other!r}")
    return found


@pytest.fixture
def reference() -> dict:
    return json.loads(REFERENCE.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_this_environment_gives_the_numbers_of_the_reference(reference: dict) -> None:
    assert moved(reference, json.loads(text(digest()))) == []


def test_the_comparison_sees_the_tenth_digit(reference: dict) -> None:
    other = deepcopy(reference)
    assert moved(reference, other) == []
    command = next(iter(other))
    row = next(row for row in other[command]["rows"] if row[-2])
    row[-2] *= 1 + 3e-9
    assert len(moved(reference, other)) == 1
