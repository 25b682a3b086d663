"""`project` as a document: the rows of the contract, and for people a screen with the answer first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf
from typing import Any

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.asking import ModelForecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import of_code
from rural_forecast.series.observation import Observation
from rural_forecast.series.published import PublishedForecast
from rural_forecast.text.numbers import percent
from rural_forecast.text.wording import counted
from rural_forecast.views import pool, reaching
from rural_forecast.views.about import about_series, provenance, ranged, subtitle, title_of
from rural_forecast.views.answer import RECENT, amounts_of, finding, points, short_name
from rural_forecast.views.columns import end_fields, growth_column, in_tables, interval_columns, tabulated, value_column
from rural_forecast.views.notes import remarks
from rural_forecast.views.rows import actual_rows, bounds, growth, path_rows, row_columns, shown_growth

KNOWN = ("cagr", "linear", "arima", "ets")
"""Models that an analyst knows, shown next to the consensus."""
HEAVIEST = 2
"""Members shown, those with the largest weights."""


def document(
    result: Forecast,
    *,
    history: bool = False,
    all_models: bool = False,
    brief: bool = False,
    targets: Sequence[float] = (),
) -> Document:
    """The document of `project`.

    Parameters
    ----------
    history : whether the machine rows have actual and published values too
    all_models : whether people see every model that answered, rather than the best known
    brief : whether it fits a screen: the last ten years, without the notes
    targets : values whose chance to be reached by each year is given; the machine rows are then those of the chances
    """
    series = result.history.series
    chances = [result.chance(target) for target in dict.fromkeys(targets)]
    rows = Table(row_columns(result.levels), tuple(_records(result, history)))
    return Document(
        command="project",
        records=reaching.records(series.id, chances) if chances else rows,
        title=title_of(series),
        subtitle=subtitle(series, brief=brief),
        summary=(finding(result), *(reaching.sentence(one, amounts_of(result)) for one in chances)),
        sections=(
            *((reaching.table(chances, amounts_of(result)),) if chances else ()),
            _course(result, whole=history or not brief),
            *((pool.table(result, result.pool),) if result.pool else ()),
            *((published_estimates(result),) if result.published else ()),
        ),
        points=(*reaching.growth(result), *points(result)),
        after=tuple(other_models(result, every=all_models)),
        brief="--explain" if brief else "",
        figures=reaching.figures(result, chances) | (pool.figures(result.pool) if result.pool else {}),
        notes=remarks(result.notes),
        series=(about_series(series),),
        provenance=provenance(result.history, levels=list(result.levels), target=result.target, **_choices(result)),
    )


def _choices(result: Forecast) -> dict[str, Any]:
    """What was chosen beyond the default, to get the same numbers again."""
    history = result.history
    given: dict[str, Any] = {"basis": history.basis} if history.basis != "levels" else {}
    stated = {
        name: value for name, value in result.limits._asdict().items() if value is not None and value is not False
    }
    for note in of_code(result.notes, "interrupted"):
        given["interrupt"] = note.fields["years"]
    given |= {"pool": result.pool.stated} if result.pool else {}
    return given | ({"as_of": history.as_of.isoformat()} if history.as_of else {}) | stated


def _records(result: Forecast, history: bool) -> Iterator[tuple[Cell, ...]]:
    series, levels = result.history.series, len(result.levels)
    if history:
        yield from actual_rows(series, (*result.history.observations, *result.later), levels)
        blank: tuple[Cell, ...] = (None,) * (2 * levels + 1)
        for one in result.published:
            if one.period.is_year:
                yield (series.id, one.period.year, "published", one.author, one.value, *blank, series.unit)
    for given in (*result.main, *result.others):
        path = _path(result, given)
        yield from path_rows(series, "forecast", given.model, path, result.history.last)
    if result.pool:
        yield from pool.records(result, result.pool)


def _path(result: Forecast, given: ModelForecast) -> Iterator[tuple[int, float, tuple[Cell, ...]]]:
    """Years with their values and bounds, up to the last that a model gives."""
    for step, (year, value) in enumerate(zip(result.years, given.values.tolist(), strict=False)):
        yield year, value, bounds(given.lower[:, step].tolist(), given.upper[:, step].tolist())


def _course(result: Forecast, *, whole: bool) -> Table:
    """History, then the forecast, in one table; what happened is next to a hindcast."""
    hindcast = {seen.period.year: seen.value for seen in result.later}
    answering = [given for given in result.main if given.answers]
    several = len(answering) > 1
    seen = result.history.observations[0 if whole else -RECENT :]
    write = in_tables(amounts_of(result), [one.value for one in seen])
    columns = [Column("period", "Year", "year"), Column("kind", "")]
    columns += [Column("model", "Model")] if several else []
    columns += [value_column(write), *interval_columns(result.levels, write), growth_column()]
    if hindcast:
        columns += [value_column(write, "actual", "Happened"), growth_column("error_pct", "Off by", follows=True)]
    keys = [column.key for column in columns]
    rows: list[dict[str, Cell]] = []
    before = [None, *(one.value for one in result.history.observations)][-len(seen) - 1 : -1]
    for one, previous in zip(seen, before, strict=True):
        kind, rate = "derived" if one.derived else one.status, shown_growth(previous, one.value)
        rows.append({"period": one.period.year, "kind": kind, "value": one.value, "growth_pct": rate})
    names = [column.key for column in interval_columns(result.levels)]
    for given in answering:
        previous = result.history.last
        for year, value, ends in _path(result, given):
            row: dict[str, Cell] = {"period": year, "kind": "forecast", "model": given.model, "value": value}
            off, rate = growth(hindcast.get(year), value), shown_growth(previous, value)
            row |= {"growth_pct": rate, "actual": hindcast.get(year), "error_pct": off}
            rows.append(row | dict(zip(names, ends, strict=True)))
            previous = value
    earlier = result.history.years[: -len(seen)]
    return Table(
        tuple(columns),
        tuple(tuple(map(row.get, keys)) for row in rows),
        title="History and forecast",
        caption=f"{counted(len(earlier), 'earlier year')}, from {earlier[0]} on, with --history." if earlier else "",
        tones=tuple("strong" if row["period"] == result.target else "plain" for row in rows),
    )


def published_estimates(result: Forecast) -> Table:
    """Third parties' forecasts with our value of the same year, or what happened."""
    known = {seen.period.year: seen for seen in (*result.history.observations, *result.later)}
    write = amounts_of(result)
    columns = (
        Column("period", "Year", "year"),
        Column("value", "Published"),
        Column("author", "By"),
        Column("dated", "Dated"),
        value_column(write, "ours", "Ours or actual"),
        Column("verdict", ""),
    )
    rows = []
    for one in result.published:
        if not one.period.is_year:
            continue
        year, ours, verdict = one.period.year, None, ""
        if year in known:
            ours, verdict = known[year].value, _outcome(one, known[year])
        elif year in result.years:
            step = result.years.index(year)
            ours, verdict = float(result.best.values[step]), _place(one, result.best, step, result.levels)
        author = f"{one.author}{', a target' if one.target else ''}"
        rows.append((year, ranged(one, write), author, one.dated, ours, verdict))
    return Table(columns, tuple(rows), title="Published estimates")


def _outcome(figure: PublishedForecast, seen: Observation) -> str:
    """Met or missed for a bound, the error for a point."""
    if figure.qualifier in "<>":
        met = seen.value >= figure.value if figure.qualifier == ">" else seen.value <= figure.value
        return "actual: met" if met else "actual: missed"
    if figure.value == seen.value:
        return "actual: exact"
    return f"actual: off by {percent(100 * (figure.value / seen.value - 1))}" if seen.value else "actual"


def _place(figure: PublishedForecast, given: ModelForecast, step: int, levels: tuple[int, ...]) -> str:
    """Where a published figure lies in our interval."""
    for place, level in enumerate(levels):
        if given.lower[place, step] <= figure.value <= given.upper[place, step]:
            return f"inside our {level} % interval"
    return f"{'above' if figure.value > given.values[step] else 'below'} our {levels[-1]} % interval"


def other_models(result: Forecast, *, every: bool = False) -> Iterator[Table]:
    """Forecasts of other models for the target year: those that an analyst knows and the heaviest members, or all."""
    given = {one.model: one.reaching(len(result.years)) for one in result.others}
    if every:
        yield _every_model(result, list(given.values()))
    elif all(model in given for model in KNOWN):
        heaviest = sorted((one for one in given.values() if one.weight), key=lambda one: -(one.weight or 0))
        shown = [*(given[model] for model in KNOWN), *heaviest[:HEAVIEST]]
        write = amounts_of(result)
        titles = (short_name(one.model) + (f", {100 * one.weight:.0f} %" if one.weight else "") for one in shown)
        columns = (
            replace(value_column(write, one.model), title=title) for one, title in zip(shown, titles, strict=True)
        )
        row = (result.target, *(one.last if one.answers else None for one in shown))
        yield Table((Column("period", "", "year"), *columns), (row,), title="Other models")


def _every_model(result: Forecast, given: list[ModelForecast]) -> Table:
    """Each with its weight in the consensus, or why it gives no forecast."""
    write = amounts_of(result)
    opinions = registry.names("opinion")
    return tabulated(
        sorted(given, key=lambda one: (not one.answers, inf if one.weight is None else -one.weight)),
        (Column("model", "Model"), lambda one: one.model),
        *end_fields(result.levels[:1], write, lambda one: one),
        (Column("weight", "Weight", "percent", 0), lambda one: None if one.weight is None else 100 * one.weight),
        (
            Column("reason", ""),
            lambda one: (one.message or ("opinion" if one.model in opinions else "")) if one.answers else one.reason,
        ),
        title=f"Other models for {result.target}",
    )
