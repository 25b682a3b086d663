"""What is built, once for all tests and workers."""

import os
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.packaging.building import clean, copy_to, uv

DATED = clean(SOURCE_DATE_EPOCH="1700000000")


class Built(NamedTuple):
    """A wheel from the checkout, and an sdist and its wheel built in another folder."""

    direct: Path
    sdist: Path
    from_sdist: Path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    one, other = shared / "one", shared / "other"
    with (shared / "building").open("w") as lock:
        flock(lock, LOCK_EX)
        if not (other / "dist").exists():
            uv("build", "--wheel", "--out-dir", one / "dist", copy_to(one / "copy"), environment=DATED)
            uv("build", "--out-dir", other / "made", copy_to(other / "copy"), environment=DATED)
            (other / "made").rename(other / "dist")
    (direct,), (sdist,) = (one / "dist").glob("*.whl"), (other / "dist").glob("*.tar.gz")
    (from_sdist,) = (other / "dist").glob("*.whl")
    return Built(direct, sdist, from_sdist)
