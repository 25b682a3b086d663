"""The functions of the Python API: they take whatever makes a series, and give objects.

Each calls the function of the domain of its name, whose arguments it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from inspect import signature
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, Unpack

from rural_forecast.api import checked_as, shown
from rural_forecast.forecasting import backtest as backtesting
from rural_forecast.forecasting import compare as comparing
from rural_forecast.forecasting import forecast as domain
from rural_forecast.forecasting import pool as pooling
from rural_forecast.forecasting import precedents as preceding
from rural_forecast.forecasting import targets as targeting
from rural_forecast.forecasting.batch import windows as validating
from rural_forecast.forecasting.question import DEFAULT_LEVELS
from rural_forecast.nowcasting import nowcast as nowcasting
from rural_forecast.objects import results
from rural_forecast.objects.own_model import resolved
from rural_forecast.objects.series import Question, as_series
from rural_forecast.panels import panel as adding_up
from rural_forecast.record import revise as revising
from rural_forecast.record import score as scoring
from rural_forecast.record import triangulate as triangulating
from rural_forecast.record.kept import Record, read_record, record_of
from rural_forecast.scenarios import scenario as assuming
from rural_forecast.series import growth as growing
from rural_forecast.series.observation import Series
from rural_forecast.series.source_names import in_file_of
from rural_forecast.sizing import size as sizing

if TYPE_CHECKING:
    from rural_forecast.objects.own_model import OwnModel
    from rural_forecast.objects.series import SeriesLike
    from rural_forecast.scenarios.assumptions import Scenario
    from rural_forecast.series.basis import Basis
    from rural_forecast.series.reading import ReadOptions

P = ParamSpec("P")
K = TypeVar("K")
Frame = TypeVar("Frame")
F = TypeVar("F", bound=Callable[..., Any])


def _named(call: F, function: Callable[..., Any]) -> F:
    """Name a function as users import it, with every keyword argument in its signature, for help and completion."""
    call.__name__ = call.__qualname__ = function.__name__
    call.__module__ = "rural_forecast"
    if "Raises" not in (call.__doc__ or ""):
        call.__doc__ = function.__doc__
    own = [one for one in signature(call).parameters.values() if one.kind is one.KEYWORD_ONLY]
    vars(call)["__signature__"] = shown(call, (function,)) if own else shown(function)
    return call


def _exported(function: Callable[..., Any]) -> Callable[[F], F]:
    """Export a function in place of that of the domain, whose text it has unless it has its own."""
    return lambda call: _named(call, function)


def _of_series(
    function: Callable[Concatenate[Series, P], Any], kind: Callable[[Any], K]
) -> Callable[Concatenate[SeriesLike, P], K]:
    """A function that takes a series, for whatever makes one."""

    def call(series: SeriesLike, /, *args: P.args, **kwargs: P.kwargs) -> K:
        return kind(function(as_series(series), *args, **_of_markets(kwargs, series)))

    return _named(call, function)


def _of_markets(question: Any, main: SeriesLike) -> Any:
    """A question with series of the other markets in it; `::SERIES` is of the file of the main one."""
    file = str(main) if isinstance(main, str | Path) else ""

    def made(other: SeriesLike) -> Series:
        return as_series(in_file_of(other, file) if isinstance(other, str) else other)

    found: dict[str, Any] = {}
    if question.get("like"):
        found["like"] = [made(other) for other in question["like"]]
    if question.get("within") is not None:
        found["within"] = made(question["within"])
    return question | found


def _of_file(function: Callable[P, Any], kind: Callable[[Any], K]) -> Callable[P, K]:
    def call(*args: P.args, **kwargs: P.kwargs) -> K:
        return kind(function(*args, **kwargs))

    return _named(call, function)


@_exported(domain.forecast)
@checked_as(domain.forecast)
def forecast(
    series: SeriesLike,
    *,
    year: int | None = None,
    horizon: int | None = None,
    models: Sequence[str | OwnModel] = (),
    kernels: bool = False,
    opinions: bool = False,
    levels: Sequence[int] = DEFAULT_LEVELS,
    **question: Unpack[Question],
) -> results.Forecast:
    """Forecast a series up to `year`, or for `horizon` years; two years after the origin without either.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of: a path or id, a frame, values by year
    year : last year to forecast, 100 years after the origin at most
    horizon : years after the origin, in place of `year`
    models : models that answer in place of the consensus, by name or of your own, see `OwnModel`
    kernels, opinions : add all our kernels, and ARIMA and ETS, as `others`
    levels : interval levels in whole percents, 30 to 99
    question : what is stated of the market, see `Stated`, and which points are used, see `Selection`; what was observed
        after `until` is shown next to the forecast

    Raises
    ------
    UsageError : the target is observed already, lies before the data or too far, a name or level is unknown, or the
        data contradict a limit, or a kind is stated and the consensus is not asked
    InputError : the data of the series are refused
    ModelError : no model that was asked for can answer
    TypeError : an argument is unknown or of another kind, or no series can be made of what is given

    >>> forecast({2014: 180, 2015: 353, 2016: 482}, year=2018).years
    (2017, 2018)
    """
    asked = _of_markets(question, series)
    found = domain.forecast(
        as_series(series),
        year=year,
        horizon=horizon,
        models=resolved(models),
        kernels=kernels,
        opinions=opinions,
        levels=levels,
        **asked,
    )
    stated = {name: value for name, value in asked.items() if value not in (None, False)}
    return results.Forecast.of(found, question=stated)


@_exported(comparing.compare)
@checked_as(comparing.compare)
def compare(
    series: SeriesLike,
    *,
    year: int | None = None,
    horizon: int | None = None,
    models: Sequence[OwnModel] = (),
    opinions: bool = True,
    levels: Sequence[int] = DEFAULT_LEVELS,
    **question: Unpack[Question],
) -> results.Comparison:
    """Ask every model about a series; other arguments are those of `forecast`.

    Parameters
    ----------
    models : models of your own, next to ours; they have no weight in the consensus
    opinions : ask ARIMA and ETS too, which takes a second

    Raises
    ------
    UsageError : as `forecast` does
    """
    own: Any = resolved(models)
    asked: dict[str, Any] = {"year": year, "horizon": horizon, "opinions": opinions, "levels": levels}
    return results.Comparison.of(
        comparing.compare(as_series(series), models=own, **asked, **_of_markets(question, series))
    )


@_exported(backtesting.backtest)
@checked_as(backtesting.backtest)
def backtest(
    series: SeriesLike,
    *,
    horizon: int = 3,
    models: Sequence[str | OwnModel] = (),
    opinions: bool = False,
    **question: Unpack[Question],
) -> results.Backtest:
    """Forecast from every origin that leaves at least one year to compare.

    Parameters
    ----------
    horizon : most years ahead
    models : only these and the consensus; all our kernels without a name; models of your own take part anyway
    opinions : ask ARIMA and ETS too, at the last 20 origins
    question : as in `forecast`: limits bind every forecast, a kind where it applies

    Raises
    ------
    UsageError : fewer than two points, a horizon below 1, an unknown model, or data that contradict a limit
    """
    asked: dict[str, Any] = {"horizon": horizon, "models": resolved(models), "opinions": opinions}
    return results.Backtest.of(backtesting.backtest(as_series(series), **asked, **_of_markets(question, series)))


@_exported(growing.growth)
@checked_as(growing.growth)
def growth(
    *series: SeriesLike,
    since: int | None = None,
    until: int | None = None,
    base: int | None = None,
    all_years: bool = False,
    prefer: str | None = None,
    as_of: date | None = None,
    basis: Basis = "levels",
    currency: str | None = None,
    rate: float | SeriesLike | None = None,
) -> results.Growth:
    """Set the growth of series side by side."""
    found = growing.growth(
        *map(as_series, series),
        since=since,
        until=until,
        base=base,
        all_years=all_years,
        prefer=prefer,
        as_of=as_of,
        basis=basis,
        currency=currency,
        rate=rate if rate is None or isinstance(rate, float | int) else as_series(rate),
    )
    return results.Growth.of(found)


@_exported(assuming.scenario)
@checked_as(assuming.scenario, domain.forecast)
def scenario(
    series: SeriesLike,
    *scenarios: Scenario,
    year: int | None = None,
    horizon: int | None = None,
    models: Sequence[str] = (),
    levels: Sequence[int] = DEFAULT_LEVELS,
    **question: Unpack[Question],
) -> results.Scenarios:
    """Compare scenarios with the forecast of a series."""
    asked: dict[str, Any] = {"year": year, "horizon": horizon, "models": models, "levels": levels}
    return results.Scenarios.of(
        assuming.scenario(as_series(series), *scenarios, **asked, **_of_markets(question, series))
    )


@_exported(pooling.pooled)
def pooled(result: results.Forecast, weights: Mapping[str, float] | None = None) -> results.Forecast:
    """Let the pool of all voices lead a forecast."""
    return pooling.pooled(result, weights)  # type: ignore[return-value] # of the kind it was given


@_exported(validating.cross_validation)
def cross_validation(
    df: Frame,
    h: int = 2,
    windows: int = 3,
    models: Sequence[str | OwnModel] = (),
    *,
    step: int = 1,
    levels: Sequence[int] = DEFAULT_LEVELS,
    id_column: str | None = None,
    period_column: str | None = None,
    value_column: str | None = None,
) -> Frame:
    """Forecast from the last origins of every series of a frame."""
    columns = {"id_column": id_column, "period_column": period_column, "value_column": value_column}
    return validating.cross_validation(df, h, windows, resolved(models), step=step, levels=levels, **columns)


@_exported(scoring.score)
@checked_as(scoring.score)
def score(
    *records: str | PathLike[str] | results.Forecast,
    actuals: SeriesLike | Sequence[Series] | None = None,
    options: ReadOptions | None = None,
) -> results.Scores:
    """Score kept forecasts, or forecasts at hand, against what came."""
    kept = (each.record if isinstance(each, results.Forecast) else Path(each) for each in records)
    given: Any = actuals
    came = given if _is_read(given) else as_series(given)
    return results.Scores.of(scoring.score(*kept, actuals=came, options=options))


@_exported(revising.revise)
@checked_as(revising.revise)
def revise(
    old: str | PathLike[str] | results.Forecast,
    new: SeriesLike | results.Forecast,
    *,
    year: int | None = None,
    series: str | None = None,
    options: ReadOptions | None = None,
) -> results.Revision:
    """Explain why the answer for a year moved, from a forecast to a newer one."""
    before, after = (each.record if isinstance(each, results.Forecast) else each for each in (old, new))
    newest: Any = after if _is_read(after) or isinstance(after, Record) else as_series(after)
    kept: Any = before
    return results.Revision.of(revising.revise(kept, newest, year=year, series=series, options=options))


@_exported(triangulating.triangulate)
@checked_as(triangulating.triangulate)
def triangulate(
    series: SeriesLike,
    *,
    year: int | None = None,
    horizon: int | None = None,
    drivers: str | Path | None = None,
    partial: Sequence[str] = (),
    weights: Mapping[str, float] | None = None,
    **question: Unpack[Question],
) -> results.Triangulation:
    """Set all arguments for a year side by side, and combine them."""
    asked: dict[str, Any] = {"year": year, "horizon": horizon, "drivers": drivers, "partial": partial}
    made = _of_markets(question, series)
    return results.Triangulation.of(triangulating.triangulate(as_series(series), weights=weights, **asked, **made))


def _is_read(data: object) -> bool:
    """True for a file or id, which the domain reads, for series, and for nothing."""
    several = isinstance(data, Sequence) and bool(data) and all(isinstance(each, Series) for each in data)
    return data is None or isinstance(data, str | PathLike | Series) or several


def from_json(source: str | PathLike[str]) -> results.Forecast:
    """Make a forecast of the record of `project`, by forecasting again from the values that it rests on.

    Parameters
    ----------
    source : a file that `--keep` or `--format json` wrote, or the text that `Forecast.to_json` gives

    Raises
    ------
    InputError : it is no such record, or lacks the values that it rests on

    >>> again = from_json(forecast({2014: 180, 2015: 353, 2016: 482}).to_json())
    >>> again.years
    (2017, 2018)
    """
    is_text = isinstance(source, str) and source.lstrip().startswith("{")
    record = record_of(str(source)) if is_text else read_record(str(source))
    kept = revising.redoable(record, None)
    stated = {name: value for name, value in record.options.items() if name in revising.OPTIONS and value is not None}
    weights, models = stated.pop("pool", None), stated.pop("models", ())
    asked: dict[str, Any] = {**stated, "levels": record.options.get("levels") or DEFAULT_LEVELS}
    made = forecast(kept.series, year=record.options.get("target"), models=models, **asked)
    made = made if weights is None else pooled(made, weights)
    was = {said.period: said.value for said in kept.said if said.author == made.best.model}
    off = [abs(was.get(year, value) - value) for year, value in zip(made.years, made.best.values.tolist(), strict=True)]
    if max(off) > revising.EXACT * abs(made.best.last):
        from warnings import warn

        text = f"The record is of release {record.version}, and this one gives other numbers."
        warn(text, UserWarning, stacklevel=2)
    return made


nowcast = _of_series(nowcasting.nowcast, results.Nowcast.of)
precedents = _of_series(preceding.precedents, results.Precedents.of)
targets = _of_series(targeting.targets, tuple)
panel = _of_file(adding_up.panel, results.PanelForecast.of)
size = _of_file(sizing.size, results.Sizing.of)
