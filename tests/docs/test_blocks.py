"""The documentation tells the truth: every block runs, and prints what the page says."""

import re
from pathlib import Path

import pytest

from tests.docs.blocks import PAGES, ROOT, blocks, steps, without_blocks
from tests.docs.running import outputs, refreshed

OTHERS = [page for page in PAGES if page.name != "gallery.md"]  # it has a test of its own, pictures and all


@pytest.mark.parametrize("page", OTHERS, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_run_and_print_what_the_page_says(page: Path, tmp_path: Path) -> None:
    for printed in outputs(page.read_text(), tmp_path):
        assert rounded(printed.really) == rounded(printed.page), printed.what


def rounded(text: str) -> str:
    """Raw numbers to nine digits: the last bits of a matrix product differ between processors."""
    return re.sub(r"-?\d+\.\d{8,}", lambda number: f"{float(number[0]):.9g}", text).rstrip("\n")


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        ("```sh\nfalse\n```\n", "exit code 1"),
        ('```python\nassert 1 == 2, "wrong"\n```\n', "wrong"),
        ("```python\n>>> 1 + 1\n3\n```\n", "Expected"),
        ("```klingon\nx\n```\n", "kind 'klingon'"),
        ('<!-- not run: no reason -->\n```python\nimport rural_forecast as rf\nrf.foretell("x")\n```\n', "foretell"),
        ("<!-- not run: a cluster -->\n```sh\nrural-forecast batch x.csv --cluster y\n```\n", "no option --cluster"),
        ("<!-- not run: a cluster -->\n```sh\nrural-forecast bunch x.csv\n```\n", "no command 'bunch'"),
        ('```toml\n[scenarios.x]\ngrowth = "much"\n```\n', "growth"),
    ],
)
def test_a_block_that_is_wrong_is_found(page: str, wrong: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=wrong):
        list(outputs(page, tmp_path))


def test_text_below_python_is_its_output_and_a_reader_that_goes_is_not_told(tmp_path: Path) -> None:
    python = 'from pathlib import Path\nprint(Path("a.csv").read_text())'
    page = f'```csv title="a.csv"\nx\n```\n\n```python\n{python}\n```\n\n```text\ny\n```\n'
    page += "```console\n$ yes | cut -c1 | head -n 1\nz\n```\n"
    shown = [(printed.really.strip(), printed.page.strip()) for printed in outputs(page, tmp_path)]
    assert shown == [("x", "y"), ("y", "z")]


def test_readme_is_short_and_shares_its_test_command_with_ci() -> None:
    text = (ROOT / "README.md").read_text()
    assert len(text.split()) <= 950
    assert next(line for line in text.splitlines() if line.endswith("poe test")) in (ROOT / ".ci" / "run").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_is_cut_out_of_an_output_is_not_nothing(page: Path) -> None:
    cut = [step for step in steps(page.read_text()) if re.search(r"\| (sed|grep|awk|cut|head|tail) ", step.command)]
    assert [step.command for step in cut if not step.output.strip()] == []


def test_numbers_in_the_text_of_the_tutorial_are_those_of_its_blocks() -> None:
    page = (ROOT / "docs" / "tutorial.md").read_text()
    shown = "".join(block.text for block in blocks(page))
    numbers = re.findall(r"\b\d+(?:[,.]\d+)+\b|\b\d{3,}\b", without_blocks(page))
    assert [number for number in numbers if number not in shown] == ["3.11"]  # of Python


@pytest.mark.parametrize(
    "command", ["rural-forecast project nosuch", "nosuch", "exit 1", "echo 'error: x'; exit 3", "kill $$"]
)
def test_a_failed_command_is_never_written_into_a_page_but_findings_are(command: str, tmp_path: Path) -> None:
    page = f"```console\n$ {command}\nThe forecast.\n```\n"
    with pytest.raises(AssertionError, match=re.escape(command)):
        refreshed(page, tmp_path)
    assert refreshed(page.replace("The forecast.", "error: shown"), tmp_path) != page
    page = "```console\n$ echo found; exit 3\nold\n$ echo refused; exit 5\nold\n```\n"
    assert refreshed(page, tmp_path) == page.replace("old", "found", 1).replace("old", "refused")
