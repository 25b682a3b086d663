"""A series is made of whatever a person has."""

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError

YEARS, VALUES = [2014, 2015, 2016], [180.0, 353.0, 482.0]
DICT = dict(zip(YEARS, VALUES, strict=True))
LONG = {"year": YEARS, "sales": VALUES}
SAME: dict[str, Any] = {
    "dict": DICT,
    "pairs": [*DICT.items()],
    "rows": [{"year": year, "sales": value} for year, value in DICT.items()],
    "pandas series": pd.Series(DICT),
    "periods": pd.Series(VALUES, index=pd.period_range("2014", "2016", freq="Y")),
    "dates": pd.Series(VALUES, index=pd.date_range("2014-12-31", "2016-12-31", freq="YE")),
    "pandas": pd.DataFrame(LONG),
    "years in the index": pd.DataFrame({"sales": VALUES}, index=YEARS),
    "named index": pd.DataFrame(LONG).set_index("year"),
    "years across": pd.DataFrame([VALUES], columns=YEARS, index=["sales"]),
    "polars": pl.DataFrame(LONG),
    "pyarrow": pa.table(LONG),
}


@pytest.mark.parametrize("form", SAME)
def test_a_series_has_the_years_and_values_of_its_data(form: str) -> None:
    made = rf.series(SAME[form], id="cars", unit="m CNY")
    assert repr(made) == "<Series cars: 2014 to 2016, m CNY>"
    assert {seen.period.year: seen.value for seen in made.observations} == DICT
    np.testing.assert_array_equal(rf.forecast(made).best.values, rf.forecast(DICT).best.values)


@pytest.mark.parametrize("data", [VALUES, np.array(VALUES), pd.Series(VALUES), pl.Series(VALUES)], ids=repr)
def test_values_alone_take_the_first_year(data: Any) -> None:
    assert [seen.period.year for seen in rf.series(data, start=2014).observations] == YEARS
    with pytest.raises(TypeError, match="start=2014"):
        rf.series(data)


def test_a_series_is_named_by_its_data_and_years_that_are_not_over_are_published() -> None:
    assert rf.series(pd.Series(DICT, name="cars")).id == rf.series(pl.Series("cars", VALUES), start=2014).id == "cars"
    assert (rf.series(DICT).id, rf.series(pd.DataFrame(LONG)).id) == ("series", "sales")
    assert rf.series("turnover", title="Turnover").title == "Turnover"
    made = rf.series(DICT)
    assert rf.series(made) is made
    made = rf.series({2020: 1.0, 2021: 2.0, 2999: 3.0, 2022: 4.0} | {3000: 5.0}, actuals_until=2022)
    assert [seen.status for seen in made.observations] == ["actual"] * 3 + ["forecast"] * 2


def test_one_of_several_series_is_chosen_or_left_by_a_filter(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": VALUES, "b": [1.0, 2.0, 3.0]}, index=YEARS)
    assert [seen.value for seen in rf.series(frame, series_id="b").observations] == [1, 2, 3]
    file = tmp_path / "market.csv"
    frame.rename_axis("year").to_csv(file)
    assert rf.series(file, series_id="b") == rf.read(file, rf.ReadOptions(series_id="b"))
    with pytest.raises(InputError):
        rf.series(frame)
    frame = pd.DataFrame({"market": ["a"] * 3 + ["b"] * 3, "year": YEARS * 2, "value": [*VALUES, 1.0, 2.0, 3.0]})
    assert rf.series(frame[frame["market"] == "b"]).observations[0].value == 1, "its running index is no year"


@pytest.mark.parametrize(
    ("data", "error"),
    [({}, InputError), ({2014: 1, 2016: 2}, InputError), ("nothing_like_it", UsageError), (5, TypeError),
     (pl.LazyFrame(LONG), TypeError), (pd.DataFrame({"year": [2014, 2014], "v": [1, 2]}), InputError)],
)  # fmt: skip
def test_data_that_make_no_series(data: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        rf.series(data)


def test_every_keyword_is_in_the_signature() -> None:
    for function, names in ((rf.series, {"sheet", "unit"}), (rf.forecast, {"until", "ceiling"}), (rf.size, {"draws"})):
        parameters = inspect.signature(function).parameters
        assert names <= parameters.keys()
        assert "kwargs" not in parameters
        assert inspect.getdoc(function)
    assert "SeriesLike" in str(inspect.signature(rf.growth))
