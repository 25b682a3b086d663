"""What the documentation claims is so: promises, figures, pictures, the reference, and examples in docstrings."""

import doctest
import importlib
import re
import tomllib
from pathlib import Path

import pytest

import rural_forecast
from docs.generator.mirror import DOCS
from docs.generator.pictures import GALLERY, IMAGES, made, shown
from docs.generator.reference import stale
from tests.docs.blocks import PAGES, ROOT
from tests.docs.running import outputs, terminal
from tests.docs.test_blocks import rounded
from tests.render.fonts import has_chinese

PROMISES = (ROOT / "docs" / "reference" / "promises.md").read_text(encoding="utf-8")
CLAIMS = [line for line in PROMISES.splitlines() if line.startswith("| ")][2:]
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


def test_generated_pages_are_what_the_code_says() -> None:
    assert stale() == [], "Run `uv run poe regenerate`."


def test_python_page_has_every_public_name() -> None:
    page = (DOCS / "reference" / "python.md").read_text()
    assert "\n::: rural_forecast.objects.series.series\n" in page  # a package has the name as well
    for name in set(rural_forecast.__all__) - {"__version__", "series"}:
        assert f"\n::: rural_forecast.{name}\n" in page


PACKAGE = Path(rural_forecast.__file__).parent
WITH_EXAMPLES = sorted(
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
    for file in PACKAGE.rglob("*.py")
    if ">>> " in file.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_an_example_in_a_docstring_gives_what_it_says(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def test_the_gallery_shows_what_its_commands_give(tmp_path: Path) -> None:
    text = GALLERY.read_text()
    for printed in outputs(text if has_chinese() else text.replace("--title 乡村网络零售额 ", ""), tmp_path):
        assert rounded(printed.really) == rounded(printed.page), printed.what
    for name in (name for one in shown() for name in one.names if (tmp_path / name).is_file()):
        if name.endswith(".svg"):
            same((tmp_path / name).read_text(), (IMAGES / name).read_text())
        else:
            assert (tmp_path / name).stat().st_size > 5_000


def test_pictures_of_terminals_show_what_is_printed(tmp_path: Path) -> None:
    terminals = [one for one in shown() if one.names[0].startswith("terminal-")]
    assert terminals
    for one in terminals:
        for name, content in made(one, tmp_path).items():
            same(content.decode(), (IMAGES / name).read_text())


def test_every_picture_is_shown_in_the_gallery() -> None:
    elsewhere = {"notebook.png"}  # on the page of notebooks
    assert {name for one in shown() for name in one.names} == {file.name for file in IMAGES.iterdir()} - elsewhere


def same(really: str, kept: str) -> None:
    """The same but for the last digits of coordinates, which differ between processors."""
    assert _NUMBER.sub("", really) == _NUMBER.sub("", kept)
    assert numbers(really) == pytest.approx(numbers(kept), abs=0.02)


def numbers(text: str) -> list[float]:
    return [float(found) for found in _NUMBER.findall(text)]
