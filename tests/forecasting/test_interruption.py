"""Years across which growth is not read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.interruption import places_in, without
from tests.docs.blocks import ROOT
from tests.inside import Cli, rows
from tests.series.build import series

STEADY = {str(year): 100 * 1.05 ** (year - 2000) for year in range(2000, 2012)}


@given(st.lists(st.floats(1, 1e6), min_size=5, max_size=12), st.data())
def test_only_growth_changes_never_the_last_value(values: list[float], data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(1, len(values) - 1), min_size=1, max_size=len(values) - 3))
    seen = without(np.array([values]), sorted(places))
    assert seen.shape == (1, len(values))
    assert np.isfinite(seen).all()
    assert seen[0, -1] == pytest.approx(values[-1])
    scaled = without(7 * np.array([values]), sorted(places))
    assert scaled == pytest.approx(7 * seen)
    if len(values) - 1 not in places:
        kept = [place for place in range(len(values)) if place not in places]
        assert seen[0, kept] == pytest.approx(np.array(values)[kept])


def test_a_year_inside_is_passed_over() -> None:
    hit = series({**STEADY, "2006": 60.0})
    assert forecast(hit, interrupt=[2006]).best.values == pytest.approx(forecast(series(STEADY)).best.values, rel=0.001)
    assert forecast(hit, interrupt=[2006]).history.observations[6].value == 60


def test_a_shock_in_the_last_year_keeps_its_level_and_the_usual_growth() -> None:
    hit = series({**STEADY, "2011": 120.0})
    result = forecast(hit, interrupt=[2011])
    usual = forecast(series(STEADY)).best.values / STEADY["2011"]
    assert result.best.values / 120 == pytest.approx(usual, rel=0.001)
    plain = forecast(hit).best
    assert (result.best.upper[0] / result.best.values >= plain.upper[0] / plain.values - 1e-12).all()
    (note,) = (note for note in result.notes if note.code == "interrupted")
    assert str(note) == "Growth is not read across 2011: the level of 2011 stays, and no recovery is assumed."


def test_values_that_are_not_positive_are_allowed() -> None:
    result = forecast(series({**{str(2000 + year): 5.0 - year for year in range(9)}, "2004": -40.0}), interrupt=[2004])
    assert (result.best.lower < result.best.values).all()
    assert (result.best.values < result.best.upper).all()


@pytest.mark.parametrize(
    ("years", "match"),
    [([2000], "the first year"), ([1999], "not a year"), ([2012], "not a year"), (range(2001, 2011), "fewer than 3")],
)
def test_what_cannot_be_an_interruption(years: list[int], match: str) -> None:
    with pytest.raises(UsageError, match=match):
        forecast(series(STEADY), interrupt=list(years))


def test_a_kind_is_set_against_the_same_interruption_without_it() -> None:
    hit = series({**STEADY, "2011": 120.0})
    stated, without = (forecast(hit, interrupt=[2011], kind=kind) for kind in ("adoption", None))
    (note,) = (note for note in stated.notes if note.code == "of_kind")
    best = without.best
    assert note.fields["without"] == (best.values[-1], best.lower[0, -1], best.upper[0, -1])


HIT = {**STEADY, "2006": 60.0, "2011": 120.0}


def rows_of(text: str) -> list[list[str]]:
    return [[row["model"], row["value"], row["lower_80"]] for row in rows(text) if row["kind"] == "forecast"]


def in_file(path: Path, *marked: str) -> Path:
    lines = [f"{year},{value},{'yes' if year in marked else ''}" for year, value in HIT.items()]
    path.write_text("\n".join(["year,value,interrupt", *lines]) + "\n")
    return path


@pytest.mark.parametrize("years", ["2006", "2011", "2006,2011"])
def test_option_column_and_batch_agree(cli: Cli, tmp_path: Path, years: str) -> None:
    plain, marked = in_file(tmp_path / "plain.csv"), in_file(tmp_path / "marked.csv", *years.split(","))
    asked = rows_of(cli("project", plain, "--interrupt", years).out)
    assert asked != rows_of(cli("project", plain).out)
    assert rows_of(cli("project", marked).out) == asked
    for done in (cli("batch", plain, "--interrupt", years), cli("batch", marked)):
        shown = rows_of(done.out)
        assert [[float(cell) for cell in row[1:]] for row in shown] == [
            pytest.approx([float(cell) for cell in row[1:]], rel=1e-12) for row in asked
        ]
    assert "yes" in cli("series", "read", marked).out


def _consensus(detail: str) -> dict[tuple[str, str], str]:
    return {(row["origin"], row["period"]): row["forecast"] for row in rows(detail) if row["model"] == "consensus"}


@pytest.mark.slow
def test_compare_and_backtest_take_it(cli: Cli, tmp_path: Path) -> None:
    plain = in_file(tmp_path / "plain.csv")
    project = rows(cli("project", plain, "--interrupt", "2006").out)[-1]
    compared = rows(cli("compare", plain, "--interrupt", "2006").out)[0]
    assert compared["value"] == project["value"]
    before, after = (
        _consensus(cli("backtest", plain, "--detail", "--model", "naive", *more).out)
        for more in ((), ("--interrupt", "2006"))
    )
    changed = {int(origin) for (origin, period), value in after.items() if before[origin, period] != value}
    assert changed
    assert min(changed) >= 2006


def test_only_years_after_the_first_are_left_out_and_three_others_are_kept() -> None:
    assert places_in(6, 2015, [2030, 2017, 2015]) == [2]
    assert places_in(5, 2015, [2017, 2016]) == [1, 2]
    assert places_in(4, 2015, [2017, 2016]) == []


def test_a_warning_where_the_record_says_that_it_costs() -> None:
    inside, at_end = (forecast(series(HIT), interrupt=[year]).notes[0] for year in (2006, 2011))
    assert (inside.warning, at_end.warning) == (True, False)
    least, most = measured_costs()
    assert f"erred {least:.0f} to {most:.0f} % more" in str(inside)


def measured_costs() -> tuple[float, float]:
    """By how many percent forecasts from the year after a shock err more with the option, at least and at most."""
    table = (ROOT / "benchmarks/accuracy/interruption.md").read_text(encoding="utf-8").partition("## How they")[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    errors = [(cells[4], cells[5]) for cells in lines if len(cells) == 8 and cells[1].isdigit() and cells[1] > cells[0]]
    pairs = [pair for sides in errors for pair in zip(*(side.split(" / ") for side in sides), strict=True)]
    costs = [100 * (float(left_out) / float(plain) - 1) for plain, left_out in pairs]
    return min(costs), max(costs)


def test_a_batch_counts_the_series_without_these_years(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    lines = [f"a,{year},{value}" for year, value in HIT.items()] + [f"b,{year},5" for year in range(2012, 2018)]
    path.write_text("\n".join(["id,year,value", *lines]) + "\n")
    done = cli("batch", path, "--interrupt", "2006")
    assert done.code == 0
    assert "Growth is not read across 2006 in 1 series" in done.err
    assert "changes nothing in 1 series (such as 'b')" in done.err


def test_a_panel_says_that_it_does_not_use_marks(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "parts.csv"
    lines = [f"all/{name},{year},5,{'yes' if year == 2018 else ''}" for name in "ab" for year in range(2015, 2021)]
    path.write_text("\n".join(["id,year,value,interrupt", *lines]) + "\n")
    done = cli("panel", path)
    assert done.code == 0, done.err
    assert "in 2 series are read as any other" in done.err
