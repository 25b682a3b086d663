"""Every example in a docstring gives what it says."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import rural_forecast

PACKAGE = Path(rural_forecast.__file__).parent
WITH_EXAMPLES = sorted(
    module.name
    for module in pkgutil.walk_packages([str(PACKAGE)], "rural_forecast.")
    if not module.ispkg
    and ">>> " in (PACKAGE.parent / module.name.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8")
)


def test_the_package_itself() -> None:
    assert doctest.testmod(rural_forecast).failed == 0


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
