"""The unit of the data decides nothing: amounts scale with it, and all that has no unit stays."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.asking import document, long_form, same_number, saved
from tests.conformance.histories import HISTORIES

EXACT = 1e-9
AMOUNTS = re.compile(r"value|(lower|upper)_\d+|forecast|actual|crps")
"""Columns in the unit of the series; every other one is without."""
NUMBER = re.compile(r"[-−+]?\d[\d,]*(\.\d+)?(e[-+]?\d+)?")
FAST: dict[str, tuple[str, ...]] = {
    "project": ("--history",),
    "growth": (),
    "series show": (),
    "scenario": ("--growth", "4", "--history"),
}
SLOW: dict[str, tuple[str, ...]] = {
    "project": ("--all-models",),
    "compare": (),
    "backtest": ("--all-models", "--horizon", "1"),
    "backtest --detail": (),
}
FEW = ("founding", "zeros", "rounded", "negative")
SOME = (*FEW, "one", "long")


def line(command: str, source: str, options: Sequence[str]) -> list[str]:
    name, *flags = command.split(" --")
    return [*name.split(), source, *(f"--{flag}" for flag in flags), *options]


def check(here: dict[str, Any], there: dict[str, Any], unit: float) -> None:
    """The rows of a document are those of another times the unit, and its notes say the same."""
    assert len(here["rows"]) == len(there["rows"])
    for one, other in zip(here["rows"], there["rows"], strict=True):
        amounts = {name for name, cell in one.items() if AMOUNTS.fullmatch(name) and cell is not None}
        size = max((abs(one[name]) for name in amounts), default=0.0)
        for name, cell in one.items():
            wanted, room = (cell * unit, size * unit) if name in amounts else (cell, 1.0)
            if isinstance(wanted, str):
                wanted, other[name] = words([wanted]), words([other[name]])
            assert same_number(wanted, other[name], EXACT, room), (name, one, other)
    assert words(texts(here)) == words(texts(there))


def texts(document: Mapping[str, Any]) -> list[str]:
    return [note["text"] for note in document.get("notes", ())]


def words(notes: Sequence[str]) -> list[str]:
    """Notes without their numbers."""
    return [NUMBER.sub("0", note) for note in notes]


def compared(folder: Path, name: str, units: Sequence[float], command: str, options: Sequence[str]) -> None:
    history = HISTORIES[name]
    here = document(*line(command, saved(folder, long_form({name: history}), "here.csv"), options))
    for unit in units:
        there = saved(folder, long_form({name: [value * unit for value in history]}), "there.csv")
        check(deepcopy(here), document(*line(command, there, options)), unit)


pytestmark = pytest.mark.slow


@pytest.mark.parametrize("command", FAST)
def test_amounts_scale_and_all_else_stays(command: str, tmp_path: Path) -> None:
    for name in SOME:
        if command != "scenario" or min(HISTORIES[name]) > 0:  # growth means nothing elsewhere
            compared(tmp_path, name, (1e12, 1e-12), command, FAST[command])


@pytest.mark.parametrize("command", SLOW)
def test_amounts_scale_where_every_model_answers(command: str, tmp_path: Path) -> None:
    for name in FEW:
        compared(tmp_path, name, (3.7,), command, SLOW[command])


@pytest.mark.parametrize("command", [*FAST, "batch"])
def test_the_name_of_the_unit_changes_its_column_alone(command: str, tmp_path: Path) -> None:
    for name in FEW if command != "scenario" else FEW[:1]:
        texts = [long_form({name: HISTORIES[name]}, unit=unit) for unit in ("", "t")]
        here, there = (saved(tmp_path, text, f"market{place}.csv") for place, text in enumerate(texts))
        told, again = (document(*line(command, file, FAST.get(command, ())))["rows"] for file in (here, there))
        assert {row["unit"] for row in again} == {"t"}
        assert [row | {"unit": "t"} for row in told] == again
