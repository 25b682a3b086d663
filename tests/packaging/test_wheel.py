"""What is built: small, with exactly what belongs in it, the same from the sdist; a manual page without fault."""

import io
import os
import re
import shutil
import subprocess
import tarfile
import tomllib
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement

from docs.manual.page import page
from rural_forecast.cli.surface import surface
from rural_forecast.version import __version__
from tests.packaging.conftest import ROOT, UV, Built, tracked

building = pytest.mark.skipif(UV is None or not tracked(), reason="needs uv and a checkout")
MOST_BYTES = 6_000_000
MANUAL = f"rural_forecast-{__version__}.data/data/share/man/man1/rural-forecast.1"
"""Where man looks, in any installation prefix."""
INFO = f"rural_forecast-{__version__}.dist-info"


@building
def test_it_is_small_and_holds_what_belongs_in_it_and_nothing_else(built: Built) -> None:
    assert max(built.direct.stat().st_size, built.sdist.stat().st_size) < MOST_BYTES
    files = tracked()
    package = {name: ROOT / name for name in files if name.startswith("rural_forecast/")}
    data = {f"rural_forecast/{name}": ROOT / name for name in files if name.startswith("data/")}
    expected = package | data | {f"{INFO}/licenses/LICENSE": ROOT / "LICENSE"}
    with ZipFile(built.direct) as wheel:
        own = ("METADATA", "WHEEL", "RECORD", "entry_points.txt")
        assert set(wheel.namelist()) - set(expected) == {MANUAL, *(f"{INFO}/{name}" for name in own)}
        assert wheel.read(MANUAL).decode() == page(surface())
        for name, source in expected.items():
            assert wheel.read(name) == source.read_bytes(), name
        assert "rural_forecast/py.typed" in wheel.namelist()


@building
def test_the_sdist_builds_the_same_wheel_and_holds_the_sources_and_the_tests(built: Built) -> None:
    assert sha256(built.direct.read_bytes()).digest() == sha256(built.from_sdist.read_bytes()).digest()
    with tarfile.open(fileobj=io.BytesIO(built.sdist.read_bytes())) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    folders = ("rural_forecast/", "data/", "tests/", "docs/")
    assert {name for name in tracked() if name.startswith(folders)} <= held
    assert not [name for name in held if "__pycache__" in name or name.startswith((".venv", "training"))]


@building
def test_the_metadata_say_what_it_is(built: Built) -> None:
    with ZipFile(built.direct) as wheel:
        told = Metadata.from_email(wheel.read(f"{INFO}/METADATA"), validate=True)
    assert (str(told.version), str(told.requires_python), told.license_expression) == (__version__, ">=3.11", "MIT")
    assert told.description == (ROOT / "README.md").read_text(encoding="utf-8")
    required = {one.name for one in told.requires_dist or () if one.marker is None}
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert required == {Requirement(one).name for one in named}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manual page as a file."""
    file = tmp_path_factory.mktemp("manual") / "rural-forecast.1"
    file.write_text(page(surface()), encoding="utf-8")
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
    assert "\n\\&.so /etc/passwd \\-\\- \\(aqquoted\\(aq back\\(rsslash \\(tihome\n" in page(told)
