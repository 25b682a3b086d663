"""The manual page and the completions: made from the command surface as it stands, and fit for those who read them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from docs.surface import manual
from docs.surface.__main__ import MANUAL, made
from rural_forecast.cli.spec import spec

MADE = made()


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@pytest.mark.parametrize("file", MADE, ids=lambda file: file.name)
def test_every_file_is_up_to_date(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == MADE[file], "refresh it with: uv run poe surface"


@needs("mandoc")
def test_mandoc_finds_no_fault_but_the_missing_date() -> None:
    done = subprocess.run(["mandoc", "-Tlint", MANUAL], capture_output=True, text=True, check=False)
    assert [line for line in done.stdout.splitlines() if "missing date" not in line] == []


@needs("man")
@needs("groff")
def test_man_renders_the_page_without_warning() -> None:
    told = shown({"MANWIDTH": "100"})
    assert told.stderr == ""
    text = told.stdout
    for command in spec()["commands"]:
        assert f"\n   {command['usage'].removeprefix('rural-forecast ')}\n" in text
        for example in command["examples"]:
            assert f"\n           {example}\n" in text
    sections = re.findall(r"^[A-Z][A-Z ]+$", text, re.MULTILINE)
    assert sections == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "SHARED OPTIONS", "FORMATS", "EXIT STATUS", "ENVIRONMENT",
        "SEE ALSO",
    ]  # fmt: skip
    assert "--decimal-comma\n" in text, "hyphens that can be copied into a shell"


def shown(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    given = {**os.environ, "LC_ALL": "C.UTF-8", "MAN_KEEP_FORMATTING": "", **environment}
    line = ["man", "--warnings", "-l", str(MANUAL)]
    return subprocess.run(line, env=given, capture_output=True, text=True, check=True)


def test_signs_that_mean_something_to_roff_are_written_as_text() -> None:
    told = spec()
    told["summary"] = r".so /etc/passwd -- 'quoted' back\slash ~home"
    page = manual.page(told)
    assert "\n\\&.so /etc/passwd \\-\\- \\(aqquoted\\(aq back\\(rsslash \\(tihome\n" in page
