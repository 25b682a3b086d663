"""A nowcast across years of which neither shares nor growth are read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rural_forecast.errors import UsageError
from rural_forecast.nowcasting.nowcast import nowcast, revisions
from rural_forecast.series.observation import Series
from tests.inside import Cli, rows
from tests.nowcasting.cases import said
from tests.series.build import series

STEADY = {str(year): 100 * 1.1 ** (year - 2010) for year in range(2010, 2018)}
HALVES = {f"{year}H1": 0.46 * total for year, total in STEADY.items()} | {"2018H1": 100.0}


def shut(*years: int) -> Series:
    """A market of which the first half was lost in these years."""
    return series({**STEADY, **HALVES, **{f"{year}H1": 0.1 * STEADY[str(year)] for year in years}})


def test_neither_share_nor_growth_of_the_last_year_is_read() -> None:
    result = nowcast(shut(2017), interrupt=[2017])
    assert result.interrupted == (2017,)
    assert set(said(result)) == {"share", "annual"}
    assert said(result)["share"] == pytest.approx(100 / 0.46)
    assert (result.base, result.growth, result.parts[0].base) == (None, None, None)
    assert [share.year for share in result.shares] == [2012, 2013, 2014, 2015, 2016]
    hit = nowcast(shut(2017))
    assert abs(result.value * 0.46 / 100 - 1) < abs(hit.value * 0.46 / 100 - 1)


def test_a_year_inside_counts_neither_as_a_share_nor_in_the_smoothing() -> None:
    result, plain = nowcast(shut(2015), interrupt=[2015]), nowcast(shut())
    assert 2015 not in [share.year for share in result.shares]
    assert said(result)["growth"] == said(plain)["growth"]
    assert "smoothing" not in said(result), "two years since the interruption are too few"
    assert result.annual is not None
    assert [note.code for note in result.annual.notes][:1] == ["interrupted"]


def test_a_stated_growth_on_the_year_left_out_is_not_used() -> None:
    market = series({**STEADY, **HALVES}, {"2018H1": 90.0})
    assert nowcast(market).growth == pytest.approx(0.9)
    result = nowcast(market, interrupt=[2017])
    assert result.growth is None
    assert "growth" not in said(result)


def test_years_marked_in_a_file_are_those_asked_for() -> None:
    market = shut(2017)
    seen = tuple(
        replace(value, interrupt=value.period.is_year and value.period.year == 2017) for value in market.observations
    )
    marked = nowcast(replace(market, observations=seen))
    assert marked.value == nowcast(market, interrupt=[2017]).value
    assert marked.interrupted == (2017,)


def test_revisions_leave_the_same_years_out() -> None:
    market = series({**STEADY, **HALVES, "2017H1": 20.0, "2018M01-M09": 160.0})
    first = revisions(nowcast(market, interrupt=[2017]))[1]
    early = series({**STEADY, **HALVES, "2017H1": 20.0})
    assert (first.months, first.value) == (6, nowcast(early, interrupt=[2017]).value)


@pytest.mark.parametrize(
    ("market", "options", "message"),
    [
        (shut(), {"interrupt": [2018]}, "2018 is not a year of the history"),
        (shut(), {"interrupt": [2010]}, "2010 is the first year of the history"),
        (shut(), {"interrupt": range(2011, 2017)}, "fewer than 3 years are left"),
        (series({"2018H1": 100}), {"interrupt": [2017]}, "No year before 2018 is used"),
        (series(STEADY, {"2018H1": 8}), {"interrupt": [2017]}, "on 2017, which is an interruption"),
    ],
)
def test_what_cannot_be_an_interruption(market: Series, options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        nowcast(market, **options)


def test_as_typed(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "market.csv"
    lines = [f"{period},{value}" for period, value in {**STEADY, **HALVES, "2017H1": 20}.items()]
    path.write_text("\n".join(["period,value", *lines]) + "\n")
    done = cli("nowcast", path, "--interrupt", "2017")
    assert [row["model"] for row in rows(done.out)] == ["combined", "share", "annual"]
    text = " ".join(cli("nowcast", path, "--interrupt", "2017", "--format", "markdown").out.split())
    assert "Of 2017 neither the share of the first half nor the growth on it is used." in text
    assert '"interrupt": [ 2017 ]' in " ".join(
        cli("nowcast", path, "--interrupt", "2017", "--format", "json").out.split()
    )
    assert cli("nowcast", path, "--interrupt", "soon").code == 2
