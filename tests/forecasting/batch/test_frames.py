"""Frames of every library: the same forecasts, in a frame of the library that was given."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from tests.forecasting.batch.panels import frame

LIBRARIES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": pd.DataFrame,
    "pandas on arrow": lambda data: pa.table(data).to_pandas(types_mapper=pd.ArrowDtype),
    "polars": pl.DataFrame,
    "polars with categories": lambda data: pl.DataFrame(data).with_columns(
        pl.col("id").cast(pl.Categorical)
    ),
    "pyarrow": pa.table,
}
PANEL: dict[str, list[Any]] = {
    "id": ["a", "a", "a", "b", "b"],
    "year": [2014, 2015, 2016, 2015, 2016],
    "value": [180.0, 353.0, 482.0, 12.0, 15.5],
    "unit": ["bn CNY"] * 3 + ["m EUR"] * 2,
}
SAME: dict[str, dict[str, list[Any]]] = {
    "years as text": {"year": list(map(str, PANEL["year"]))},
    "days": {"year": [dt.date(year, 12, 31) for year in PANEL["year"]]},
    "fiscal years": {"year": [f"FY{year}" for year in PANEL["year"]]},
    "values as text": {"value": ["180", "353", "482", "12", "15.5"]},
    "growth as published": {"growth_pct": [None, 96.0, 36.6, None, 29.0]},
}


OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"horizon": 4, "history": True},
    {"models": ["theta", "naive"], "levels": [90]},
    {"all_models": True},
)


def listed(frame: Any) -> list[list[Any]]:
    """Rows, with None for what is not known."""
    if isinstance(frame, pd.DataFrame):
        return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    columns = (
        frame.to_dict(as_series=False) if isinstance(frame, pl.DataFrame) else frame.to_pydict()
    )
    return [list(row) for row in zip(*columns.values(), strict=True)]


def types(frame: Any) -> str:
    return str(frame.schema if hasattr(frame, "schema") else frame.dtypes.to_dict())


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.slow
def test_every_library_gets_the_same_rows_in_its_own_frame_and_what_cells_mean_counts(
    library: str,
) -> None:
    given = LIBRARIES[library]
    for options in OPTIONS:
        rows = rf.forecast_frame(given(PANEL), **options)
        assert type(rows) is type(given(PANEL))
        assert listed(rows) == listed(rf.forecast_frame(pd.DataFrame(PANEL), **options))
        without = rf.forecast_frame(given({**PANEL, "unit": [None] * 5}), **options)
        assert types(rows) == types(without)
    for name, change in SAME.items():
        rows = rf.forecast_frame(given({**PANEL, **change}))
        assert listed(rows) == listed(rf.forecast_frame(pd.DataFrame(PANEL))), name
    holes = given({**PANEL, "value": [180.0, None, 482.0, 12.0, 15.5]})
    with pytest.raises(InputError, match="series 'a'"):
        rf.forecast_frame(holes)
    kept = listed(rf.forecast_frame(holes, refused="rows"))
    assert [(row[0], row[2]) for row in kept] == [
        ("b", "forecast"),
        ("b", "forecast"),
        ("a", "refused"),
    ]


def test_a_frame_says_what_it_refuses() -> None:
    rows = {"gap": (2018, 2020), "good": (2019, 2020), "twice": (2019, 2019), "short": (2020,)}
    table = pd.DataFrame(
        [(name, year, 1.0) for name, years in rows.items() for year in years],
        columns=["id", "ds", "y"],
    )
    with pytest.raises(InputError, match=r"'gap'.*jump from 2018 to 2020.*2 more"):
        rf.forecast_frame(table, models=["cagr"])
    rows = rf.forecast_frame(table, models=["cagr"], refused="rows")
    refused = rows[rows["kind"] == "refused"].set_index("series_id")["model"]
    assert list(refused.index) == ["gap", "twice", "short"]
    assert "cagr needs at least 2 points" in refused["short"]
    assert set(rf.forecast_frame(table, models=["cagr"], refused="drop")["series_id"]) == {"good"}
    assert types(rf.forecast_frame(table.iloc[:0])) == types(rows)


@pytest.mark.parametrize(
    ("year", "value"),
    [
        (pd.array([2019, 2020, 2019, None], dtype="Int64"), [1.0, 2.0, 3.0, 4.0]),
        (pd.PeriodIndex(["2019", "2020", "2018", "2020"], freq="Y"), [1.0, 2.0, 3.0, 4.0]),
        (pd.to_datetime(["2019-12-31", "2020-12-31", "2019-12-31", None]), [1.0, 2.0, 3.0, 4.0]),
        ([2019, 2020, 2019, 2020], pd.array([1, 2, None, None], dtype="Int64")),
    ],
)
def test_any_type_of_column_that_holds_years_or_numbers(year: object, value: object) -> None:
    table = pd.DataFrame({"id": list("aabb"), "year": year, "value": value})
    rows = rf.forecast_frame(table, refused="rows", horizon=1)
    assert rows[["series_id", "period", "kind"]].to_numpy().tolist() == [
        ["a", 2021, "forecast"],
        ["b", 0, "refused"],
    ]


def test_rows_are_in_the_order_of_the_contract_and_a_year_reaches_every_series() -> None:
    years = np.arange(2010, 2021)
    table = pd.DataFrame({"id": "a", "year": years, "value": 50 * 1.1 ** (years - 2010)})
    done = rf.forecast_frame(table, horizon=2, models=["theta", "naive"], history=True)
    assert done["kind"].tolist() == ["actual"] * 11 + ["forecast"] * 4
    assert done["model"].tolist() == [""] * 11 + ["theta", "theta", "naive", "naive"]
    assert done["period"].tolist() == [*years, 2021, 2022, 2021, 2022]
    assert np.isnan(done["growth_pct"].iloc[0])
    every = rf.forecast_frame(table, horizon=2, all_models=True)
    assert every["model"].iloc[0] == "consensus"
    assert {"theta", "holt", "damped_holt", "cagr"} <= set(every["model"])
    panel = frame(20)
    periods = rf.forecast_frame(panel, year=2026).groupby("series_id")["period"]
    assert (periods.min() == panel.groupby("series_id")["year"].max() + 1).all()
    assert (periods.max() == 2026).all()


def test_years_may_be_in_the_index_or_across() -> None:
    long = frame(3)
    wide = long.pivot(index="series_id", columns="year", values="value")
    expected = rf.forecast_frame(long).drop(columns="unit")
    for same in (long.set_index("year"), long.set_index(["series_id", "year"]), wide, wide.T):
        rows = (
            rf.forecast_frame(same)
            .sort_values(["series_id", "period"], ignore_index=True)
            .drop(columns="unit")
        )
        pd.testing.assert_frame_equal(
            rows, expected.sort_values(["series_id", "period"], ignore_index=True)
        )


def test_questions_and_frames_that_cannot_be() -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"horizon": 0},
        {"horizon": 101},
        {"horizon": 1, "year": 2030},
        {"year": 10_000},
    )
    for asked in (*wrong, {"levels": [20]}, {"models": ["x"]}):
        with pytest.raises(UsageError):
            rf.forecast_frame(pd.DataFrame(PANEL), **asked)
    with pytest.raises(TypeError, match=r"not a polars\.LazyFrame\. Call its collect\(\) first"):
        rf.forecast_frame(pl.DataFrame(PANEL).lazy())
    with pytest.raises(InputError, match="two columns have one name"):
        rf.forecast_frame(pd.DataFrame([[2015, 1.0, 2.0]], columns=["year", "value", "value"]))
    with pytest.raises(InputError, match=r"^the frame.*holds no table of years"):
        rf.forecast_frame(pd.DataFrame({"id": ["a"], "value": [1.0]}))
    for taker in (rf.read, rf.batch):
        with pytest.raises(TypeError, match=r"not a DataFrame: .*forecast_frame"):
            taker(pl.DataFrame(PANEL))
