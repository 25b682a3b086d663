"""The documentation tells the truth: every console block prints what it says."""

import re
from pathlib import Path

import pytest

from tests.docs.blocks import PAGES, ROOT, run, steps


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_console_blocks_print_what_the_page_says(page: Path, tmp_path: Path) -> None:
    for step in steps(page.read_text()):
        assert rounded(run(step.command, tmp_path)) == rounded(step.output), step.command


def rounded(text: str) -> str:
    """Raw numbers to nine digits: the last bits of a matrix product differ between processors."""
    return re.sub(r"-?\d+\.\d{8,}", lambda number: f"{float(number[0]):.9g}", text).rstrip("\n")


def test_readme_runs_the_headline_command() -> None:
    commands = [step.command for step in steps((ROOT / "README.md").read_text())]
    assert "rural-forecast project --year 2018" in commands


def test_readme_and_ci_share_the_test_command() -> None:
    line = next(line for line in (ROOT / "README.md").read_text().splitlines() if line.endswith("poe test"))
    assert line in (ROOT / ".ci" / "run").read_text()
