"""Settings of every test, and the command line inside the process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from rural_forecast.__main__ import BLAS_VARIABLES

if TYPE_CHECKING:
    from tests.inside import Cli

# As the command line does, before NumPy loads: a pool of threads makes small fits a hundred times slower.
for _name in BLAS_VARIABLES:
    os.environ.setdefault(_name, "1")

# The first example of a property pays for imports, so time is no property of the code. CI tries the same cases each
# time, so that only a change can break it.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")


@pytest.fixture
def cli() -> Cli:
    """Run one command line."""
    from tests.inside import typed

    return typed
