"""Settings of every test, and the command line inside the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from rural_forecast.system.blas import pin_blas

if TYPE_CHECKING:
    from pathlib import Path

    from tests.inside import Cli

pytest.register_assert_rewrite("tests.schemas", "tests.render.measured")
pin_blas()  # as the command line does, before NumPy loads

# Examples of each property; `pytest --hypothesis-profile=NAME` chooses. The first example pays for
# imports, so there is no deadline. They are the same each time, so that only a change can break a
# test; `thorough` draws others.
for profile, examples in {"quick": 10, "usual": 50, "thorough": 1000}.items():
    fixed = profile != "thorough"
    settings.register_profile(profile, deadline=None, derandomize=fixed, max_examples=examples)
settings.load_profile("usual")


LONGEST = ("tests/packaging/", "tests/docs/", "tests/conformance/test_bytes.py")
"""Tests that begin first, so that no core waits for one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first; all others keep their order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of one's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def cli() -> Cli:
    """Run one command line."""
    from tests.inside import typed

    return typed
