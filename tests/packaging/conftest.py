"""Builds the project from its tracked files, once for all tests and workers, and installs it, with
uv and its cache.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 180
AWAY = (
    "error sending request",
    "dns error",
    "operation timed out",
    "connection reset",
    "connection broken by",
)
"""Texts of uv and pip for an index that cannot be reached."""
UV = os.environ.get("UV") or shutil.which("uv")


def tracked() -> list[str]:
    """The files of the checkout; empty outside one (an sdist has no history)."""
    # The checkout may belong to somebody else.
    line = ["git", "-c", f"safe.directory={ROOT}", "ls-files"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    return [name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def copy_to(folder: Path) -> Path:
    """A fresh copy of the tracked files, so that nothing comes along that only lies about."""
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def clean(**given: str) -> dict[str, str]:
    """The environment without what would lead a Python or uv elsewhere."""
    hidden = ("PYTHON", "VIRTUAL_ENV", "UV_", "RURAL_")
    return {
        name: value for name, value in os.environ.items() if not name.startswith(hidden)
    } | given


def uv(
    *arguments: str | Path, cwd: Path = ROOT, environment: Mapping[str, str] | None = None
) -> str:
    """Run uv and give its standard output; a package index that is away or slow is no failure of
    ours.
    """
    assert UV is not None
    try:
        done = subprocess.run(
            [UV, *arguments],
            cwd=cwd,
            env=environment or clean(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"uv {arguments[0]} waited {PATIENCE_SECONDS} s for the package index")
    if done.returncode and any(sign in done.stderr for sign in AWAY):
        pytest.skip(f"the package index was not reached: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, f"uv {' '.join(map(str, arguments))}\n{done.stderr}"
    return done.stdout


@cache
def newest_python() -> str:
    found = json.loads(uv("python", "list", "--only-installed", "--output-format", "json"))
    usual = (
        one for one in found if one["implementation"] == "cpython" and one["variant"] == "default"
    )
    return "{}.{}".format(
        *max((one["version_parts"]["major"], one["version_parts"]["minor"]) for one in usual)
    )


class Built(NamedTuple):
    """A wheel from the checkout, and an sdist and its wheel built in another folder."""

    direct: Path
    sdist: Path
    from_sdist: Path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    dated = clean(SOURCE_DATE_EPOCH="1700000000")
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    one = shared / "one"
    other = shared / "other"
    with (shared / "building").open("w") as lock:
        flock(lock, LOCK_EX)
        if not (other / "dist").exists():
            uv(
                "build",
                "--wheel",
                "--out-dir",
                one / "dist",
                copy_to(one / "copy"),
                environment=dated,
            )
            uv("build", "--out-dir", other / "made", copy_to(other / "copy"), environment=dated)
            (other / "made").rename(other / "dist")
    (direct,), (sdist,) = (one / "dist").glob("*.whl"), (other / "dist").glob("*.tar.gz")
    (from_sdist,) = (other / "dist").glob("*.whl")
    return Built(direct, sdist, from_sdist)
