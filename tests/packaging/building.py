"""Builds the project from its tracked files, and installs what was built, with uv and its cache."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 180
AWAY = ("error sending request", "dns error", "operation timed out", "connection reset", "connection broken by")
"""What uv and pip say where the index cannot be reached."""
UV = os.environ.get("UV") or shutil.which("uv")


def tracked() -> list[str]:
    """The files of the checkout; empty outside one (an sdist has no history)."""
    line = ["git", "-c", f"safe.directory={ROOT}", "ls-files"]  # the checkout may belong to somebody else
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
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)} | given


def uv(*arguments: str | Path, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> str:
    """Run uv and give its standard output; a package index that is away or slow is no failure of ours."""
    assert UV is not None
    try:
        done = subprocess.run(
            [UV, *arguments], cwd=cwd, env=environment or clean(), capture_output=True, text=True, check=False,
            timeout=PATIENCE_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.skip(f"uv {arguments[0]} waited {PATIENCE_SECONDS} s for the package index")
    if done.returncode:
        skip_where_away(done.stderr)
    assert done.returncode == 0, f"uv {' '.join(map(str, arguments))}\n{done.stderr}"
    return done.stdout


def skip_where_away(said: str) -> None:
    """Skip the test where the package index was not reached, which says nothing of ours."""
    if any(sign in said for sign in AWAY):
        pytest.skip(f"the package index was not reached: {said.splitlines()[-1]}")


@cache
def pythons() -> tuple[str, ...]:
    """The oldest supported and the newest Python that are there, or the one."""
    found = json.loads(uv("python", "list", "--only-installed", "--output-format", "json"))
    parts = [
        one["version_parts"] for one in found if one["implementation"] == "cpython" and one["variant"] == "default"
    ]
    versions = sorted({(one["major"], one["minor"]) for one in parts})
    supported = [f"{major}.{minor}" for major, minor in versions if (major, minor) >= (3, 11)]
    return tuple(dict.fromkeys((supported[0], supported[-1])))
