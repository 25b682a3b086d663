"""The same question gets the same bytes: in every format, on every run, wherever, and with any number of workers."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.asking import long_form, saved
from tests.conformance.digest import real
from tests.conformance.histories import HISTORIES
from tests.forecasting.batch.panels import in_pieces
from tests.inside import typed

ROOT = Path(__file__).parents[2]
FORMATS = ("table", "json", "ndjson", "csv", "tsv", "markdown", "parquet", "xlsx", "svg", "png", "pdf")
QUESTIONS = (
    *(f"project turnover --format {name}" for name in FORMATS),
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
    "series show mofcom --format table",
    "models --format csv",
    "chart turnover mofcom --year 2027",
    "exhibit turnover --appendix --format html",
    "batch market.csv --horizon 3 --history --format csv",
    "batch market.csv --horizon 3 --all-models --format parquet",
)


def digests(folder: Path, **environment: str) -> dict[str, str]:
    """What a process in that folder and environment answers, each answer as its digest."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONHASH"))}
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.test_bytes"], cwd=folder, capture_output=True, text=True, check=True,
        env=clean | {"PYTHONPATH": str(ROOT)} | environment,
    )  # fmt: skip
    told: dict[str, str] = json.loads(done.stdout)
    return told


@pytest.mark.slow
def test_no_seed_of_hashes_no_locale_no_place_and_no_hour_shows_in_a_byte(tmp_path: Path) -> None:
    folders = tmp_path / "here", tmp_path / "elsewhere of a longer name"
    for folder in folders:
        folder.mkdir()
        saved(folder, long_form(HISTORIES | real(30), unit="t"))
    one, other = (
        digests(folder, PYTHONHASHSEED=seed, LC_ALL=locale, TZ=zone, HOME=str(folder))
        for folder, seed, locale, zone in zip(folders, "17", ("C.UTF-8", "C"), ("UTC", "Asia/Shanghai"), strict=True)
    )
    assert len(one) == len(QUESTIONS)
    assert one == other


@pytest.mark.slow
def test_neither_workers_nor_the_size_of_pieces_shows_in_a_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = saved(tmp_path, long_form(HISTORIES | real(7), unit="t"))
    whole = batch(panel, tmp_path / "whole.csv", workers=1)
    in_pieces(monkeypatch, 100)
    assert batch(panel, tmp_path / "pieces.csv", workers=3) == whole
    one, two = (batch(panel, tmp_path / f"{workers}.parquet", workers) for workers in (1, 2))
    assert one == two


def batch(panel: str, path: Path, workers: int) -> bytes:
    assert typed("batch", panel, "--horizon", 3, "--all-models", "--workers", workers, "-o", path).code == 0
    return path.read_bytes()


if __name__ == "__main__":
    answers = {question: typed(*question.split()) for question in QUESTIONS}
    assert [done.err for done in answers.values() if done.code] == []
    sys.stdout.write(json.dumps({question: hashlib.sha256(done.raw).hexdigest() for question, done in answers.items()}))
