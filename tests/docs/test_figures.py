"""Measured figures that a page quotes stand in the file that it names, in a row of the same name."""

import re
from pathlib import Path

import pytest

from tests.docs.blocks import PAGES, ROOT

QUOTED = re.compile(r"<!-- measured: (\S+) -->\n(.*?)<!-- /measured -->", re.DOTALL)
QUOTING = [page for page in PAGES if QUOTED.search(page.read_text())]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows(text: str) -> list[list[str]]:
    return [cells(line) for line in text.splitlines() if line.startswith("|")]


@pytest.mark.parametrize("page", QUOTING, ids=lambda page: page.stem)
def test_quoted_figures_are_those_that_were_measured(page: Path) -> None:
    for source, table in QUOTED.findall(page.read_text()):
        measured = rows((ROOT / source).read_text())
        for name, *figures in rows(table)[2:]:
            known = {cell for row in measured if row[0] == name for cell in row}
            assert known >= set(filter(None, figures)), name


def test_pages_that_argue_with_figures_quote_them() -> None:
    assert {page.stem for page in QUOTING} >= {"reference-class", "consensus", "intervals", "limits"}
