"""Every promise names a command that is there to confirm it."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT
from tests.docs.running import terminal

PAGE = (ROOT / "docs" / "reference" / "promises.md").read_text(encoding="utf-8")
CLAIMS = [line for line in PAGE.splitlines() if line.startswith("| ")][2:]
TASKS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["poe"]["tasks"]


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_is_confirmed_by_one_command(claim: str, tmp_path: Path) -> None:
    found = re.fullmatch(r"\| [^|]+ \| `([^`]+)` \|", claim)
    assert found
    match found[1].split():
        case ["rural-forecast", *_]:
            shown, code = terminal(found[1], tmp_path)
            assert code == 0, shown
        case ["uv", "run", "poe", task, *folders]:
            assert task in TASKS
            assert all((ROOT / folder).exists() for folder in folders)
        case ["uv", "run", "--script", script] | ["python", script]:
            assert (ROOT / script).is_file()
        case other:
            pytest.fail(f"unknown kind of command: {other}")
