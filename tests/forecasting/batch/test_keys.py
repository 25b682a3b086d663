"""Ids and periods of frames: results of one frame join, and keep the types that it has."""

from datetime import date
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError

YEARS = range(2010, 2018)
FRAMES = {
    "ours": pd.DataFrame({"id": "a", "year": YEARS, "value": [*map(float, YEARS)]}),
    "of the Nixtla tools": pd.DataFrame({"unique_id": "a", "ds": YEARS, "y": [*map(float, YEARS)]}),
    "of the frame": pd.DataFrame({"county": "a", "jahr": YEARS, "umsatz": [*map(float, YEARS)]}),
}


def own_names(frame: pd.DataFrame) -> dict[str, Any]:
    return {"period_column": "jahr", "value_column": "umsatz"} if "jahr" in frame else {}


@pytest.mark.parametrize("names", [None, "tidy", "input", "nixtla"])
@pytest.mark.parametrize("frame", FRAMES)
def test_a_forecast_and_a_cross_validation_of_a_frame_have_the_same_keys(
    frame: str, names: Any
) -> None:
    given = FRAMES[frame]
    asked = own_names(given) | {"models": ["naive"], "names": names}
    ahead = rf.forecast_frame(given, horizon=1, **asked)
    tested = rf.cross_validation(given, h=1, windows=2, **asked)
    keys = [*ahead.columns[:2]]
    assert keys == [*tested.columns[:2]]
    assert len(ahead.merge(tested, on=keys, how="outer")) == 3


def stamped(*, zone: str | None = None) -> pd.DataFrame:
    days = pd.to_datetime([f"{year}-12-31" for year in YEARS]).tz_localize(zone)
    return pd.DataFrame({"unique_id": "a", "ds": days, "y": [*map(float, YEARS)]})


@pytest.mark.parametrize("zone", [None, "Asia/Shanghai"])
def test_timestamps_stay_timestamps_of_the_same_type(zone: str | None) -> None:
    given = stamped(zone=zone)
    ahead = rf.forecast_frame(given, horizon=1, models=["naive"])
    tested = rf.cross_validation(given, h=1, windows=2, models=["naive"])
    assert ahead["ds"].dtype == tested["ds"].dtype == tested["cutoff"].dtype == given["ds"].dtype
    assert ahead["ds"].tolist() == [pd.Timestamp(2018, 12, 31, tz=zone)]
    assert tested["cutoff"].tolist() == given["ds"].tolist()[-3:-1]
    assert given.merge(tested, on=["unique_id", "ds"])["y_x"].tolist() == [2016.0, 2017.0]


def test_periods_of_series_with_other_days_are_the_first_of_the_year() -> None:
    days = pd.to_datetime([f"{year}-06-30" for year in YEARS])
    given = pd.concat([stamped(), stamped().assign(unique_id="b", ds=days)])
    ahead = rf.forecast_frame(given, horizon=1, models=["naive"])
    assert ahead["ds"].tolist() == [pd.Timestamp(2018, 1, 1)] * 2


def test_a_leap_day_is_the_last_of_february_in_other_years() -> None:
    given = pd.DataFrame({"unique_id": "a", "ds": [pd.Timestamp(2016, 2, 29)], "y": [1.0]})
    ahead = rf.forecast_frame(given, horizon=1, models=["naive"])
    assert ahead["ds"].tolist() == [pd.Timestamp(2017, 2, 28)]


def test_dates_of_polars_and_pyarrow_stay_dates() -> None:
    data = {
        "unique_id": ["a"] * 8,
        "ds": [date(year, 12, 31) for year in YEARS],
        "y": [*map(float, YEARS)],
    }
    of_polars = rf.forecast_frame(pl.DataFrame(data), horizon=1, models=["naive"])
    assert of_polars.schema["ds"] == pl.Date
    of_arrow = rf.cross_validation(pa.table(data), h=1, windows=1, models=["naive"])
    assert of_arrow["cutoff"].to_pylist() == [date(2016, 12, 31)]


def test_integers_stay_integers_and_tidy_rows_have_years() -> None:
    rows = rf.forecast_frame(stamped(), horizon=1, names="tidy", models=["naive"])
    assert rows["period"].tolist() == [2018]
    ahead = rf.forecast_frame(FRAMES["of the Nixtla tools"], horizon=1, models=["naive"])
    assert ahead["ds"].dtype == "int64"


def test_several_columns_are_one_id_and_come_back() -> None:
    one = FRAMES["ours"].drop(columns="id")
    ids = [("x", 1), ("x", 2), ("y", 1), ("y", 2)]
    frame = pd.concat([one.assign(county=county, product=product) for county, product in ids])
    asked: dict[str, Any] = {"id_column": ["county", "product"], "models": ["naive"]}
    tidy = rf.forecast_frame(frame, horizon=1, names="tidy", **asked)
    assert tidy["series_id"].tolist() == ["x / 1", "x / 2", "y / 1", "y / 2"]
    ahead = rf.forecast_frame(frame, horizon=1, names="input", **asked)
    tested = rf.cross_validation(frame, h=1, windows=1, names="input", **asked)
    assert [*ahead.columns[:3]] == [*tested.columns[:3]] == ["county", "product", "year"]
    assert ahead["product"].tolist() == [1, 2, 1, 2]


def test_an_id_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="'county'"):
        rf.forecast_frame(FRAMES["ours"], id_column=["id", "county"])
