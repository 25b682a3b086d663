"""Frames of every library: the same forecasts, in a frame of the library that was given."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError

LIBRARIES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": pd.DataFrame,
    "pandas on arrow": lambda data: pa.table(data).to_pandas(types_mapper=pd.ArrowDtype),
    "polars": pl.DataFrame,
    "pyarrow": pa.table,
}
PANEL: dict[str, list[Any]] = {
    "id": ["a", "a", "a", "b", "b"],
    "year": [2014, 2015, 2016, 2015, 2016],
    "value": [180.0, 353.0, 482.0, 12.0, 15.5],
    "unit": ["bn CNY"] * 3 + ["m EUR"] * 2,
}


def listed(frame: Any) -> list[list[Any]]:
    """Rows, with None for what is not known."""
    if isinstance(frame, pd.DataFrame):
        return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    columns = frame.to_dict(as_series=False) if isinstance(frame, pl.DataFrame) else frame.to_pydict()
    return [list(row) for row in zip(*columns.values(), strict=True)]


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    "options",
    [{}, {"horizon": 4, "history": True}, {"models": ["theta", "naive"], "levels": [90]}, {"all_models": True}],
)
def test_every_library_gets_the_same_rows_in_its_own_frame(library: str, options: dict[str, Any]) -> None:
    given = LIBRARIES[library](PANEL)
    made = rf.forecast_frame(given, **options)
    assert type(made) is type(given)
    assert listed(made) == listed(rf.forecast_frame(pd.DataFrame(PANEL), **options))


@pytest.mark.parametrize("library", LIBRARIES)
def test_types_do_not_depend_on_the_data(library: str) -> None:
    given = LIBRARIES[library]
    made = [
        rf.forecast_frame(given({**PANEL, "unit": [None] * 5}), horizon=1),
        rf.forecast_frame(given(PANEL), horizon=1, history=True),
    ]
    one, other = (str(frame.schema if hasattr(frame, "schema") else frame.dtypes.to_dict()) for frame in made)
    assert one == other


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    "years",
    [
        ["2014", "2015", "2016", "2015", "2016"],
        [
            dt.date(2014, 12, 31),
            dt.date(2015, 12, 31),
            dt.date(2016, 12, 31),
            dt.date(2015, 12, 31),
            dt.date(2016, 12, 31),
        ],
        ["FY2014", "FY2015", "FY2016", "FY2015", "FY2016"],
    ],
)
def test_texts_and_dates_are_years_too(library: str, years: list[Any]) -> None:
    made = rf.forecast_frame(LIBRARIES[library]({**PANEL, "year": years}))
    assert listed(made) == listed(rf.forecast_frame(pd.DataFrame(PANEL)))


@pytest.mark.parametrize("library", LIBRARIES)
def test_an_empty_cell_is_refused_and_a_text_is_read(library: str) -> None:
    texts = LIBRARIES[library]({**PANEL, "value": ["180", "353", "482", "12", "15.5"]})
    assert listed(rf.forecast_frame(texts)) == listed(rf.forecast_frame(pd.DataFrame(PANEL)))
    holes = LIBRARIES[library]({**PANEL, "value": [180.0, None, 482.0, 12.0, 15.5]})
    with pytest.raises(InputError, match="series 'a'"):
        rf.forecast_frame(holes)
    kept = listed(rf.forecast_frame(holes, refused="rows"))
    assert [(row[0], row[2]) for row in kept] == [("b", "forecast"), ("b", "forecast"), ("a", "refused")]


@pytest.mark.parametrize("library", LIBRARIES)
def test_published_growth_is_not_passed_over(library: str) -> None:
    """It gives the level of a year that is missing, as for a series alone."""
    rows = {
        "id": ["a"] * 3,
        "year": [2014, 2016, 2017],
        "value": [180.0, 482.0, 600.0],
        "growth_pct": [None, 36.6, None],
    }
    with pytest.raises(InputError, match="jump from 2014 to 2016"):
        rf.forecast_frame(LIBRARIES[library](rows))
    made = rf.forecast_frame(LIBRARIES[library]({**PANEL, "growth_pct": [None, 96.0, 36.6, None, 29.0]}))
    assert listed(made) == listed(rf.forecast_frame(LIBRARIES[library](PANEL)))


def test_categories_are_texts() -> None:
    frame = pl.DataFrame(PANEL).with_columns(pl.col("id").cast(pl.Categorical))
    assert listed(rf.forecast_frame(frame)) == listed(rf.forecast_frame(pd.DataFrame(PANEL)))


def test_a_lazy_frame_is_told_to_be_collected() -> None:
    with pytest.raises(TypeError, match=r"not a LazyFrame\. Call its collect\(\) first"):
        rf.forecast_frame(pl.DataFrame(PANEL).lazy())


def test_two_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame([[2015, 1.0, 2.0]], columns=["year", "value", "value"])
    with pytest.raises(InputError, match="two columns have one name"):
        rf.forecast_frame(frame)


@pytest.mark.parametrize("taker", [rf.read, rf.batch, rf.forecast, rf.nowcast])
def test_what_wants_no_frame_names_what_does(taker: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match=r"not a DataFrame: .*forecast_frame takes a frame"):
        taker(pl.DataFrame(PANEL))
