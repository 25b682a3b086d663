"""`--keep`: a record of a forecast next to any other output."""

import json
from pathlib import Path

import pytest

from tests import schemas
from tests.inside import Cli

PARTS = "series_id,year,value\n" + "".join(
    f"land / {name},{year},{size * 1.1 ** (year - 2015):.3f}\n"
    for name, size in (("east", 5), ("west", 8))
    for year in range(2015, 2025)
)
LINES = {
    "project mofcom --until 2021": "mofcom-2021-",
    "nowcast mofcom --year 2017 --until 2016": "mofcom-2016-",
    "scenario turnover --growth 2018=10": "turnover-2016-",
    "size rural_retailer --draws 2000": "rural_retailer-",
    "panel parts.csv": "parts-2024-",
    "batch parts.csv": "parts-2024-",
}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parts.csv").write_text(PARTS)
    return tmp_path


@pytest.mark.parametrize(("line", "name"), LINES.items())
@pytest.mark.slow
def test_a_record_has_what_it_rests_on_whatever_the_format(line: str, name: str, place: Path, cli: Cli) -> None:
    plain = cli(*line.split())
    for form in ("csv", "json", "markdown"):
        done = cli(*line.split(), "--keep", "kept", "--date", "3 March 2026", "--format", form)
        assert done.code == 0
        assert form != "csv" or done.out == plain.out
    (path,) = (place / "kept").iterdir()
    assert path.name.startswith(name)
    record = json.loads(path.read_text())
    schemas.check(record)
    assert record["provenance"]["date"] == "3 March 2026"
    inputs = record.get("inputs") or [row for row in record["rows"] if row["kind"] == "actual"]
    assert inputs
    assert all(row["value"] is not None or row.get("growth_pct") is not None for row in inputs)


def test_a_record_is_never_written_over(place: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RURAL_FORECAST_KEEP", "kept")
    cli("project", "turnover")
    (path,) = (place / "kept").iterdir()
    cli("project", "turnover", "--year", "2020")
    assert len(list((place / "kept").iterdir())) == 2
    path.write_text("mine")
    done = cli("project", "turnover")
    assert (done.code, path.read_text()) == (6, "mine")
    assert cli("project", "turnover", "--keep", path).code == 6
