"""The built wheel in an empty environment: no extras, no development packages, a path with spaces and Chinese signs.

On the oldest supported Python and on the newest that is there. One test goes through an installation's whole life, so
that an environment is made once a Python.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest

from docs.surface import surface
from rural_forecast.version import __version__
from tests.inside import write_example_files
from tests.packaging.building import UV, clean, copy_to, pythons, tracked, uv

pytestmark = pytest.mark.skipif(UV is None or not tracked(), reason="needs uv and a checkout")
NEEDING = {
    "chart": r"forecast chart (?!.*(--columns|\.svg))|--chart",
    "report": r"\.html",
    "exhibit": r"\.(pptx|pdf)",
    "parquet": r"\.parquet",
}
"""By extra, which examples need it. Columns on a terminal and SVG need none."""
PAGES = {"html": "report", "pptx": "exhibit"}
"""Commands that write formats of pages."""


class Installed(NamedTuple):
    prefix: Path
    home: Path
    newest: bool

    def run(self, line: str, **given: str) -> subprocess.CompletedProcess[str]:
        """Run a line of the shell as a user would who has the environment on PATH, and warnings made errors.

        Byte code goes elsewhere, for compiling all of it at once would take longer than all that is tried here.
        """
        environment = clean(
            PATH=f"{self.prefix / 'bin'}:{os.environ['PATH']}",
            HOME=str(self.home / "nobody"),
            LC_ALL="C.UTF-8",
            PYTHONWARNINGS="error",
            PYTHONPYCACHEPREFIX=str(self.home / "byte code"),
            **given,
        )
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=self.home,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def files(self) -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in self.prefix.rglob("*") if path.is_file()}


def install(version: str, wheel: Path, folder: Path) -> Installed:
    """Install the wheel with the locked versions of what it needs."""
    prefix, home = folder / "市场 forecast" / f"python {version}", folder / f"home {version}"
    (home / "nobody").mkdir(parents=True)
    (home / "market.csv").write_text("year,value\n2019,41\n2020,52\n2021,60\n2022,75\n2023,83\n")
    write_example_files(home)
    (home / "panel.parquet").unlink()
    locked = folder / f"locked-{version}.txt"
    locked.write_text(uv("export", "--locked", "--no-dev", "--no-emit-project", "--no-hashes", "--no-header"))
    uv("venv", "--python", version, prefix)
    given = ("--python", prefix / "bin" / "python", "--constraints", locked, "--no-compile-bytecode")
    uv("pip", "install", *given, wheel)
    return Installed(prefix, home, version == pythons()[-1])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    dated = clean(SOURCE_DATE_EPOCH="1700000000")
    uv("build", "--wheel", "--out-dir", folder / "dist", copy_to(folder / "copy"), environment=dated)
    built = next((folder / "dist").glob("*.whl"))
    with ZipFile(built) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2023, 11, 14, 22, 13, 20)}
    return built


@pytest.fixture(scope="module", params=pythons() if UV else ())
def installed(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return install(request.param, wheel, tmp_path_factory.mktemp("smoke"))


def test_from_installation_to_removal(installed: Installed) -> None:
    files = installed.files()
    fits_together(installed)
    starts(installed)
    answers(installed)
    if installed.newest:  # on the oldest one the other tests run them
        examples_run_or_name_their_extra(installed)
    manual_page_is_found(installed)
    assert installed.files() == files, "nothing was written where the program is"
    assert list((installed.home / "nobody").iterdir()) == [], "nothing was written into the home"
    leaves_nothing_behind(installed)


def fits_together(installed: Installed) -> None:
    python = installed.prefix / "bin" / "python"
    uv("pip", "check", "--python", python)
    held = {one["name"] for one in json.loads(uv("pip", "list", "--format", "json", "--python", python))}
    assert not held & {
        "pytest",
        "hypothesis",
        "pyarrow",
        "resvg-py",
        "typst",
        "jinja2",
        "dask",
        "xlsxwriter",
    }


def starts(installed: Installed) -> None:
    for line in ("rural-forecast --version", "python -m rural_forecast --version"):
        assert installed.run(line).stdout == f"rural-forecast {__version__}\n"
    done = installed.run(
        "python -c 'import rural_forecast as rf; print(rf.forecast(rf.read(\"market.csv\")).best.values)'"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("[")


def answers(installed: Installed) -> None:
    asked = "rural-forecast project --year 2018 --format"
    table, rows, document = (installed.run(f"{asked} {form} turnover") for form in ("table", "csv", "json"))
    for done in (table, rows, document):
        assert (done.returncode, done.stderr) == (0, "")
    assert "ARIMA" in table.stdout
    assert rows.stdout.count("\n") == 3
    assert json.loads(document.stdout)["rows"][1]["period"] == 2018
    batch = installed.run("rural-forecast batch regions.csv --horizon 2 -o forecasts.csv && wc -l < forecasts.csv")
    assert (batch.stdout.strip(), batch.stderr) == ("5", "2 series forecast\n")
    needing = [one for one in surface()["formats"] if one["extra"]]
    for line, extra in (
        *((f"{PAGES.get(one['name'], 'project')} -o a{one['suffixes'][0]}", one["extra"]) for one in needing),
        ("chart turnover", "chart"),
        ("chart turnover -o a.png", "chart"),
        ("chart turnover -o a.pdf", "chart"),
        ("batch regions.csv --engine dask -o a.csv", "dask"),
        ("batch regions.csv --engine spark -o a.csv", "spark"),
    ):
        names_its_extra(installed.run(f"rural-forecast {line}"), extra)
    assert not list(installed.home.glob("a.*"))


def names_its_extra(done: subprocess.CompletedProcess[str], extra: str) -> None:
    assert done.returncode == 2, f"{done.args[-1]}: {done.stderr}"
    said = [line for line in done.stderr.splitlines() if not line.startswith("note: ")]
    assert said[-1].startswith("hint: ")
    assert "pip install" in said[-1]
    assert said[-1].endswith(f"'rural-forecast[{extra}]'")
    assert len(said) == 2
    assert said[0].startswith("error: ")


def examples_run_or_name_their_extra(installed: Installed) -> None:
    """All that need an extra, and the first of each command that need none; `tests/cli` runs them all."""
    for command in surface()["commands"]:
        bare = True
        for line in command["examples"]:
            extra = next((name for name, sign in NEEDING.items() if re.search(sign, line)), None)
            if extra is not None:
                names_its_extra(installed.run(line), extra)
            elif bare:
                done = installed.run(line)
                assert done.returncode == 0, f"{line}: {done.stderr}"
                bare = False


def manual_page_is_found(installed: Installed) -> None:
    if shutil.which("man"):
        found = installed.run("man --where rural-forecast")
        assert found.stdout.strip() == str(installed.prefix / "share/man/man1/rural-forecast.1")


def leaves_nothing_behind(installed: Installed) -> None:
    python = installed.prefix / "bin" / "python"
    uv("pip", "uninstall", "--python", python, "rural-forecast")
    assert not [path for path in installed.prefix.rglob("*") if "rural" in path.name]
