"""The targets: functions from bytes that raise only where a promise is broken. Each module has `test` and `SEEDS`."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NamedTuple

SHARES = {"reading": 55, "packed_file": 10, "own_file": 15, "forecasting": 4, "batch": 4, "record": 4, "command": 8}
"""Each target with its share of the cases in percent: quick ones have more."""


class Target(NamedTuple):
    """One target."""

    name: str
    test: Callable[[bytes], None]
    seeds: Sequence[bytes]


def target(name: str) -> Target:
    """A target by name; it imports what it tries."""
    module = import_module(f"tests.fuzz.targets.{name}")
    return Target(name, module.test, module.SEEDS)
