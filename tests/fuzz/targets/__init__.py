"""The targets: modules with `test`, a function from bytes that raises only where a promise is
broken, and `SEEDS`.
"""

from importlib import import_module
from typing import Any

SHARES = {
    "reading": 55,
    "packed_file": 10,
    "own_file": 19,
    "forecasting": 4,
    "batch": 4,
    "command": 8,
}
"""Each target with its share of the cases in percent: quick ones have more."""


def target(name: str) -> Any:
    """The module of a target; it imports what it tries."""
    return import_module(f"tests.fuzz.targets.{name}")
