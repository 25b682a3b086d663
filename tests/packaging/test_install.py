"""A newcomer's first command, word for word from the README, in a fresh copy of the tracked files."""

import subprocess
from pathlib import Path

import pytest

from tests.packaging.building import ROOT, clean, copy_to, skip_where_away, tracked


@pytest.mark.skipif(not tracked(), reason="only a checkout knows which files are tracked")
def test_the_first_command_of_the_readme_works_in_a_fresh_clone(tmp_path: Path) -> None:
    line = next(line for line in (ROOT / "README.md").read_text().splitlines() if "pip install . &&" in line)
    copy_to(tmp_path)
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=tmp_path,
        env=clean(PIP_NO_COMPILE="0"),  # pip reads it so; what is never run takes long to compile
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        skip_where_away(done.stderr)
    assert done.returncode == 0, done.stderr
    assert "2018,forecast,consensus," in done.stdout
    site = next((tmp_path / ".venv").glob("lib/python*/site-packages"))
    assert (site / "rural_forecast" / "data" / "observations.csv").exists()
    assert not (site / "data").exists()
    assert (tmp_path / ".venv/share/man/man1/rural-forecast.1").exists()
