"""Settings of every test, and the command line inside the process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from rural_forecast.system import blas

if TYPE_CHECKING:
    from tests.inside import Cli

blas.pin()  # as the command line does, before NumPy loads

# The first example of a property pays for imports, so time is no property of the code. CI tries the same cases each
# time, so that only a change can break it.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")


@pytest.fixture
def cli() -> Cli:
    """Run one command line."""
    from tests.inside import typed

    return typed
