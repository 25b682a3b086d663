"""Data that make a series, and a model of one's own."""

import inspect
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import rural_forecast as rf
from rural_forecast import errors as rf_errors
from rural_forecast.errors import DoubtfulDataWarning, InputError, ModelError, UsageError
from rural_forecast.forecasting.distribution import siblings

YEARS = [2014, 2015, 2016]
VALUES = [180.0, 353.0, 482.0]
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


@pytest.mark.parametrize(
    "data", [VALUES, np.array(VALUES), pd.Series(VALUES), pl.Series(VALUES)], ids=repr
)
def test_values_alone_take_the_first_year(data: Any) -> None:
    assert [seen.period.year for seen in rf.series(data, start=2014).observations] == YEARS
    with pytest.raises(TypeError, match="start=2014"):
        rf.series(data)


def test_a_series_is_named_by_its_data_and_years_that_are_not_over_are_published() -> None:
    assert (
        rf.series(pd.Series(DICT, name="cars")).id
        == rf.series(pl.Series("cars", VALUES), start=2014).id
        == "cars"
    )
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
    frame = pd.DataFrame(
        {"market": ["a"] * 3 + ["b"] * 3, "year": YEARS * 2, "value": [*VALUES, 1.0, 2.0, 3.0]}
    )
    assert rf.series(frame[frame["market"] == "b"]).observations[0].value == 1, (
        "its running index is no year"
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, InputError),
        ({2014: 1, 2016: 2}, InputError),
        ("nothing_like_it", UsageError),
        (5, TypeError),
        (pl.LazyFrame(LONG), TypeError),
        (pd.DataFrame({"year": [2014, 2014], "v": [1, 2]}), InputError),
    ],
)
def test_data_that_make_no_series(data: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        rf.series(data)


def test_every_keyword_is_in_the_signature() -> None:
    for function, names in (
        (rf.series, {"sheet", "unit"}),
        (rf.forecast, {"until", "ceiling"}),
        (rf.size, {"draws"}),
    ):
        parameters = inspect.signature(function).parameters
        assert names <= parameters.keys()
        assert "kwargs" not in parameters
        assert inspect.getdoc(function)
    assert "SeriesLike" in str(inspect.signature(rf.growth))


DATA = {
    year: float(value)
    for year, value in zip(range(2010, 2018), [5, 6, 9, 14, 21, 30, 41, 54], strict=True)
}


class Flat:
    """The last value, with the steps of the past drawn at random."""

    def __init__(self, name: str = "flat") -> None:
        self.name = name

    def fit(self, values: Any) -> "Flat":
        self.last = values[-1]
        self.steps = np.diff(values)
        return self

    def paths(self, horizon: int, draws: int) -> Any:
        steps = np.random.default_rng(1).choice(self.steps - self.steps.mean(), (draws, horizon))
        return self.last + steps.cumsum(axis=1)


def test_its_forecast_is_the_median_of_its_paths() -> None:
    found = rf.forecast(DATA, year=2019, models=[Flat(), "consensus"])
    paths = Flat().fit(np.array([*DATA.values()])).paths(2, 2000)
    np.testing.assert_allclose(found.main[1].values, np.median(paths, axis=0))
    np.testing.assert_allclose(found.main[1].upper[0], np.quantile(paths, 0.9, axis=0))
    np.testing.assert_array_equal(found.main[0].values, rf.forecast(DATA, year=2019).best.values)
    assert found.to_frame()["model"].unique().tolist() == ["consensus", "flat"]
    alone = rf.forecast(DATA, models=[Flat()])
    assert "Flat" in alone._repr_html_()
    assert '"flat"' in alone.to_json()


def test_it_is_compared_and_tested_next_to_ours() -> None:
    lines = {
        line.given.model: line for line in rf.compare(DATA, models=[Flat()], opinions=False).lines
    }
    assert lines["flat"].status == "opinion"
    assert lines["flat"].score is not None
    assert {"consensus", "naive", "flat"} <= lines.keys()
    tested = {trial.model for trial in rf.backtest(DATA, models=[Flat()]).trials}
    assert {"consensus", "naive", "flat"} <= tested
    tested = {trial.model for trial in rf.backtest(DATA, models=["drift", Flat()]).trials}
    assert tested == {"consensus", "drift", "flat"}


class Failing(Flat):
    def fit(self, values: Any) -> "Flat":
        raise RuntimeError("no luck")


class Misshapen(Flat):
    def paths(self, horizon: int, draws: int) -> Any:
        return np.zeros(horizon)


def test_its_failure_is_data_and_what_is_no_model_is_refused() -> None:
    for model in (Failing(), Misshapen()):
        assert not rf.forecast(DATA, models=["consensus", model]).main[1].answers
        with pytest.raises(ModelError, match=r"no luck|has the shape"):
            rf.forecast(DATA, models=[model])
    wrong: list[Any] = [
        [Flat("drift")],
        [Flat(), Flat()],
        [len],
        [5],
        [type("X", (), {"name": "x", "fit": 1})()],
    ]
    for models in wrong:
        with pytest.raises(TypeError):
            rf.forecast(DATA, models=models)


def test_cross_validation_has_the_columns_of_nixtla() -> None:
    frame = pd.DataFrame({"unique_id": "a", "ds": [*DATA], "y": [*DATA.values()]})
    frame = pd.concat([frame, frame.assign(unique_id="short").iloc[-5:]])
    made = rf.cross_validation(
        frame, h=2, windows=2, models=["consensus", "cagr", Flat()], levels=[80, 95]
    )
    sides = ["", "-lo-95", "-lo-80", "-hi-80", "-hi-95"]
    models = [f"{name}{side}" for name in ("consensus", "cagr", "flat") for side in sides]
    assert [*made.columns] == ["unique_id", "ds", "cutoff", "y", *models]
    keys = [("a", 2014), ("a", 2014), ("a", 2015), ("a", 2015), ("short", 2015), ("short", 2015)]
    assert [*zip(made["unique_id"], made["cutoff"], strict=True)] == keys
    past = {year: value for year, value in DATA.items() if year <= 2014}
    row = made.iloc[1]
    assert (row["ds"], row["y"]) == (2016, DATA[2016])
    for name in ("consensus", "cagr"):
        best = rf.forecast(past, models=[name], horizon=2).best
        np.testing.assert_allclose(
            row[[f"{name}{side}" for side in sides]].astype(float),
            [best.last, best.lower[1, -1], best.lower[0, -1], best.upper[0, -1], best.upper[1, -1]],
        )


def test_a_frame_has_the_names_that_are_asked_for() -> None:
    years = [*DATA][:4] * 2
    frame = pd.DataFrame(
        {"market": ["a"] * 4 + ["b"] * 4, "jahr": years, "umsatz": [*DATA.values()]}
    )
    ours = {"period_column": "jahr", "value_column": "umsatz"}
    made = rf.forecast_frame(frame, **ours)
    assert [*made.columns[:5]] == ["market", "jahr", "kind", "model", "umsatz"]
    pd.testing.assert_frame_equal(made, rf.forecast_frame(frame, names="input", **ours))
    recognised = frame.set_axis(["id", "ds", "y"], axis=1)
    assert [*rf.forecast_frame(recognised).columns[:5]] == [
        "series_id",
        "period",
        "kind",
        "model",
        "value",
    ]
    of_nixtla = frame.set_axis(["unique_id", "ds", "y"], axis=1)
    assert [*rf.forecast_frame(of_nixtla).columns[:2]] == ["unique_id", "ds"]
    theirs = rf.forecast_frame(frame, names="nixtla", levels=[80], **ours)
    assert [*theirs.columns] == [
        "unique_id",
        "ds",
        "consensus",
        "consensus-lo-80",
        "consensus-hi-80",
    ]
    with pytest.raises(TypeError):
        rf.forecast_frame(frame, names="other", **ours)


def test_paths_of_many_series_have_the_values_of_each_in_every_year() -> None:
    frame = pd.DataFrame(
        {"id": ["a"] * 8 + ["b"] * 8, "year": [*DATA] * 2, "value": [*DATA.values(), *range(-3, 5)]}
    )
    made = rf.forecast_frame(frame, paths=50, horizon=3, seed=2)
    assert [*made.columns] == ["series_id", "period", "path", "value"]
    for name, rows in made.groupby("series_id"):
        alone = rf.forecast(rf.series(frame[frame["id"] == name], id=str(name)), horizon=3).paths(
            50, seed=2
        )
        together = rows.pivot(index="path", columns="period", values="value").to_numpy()
        np.testing.assert_allclose(np.sort(together, axis=0), np.sort(alone, axis=0))
    with pytest.raises(UsageError):
        rf.forecast_frame(frame, paths=0)


def test_the_paths_of_one_series_are_those_that_it_has_alone() -> None:
    frame = pd.DataFrame({"id": "a", "year": [*DATA], "value": [*DATA.values()]})
    made = rf.forecast_frame(frame, paths=50, horizon=3, seed=2)
    alone = rf.forecast(rf.series(frame, id="a"), horizon=3).paths(50, seed=2)
    np.testing.assert_allclose(made.pivot(index="path", columns="period", values="value"), alone)


def test_paths_of_a_frame_correlate_as_parts_of_one_whole() -> None:
    values = [*DATA.values()]
    names = "abcdef"
    frame = pd.concat(
        pd.DataFrame({"id": name, "year": [*DATA], "value": values}) for name in names
    )
    made = rf.forecast_frame(frame, paths=4000, horizon=3)
    for ahead, (_, rows) in enumerate(made.groupby("period"), 1):
        together = np.log(rows.pivot(index="path", columns="series_id", values="value"))
        pairs = np.corrcoef(together.to_numpy().T)[np.triu_indices(len(names), 1)]
        assert pairs.mean() == pytest.approx(siblings(ahead), abs=0.03)


def test_series_that_end_in_different_years_share_the_years_that_both_have() -> None:
    values = [*DATA.values()]
    early = pd.DataFrame({"id": "early", "year": [*DATA][:-1], "value": values[:-1]})
    late = pd.DataFrame({"id": "late", "year": [*DATA], "value": values})
    made = rf.forecast_frame(pd.concat([early, late]), paths=4000, horizon=2)
    common = made[made["period"] == max(DATA) + 1]
    together = np.log(common.pivot(index="path", columns="series_id", values="value"))
    assert np.corrcoef(together.to_numpy().T)[0, 1] > 0.15


DOUBTFUL = "market,2014,2015,2016,2017,2018,2O19\nsales,180,353,482,600000,700,800\n"
LEFT_OUT = "Left out of sales.csv"
JUMP = "does not fit"


def _warnings_of(call: Callable[[], object]) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    assert {warning.filename for warning in caught} <= {__file__}
    assert {warning.category for warning in caught} <= {rf_errors.DoubtfulDataWarning}
    return [str(warning.message) for warning in caught]


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_text(DOUBTFUL, encoding="utf-8")
    return path


@pytest.mark.parametrize("read", [rf.read, rf.series], ids=["read", "series"])
def test_reading_a_file_warns_of_what_is_left_out(
    read: Callable[[Path], object], doubtful: Path
) -> None:
    (warning,) = _warnings_of(lambda: read(doubtful))
    assert warning.startswith(LEFT_OUT)


@pytest.mark.parametrize(
    "function",
    [rf.forecast, rf.compare, rf.backtest, rf.growth, rf.precedents],
    ids=["forecast", "compare", "backtest", "growth", "precedents"],
)
def test_a_function_of_a_file_warns_once_as_the_command_line_does(
    function: Callable[[str], object], doubtful: Path
) -> None:
    raised = _warnings_of(lambda: function(str(doubtful)))
    assert sum(warning.startswith(LEFT_OUT) for warning in raised) == 1
    assert sum(JUMP in warning for warning in raised) == 1


def test_a_function_of_a_series_does_not_repeat_the_warnings_of_its_file(doubtful: Path) -> None:
    series = rf.series(doubtful)
    (warning,) = _warnings_of(lambda: rf.forecast(series))
    assert JUMP in warning


INTERNET = {2019: 60, 2020: 66, 2021: 75, 2022: 80, 2023: 88}


@pytest.mark.parametrize(
    "named",
    [
        {"id": "internet users", "unit": "%"},
        {"title": "Internet users", "unit": "%"},
        {"unit": "% of households"},
        {"unit": "percent of the rural population"},
    ],
    ids=["id", "title", "households", "population"],
)
def test_a_name_or_unit_that_a_person_gives_says_a_share(named: dict[str, str]) -> None:
    with pytest.warns(DoubtfulDataWarning, match="share of a whole"):
        series = rf.series(INTERNET, **named)
    assert series.measure == "rate"


@pytest.mark.parametrize("unit", ["%", "% of GDP", "mobile subscriptions, % of population"])
def test_a_percentage_without_an_end_is_no_share(unit: str) -> None:
    assert rf.series(INTERNET, unit=unit).measure == "flow"


def test_a_measure_that_a_person_states_wins_over_names() -> None:
    assert rf.series(INTERNET, unit="% of households", measure="flow").measure == "flow"


@pytest.mark.parametrize("form", ["values", "file", "series"])
def test_breaks_that_a_person_states_are_those_of_the_series(form: str, tmp_path: Path) -> None:
    data: Any = {2019: 60, 2020: 66, 2021: 75, 2022: 80}
    if form == "file":
        data = tmp_path / "market.csv"
        data.write_text("year,value\n2019,60\n2020,66\n2021,75\n2022,80\n", encoding="utf-8")
    elif form == "series":
        data = rf.series(data)
    assert rf.series(data, breaks=[2021]).breaks == (2021,)


def test_a_break_without_values_on_both_sides_is_refused() -> None:
    with pytest.raises(UsageError, match="2019"):
        rf.series(INTERNET, breaks=[2019])
