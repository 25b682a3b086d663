"""The functions of the Python API: those of the domain, which take whatever makes a series here,
and give objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import wraps
from inspect import Parameter, cleandoc, signature
from operator import attrgetter
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from rural_forecast.api import checked, warn_of
from rural_forecast.errors import InputError
from rural_forecast.forecasting import backtest as backtesting
from rural_forecast.forecasting import comparison
from rural_forecast.forecasting import forecast as forecasting
from rural_forecast.forecasting import precedents as preceding
from rural_forecast.forecasting import targets as targeting
from rural_forecast.forecasting.nowcasting import nowcast as nowcasting
from rural_forecast.objects import results
from rural_forecast.objects.arguments import in_full
from rural_forecast.objects.series import as_series, calls_of_series
from rural_forecast.observed import growth as growing
from rural_forecast.observed.observation import Series
from rural_forecast.panels import panel as adding_up
from rural_forecast.question.backtest import BacktestQuestion
from rural_forecast.question.compare import ComparisonQuestion
from rural_forecast.question.nowcast import NowcastQuestion
from rural_forecast.question.precedents import PrecedentsQuestion
from rural_forecast.question.question import Question, Recorded
from rural_forecast.question.scenario import ScenarioQuestion
from rural_forecast.question.source import Source, with_total
from rural_forecast.question.triangulate import TriangulationQuestion
from rural_forecast.record import revise as revising
from rural_forecast.record import score as scoring
from rural_forecast.record import triangulate as triangulating
from rural_forecast.record.kept import Record
from rural_forecast.record.kept_state import of_record
from rural_forecast.record.reading import read_record, record_of
from rural_forecast.record.rerun import project_again
from rural_forecast.record.state import State
from rural_forecast.scenarios import scenario as assuming
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.sizing import size as sizing

if TYPE_CHECKING:
    from rural_forecast.forecasting.result import Forecast
    from rural_forecast.notes import Note
    from rural_forecast.objects.series import SeriesLike
    from rural_forecast.observed.history import Basis
    from rural_forecast.observed.reading import ReadOptions

P = ParamSpec("P")
K = TypeVar("K", bound=results.Shown)
Q = TypeVar("Q", bound=Recorded)
F = TypeVar("F", bound=Callable[..., Any])


_START = Parameter("start", Parameter.KEYWORD_ONLY, default=None, annotation="int | None")
"""The year of the first value, where a series is given as values alone."""
_WITH_START = "SeriesLike | Sequence[float]"
"""Whatever makes a series, with the year of its first value or without."""


def _exported(
    function: Callable[..., Any], question: Any = None, *more: Parameter
) -> Callable[[F], F]:
    """Give a function the name and the text of that of the domain, and check its arguments: its
    own, those given as `more`, and the fields of a question.
    """

    def named(call: F) -> F:
        own = signature(call)
        wrapped: Any = wraps(function)(call)
        takes_all = any(one.kind is one.VAR_KEYWORD for one in own.parameters.values())
        of_domain = signature(function)
        given, *others = of_domain.parameters.values()
        if given.annotation == "Series":
            given = given.replace(annotation=_WITH_START if _START in more else "SeriesLike")
        with_more = of_domain.replace(parameters=[given, *others, *more])
        wrapped.__signature__ = with_more if takes_all else own
        exported: Any = checked(wrapped, question)
        exported.__module__ = "rural_forecast"
        exported.__doc__ = in_full(cleandoc(function.__doc__ or ""))
        return cast("F", exported)

    return named


def _of_series(
    function: Callable[[Series, Q], Any],
    question: Callable[P, Q],
    kind: type[K],
    notes: Callable[[Any], Iterable[Note]] = attrgetter("notes"),
) -> Callable[Concatenate[SeriesLike, P], K]:
    """A function that takes whatever makes a series, and the fields of its question as keyword
    arguments; `kind` makes an object of the result, whose `notes` say what to warn of.
    """

    @_exported(function, question, _START)
    def call(*args: Any, **asked: Any) -> K:
        data, *more = args or (asked.pop("series", None),)
        start = asked.pop("start", None)
        series = with_total(as_series(data, start))
        asked = _of_markets(asked, data, series.id)
        result = function(series, question(*more, **asked))
        warn_of(notes(result), before=series.reading_notes)
        return kind.of(result)

    return call


def _of_markets(asked: Mapping[str, Any], main: object = None, name: str = "") -> dict[str, Any]:
    """Keyword arguments with series of the other markets in them; `::SERIES` is of the file of the
    main one, whose `name` no market at hand shares, as a record keeps them by name.
    """
    file = Source.parse(main if isinstance(main, str | Path) else "")
    taken = {name}

    def market(other: SeriesLike, role: str) -> Series:
        if isinstance(other, str):
            with calls_of_series(other):
                return Source.parse(other).beside(file).read()
        read = as_series(other)
        if read.id in taken:
            read = replace(read, id=f"{read.id} ({role})")
        taken.add(read.id)
        return read

    read = dict(asked)
    if isinstance(asked.get("like"), list | tuple):
        markets = enumerate(asked["like"], 1)
        read["like"] = [market(other, f"market {number}") for number, other in markets]
    for option, role in (("within", "total"), ("definition", "definition")):
        if asked.get(option) is not None:
            read[option] = market(asked[option], role)
    return read


@wraps(forecasting.forecast)
def _forecast(series: Series, question: Question) -> Forecast:
    """The forecast, with a note on a total of the same file that it passes."""
    result = forecasting.forecast(series, question)
    if not series.totals:
        return result
    from rural_forecast.forecasting.part_of_total import with_total_proposed

    return with_total_proposed(result, lambda name: Source(series.file, series.file, name).read())


forecast = _of_series(_forecast, Question, results.Forecast)
compare = _of_series(comparison.compare, ComparisonQuestion, results.Comparison)
backtest = _of_series(backtesting.backtest, BacktestQuestion, results.Backtest)
nowcast = _of_series(nowcasting.nowcast, NowcastQuestion, results.Nowcast)
precedents = _of_series(
    preceding.precedents,
    PrecedentsQuestion,
    results.Precedents,
    attrgetter("forecast.history.notes"),
)
triangulate = _of_series(triangulating.triangulate, TriangulationQuestion, results.Triangulation)


@_exported(assuming.scenario, ScenarioQuestion)
def scenario(series: SeriesLike, *scenarios: Scenario, **asked: Any) -> results.Scenarios:
    """Compare scenarios with the forecast of a series."""
    read = with_total(as_series(series))
    question = ScenarioQuestion(**_of_markets(asked, series, read.id))
    compared = assuming.scenario(read, *scenarios, question=question)
    warn_of(compared.notes, before=read.reading_notes)
    return results.Scenarios.of(compared)


@_exported(targeting.targets)
def targets(series: SeriesLike, today: date | None = None) -> tuple[targeting.Target, ...]:
    """Judge every dated target of a series."""
    return targeting.targets(with_total(as_series(series)), today)


def _of_file(function: Callable[P, Any], kind: type[K]) -> Callable[P, K]:
    """A function of a file, whose other markets are whatever makes a series."""

    @_exported(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> K:
        asked: Any = _of_markets(kwargs, next(iter(args), None))
        result: Any = function(*args, **asked)
        warn_of(result.notes)
        return kind.of(result)

    return call


panel = _of_file(adding_up.panel, results.PanelForecast)
size = _of_file(sizing.size, results.Sizing)


@_exported(growing.growth)
def growth(
    *series: SeriesLike,
    since: int | None = None,
    until: int | None = None,
    base: int | None = None,
    all_years: bool = False,
    prefer: str | None = None,
    as_of: date | None = None,
    basis: Basis = "comparable",
    breaks: Sequence[int] = (),
    currency: str | None = None,
    rate: float | SeriesLike | None = None,
) -> results.Growth:
    """Set the growth of series side by side."""
    rates = rate if rate is None or isinstance(rate, float | int) else as_series(rate)
    read = [*map(as_series, series)]
    grown = growing.growth(
        *read,
        since=since,
        until=until,
        base=base,
        all_years=all_years,
        prefer=prefer,
        as_of=as_of,
        basis=basis,
        breaks=breaks,
        currency=currency,
        rate=rates,
    )
    warn_of(grown.notes, before=[note for one in read for note in one.reading_notes])
    return results.Growth.of(grown)


@_exported(scoring.score)
def score(
    *records: str | PathLike[str] | results.Forecast,
    actuals: SeriesLike | Sequence[Series] | None = None,
    options: ReadOptions | None = None,
) -> results.Scores:
    """Score kept forecasts, or forecasts at hand, against what came."""
    kept = [
        forecast.record if isinstance(forecast, results.Forecast) else Path(forecast)
        for forecast in records
    ]
    with calls_of_series(actuals):
        return results.Scores.of(scoring.score(*kept, actuals=_read(actuals), options=options))


@_exported(revising.revise)
def revise(
    old: str | PathLike[str] | results.Forecast,
    new: SeriesLike | results.Forecast,
    *,
    year: int | None = None,
    series: str | None = None,
    options: ReadOptions | None = None,
) -> results.Revision:
    """Explain why the answer for a year moved, from a forecast to a newer one."""
    kept: Any = old.record if isinstance(old, results.Forecast) else old
    newer = new.record if isinstance(new, results.Forecast) else new
    with calls_of_series(newer):
        return results.Revision.of(
            revising.revise(kept, _read(newer), year=year, series=series, options=options)
        )


def _read(data: object) -> Any:
    """A file or id, which the domain reads, a record or several series as they are; a series of
    anything else.
    """
    several = isinstance(data, Sequence) and bool(data)
    are_series = several and all(isinstance(part, Series) for part in data)  # type: ignore[attr-defined] # a sequence
    as_it_is = are_series or data is None or isinstance(data, str | PathLike | Series | Record)
    return data if as_it_is else as_series(data)  # type: ignore[arg-type] # it says so if no series can be made of it


def from_json(source: str | PathLike[str]) -> results.Forecast:
    """Make a forecast of the record of `project`.

    It is forecast again from the values that the record rests on, and equals the forecast that was
    kept. Its notes are those of the record, which has no published forecasts.

    Parameters
    ----------
    source : a file that `--keep` or `--format json` wrote, or the text that `Forecast.to_json`
        gives

    Raises
    ------
    InputError : it is no such record, or lacks the values that it rests on

    >>> found = forecast({2014: 180, 2015: 353, 2016: 482})
    >>> from_json(found.to_json()) == found
    True
    """
    is_text = isinstance(source, str) and source.lstrip().startswith("{")
    record = record_of(str(source)) if is_text else read_record(str(source))
    kept, state = of_record(record, None)
    if record.command not in ("project", "batch") or record.options.get("currency"):
        raise InputError(f"{record.file} is no record of project in its own currency.", "Name one.")
    question = state.question
    target = question.year or max(old.period for old in kept.forecasts)
    again = results.Forecast.of(project_again(state, kept.series.id, target, question.levels))
    was = {old.period: old.value for old in kept.forecasts if old.author == again.best.model}
    off = [
        abs(was.get(year, value) - value)
        for year, value in zip(again.years, again.best.values.tolist(), strict=True)
    ]
    if max(off) > revising.EXACT * abs(again.best.last):
        from warnings import warn

        text = f"The record is of release {record.version}, and this one gives other numbers."
        warn(text, UserWarning, stacklevel=2)
    return _as_it_was(again, record, state)


def _as_it_was(again: results.Forecast, record: Record, state: State) -> results.Forecast:
    """The forecast with the question, the notes and the remarks on its series that were kept."""
    kept = state.question
    # The values of a record are those that were chosen, so that it is run without these options.
    question = replace(
        again.question,
        since=kept.since,
        until=kept.until,
        prefer=kept.prefer,
        allow_gaps=kept.allow_gaps,
        as_of=kept.as_of,
        basis=kept.basis,
        breaks=kept.breaks,
    )
    series = again.history.series
    if remarks := record.remarks.get(series.id):
        series = replace(series, caveat=remarks.caveat, sources=remarks.sources)
    history = replace(again.history, series=series, basis=kept.basis)
    return replace(again, history=history, notes=record.notes, question=question)
