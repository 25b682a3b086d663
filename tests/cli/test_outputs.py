"""Outputs by suffix: compressed files, devices, and what is written back in."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from rural_forecast.observed.catalogue import load
from rural_forecast.observed.observation import Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.preference import preferred
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.question.source import read
from tests.inside import Cli, rows

MARKET = "year,value\n2019,41\n2020,52\n2021,60\n2022,75\n2023,83\n"


@pytest.fixture(autouse=True)
def folder(here: Path) -> Path:
    (here / "market.csv").write_text(MARKET)
    return here


@pytest.mark.parametrize("command", ["project", "batch"])
@pytest.mark.parametrize("form", ["csv", "tsv", "json", "ndjson"])
def test_a_file_named_gz_is_compressed(cli: Cli, folder: Path, command: str, form: str) -> None:
    assert cli(command, "market.csv", "-o", f"plain.{form}").code == 0
    assert cli(command, "market.csv", "-o", f"packed.{form}.gz").code == 0
    packed = (folder / f"packed.{form}.gz").read_bytes()
    assert gzip.decompress(packed) == (folder / f"plain.{form}").read_bytes()
    assert sorted(file.name for file in folder.glob("*.p*t*")) == []


def test_a_compressed_file_has_the_same_bytes_each_time(cli: Cli, folder: Path) -> None:
    cli("project", "market.csv", "-o", "x.csv.gz")
    first = (folder / "x.csv.gz").read_bytes()
    cli("project", "market.csv", "-o", "x.csv.gz")
    assert (folder / "x.csv.gz").read_bytes() == first


def test_a_format_that_is_stated_is_compressed_too(cli: Cli, folder: Path) -> None:
    assert cli("project", "market.csv", "-f", "csv", "-o", "x.gz").code == 0
    assert gzip.decompress((folder / "x.gz").read_bytes()).startswith(b"series_id,")


def test_zstd_is_written_and_read(cli: Cli, folder: Path) -> None:
    pytest.importorskip("pyarrow")
    assert cli("series", "read", "market.csv", "-o", "x.csv.zst", "-q").code == 0
    assert (folder / "x.csv.zst").read_bytes().startswith(b"\x28\xb5\x2f\xfd")
    outcome = cli("project", "x.csv.zst")
    assert outcome.code == 0
    assert rows(outcome.out)[0]["value"] == rows(cli("project", "market.csv").out)[0]["value"]


@pytest.mark.parametrize("name", ["x.xlsx.gz", "x.parquet.zst", "x.png.gz"])
def test_what_is_compressed_already_is_refused(cli: Cli, folder: Path, name: str) -> None:
    outcome = cli("project", "market.csv", "-o", name)
    assert outcome.code == 2
    assert "compressed already" in outcome.err
    assert not (folder / name).exists()


@pytest.mark.parametrize("suffix", ["zip", "bz2", "xz"])
def test_another_compression_is_refused(cli: Cli, folder: Path, suffix: str) -> None:
    outcome = cli("project", "market.csv", "-f", "csv", "-o", f"x.csv.{suffix}")
    assert outcome.code == 2
    assert ".gz and .zst" in outcome.err
    assert not (folder / f"x.csv.{suffix}").exists()


@pytest.mark.parametrize("line", ["project market.csv", "batch market.csv", "series list"])
def test_a_device_needs_no_format(cli: Cli, line: str) -> None:
    outcome = cli(*line.split(), "-o", "/dev/null")
    assert outcome.code == 0
    assert outcome.out == ""


def test_score_takes_the_folder_of_keep(cli: Cli, folder: Path) -> None:
    for year in ("2020", "2021"):
        assert cli("project", "mofcom", "--until", year, "--keep", "kept", "-q").code == 0
    whole = cli("score", "kept")
    assert whole.code == 0
    assert rows(whole.out) == rows(cli("score", *sorted((folder / "kept").iterdir())).out)
    (folder / "empty").mkdir()
    outcome = cli("score", "empty")
    assert outcome.code == 3
    assert "without records" in outcome.err


def values_of(series: Series) -> list[tuple[object, ...]]:
    """The values of a series, with what is said of each."""
    return sorted(
        (str(one.period), one.value, one.status, one.qualifier, one.source)
        for one in series.observations
    )


def used_values(series: Series) -> dict[Period, float]:
    """The value that is used for each period."""
    used = preferred(series.observations, series.sources)
    return {period: observation.value for period, observation in used.items()}


def test_what_series_show_writes_is_read_again(cli: Cli, folder: Path) -> None:
    for series in load().every():
        (folder / "shown.csv").write_bytes(cli("series", "show", series.id, "-f", "csv").raw)
        again = read("shown.csv", ReadOptions(allow_gaps=True))
        assert values_of(again) == values_of(series), series.id
        assert used_values(again) == used_values(series), series.id
