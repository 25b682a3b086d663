"""Built packages are small, complete and the same from the sdist; they work alone, from
installation to removal.
"""

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import tarfile
import tomllib
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement

from docs.manual.page import page
from rural_forecast.cli.surface import surface
from rural_forecast.version import __version__
from tests.inside import Outcome, write_example_files
from tests.packaging.conftest import ROOT, UV, Built, clean, copy_to, newest_python, tracked, uv

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
        assert set(wheel.namelist()) - set(expected) == {
            MANUAL,
            *(f"{INFO}/{name}" for name in own),
        }
        assert wheel.read(MANUAL).decode() == page(surface())
        for name, source in expected.items():
            assert wheel.read(name) == source.read_bytes(), name
        assert "rural_forecast/py.typed" in wheel.namelist()


@building
def test_the_sdist_builds_the_same_wheel_and_holds_the_sources_and_the_tests(built: Built) -> None:
    assert (
        sha256(built.direct.read_bytes()).digest() == sha256(built.from_sdist.read_bytes()).digest()
    )
    with tarfile.open(fileobj=io.BytesIO(built.sdist.read_bytes())) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    folders = ("rural_forecast/", "data/", "tests/", "docs/")
    assert {name for name in tracked() if name.startswith(folders)} <= held
    assert not [
        name for name in held if "__pycache__" in name or name.startswith((".venv", "training"))
    ]


@building
def test_the_metadata_say_what_it_is(built: Built) -> None:
    with ZipFile(built.direct) as wheel:
        told = Metadata.from_email(wheel.read(f"{INFO}/METADATA"), validate=True)
    assert (str(told.version), str(told.requires_python), told.license_expression) == (
        __version__,
        ">=3.11",
        "MIT",
    )
    assert told.description == (ROOT / "README.md").read_text(encoding="utf-8")
    required = {one.name for one in told.requires_dist or () if one.marker is None}
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
    assert required == {Requirement(one).name for one in named}


@pytest.mark.skipif(
    not all(map(shutil.which, ("mandoc", "man", "groff"))), reason="needs mandoc, man and groff"
)
def test_man_renders_the_page_without_warning_and_mandoc_finds_no_fault_but_the_missing_date(
    tmp_path: Path,
) -> None:
    written = tmp_path / "rural-forecast.1"
    written.write_text(page(surface()), encoding="utf-8")
    done = subprocess.run(
        ["mandoc", "-Tlint", written], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stdout.splitlines() if "missing date" not in line] == []
    given = {**os.environ, "LC_ALL": "C.UTF-8", "MAN_KEEP_FORMATTING": "", "MANWIDTH": "100"}
    line = ["man", "--warnings", "-l", str(written)]
    told = subprocess.run(line, env=given, capture_output=True, text=True, check=True)
    assert told.stderr == ""
    text = told.stdout
    for command in surface()["commands"]:
        assert f"\n   {command['usage'].removeprefix('rural-forecast ')}\n" in text
        for example in command["examples"]:
            assert f"\n           {example}\n" in text
    assert {"NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS"} <= {
        *re.findall(r"^[A-Z][A-Z ]+$", text, re.MULTILINE)
    }
    assert "--all-models" in text, "hyphens that can be copied into a shell"


def test_signs_that_mean_something_to_roff_are_written_as_text() -> None:
    told = surface()
    told["summary"] = r".so /etc/passwd -- 'quoted' back\slash ~home"
    assert "\n\\&.so /etc/passwd \\-\\- \\(aqquoted\\(aq back\\(rsslash \\(tihome\n" in page(told)


PAGES = {"html": "exhibit", "pptx": "exhibit"}
"""Commands that write formats of pages."""
TYPING = """
import json, runpy, shlex, sys
typed = runpy.run_path(sys.argv[1])["typed"]
json.dump([(*done[:1], done.out, done.err) for done in (typed(*shlex.split(line)) for line in json.load(sys.stdin))],
          sys.stdout)
"""


class Installed(NamedTuple):
    prefix: Path
    home: Path

    def run(self, line: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a line of the shell as a user would who has the environment on PATH; warnings are
        errors.
        """
        cached = str(self.home / "byte code")  # not where the program is
        path = f"{self.prefix / 'bin'}:{os.environ['PATH']}"
        home = str(self.home / "nobody")
        given = {"LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "error", "PYTHONPYCACHEPREFIX": cached}
        environment = clean(PATH=path, HOME=home, **given)
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=self.home,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            input=stdin,
        )

    def outcomes(self, lines: Sequence[str]) -> list[Outcome]:
        """Run command lines one after the other in one process, which spares them a start each."""
        done = self.run(
            shlex.join(["python", "-c", TYPING, str(ROOT / "tests" / "inside.py")]),
            json.dumps(lines),
        )
        assert done.returncode == 0, done.stderr
        return [Outcome(code, out.encode(), err) for code, out, err in json.loads(done.stdout)]

    def files(self) -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in self.prefix.rglob("*") if path.is_file()}


def locked(folder: Path) -> Path:
    """The locked versions of what the program needs, extras left out."""
    file = folder / "locked.txt"
    file.write_text(
        uv("export", "--locked", "--no-dev", "--no-emit-project", "--no-hashes", "--no-header")
    )
    return file


@building
def test_from_installation_to_removal(built: Built, tmp_path: Path) -> None:
    home = tmp_path / "home"
    version = newest_python()
    (home / "nobody").mkdir(parents=True)
    (home / "market.csv").write_text("year,value\n2019,41\n2020,52\n2021,60\n2022,75\n2023,83\n")
    write_example_files(home)
    (home / "panel.parquet").unlink()
    installed = Installed(tmp_path / "市场 forecast" / f"python {version}", home)
    uv("venv", "--python", version, installed.prefix)
    given = ("--python", installed.prefix / "bin" / "python", "--no-compile-bytecode")
    uv("pip", "install", *given, "--constraints", locked(tmp_path), built.direct)
    files = installed.files()
    starts(installed)
    answers(installed)
    if shutil.which("man"):
        found = installed.run("man --where rural-forecast").stdout.strip()
        assert found == str(installed.prefix / "share/man/man1/rural-forecast.1")
    assert installed.files() == files, "nothing was written where the program is"
    assert list((installed.home / "nobody").iterdir()) == [], "nothing was written into the home"
    uv("pip", "uninstall", "--python", given[1], "rural-forecast")
    assert not [path for path in installed.prefix.rglob("*") if "rural" in path.name]


@building
def test_the_first_command_of_the_readme_in_a_fresh_clone(tmp_path: Path) -> None:
    """Word for word; pip finds the packages that the program and its build need at hand, in their
    locked versions.
    """
    line = next(
        line for line in (ROOT / "README.md").read_text().splitlines() if "pip install . &&" in line
    )
    clone = copy_to(tmp_path / "市场 forecast" / "a clone")
    packages = tmp_path / "packages"
    python = shutil.which("python3", path=clean()["PATH"])
    assert python
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    given = ("--python", python, "--target", packages, "--no-compile-bytecode")
    uv("pip", "install", *given, "--requirements", locked(tmp_path), *needed)
    no = dict.fromkeys(("PIP_NO_COMPILE", "PIP_NO_BUILD_ISOLATION"), "0")  # pip reads both so
    environment = clean(PYTHONPATH=str(packages), PIP_DISABLE_PIP_VERSION_CHECK="1", **no)
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    assert "2018,forecast,consensus," in done.stdout
    site = next((clone / ".venv").glob("lib/python*/site-packages"))
    assert (site / "rural_forecast" / "data" / "observations.csv").exists()
    assert not (site / "data").exists()


def starts(installed: Installed) -> None:
    python = installed.prefix / "bin" / "python"
    uv("pip", "check", "--python", python)
    held = {
        one["name"] for one in json.loads(uv("pip", "list", "--format", "json", "--python", python))
    }
    assert not held & {"pytest", "pyarrow", "resvg-py", "typst", "jinja2", "dask", "xlsxwriter"}
    for line in ("rural-forecast --version", "python -m rural_forecast --version"):
        assert installed.run(line).stdout == f"rural-forecast {__version__}\n"
    code = 'import rural_forecast as rf; print(rf.forecast(rf.read("market.csv")).best.values)'
    done = installed.run(shlex.join(["python", "-c", code]))
    assert (done.returncode, done.stderr, done.stdout[:1]) == (0, "", "[")


def answers(installed: Installed) -> None:
    rows = installed.run("rural-forecast project --year 2018 --format csv turnover")
    assert (rows.returncode, rows.stderr, rows.stdout.count("\n")) == (0, "", 3)
    needing = [one for one in surface()["formats"] if one["extra"]]
    lines = {
        f"{PAGES.get(one['name'], 'project')} -o a{one['suffixes'][0]}": one["extra"]
        for one in needing
    }
    lines |= {f"chart turnover -o a.{suffix}": "chart" for suffix in ("png", "pdf")}
    lines |= {
        f"batch regions.csv --engine {engine} -o a.csv": engine for engine in ("dask", "spark")
    }
    answered = [f"project --year 2018 --format {form} turnover" for form in ("json", "table")]
    answered.append("batch regions.csv --horizon 2 -q -o forecasts.csv")
    document, *others, batch = installed.outcomes([answered[0], *lines, *answered[1:]])
    *refused, table = others
    assert [(done.code, done.err) for done in (document, table, batch)] == [(0, "")] * 3
    assert json.loads(document.out)["rows"][1]["period"] == 2018
    assert len((installed.home / "forecasts.csv").read_text().splitlines()) == 5
    for (line, extra), done in zip(lines.items(), refused, strict=True):
        assert done.code == 2, f"{line}: {done.err}"
        hint = rf"^error: .*\nhint: .*pip install .*'rural-forecast\[{extra}\]'$"
        assert re.search(hint, done.err, re.MULTILINE), line
    assert not list(installed.home.glob("a.*"))
