"""What tests of the documentation share."""

import pytest

from tests import warm as programs
from tests.docs import running


@pytest.fixture(scope="session")
def warm() -> None:
    """Commands of pages run without their start."""
    running.FOLDERS.insert(0, programs.folder())
