"""The same question gets the same bytes: in every format, on every run, wherever, and with any
number of workers.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rural_forecast.render.formats import FORMATS, PICTURES
from tests.conformance.asking import long_form, saved
from tests.conformance.digest import real
from tests.conformance.histories import HISTORIES
from tests.forecasting.batch.panels import in_pieces
from tests.inside import typed

ROOT = Path(__file__).parents[2]
QUESTIONS = (
    *(f"project turnover --format {name}" for name in (*FORMATS, *PICTURES) if name != "table"),
    "project turnover --history --format csv",
    "project turnover --explain --all-models --format json",
    "compare turnover --format json",
    "backtest turnover --format json",
    "growth turnover mofcom --explain --format markdown",
    "nowcast mofcom --year 2017 --until 2016 --format json",
    "size rural_online_retail --draws 5000 --format json",
    "size rural_online_retail --draws 5000 --format svg",
    "scenario --from rural_online_retail --format xlsx",
    "series list --format json",
    "models --format csv",
    "exhibit turnover --appendix --format html",
    "batch market.csv --horizon 3 --history --format csv",
    "batch market.csv --horizon 3 --all-models --format parquet",
)
FOR_PEOPLE = (
    "project turnover --format table",
    "series show mofcom --format table",
    "chart turnover mofcom --year 2027",
)
"""Outputs that `LC_ALL=C` turns to ASCII, if `PYTHONIOENCODING` does not ask for UTF-8."""


def answers() -> dict[str, str]:
    done = {question: typed(*question.split()) for question in QUESTIONS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONIOENCODING", "utf-8")
        done |= {question: typed(*question.split()) for question in FOR_PEOPLE}
    assert [one.err for one in done.values() if one.code] == []
    return {question: hashlib.sha256(one.raw).hexdigest() for question, one in done.items()}


@pytest.mark.slow
def test_no_seed_of_hashes_no_locale_no_place_and_no_hour_shows_in_a_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    there = tmp_path / "elsewhere of a longer name"
    for folder in (here, there):
        folder.mkdir()
        saved(folder, long_form(HISTORIES | real(30), unit="t"))
    monkeypatch.chdir(here)
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "PYTHON"))
    }
    elsewhere = {"PYTHONHASHSEED": "17", "LC_ALL": "C", "TZ": "Asia/Shanghai", "HOME": str(there)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.test_bytes"],
        cwd=there,
        capture_output=True,
        text=True,
        check=True,
        env=clean | {"PYTHONPATH": str(ROOT)} | elsewhere,
    )
    assert json.loads(done.stdout) == answers()


@pytest.mark.slow
def test_neither_workers_nor_the_size_of_pieces_shows_in_a_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = saved(tmp_path, long_form(HISTORIES | real(7), unit="t"))

    def batch(name: str, workers: int) -> bytes:
        path = tmp_path / name
        assert (
            typed(
                "batch", panel, "--horizon", 3, "--all-models", "--workers", workers, "-o", path
            ).code
            == 0
        )
        return path.read_bytes()

    whole = batch("whole.csv", 1)
    in_pieces(monkeypatch, 100)
    assert batch("pieces.csv", 3) == whole
    assert batch("one.parquet", 1) == batch("two.parquet", 2)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answers()))
