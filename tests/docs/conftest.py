"""What tests of the documentation share."""

from collections.abc import Iterator

import pytest

from tests.docs import running
from tests.docs.warm import program


@pytest.fixture(scope="session")
def warm() -> Iterator[None]:
    """Commands of pages run without their start."""
    with program() as folder:
        running.FOLDERS.insert(0, folder)
        yield
        running.FOLDERS.remove(folder)
