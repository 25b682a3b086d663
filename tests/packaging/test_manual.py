"""The manual page: made from the command surface, and without fault for man and mandoc."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from docs.manual import page as manual
from rural_forecast.cli.surface import surface


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manual page as a file."""
    file = tmp_path_factory.mktemp("manual") / "rural-forecast.1"
    file.write_text(manual.page(surface()), encoding="utf-8")
    return file


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@needs("mandoc")
def test_mandoc_finds_no_fault_but_the_missing_date(written: Path) -> None:
    done = subprocess.run(["mandoc", "-Tlint", written], capture_output=True, text=True, check=False)
    assert [line for line in done.stdout.splitlines() if "missing date" not in line] == []


@needs("man")
@needs("groff")
def test_man_renders_the_page_without_warning(written: Path) -> None:
    given = {**os.environ, "LC_ALL": "C.UTF-8", "MAN_KEEP_FORMATTING": "", "MANWIDTH": "100"}
    line = ["man", "--warnings", "-l", str(written)]
    told = subprocess.run(line, env=given, capture_output=True, text=True, check=True)
    assert told.stderr == ""
    text = told.stdout
    for command in surface()["commands"]:
        assert f"\n   {command['usage'].removeprefix('rural-forecast ')}\n" in text
        for example in command["examples"]:
            assert f"\n           {example}\n" in text
    assert {"NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS"} <= {*re.findall(r"^[A-Z][A-Z ]+$", text, re.MULTILINE)}
    assert "--all-models" in text, "hyphens that can be copied into a shell"


def test_signs_that_mean_something_to_roff_are_written_as_text() -> None:
    told = surface()
    told["summary"] = r".so /etc/passwd -- 'quoted' back\slash ~home"
    page = manual.page(told)
    assert "\n\\&.so /etc/passwd \\-\\- \\(aqquoted\\(aq back\\(rsslash \\(tihome\n" in page
