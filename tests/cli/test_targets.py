"""Targets and dollars in `series`, as users type them."""

import json
from pathlib import Path

import pytest

from tests import schemas
from tests.inside import Cli, rows


def test_list_gives_the_dated_targets(cli: Cli) -> None:
    found = rows(cli("series", "list", "--targets").out)
    assert {(row["series_id"], float(row["target"])) for row in found} >= {
        ("alibaba_rural_service_centres", 100_000),
        ("jingdong_bang_shops", 1500),
        ("alibaba_rural_investment_plan", 10),
        ("un_rural_ecommerce_investment_plan", 200),
    }
    assert {row["state"] for row in found} == {"open", "reached"}
    schemas.check(json.loads(cli("series", "list", "--targets", "--format", "json").out), "targets")
    assert "open" in cli("series", "list", "--targets", "--format", "table").out
    assert {row["series_id"] for row in rows(cli("series", "list", "jingdong", "--targets").out)} == {
        "jingdong_bang_shops"
    }


def test_show_tells_of_a_target_in_notes(cli: Cli) -> None:
    notes = json.loads(cli("series", "show", "outlets", "--format", "json").out)["notes"]
    assert any(note["text"].startswith("Target of 1,500 for 2017") and "open" in note["text"] for note in notes)
    assert "Target of 1,500" in cli("series", "show", "outlets", "--format", "markdown").out


def test_the_first_half_of_2017_was_near_80_billion_dollars(cli: Cli) -> None:
    document = json.loads(cli("series", "show", "mofcom", "--currency", "usd", "--format", "json").out)
    halves = [row["value"] for row in document["rows"] if row["period"] == "2017H1"]
    assert len(halves) >= 3
    assert all(79 < value < 81 for value in halves)
    assert "CNY are converted to USD" in document["notes"][0]["text"]


def test_a_catalogue_of_ones_own_tells_when_its_targets_are_reached(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "series.csv").write_text("series_id,title,measure,unit\nmy_shops,Shops,stock,count\n")
    (tmp_path / "sources.csv").write_text("source_id\nown\n")
    values = "".join(f"my_shops,{year},{100 + 12 * (year - 2020)},own,actual,,\n" for year in range(2020, 2026))
    (tmp_path / "observations.csv").write_text(
        f"series_id,period,value,source_id,status,author,kind\n{values}my_shops,2040,200,own,forecast,us,target\n"
    )
    monkeypatch.setenv("RURAL_FORECAST_CATALOGUE", str(tmp_path))
    found = rows(cli("series", "list", "--targets", "shops").out)
    mine = next(row for row in found if row["series_id"] == "my_shops")
    assert mine["state"] == "not due"
    assert 2026 < int(mine["reaches"]) < 2040
    assert int(mine["reaches_earliest"]) <= int(mine["reaches"])
    assert "The forecast reaches it in" in cli("series", "show", "my_shops", "--format", "markdown").out
