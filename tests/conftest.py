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

# Examples of each property; `pytest --hypothesis-profile=NAME` chooses. The first example pays for imports, so there
# is no deadline. CI tries the same examples each time, so that only a change can break it.
for profile, examples in {"quick": 10, "ci": 50, "thorough": 1000}.items():
    settings.register_profile(profile, deadline=None, derandomize="CI" in os.environ, max_examples=examples)
settings.load_profile("ci")


@pytest.fixture
def cli() -> Cli:
    """Run one command line."""
    from tests.inside import typed

    return typed
