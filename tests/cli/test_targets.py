"""Targets and dollars in `series`, as users type them."""

import json
import re
from pathlib import Path

import pytest

from tests.inside import Cli


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
    shown = cli("series", "show", "my_shops", "--format", "markdown").out
    assert "not due" in shown
    reached = re.search(r"The forecast reaches it in (\d+) \(80 %: (\d+) to", shown)
    assert reached
    assert 2026 < int(reached[1]) < 2040
    assert int(reached[2]) <= int(reached[1])
