"""A newcomer's first command, word for word from the README, in a fresh copy of the tracked files."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked() -> list[str]:
    """The files of the checkout; empty outside one (an sdist has no history)."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


@pytest.mark.skipif(not tracked(), reason="only a checkout knows which files are tracked")
def test_the_first_command_of_the_readme_works_in_a_fresh_clone(tmp_path: Path) -> None:
    line = next(line for line in (ROOT / "README.md").read_text().splitlines() if "pip install . &&" in line)
    for name in tracked():
        if (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "UV_"))}
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=tmp_path,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    assert "2018,forecast,consensus," in done.stdout
    site = next((tmp_path / ".venv").glob("lib/python*/site-packages"))
    assert (site / "rural_forecast" / "data" / "observations.csv").exists()
    assert not (site / "data").exists()
