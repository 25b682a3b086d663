"""The examples in the docstrings of the models hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from rural_forecast import models


@pytest.mark.parametrize("name", [info.name for info in pkgutil.iter_modules(models.__path__)])
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"rural_forecast.models.{name}")).failed == 0
