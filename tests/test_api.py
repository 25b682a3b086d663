"""The Python API: what its functions take, refuse and give; errors and notes are values, with a
code and a place.
"""

import inspect
import pickle
import re
from collections.abc import Callable
from inspect import getdoc, signature
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast import errors
from rural_forecast.cli.app import run
from rural_forecast.errors import InputError, Place, Problem, UsageError
from rural_forecast.notes import Note
from tests.inside import Cli

TAKERS = (rf.forecast, rf.compare, rf.backtest, rf.growth, rf.nowcast, rf.targets)
CALLS: dict[str, Callable[..., Any]] = {
    "forecast": lambda **given: rf.forecast(rf.read("turnover"), **given),
    "compare": lambda **given: rf.compare(rf.read("turnover"), **{"opinions": False} | given),
    "backtest": lambda **given: rf.backtest(rf.read("turnover"), **given),
    "growth": lambda **given: rf.growth(
        rf.read("turnover"), rf.read("mofcom"), **{"all_years": True} | given
    ),
    "nowcast": lambda **given: rf.nowcast(
        rf.read("mofcom"), **{"year": 2017, "until": 2016} | given
    ),
    "scenario": lambda **given: rf.scenario(
        rf.read("turnover"), rf.Scenario("low", growth=5), **given
    ),
    "size": lambda **given: rf.size("rural_retailer", **{"draws": 1000} | given),
    "targets": lambda **given: rf.targets(rf.read("outlets"), **given),
    "precedents": lambda **given: rf.precedents(rf.read("turnover"), **given),
    "batch": lambda **given: rf.batch("market.csv", **given),
    "forecast_frame": lambda **given: rf.forecast_frame(pd.DataFrame(), **given),
}
DATA = {2014: 180.0, 2015: 353.0, 2016: 482.0}


@pytest.mark.parametrize("taker", TAKERS, ids=lambda taker: taker.__name__)
@pytest.mark.slow
def test_a_function_takes_whatever_makes_a_series(taker: Callable[..., Any]) -> None:
    asked = {rf.nowcast: {"year": 2017, "partial": ["2017H1=260"]}, rf.compare: {"opinions": False}}
    given: dict[str, Any] = asked.get(taker, {})
    expected = taker(rf.series(DATA), **given)
    for data in (
        DATA,
        pd.Series(DATA),
        pd.DataFrame({"year": [*DATA], "value": [*DATA.values()]}),
        [*DATA.items()],
    ):
        assert repr(taker(data, **given)) == repr(expected)
    assert taker("turnover", **given) == taker(rf.read("turnover"), **given)


def test_what_makes_no_series_frame_or_result_is_refused() -> None:
    for taker in TAKERS:
        for given in (5, None, len, b"x", [1.0, 2.0], pd.Series([1.0, 2.0])):
            with pytest.raises(TypeError):
                taker(given)
    for given in ([1, 2], pd.Series([1.0, 2.0])):
        with pytest.raises(
            TypeError, match=r"A DataFrame of pandas or polars or a pyarrow Table is wanted"
        ):
            rf.forecast_frame(given)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="is wanted, not a Series"):
        rf.to_frame(rf.read("turnover"))


RESULTS: dict[str, tuple[str, dict[str, Any], dict[str, bool]]] = {
    "project turnover --year 2018 --history": ("forecast", {"year": 2018}, {"history": True}),
    "project turnover --model drift --model theta": (
        "forecast",
        {"models": ["drift", "theta"]},
        {},
    ),
    "compare turnover": ("compare", {"opinions": True}, {}),
    "backtest turnover": ("backtest", {}, {}),
    "backtest turnover --detail": ("backtest", {}, {"detail": True}),
    "growth turnover mofcom --years all": ("growth", {}, {}),
    "nowcast mofcom --year 2017 --until 2016": ("nowcast", {}, {}),
    "size rural_retailer --draws 1000": ("size", {}, {}),
    "precedents turnover": ("precedents", {}, {}),
    "scenario turnover --growth 5 --name low": ("scenario", {}, {}),
}


@pytest.mark.parametrize("command", RESULTS)
@pytest.mark.slow
def test_the_frame_of_a_result_holds_the_rows_of_its_command(command: str, tmp_path: Path) -> None:
    name, given, options = RESULTS[command]
    frame = rf.to_frame(CALLS[name](**given), **options)
    file = tmp_path / "out.parquet"
    assert run((*command.split(), "-o", str(file))) == 0
    pd.testing.assert_frame_equal(frame, pd.read_parquet(file), check_dtype=False)
    assert all(
        str(dtype) in {"str", "int64", "Int64", "float64", "boolean"} for dtype in frame.dtypes
    )


def test_a_result_is_shown_in_a_line() -> None:
    result = CALLS["forecast"]()
    assert (
        repr(result)
        == "<Forecast of rural_online_shopping_turnover: 825.9 bn CNY in 2018 by consensus>"
    )
    assert repr(result.history) == "<History of rural_online_shopping_turnover: 2014 to 2016>"
    assert all(
        re.fullmatch("<[A-Z][a-z]+ .+>", repr(CALLS[name]()))
        for name in ("compare", "growth", "size")
    )


COMPARED: dict[str, dict[str, Any]] = {
    **{name: {"horizon": 3} for name in ("forecast", "compare", "batch")},
    "backtest": {"models": ["naive"]},
    "growth": {"all_years": False},
    "nowcast": {"year": 2018, "until": 2017},
    "scenario": {"year": 2020},
    "size": {"seed": 2},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPARED)
def test_results_compare_by_what_they_hold(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "batch":
        monkeypatch.chdir(tmp_path)
        Path("market.csv").write_text("id,year,value\na,2014,1\na,2015,2\nb,2014,x\n")
    one = CALLS[name]()
    again = CALLS[name]()
    different = CALLS[name](**COMPARED[name])
    assert [one == one, one == again, one != different] == [True] * 3
    assert [one != one, one != again, one == different, one == "text", one == None] == [False] * 5  # noqa: E711
    assert repr(one) == repr(again)


@pytest.mark.parametrize(
    "given",
    [
        {"year": "2018"},
        {"year": 2018.0},
        {"since": "2015"},
        {"models": "cagr"},
        {"levels": 90},
        {"as_of": "2017-01-01"},
        {"ceiling": "900..1200"},
        {"ceiling": 900},
    ],
    ids=str,
)
def test_an_argument_of_another_kind_is_named(given: dict[str, Any]) -> None:
    ((name, value),) = given.items()
    with pytest.raises(TypeError, match=rf"^{name} is .*, not {re.escape(repr(value))}"):
        CALLS["forecast"](**given)
    numbers = {"year": np.int64(2018), "ceiling": (np.int64(900), np.float64(1200))}
    assert CALLS["forecast"](**numbers).target == 2018, "numbers of NumPy are numbers"


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("forecast", lambda made: made.years),
        ("compare", lambda made: made.forecast.years),
        ("scenario", lambda made: made.baseline.years),
    ],
)
def test_a_horizon_is_years_after_the_origin(name: str, years: Callable[[Any], Any]) -> None:
    assert (
        [*years(CALLS[name](horizon=3))] == [*years(CALLS[name](year=2019))] == [2017, 2018, 2019]
    )
    for wrong in ({"horizon": 3, "year": 2019}, {"horizon": 0}, {"horizon": 101}):
        with pytest.raises(UsageError):
            CALLS[name](**wrong)


@pytest.mark.parametrize("name", [name for name in CALLS if name != "precedents"])
def test_an_unknown_argument_is_blamed_on_the_function_that_was_called(name: str) -> None:
    with pytest.raises(TypeError, match=re.escape(f"{name}() has no argument 'sinse'.")):
        CALLS[name](sinse=2015)
    with pytest.raises(TypeError, match="Did you mean 'levels'"):
        CALLS["scenario"](level=[80])


@pytest.mark.parametrize(
    "given",
    [
        {"levels": [90.0]},
        {"levels": [90.5]},
        {"levels": None},
        {"levels": ["90"]},
        {"models": [len]},
        {"models": None},
        {"historx": True},
    ],
    ids=str,
)
def test_an_argument_of_another_kind_is_a_usage_error_that_names_it(given: dict[str, Any]) -> None:
    frame = pd.DataFrame(
        {"id": ["a"] * 3, "year": [2014, 2015, 2016], "value": [180.0, 353.0, 482.0]}
    )
    for asked in (
        lambda: rf.forecast(rf.read("turnover"), **given),
        lambda: rf.forecast_frame(frame, **given),
    ):
        with pytest.raises(UsageError, match=rf"\b{next(iter(given))}\b"):
            asked()


def test_a_condition_that_is_no_list_is_refused_and_a_missing_year_accepted_as_the_hint_says(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("region,year,value\nnorth,2020,1\nnorth,2021,2\nsouth,2020,5\nsouth,2021,6\n")
    with pytest.raises(UsageError, match="where is a list of conditions"):
        rf.read(file, rf.ReadOptions(where="region=north"))  # type: ignore[arg-type]
    assert rf.read(file, rf.ReadOptions(where=("region=north",))).observations[-1].value == 2

    frame = pd.DataFrame(
        {"id": ["a"] * 5, "year": [2018, 2020, 2021, 2022, 2023], "value": [1.0, 2, 3, 4, 5]}
    )
    with pytest.raises(InputError, match="allow_gaps=True"):
        rf.forecast_frame(frame)
    assert rf.forecast_frame(frame, allow_gaps=True)["period"].tolist() == [2024, 2025]


def test_arrays_of_results_cannot_be_written_to() -> None:
    result = rf.forecast(rf.read("turnover"))
    path = rf.scenario(rf.read("turnover"), rf.Scenario("x", growth=5)).outcomes[0].path
    for array in (
        result.best.values,
        result.best.upper,
        result.wide.lower,
        result.history.values,
        path.values,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 99


def test_an_error_of_a_file_has_its_place_after_a_worker_too(tmp_path: Path) -> None:
    path = tmp_path / "market.csv"
    path.write_text("year,value\n2020,1\n2021,many\n")
    with pytest.raises(InputError) as caught:
        rf.read(path)
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.code, error.value, error.place.path) == ("cell", "many", str(path))
    assert (error.place.line, error.place.column) == (3, 2)


def test_codes_of_commands(cli: Cli) -> None:
    codes = dict.fromkeys(
        ("project nosuch", "project --model nosuch", "project --nosuch", "nosuch"), "unknown_name"
    )
    codes |= {"project nowhere.csv": "not_found", "project --year soon": "usage"}
    for line, code in {**codes, "project turnover --model gompertz --until 2015": "model"}.items():
        assert f'"code": "{code}"' in cli(*line.split(), "--format", "json").err, line


def test_a_problem_becomes_an_error_at_its_place_and_a_known_place_stays() -> None:
    with pytest.raises(InputError) as caught, errors.of_file("outer.csv"):
        raise InputError("is wrong", place=Place("inner.csv:3", "inner.csv", 3))
    assert caught.value.place.path == "inner.csv"
    error = InputError.of(
        Problem("20 is no level.", "Write 90."), place=Place("a.csv:3", "a.csv", 3)
    )
    assert (str(error), error.hint, error.code) == ("a.csv:3: 20 is no level.", "Write 90.", "cell")


def test_a_hint_names_arguments_in_python_and_options_on_the_command_line(cli: Cli) -> None:
    with pytest.raises(UsageError) as refused:
        rf.forecast(rf.read("turnover"), levels=[29])
    assert (
        pickle.loads(pickle.dumps(refused.value)).hint
        == "Give whole percents, such as levels=[90]."
    )
    assert "--level 90" in cli("project", "turnover", "--level", "29").err


def test_a_note_is_a_value() -> None:
    (note,) = (one for one in rf.forecast(rf.read("mofcom")).notes if one.code == "inexact")
    assert len({note, Note(note.code, note.text)}) == 1
    assert pickle.loads(pickle.dumps(note)) == note
    assert str(note.about("a").about("b")) == f"b: a: {note}"


def test_every_exported_name_is_a_function_or_a_class_even_beside_a_package_of_its_name() -> None:
    import rural_forecast.observed.catalogue  # noqa: F401 - importing it binds the package

    for name in rf.__all__:
        if name != "__version__":
            assert inspect.isfunction(getattr(rf, name)) or inspect.isclass(getattr(rf, name)), name


EXPORTED = sorted(set(rf.__all__) - {"__version__"})


@pytest.mark.parametrize("name", EXPORTED)
def test_a_public_name_has_an_example(name: str) -> None:
    assert ">>> " in (getdoc(getattr(rf, name)) or "")


@pytest.mark.parametrize("name", [name for name in EXPORTED if name.islower()])
def test_a_docstring_has_every_argument_of_its_function(name: str) -> None:
    function = getattr(rf, name)
    _, _, parameters = getdoc(function).partition("\nParameters\n")
    documented = set[str]()
    for line in parameters.splitlines():
        names, colon, _ = line.partition(" : ")
        documented |= {*names.split(", ")} if colon else set()
    arguments = signature(function).parameters.values()
    assert {one.name for one in arguments if one.kind is not one.VAR_KEYWORD} <= documented
